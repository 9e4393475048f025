"""Nobody sees a desk page without a second factor, and everybody sees it in the right language."""

from collections.abc import Callable
from urllib.parse import quote

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language_from_request

from identity.desk import again

Handler = Callable[[HttpRequest], HttpResponse]


class LanguageMiddleware:
    """Portal pages follow their path, desk pages the account, the rest the browser; the API speaks English."""

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
        if first == "api":
            return "en"
        if first in dict(settings.LANGUAGES):
            return first
        asked = _asked(request)
        if asked in dict(settings.LANGUAGES):
            request.session["language"] = asked
        chosen = str(request.session.get("language", ""))
        return chosen if chosen in dict(settings.LANGUAGES) else get_language_from_request(request)


def _asked(request: HttpRequest) -> str:
    """Return the language named in the address; one that cannot be read is refused later, in some language."""
    try:
        return request.GET.get("lang", "")
    except SuspiciousOperation:
        return ""


class SecondFactorMiddleware:
    """Send whoever opens the desk to the login, or to the second factor, until both are done.

    It goes by the path alone and runs before any view, so a page of the desk cannot forget it; the API lies
    elsewhere and has its own tokens.
    """

    OPEN_PREFIXES = ("/desk/login/", "/desk/invite/")
    HALF_PREFIXES = ("/desk/second-factor/", "/desk/logout/")

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let through: pages outside the desk, the login itself, and sessions that showed the second factor."""
        path = request.path_info
        if not path.startswith("/desk/") or path.startswith(self.OPEN_PREFIXES):
            return self.get_response(request)
        if not request.user.is_authenticated:
            return _send_to("identity:login", request)
        if not request.user.is_verified() and not path.startswith(self.HALF_PREFIXES):
            return _send_to("identity:second-factor", request)
        return self.get_response(request)


class RecentFactorMiddleware:
    """Ask for the second factor once more before what takes a second look (`config/wiring.py: RECENT_FACTOR`).

    It goes by the list of names and runs before any view, so that no view can forget it.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Nothing is decided before the page is known."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: tuple[object, ...], kwargs: dict[str, object]
    ) -> HttpResponse | None:
        """Return the page that asks; None where the view may run."""
        return again.ask(request)


def _send_to(name: str, request: HttpRequest) -> HttpResponse:
    """Redirect, remembering a page that can be opened again; what was posted cannot be repeated by a link."""
    page = f"?next={quote(request.get_full_path())}" if request.method in ("GET", "HEAD") else ""
    return redirect(f"{reverse(name)}{page}")
