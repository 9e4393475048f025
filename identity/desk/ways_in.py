"""One's own ways in, beside the password: passkeys, the app. What is the last one cannot be taken off."""

from base64 import b64decode, b64encode
from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from identity.domain import sealed
from identity.models import SecondFactor, User
from identity.services import passkeys
from identity.services import second_factor as app
from requests_app.domain.errors import ActionRefused
from requests_app.reasons import sentence

from . import account, challenges, login, qr, showing
from .forms import CodeForm, NewPasskeyForm

DRAFT = "app_draft"
INVALID = 422


@sensitive_post_parameters("passkey")
@require_http_methods(["GET", "HEAD", "POST"])
def new_passkey(request: HttpRequest) -> HttpResponse:
    """Add a passkey to one's own account."""
    user = account.own(request)
    form = NewPasskeyForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            login.add_passkey(request, user, form, verified=True)
        except ActionRefused as refusal:
            form.add_error(None, sentence(refusal.reason))
        else:
            messages.success(request, _("The passkey is added."))
            return redirect("identity:account")
    context: dict[str, object] = {"form": form, "passkeys_possible": passkeys.possible()}
    if passkeys.possible():
        context["passkey_options"] = challenges.keep(request, passkeys.to_add(user))
    return render(request, "identity/desk/passkey_new.html", context, status=INVALID if form.is_bound else 200)


@require_POST
def remove_passkey(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a passkey off one's own account."""
    user = account.own(request)
    return _removed(request, lambda: passkeys.remove(user, pk), _("The passkey is removed."))


@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def set_up_app(request: HttpRequest) -> HttpResponse:
    """Set up the app, or the app on another phone: the old one works until the new one has shown a code."""
    user = account.own(request)
    form = CodeForm(request.POST if request.method == "POST" else None)
    factor = _draft(request, user)
    check = app.Check()
    if form.is_valid():
        check = app.adopt(user, factor.key_id, factor.sealed_secret, form.cleaned_data["code"])
        if check.right:
            request.session.pop(DRAFT, None)
            messages.success(request, _("The app is set up."))
            return redirect("identity:account")
        form.add_error(None if check.wait else "code", showing.too_soon(check.wait) or str(showing.WRONG["code"]))
    context = {
        "form": form,
        "qr": qr.svg(app.uri(factor), _("QR code for the app")),
        "secret": login.grouped(factor.secret),
        "has_app": (present := app.of(user)) is not None and present.confirmed,
    }
    status = INVALID if form.is_bound else 200
    return showing.refused(render(request, "identity/desk/app.html", context, status=status), check.wait)


@require_POST
def remove_app(request: HttpRequest) -> HttpResponse:
    """Take the app off one's own account."""
    user = account.own(request)
    return _removed(request, lambda: app.remove(user), _("The app is removed."))


def _draft(request: HttpRequest, user: User) -> SecondFactor:
    """Return the app that this session is setting up; its secret is kept sealed until then."""
    try:
        key_id, closed = request.session[DRAFT]
        factor = app.drafted(user, key_id, b64decode(closed))
        factor.secret  # noqa: B018 - raises for one whose key is gone
    except (KeyError, sealed.SealBroken):
        key_id, sealed_secret = app.draft(user)
        request.session[DRAFT] = [key_id, b64encode(sealed_secret).decode()]
        factor = app.drafted(user, key_id, sealed_secret)
    return factor


def _removed(request: HttpRequest, remove: Callable[[], None], done: str) -> HttpResponse:
    try:
        remove()
        messages.success(request, done)
    except ActionRefused as refusal:
        messages.error(request, sentence(refusal.reason))
    return redirect("identity:account")
