"""The box of the case page that tells who has looked, for the decision-maker and the data protection officer."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext

from requests_app import selectors
from requests_app.labels import LOOKED_AT
from requests_app.models import Case
from requests_app.permissions import Permission, may, staff
from requests_app.services import looks

from . import timeline

MOST = 50


@dataclass(frozen=True)
class Line:
    """One look; `emergency`: it took emergency access; `by_link`: `who` sent the link by which somebody came."""

    at: datetime
    who: str
    what: Promise | str
    emergency: bool
    by_link: bool


def panel(request: HttpRequest, case: Case) -> str:
    """Return the box as HTML; empty for who may not see it."""
    if not may(staff(request), Permission.SEE_LOOKS):
        return ""
    found, names = looks.of_case(case), timeline.staff_names()
    lines = [
        Line(
            look.at,
            names.get(look.user_id, gettext("a former colleague")),
            LOOKED_AT.get(look.what, look.what),
            look.break_glass is not None,
            look.by_link is not None,
        )
        for look in found[:MOST]
    ]
    more = selectors.counted(found) - len(lines) if len(lines) == MOST else 0
    return render_to_string("requests_app/desk/looks.html", {"lines": lines, "more": more}, request=request)
