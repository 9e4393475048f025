"""The page with somebody's recovery codes: shown once, how many are left, new ones."""

import json
from base64 import b64decode, b64encode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from identity.domain import sealed
from identity.models import User
from identity.services import recovery
from requests_app.keyring import ring

from . import account, next_page

FRESH = "fresh_recovery_codes"
PURPOSE = "fresh-recovery-codes"


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """Show new codes this once; make new ones."""
    user = account.own(request)
    if request.method == "POST":
        make(request, user)
        return redirect("identity:recovery-codes")
    context = {
        "codes": _taken(request, user),
        "left": recovery.remaining(user),
        "next": next_page.wanted(request) if "next" in request.GET else "",
    }
    return render(request, "identity/desk/recovery_codes.html", context)


def make(request: HttpRequest, user: User) -> None:
    """Make new codes and keep them in this session, sealed, until the page has shown them."""
    keys = ring()
    text = json.dumps(recovery.make(user)).encode()
    closed = sealed.seal(keys, PURPOSE, text, bound_to=f"user:{user.pk}")
    request.session[FRESH] = [keys.active, b64encode(closed).decode()]


def _taken(request: HttpRequest, user: User) -> list[str]:
    """Return the codes that nobody has seen, and forget them; a mere HEAD shows nothing and forgets nothing."""
    if request.method != "GET" or FRESH not in request.session:
        return []
    key_id, closed = request.session.pop(FRESH)
    try:
        opened = sealed.unseal(ring(), PURPOSE, b64decode(closed), bound_to=f"user:{user.pk}", key_id=key_id)
    except sealed.SealBroken:
        return []
    return list(json.loads(opened))
