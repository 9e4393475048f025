"""In and out: address and password, then the second factor."""

from datetime import timedelta

import django_otp
from django.contrib.auth import login as start_session
from django.contrib.auth import logout as end_session
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from identity.domain import totp
from identity.labels import SESSION_ENDS
from identity.models import User
from identity.services import known_browser, staff_sessions, throttle
from identity.services import login as login_service
from identity.services import second_factor as factors

from . import next_page, qr
from .forms import CodeForm, LoginForm

LOGIN = "identity/desk/login.html"
SECOND_FACTOR = "identity/desk/second_factor.html"


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    """Take address and password; the answer never tells whether an account exists."""
    wanted = next_page.wanted(request)
    if request.user.is_authenticated:
        return redirect(wanted if request.user.is_verified() else next_page.via("identity:second-factor", wanted))
    form = LoginForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(request, LOGIN, {"form": form, "next": wanted, **_ended(request)})
    given = form.cleaned_data
    attempt = login_service.attempt(
        given["email"],
        given["password"],
        network=throttle.network(request.META),
        browser=known_browser.of(request.COOKIES, given["email"]),
    )
    if attempt.user is None:
        form.add_error(None, _too_soon(attempt.wait) or _("The e-mail address or the password is not right."))
        return _refused(render(request, LOGIN, {"form": form, "next": wanted}), attempt.wait)
    start_session(request, attempt.user)
    return redirect(next_page.via("identity:second-factor", wanted))


@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """Take a code of the authenticator app; before the first one, show how the app is set up."""
    user, wanted = request.user, next_page.wanted(request)
    assert isinstance(user, User)  # noqa: S101 - the middleware lets nobody else in
    if user.is_verified():
        return redirect(wanted)
    form = CodeForm(request.POST if request.method == "POST" else None)
    check = factors.Check()
    if form.is_valid():
        browser = known_browser.of(request.COOKIES, user.email)
        check = factors.check(user, form.cleaned_data["code"], browser=browser)
    if check.right:
        _verified(request, user)
        return redirect(wanted)
    if form.is_bound and form.is_valid():
        wrong = _("This code is not right, or it was used already. Wait for the next one in the app.")
        form.add_error(None if check.wait else "code", _too_soon(check.wait) or wrong)
    factor = factors.begin(user)
    context = {"form": form, "next": wanted, "enrolling": not factor.confirmed}
    if not factor.confirmed:
        context |= {"qr": qr.svg(factors.uri(factor), _("QR code for the app")), "secret": _grouped(factor.secret)}
    return _refused(render(request, SECOND_FACTOR, context), check.wait)


@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """End the session."""
    staff_sessions.log_out(staff_sessions.of(request.session))
    end_session(request)
    return redirect("identity:login")


def _ended(request: HttpRequest) -> dict[str, object]:
    """Why somebody has to log in again, and whether what they sent last was lost by it, for the first look."""
    if request.method == "POST":
        return {}
    return {"ended": SESSION_ENDS.get(request.GET.get("ended", ""), ""), "unsaved": "unsaved" in request.GET}


def _verified(request: HttpRequest, user: User) -> None:
    """From here on the session may do what its owner may: it gets a key that nobody saw before."""
    request.session.cycle_key()
    rotate_token(request)
    django_otp.login(request, factors.of(user))
    if user.language:
        request.session["language"] = user.language


def _grouped(secret: bytes) -> str:
    text = totp.base32(secret)
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def _too_soon(wait: timedelta) -> str:
    """Return the sentence for a try that came too soon; empty when it did not."""
    if not wait:
        return ""
    seconds = _seconds(wait)
    if seconds < 100:
        text = ngettext(
            "There were too many tries. Wait %(number)d second, then try again.",
            "There were too many tries. Wait %(number)d seconds, then try again.",
            seconds,
        )
        return text % {"number": seconds}
    minutes = -(-seconds // 60)
    text = ngettext(
        "There were too many tries. Wait %(number)d minute, then try again.",
        "There were too many tries. Wait %(number)d minutes, then try again.",
        minutes,
    )
    return text % {"number": minutes}


def _seconds(wait: timedelta) -> int:
    return max(1, -int(-wait.total_seconds() // 1))


def _refused(response: HttpResponse, wait: timedelta) -> HttpResponse:
    """Give a page that says "too soon" the status and header that mean it (RFC 6585, RFC 9110)."""
    if wait:
        response.status_code = 429
        response.headers["Retry-After"] = str(_seconds(wait))
    return response
