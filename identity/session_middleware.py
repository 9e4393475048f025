"""Every page of the desk asks the database whether its session is still one."""

from urllib.parse import urlencode

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from identity.desk import next_page
from identity.domain.enums import SessionEnd
from identity.labels import SESSION_ENDS
from identity.middleware import Handler, SecondFactorMiddleware
from identity.models import StaffSession, User
from identity.services import known_browser, staff_sessions

GONE = 403
# What of a form is worth showing again: a sentence, not a number or a choice, and no secret.
_SECRETS = ("csrfmiddlewaretoken", "password", "again", "code", "passkey", "recovery")
_SENTENCE = 15  # characters


class StaffSessionMiddleware:
    """End what was idle for 30 minutes, is 10 hours old, or was ended elsewhere; write down that the rest is used.

    It stands after the session, the account and its second factor are known, and before anybody asks for them.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a page of the desk by the login when the session is over."""
        if not request.path_info.startswith("/desk/"):
            return self.get_response(request)
        row = None
        if staff_sessions.has_begun(request.session):
            row = staff_sessions.of(request.session)
            if why := staff_sessions.ended(row):
                _forget(request)
                if not request.path_info.startswith(SecondFactorMiddleware.OPEN_PREFIXES):
                    return _to_the_login(request, why)
        elif isinstance(request.user, User):
            row = _begin(request, request.user)
        if row is not None and isinstance(request.user, User):
            staff_sessions.use(row, verified=request.user.is_verified())
        return _remembered(request, self.get_response(request))


def _remembered(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """After a page that somebody logged in by: begin a session. After both factors: know the browser next time."""
    user = request.user
    if not isinstance(user, User):
        return response
    if not staff_sessions.has_begun(request.session):
        _begin(request, user)
    if user.is_verified() and not known_browser.of(request.COOKIES, user.email):
        known_browser.remember(response, user.email)
    return response


def _begin(request: HttpRequest, user: User) -> StaffSession:
    agent = request.headers.get("User-Agent", "")
    return staff_sessions.begin(request.session, user, user_agent=agent, verified=user.is_verified())


def _forget(request: HttpRequest) -> None:
    """Empty the browser's session; only the language stays."""
    language = request.session.get("language")
    logout(request)
    if language:
        request.session["language"] = language


def _to_the_login(request: HttpRequest, why: SessionEnd) -> HttpResponse:
    """Lead to the login and from there back; show what was typed, which cannot be sent on."""
    if request.path_info == reverse("identity:logout"):
        return redirect("identity:login")
    reading = request.method in ("GET", "HEAD")
    page = request.get_full_path() if reading else next_page.came_from(request)
    asked = {"ended": why.value} | ({} if reading else {"unsaved": "1"}) | ({"next": page} if page else {})
    login = f"{reverse('identity:login')}?{urlencode(asked)}"
    if reading or not (typed := _typed(request)):
        return redirect(login)
    context = {"why": SESSION_ENDS.get(why, ""), "typed": typed, "login_url": login}
    return render(request, "identity/desk/session_ended.html", context, status=GONE)


def _typed(request: HttpRequest) -> list[str]:
    values = (value for name, values in request.POST.lists() if name not in _SECRETS for value in values)
    return [value for value in values if len(value) >= _SENTENCE and " " in value.strip()]
