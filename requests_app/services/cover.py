"""Whether enough people are there who may release an answer: for the desk, and for the morning mail."""

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.utils import timezone

from requests_app import selectors
from requests_app.domain.absence import Absence
from requests_app.domain.calendars import Calendar
from requests_app.domain.cover import NEEDED, Thin, thin
from requests_app.permissions import Permission


@dataclass(frozen=True)
class Cover:
    """`few`: how many active approvers are there today, if they are too few; `thin`: over the next general holiday.

    `away`: there are enough accounts, but too many of their holders are away.
    """

    few: int | None
    thin: Thin | None
    away: bool = False


def of(day: date, calendar: Calendar) -> Cover:
    """Return what is wrong with the number of approvers, as seen on a day; one query."""
    approvers = selectors.staff_who_may(Permission.RELEASE)
    away = [Absence(person.away_from, person.away_until) for person in approvers]
    there = len(approvers)
    if there >= NEEDED and calendar.is_working_day(day):  # on the others no answer is due
        there = sum(not absence.covers(day) for absence in away)
    return Cover(
        few=there if there < NEEDED else None,
        thin=thin(day, away, calendar=calendar, weeks=settings.SUMMER_WEEKS),
        away=len(approvers) >= NEEDED > there,
    )


def is_emergency() -> bool:
    """Tell whether fewer than two approvers of the team are there today: only then the one outside it may act."""
    today = timezone.localdate()
    return sum(not person.is_away(today) for person in selectors.staff_who_may(Permission.RELEASE)) < NEEDED
