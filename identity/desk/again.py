"""What takes a second look asks for the second factor once more, where it was shown too long ago.

Which pages these are stands in `config/wiring.py` (`RECENT_FACTOR`). Nothing is done until the factor is shown, and
nothing typed is lost: the page that asks carries every field along and sends them to where they were going.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from identity.models import User
from identity.services import passkeys
from identity.services import second_factor as app
from identity.services.second_factor import SHOWN_AGAIN, Check

from . import challenges, recency, showing
from .forms import AgainForm

FORBIDDEN = 403
BACK = "factor-back"  # where the form stood that waits
_READING = ("GET", "HEAD", "OPTIONS", "TRACE")
_OURS = ("csrfmiddlewaretoken", BACK, *(f"{AgainForm.prefix}-{name}" for name in AgainForm.base_fields))


def ask(request: HttpRequest) -> HttpResponse | None:
    """Return the page that asks for the second factor once more; None where the request may go on.

    A request that brings the factor along goes on, too, without its fields.
    """
    match = request.resolver_match
    if request.method in _READING or match is None or match.view_name not in settings.RECENT_FACTOR:
        return None
    if recency.is_recent(request):
        return None
    user = request.user
    assert isinstance(user, User)  # noqa: S101 - the middleware lets nobody else in
    form = AgainForm(request.POST if _brings_factor(request) else None)
    check = _checked(request, user, form)
    if check.right:
        recency.note(request)
        request.POST = _others(request)  # type: ignore[assignment]  # as good as what came
        return None
    return showing.refused(_page(request, user, form), check.wait)


def _checked(request: HttpRequest, user: User, form: AgainForm) -> Check:
    if not form.is_valid():
        return Check()
    way = next((name for name in ("passkey", "code", "recovery") if form.cleaned_data[name]), "")
    if not way:
        form.add_error(None, showing.NOTHING)
        return Check()
    check = showing.shown(request, user, way=way, given=form.cleaned_data[way], action=SHOWN_AGAIN)
    if not check.right:
        at_field = way != "passkey" and not check.wait
        form.add_error(way if at_field else None, showing.too_soon(check.wait) or str(showing.WRONG[way]))
    return check


def _page(request: HttpRequest, user: User, form: AgainForm) -> HttpResponse:
    factor = app.of(user)
    context: dict[str, object] = {
        "form": form,
        "carried": [(name, value) for name, values in _others(request).lists() for value in values],
        "back": _back(request),
        "back_field": BACK,
        "has_app": factor is not None and factor.confirmed,
    }
    if passkeys.possible() and passkeys.of(user):
        context["passkey_options"] = challenges.keep(request, passkeys.to_use(user))
    return render(request, "identity/desk/again.html", context, status=FORBIDDEN)


def _brings_factor(request: HttpRequest) -> bool:
    return any(name in request.POST for name in _OURS[2:])


def _others(request: HttpRequest) -> QueryDict:
    """Return what was posted for the page itself."""
    others = request.POST.copy()
    for name in _OURS:
        others.pop(name, None)
    return others


def _back(request: HttpRequest) -> str:
    """Return the page of ours from which the form was sent."""
    page = request.POST.get(BACK) or request.headers.get("Referer", "")
    hosts = {request.get_host()}
    safe = url_has_allowed_host_and_scheme(page, allowed_hosts=hosts, require_https=request.is_secure())
    return page if safe else str(settings.LOGIN_REDIRECT_URL)
