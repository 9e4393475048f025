"""In and out: address and password, then the second factor."""

from typing import Any

from django import forms
from django.contrib.auth import login as start_session
from django.contrib.auth import logout as end_session
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from identity.domain import totp
from identity.labels import SESSION_ENDS
from identity.models import User
from identity.services import factors, known_browser, passkeys, single_sign_on, staff_sessions, throttle
from identity.services import login as login_service
from identity.services import second_factor as app
from identity.services.second_factor import LOGGED_IN, Check
from requests_app.domain.errors import ActionRefused
from requests_app.reasons import sentence

from . import challenges, next_page, qr, recovery_codes, showing
from .forms import CodeForm, LoginForm, NewPasskeyForm, PasskeyForm, RecoveryForm

LOGIN = "identity/desk/login.html"
SECOND_FACTOR = "identity/desk/second_factor.html"
RECOVERY = "identity/desk/recovery.html"


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    """Take address and password; the answer never tells whether an account exists."""
    wanted = next_page.wanted(request)
    if request.user.is_authenticated:
        return redirect(wanted if request.user.is_verified() else next_page.via("identity:second-factor", wanted))
    form = LoginForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(request, LOGIN, _page(form, wanted) | _ended(request))
    given = form.cleaned_data
    attempt = login_service.attempt(
        given["email"],
        given["password"],
        network=throttle.network(request.META),
        browser=known_browser.of(request.COOKIES, given["email"]),
    )
    if attempt.user is None:
        form.add_error(None, showing.too_soon(attempt.wait) or _("The e-mail address or the password is not right."))
        return showing.refused(render(request, LOGIN, _page(form, wanted)), attempt.wait)
    start_session(request, attempt.user)
    return redirect(next_page.via("identity:second-factor", wanted))


@sensitive_post_parameters("code", "passkey")
@require_http_methods(["GET", "HEAD", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """Take a code of the authenticator app, or a passkey; before the first one, show how they are set up."""
    user, wanted = _half_in(request), next_page.wanted(request)
    if user.is_verified():
        return redirect(wanted)
    enrolling, form = not factors.any_of(user), _form(request)
    check = _checked(request, user, form)
    if check.right and enrolling:
        return _enrolled(request, user, check, wanted)
    if check.right:
        showing.let_in(request, user, check)
        return redirect(wanted)
    return showing.refused(_show(request, user, wanted, form), check.wait)


@sensitive_post_parameters("passkey")
@require_POST
def first_passkey(request: HttpRequest) -> HttpResponse:
    """Take a passkey as the first factor of an account; refused to whoever has one already."""
    user, wanted = _half_in(request), next_page.wanted(request)
    if user.is_verified():
        return redirect(wanted)
    form = NewPasskeyForm(request.POST)
    if form.is_valid():
        try:
            row = add_passkey(request, user, form, verified=False)
        except ActionRefused as refusal:
            form.add_error(None, sentence(refusal.reason))
        else:
            return _enrolled(request, user, Check(right=True, device=row), wanted)
    return _show(request, user, wanted, form)


@sensitive_post_parameters("recovery")
@require_http_methods(["GET", "HEAD", "POST"])
def recovery(request: HttpRequest) -> HttpResponse:
    """Take a recovery code in place of the app or the passkey."""
    user, wanted = _half_in(request), next_page.wanted(request)
    if user.is_verified():
        return redirect(wanted)
    form = RecoveryForm(request.POST if request.method == "POST" else None)
    check = _checked(request, user, form)
    if check.right:
        showing.let_in(request, user, check)
        return redirect(wanted)
    return showing.refused(render(request, RECOVERY, {"form": form, "next": wanted}), check.wait)


@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """End the session."""
    staff_sessions.log_out(staff_sessions.of(request.session))
    end_session(request)
    return redirect("identity:login")


def _page(form: LoginForm, wanted: str) -> dict[str, object]:
    return {"form": form, "next": wanted, "sso": single_sign_on.switched_on()}


def _ended(request: HttpRequest) -> dict[str, object]:
    """Why somebody has to log in again, and whether what they sent last was lost by it, for the first look."""
    if request.method == "POST":
        return {}
    return {"ended": SESSION_ENDS.get(request.GET.get("ended", ""), ""), "unsaved": "unsaved" in request.GET}


def add_passkey(request: HttpRequest, user: User, form: NewPasskeyForm, *, verified: bool) -> Any:
    """Keep the passkey of a valid form and return it. Raises ActionRefused."""
    answer = challenges.parsed(form.cleaned_data["passkey"])
    state = challenges.take(request, answer)
    return passkeys.add(user, state or {}, answer, name=form.cleaned_data["name"], verified=verified)


def _half_in(request: HttpRequest) -> User:
    """Return whoever gave the password in this session."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101 - the middleware lets nobody else in
    return user


def _form(request: HttpRequest) -> forms.Form:
    if request.method != "POST":
        return CodeForm()
    return PasskeyForm(request.POST) if "passkey" in request.POST else CodeForm(request.POST)


def _checked(request: HttpRequest, user: User, form: forms.Form) -> Check:
    """Check what a form of one field holds; what is wrong is written into the form."""
    if not form.is_valid():
        return Check()
    way = next(iter(form.fields))
    check = showing.shown(request, user, way=way, given=form.cleaned_data[way], action=LOGGED_IN)
    if not check.right:
        at_field = way != "passkey" and not check.wait
        form.add_error(way if at_field else None, showing.too_soon(check.wait) or str(showing.WRONG[way]))
    return check


def _enrolled(request: HttpRequest, user: User, check: Check, wanted: str) -> HttpResponse:
    """Let somebody in who has just set up their first factor, past the page with their recovery codes."""
    showing.let_in(request, user, check)
    recovery_codes.make(request, user)
    return redirect(next_page.via("identity:recovery-codes", wanted))


def _show(request: HttpRequest, user: User, wanted: str, form: forms.Form) -> HttpResponse:
    enrolling = not factors.any_of(user)
    context: dict[str, object] = {
        "form": form,
        "code_form": form if isinstance(form, CodeForm) else CodeForm(),
        "next": wanted,
        "enrolling": enrolling,
        "passkeys_possible": passkeys.possible(),
    }
    if enrolling:
        factor = app.begin(user)
        context |= {"qr": qr.svg(app.uri(factor), _("QR code for the app")), "secret": grouped(factor.secret)}
    else:
        context["has_app"] = (present := app.of(user)) is not None and present.confirmed
    if passkeys.possible() and enrolling:
        context["passkey_form"] = form if isinstance(form, NewPasskeyForm) else NewPasskeyForm()
        context["passkey_options"] = challenges.keep(request, passkeys.to_add(user))
    elif passkeys.possible() and passkeys.of(user):
        context["passkey_options"] = challenges.keep(request, passkeys.to_use(user))
    return render(request, SECOND_FACTOR, context)


def grouped(secret: bytes) -> str:
    """Return the secret of an app as people type it in, four letters at a time."""
    text = totp.base32(secret)
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))
