"""The one gate to cases: no page of the desk opens one that does not exist for its reader, or unseen.

It goes by the address alone and runs before the view, like the second factor (`identity.middleware`), so that no page
can forget it. What an address names is listed in `config.wiring.DESK_ADDRESSES`; a test walks every address.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse

from requests_app.domain.enums import LookedAt
from requests_app.models import Case, Inquiry
from requests_app.permissions import Permission, Staff, may, staff
from requests_app.services import looks

DESK = "desk/"
INBOX = "desk/inbox/"
_READING = (Permission.VIEW_CASES, Permission.SORT, Permission.VIEW_MASKED)
SHOWN_ANEW = (409, 422)  # the page of a case, with what its form lacks


class CaseGate:
    """Answer 404 where the case of an address is hidden from its reader, as where there is none; keep who looked."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Write the look down once the page is made, and before it leaves: content goes out only with its row."""
        response = self.get_response(request)
        opened: list[looks.Opened] = getattr(request, "desk_opened", [])
        if opened and (200 <= response.status_code < 300 or response.status_code in SHOWN_ANEW):
            looks.keep(opened, staff(request).pk)
        return response

    def process_view(self, request: HttpRequest, _view: object, _args: object, kwargs: Mapping[str, Any]) -> None:
        """Find what the address names. Who sees no cases at all learns nothing here: 403, whatever there is."""
        match = request.resolver_match
        if match is None or not match.route.startswith(DESK) or not request.user.is_authenticated:
            return
        opened = _named(match.route, kwargs, staff(request))
        if opened is None:
            if any(may(staff(request), one) for one in _READING):
                raise Http404
            raise PermissionDenied
        request.desk_opened = [  # type: ignore[attr-defined]  # read above
            looks.Opened(_what(match.view_name, inquiry), case, inquiry) for case, inquiry in opened
        ]


def _what(view: str, inquiry: int | None) -> LookedAt:
    """What a page shows; a page that nobody has named shows the case or the inquiry."""
    return LookedAt(settings.DESK_LOOKS.get(view, LookedAt.INQUIRY if inquiry else LookedAt.CASE))


def _named(route: str, kwargs: Mapping[str, Any], user: Staff) -> list[tuple[int | None, int | None]] | None:
    """Return the (case, inquiry) that an address names, each once; None where one of them is not for this reader."""
    if route.startswith(INBOX) and "pk" in kwargs:
        row = Inquiry.objects.visible_to(user).filter(pk=kwargs["pk"]).values_list("case_id", "pk").first()
        return [row] if row else None
    found: dict[int, None] = {}
    for name, value in kwargs.items():
        if name in settings.DESK_ADDRESSES:
            named = Case.objects.visible_to(user).filter(**{settings.DESK_ADDRESSES[name]: value})
            case = named.values_list("pk", flat=True).first()
            if case is None:
                return None
            found[case] = None
    return [(case, None) for case in found]
