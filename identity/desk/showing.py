"""The ways to show the second factor, as forms take them: a code of the app, a recovery code, a passkey."""

from datetime import timedelta

import django_otp
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from identity.models import User
from identity.services import known_browser, passkeys, recovery
from identity.services import second_factor as factors
from identity.services.second_factor import Check

from . import challenges, recency

WRONG = {
    "code": _("This code is not right, or it was used already. Wait for the next one in the app."),
    "recovery": _("This recovery code is not right, or it was used already."),
    "passkey": _("This passkey is not one of yours, or the page was open for too long. Try again."),
}

NOTHING = _("Show one of your factors: a code of the app, a passkey or a recovery code.")


def shown(request: HttpRequest, user: User, *, way: str, given: str, action: str) -> Check:
    """Check what was given: `way` is one of `code`, `recovery`, `passkey`; `action` is what the audit remembers."""
    browser = known_browser.of(request.COOKIES, user.email)
    if way == "code":
        return factors.check(user, given, action=action, browser=browser)
    if way == "recovery":
        return recovery.check(user, given, action=action, browser=browser)
    answer = challenges.parsed(given)
    state = challenges.take(request, answer)
    device = passkeys.check(user, state, answer, action=action) if state else None
    return Check(right=device is not None, device=device)


def let_in(request: HttpRequest, user: User, check: Check) -> None:
    """From here on the session may do what its owner may: it gets a key that nobody saw before."""
    request.session.cycle_key()
    rotate_token(request)
    django_otp.login(request, check.device)
    recency.note(request)
    if user.language:
        request.session["language"] = user.language


def too_soon(wait: timedelta) -> str:
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


def refused(response: HttpResponse, wait: timedelta) -> HttpResponse:
    """Give a page that says "too soon" the status and header that mean it (RFC 6585, RFC 9110)."""
    if wait:
        response.status_code = 429
        response.headers["Retry-After"] = str(_seconds(wait))
    return response


def _seconds(wait: timedelta) -> int:
    return max(1, -int(-wait.total_seconds() // 1))
