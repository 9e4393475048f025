"""Pages of this app, for data subjects and for staff."""

from django.urls import URLPattern, URLResolver, include, path

from requests_app import language

app_name = "requests"
urlpatterns: list[URLPattern | URLResolver] = [
    path("desk/", include("requests_app.desk.urls")),
    path("language/", language.switch, name="language"),
    path("", include("requests_app.portal.urls")),
]
