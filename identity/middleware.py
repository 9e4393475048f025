"""Nobody sees a desk page without a second factor, and everybody sees it in the right language."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.http import urlencode
from django.utils.translation import get_language_from_request

Handler = Callable[[HttpRequest], HttpResponse]


class LanguageMiddleware:
    """Portal pages follow their path, desk pages the account, the rest the browser."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Activate the language of the page and say it in the response."""
        translation.activate(self._language(request))
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", translation.get_language() or settings.LANGUAGE_CODE)
        return response

    def _language(self, request: HttpRequest) -> str:
        first = request.path.split("/")[1] if request.path.count("/") > 1 else ""
        if first in dict(settings.LANGUAGES):
            return first
        chosen = str(request.session.get("language", ""))
        return chosen if chosen in dict(settings.LANGUAGES) else get_language_from_request(request)


class SecondFactorMiddleware:
    """Send whoever opens the desk to the login, or to enrol a second factor, until both are done."""

    OPEN_PREFIXES = ("/desk/login/", "/desk/invite/")
    HALF_PREFIXES = ("/desk/second-factor/", "/desk/logout/")

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let through: pages outside the desk, the login itself, and accounts with a confirmed device."""
        path = request.path
        if not path.startswith("/desk/") or path.startswith(self.OPEN_PREFIXES):
            return self.get_response(request)
        user = request.user
        if not user.is_authenticated:
            return redirect(f"{settings.LOGIN_URL}?{urlencode({'next': request.get_full_path()})}")
        if not user.is_verified() and not path.startswith(self.HALF_PREFIXES):
            return redirect(reverse("identity:second-factor"))
        return self.get_response(request)
