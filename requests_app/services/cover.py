"""Whether enough people are there who may release an answer: for the desk, and for the morning mail."""

from dataclasses import dataclass
from datetime import date

from django.conf import settings

from requests_app import selectors
from requests_app.domain.absence import Absence
from requests_app.domain.calendars import Calendar
from requests_app.domain.cover import NEEDED, Thin, thin
from requests_app.permissions import Permission


@dataclass(frozen=True)
class Cover:
    """`few`: how many active approvers there are, if they are too few at all; `thin`: over the next general holiday."""

    few: int | None
    thin: Thin | None


def of(day: date, calendar: Calendar) -> Cover:
    """Return what is wrong with the number of approvers, as seen on a day; one query."""
    approvers = selectors.staff_who_may(Permission.RELEASE)
    away = [Absence(person.away_from, person.away_until) for person in approvers]
    return Cover(
        few=len(approvers) if len(approvers) < NEEDED else None,
        thin=thin(day, away, calendar=calendar, weeks=settings.SUMMER_WEEKS),
    )
