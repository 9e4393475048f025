"""To the organisation's provider and back, to log in or to tie one's account to it.

Only a press of a button begins it, and it ends in the browser that began it. The page that leads away is one of ours:
browsers that hold to `form-action` follow a form nowhere else.
"""

import structlog
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login as start_session
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from identity.domain.enums import OidcPurpose
from identity.models import OidcAttempt, User
from identity.oidc import flow
from identity.oidc.errors import OidcError
from identity.services import attempts
from identity.services import single_sign_on as sso
from identity.services.second_factor import Check
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import Reason
from requests_app.reasons import sentence

from . import next_page, recency, showing
from .account import own

log = structlog.get_logger(__name__)


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Begin to log in."""
    wanted = next_page.wanted(request)
    if request.user.is_authenticated and request.user.is_verified():
        return redirect(wanted)
    return _away(request, OidcPurpose.LOGIN, page=wanted)


@require_POST
def connect(request: HttpRequest) -> HttpResponse:
    """Begin to tie one's account to the provider."""
    return _away(request, OidcPurpose.CONNECT, user=own(request))


@require_POST
def disconnect(request: HttpRequest) -> HttpResponse:
    """Untie one's account."""
    sso.disconnect(own(request))
    messages.success(request, _("Single sign-on no longer opens your account."))
    return redirect("identity:account")


@require_GET
def come_back(request: HttpRequest) -> HttpResponse:
    """Take what the provider sends; the next page has an address without it."""
    query = {name: request.GET[name] for name in request.GET}
    row = _attempt(request, query.get("state", ""))
    secrets = attempts.use(row) if row else None
    if row is None or secrets is None:
        return _refused(request, Reason("sso_failed"))
    attempts.drop(row)
    try:
        said = flow.arrive(sso.provider(), query, nonce=secrets.nonce, verifier=secrets.verifier)
        if row.purpose == OidcPurpose.CONNECT:
            sso.connect(own(request), said)
            messages.success(request, _("Your account is connected. From now on you can log in by single sign-on."))
            return redirect("identity:account")
        tied, shown = sso.account_of(said), sso.showed_second_factor(said)
    except OidcError as error:
        log.warning("single sign-on came to nothing", code=error.code)
        return _refused(request, Reason("sso_failed"))
    except ActionRefused as refusal:
        return _refused(request, refusal.reason)
    start_session(request, tied.user)
    request.session.pop(attempts.BROWSER, None)
    wanted = row.page or str(settings.LOGIN_REDIRECT_URL)
    if not shown:
        return redirect(next_page.via("identity:second-factor", wanted))
    sso.logged_in(tied)
    showing.let_in(request, tied.user, Check(right=True, device=tied))
    recency.note_elsewhere(request, sso.shown_at(said))
    return redirect(wanted)


def _away(request: HttpRequest, purpose: OidcPurpose, *, user: User | None = None, page: str = "") -> HttpResponse:
    if not sso.switched_on():
        return _refused(request, Reason("sso_off"))
    try:
        leaving = flow.depart(sso.provider())
    except OidcError as error:
        log.warning("provider of single sign-on cannot be reached", code=error.code)
        return _refused(request, Reason("sso_away"))
    attempts.begin(purpose, leaving, attempts.browser(request.session), user=user, page=page)
    return render(request, "identity/desk/sso_leave.html", {"url": leaving.url})


def _attempt(request: HttpRequest, state: str) -> OidcAttempt | None:
    """Return the attempt of this browser, and of whoever is logged in to tie an account."""
    browser = attempts.browser_of(request.session)
    row = attempts.find(OidcPurpose.LOGIN, state, browser) or attempts.find(OidcPurpose.CONNECT, state, browser)
    if row and row.purpose == OidcPurpose.CONNECT:
        user = request.user
        return row if user.is_authenticated and user.is_verified() and user.pk == row.user_id else None
    return row


def _refused(request: HttpRequest, reason: Reason) -> HttpResponse:
    messages.error(request, sentence(reason))
    inside = request.user.is_authenticated and request.user.is_verified()
    return redirect("identity:account" if inside else "identity:login")
