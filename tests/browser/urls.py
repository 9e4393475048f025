"""The product's pages and one that breaks."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from config.urls import handler400 as handler400
from config.urls import urlpatterns as product


def broken(request: HttpRequest) -> HttpResponse:
    """Fail as a page with a fault in it would."""
    raise RuntimeError("broken on purpose")


urlpatterns = [path("broken/", broken), *product]
