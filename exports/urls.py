"""Pages of this app, for data subjects and for staff."""

from django.urls import URLPattern, URLResolver, include, path

app_name = "exports"
urlpatterns: list[URLPattern | URLResolver] = [
    path("desk/", include("exports.desk.urls")),
    path("task/", include("exports.desk.link_urls")),
    path("", include("exports.portal.urls")),
]
