"""Where everything is reached. Portal pages carry their language in the path; the desk follows the account."""

from django.urls import URLPattern, URLResolver, include, path

from .api import urlpatterns as api_urlpatterns
from .health import healthz

handler400 = "requests_app.errors.bad_request"
handler404 = "requests_app.errors.not_found"
handler500 = "requests_app.errors.server_error"

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("api/v1/", include((api_urlpatterns, "api"))),
    path("", include("identity.urls")),
    path("", include("exports.urls")),
    path("", include("requests_app.urls")),
    path("_sent/", include("requests_app.portal.sent_urls")),  # nothing is there where mail leaves the machine
]
