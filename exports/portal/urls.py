"""Pages of this app for data subjects: the answer behind the status page."""

from django.urls import path

from . import views

app_name = "portal"
urlpatterns = [
    path("s/answer/", views.answer, name="answer"),
    path("s/answer/code/", views.send_code, name="send-code"),
    path("s/answer/file/<int:file_id>/", views.file, name="file"),
]
