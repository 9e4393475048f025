"""The mail of the embedded mode, to look at."""

from django.urls import path

from . import sent_views

app_name = "sent"
urlpatterns = [
    path("", sent_views.sent, name="list"),
    path("<slug:name>/", sent_views.mail, name="mail"),
]
