"""The API below /api/v1/: each app brings its own resources."""

from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularAPIView

# Open to anybody, who is nobody: there is no token whose writes could be counted.
_schema = SpectacularAPIView.as_view(authentication_classes=[], permission_classes=[], throttle_classes=[])
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("requests_app.api.urls")),
    path("schema/", _schema, name="schema"),
]
