"""Pages of this app, for data subjects and for staff."""

from django.urls import URLPattern, URLResolver, include, path

app_name = "requests"
urlpatterns: list[URLPattern | URLResolver] = [
    path("desk/", include("requests_app.desk.urls")),
    path("", include("requests_app.portal.urls")),
]
