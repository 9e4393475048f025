"""A warning on the desk when too few people are there who may release an answer."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.functional import Promise

from requests_app.domain.calendars import Calendar
from requests_app.labels import GENERAL_HOLIDAYS
from requests_app.services import cover


@dataclass(frozen=True)
class Shortage:
    """`few`: how many are there now (None: enough); else the working days of a general holiday with too few.

    `away`: there would be enough if they were there.
    """

    few: int | None = None
    away: bool = False
    time: Promise | str = ""
    first: date | None = None
    last: date | None = None
    fewest: int = 0


def warning(calendar: Calendar) -> Shortage | None:
    """Return what is to be said today; None when enough are there."""
    found = cover.of(calendar.local_date(timezone.now()), calendar)
    if found.few is not None:
        return Shortage(few=found.few, away=found.away)
    if found.thin is None:
        return None
    thin = found.thin
    return Shortage(None, False, GENERAL_HOLIDAYS[thin.stretch.name], thin.first, thin.last, thin.fewest)
