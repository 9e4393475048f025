"""Which case a browser may see: opened by the secret link, forgotten after two hours without a visit."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from requests_app.models import Case

IDLE = timedelta(hours=2)
PREFIX = "portal_"  # of whatever a session keeps about a visit
CASE = f"{PREFIX}case"
UNTIL = f"{PREFIX}until"


def open_session(request: HttpRequest, case: Case) -> None:
    """Let this browser see `case` (and no other), in the language of the case."""
    request.session.cycle_key()
    request.session[CASE] = str(case.uuid)
    request.session["language"] = case.language
    _touch(request)


def current_case(request: HttpRequest) -> Case | None:
    """Return the case this browser may see, or None when there is none or the visit is too long ago."""
    uuid, until = request.session.get(CASE), request.session.get(UNTIL, 0)
    if not uuid or until < timezone.now().timestamp():
        return None
    _touch(request)
    return Case.objects.filter(uuid=uuid).first()


def case_required(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Call `view(request, case, …)` for a browser that opened a case; send others to the page that explains."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        case = current_case(request)
        if case is None:
            return redirect("requests:portal:link-needed")
        return view(request, case, *args, **kwargs)

    return guarded


def close_session(request: HttpRequest) -> None:
    """Forget the case in this browser; a member of staff who looked at it stays logged in."""
    for key in list(request.session.keys()):
        if key.startswith(PREFIX):
            del request.session[key]


def _touch(request: HttpRequest) -> None:
    request.session[UNTIL] = (timezone.now() + IDLE).timestamp()
