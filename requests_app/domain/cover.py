"""Are enough people there over the general holidays?

Two persons release an answer (`services.decision`), so with fewer than two approvers nothing leaves the house while
the deadlines run on: that staff are away is no ground for an extension (Art. 12(3); EDPB 01/2022 v2.1, 162-164).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from .absence import Absence
from .calendars import ONE_DAY, Calendar, easter_sunday, holidays

NEEDED = 2  # approvers, for one of them may have prepared the answer
AHEAD = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time in which many are away at once, both days included."""

    name: str  # easter, may, summer or christmas
    first: date
    last: date

    def days(self) -> Iterator[date]:
        """Yield its days."""
        for number in range((self.last - self.first).days + 1):
            yield self.first + number * ONE_DAY


@dataclass(frozen=True, slots=True)
class Thin:
    """A stretch with too few approvers: on the working days from `first` to `last`, at the worst only `fewest`."""

    stretch: Stretch
    first: date
    last: date
    fewest: int


def stretches(year: int, country: str, weeks: tuple[int, int] | None) -> list[Stretch]:
    """Return the general holidays that begin in a year, in their order; `weeks` are the ISO weeks of the summer's."""
    easter = easter_sunday(year)
    found = [
        Stretch("easter", easter - timedelta(days=8), easter + ONE_DAY),  # with the days before Maundy Thursday
        Stretch("christmas", date(year, 12, 24), date(year + 1, 1, 1)),
    ]
    national_day = date(year, 5, 17)
    if national_day in holidays(country, year):
        monday = national_day - timedelta(days=national_day.weekday())
        found.append(Stretch("may", monday, monday + timedelta(days=6)))
    if weeks is not None:
        first, last = weeks
        found.append(Stretch("summer", date.fromisocalendar(year, first, 1), date.fromisocalendar(year, last, 7)))
    return sorted(found, key=lambda stretch: stretch.first)


def thin(
    today: date, approvers: Sequence[Absence], *, calendar: Calendar, weeks: tuple[int, int] | None
) -> Thin | None:
    """Return the next general holiday with fewer than `NEEDED` approvers, from `AHEAD` before it begins; else None.

    Only working days count that are not over: on the others no answer is due.
    """
    for year in (today.year - 1, today.year, today.year + 1):  # Christmas lasts into the next year
        for stretch in stretches(year, calendar.country, weeks):
            if stretch.first - AHEAD <= today <= stretch.last and (found := _thin(stretch, today, approvers, calendar)):
                return found
    return None


def _thin(stretch: Stretch, today: date, approvers: Sequence[Absence], calendar: Calendar) -> Thin | None:
    there = {
        day: sum(not absence.covers(day) for absence in approvers)
        for day in stretch.days()
        if day >= today and calendar.is_working_day(day)
    }
    short = [day for day, number in there.items() if number < NEEDED]
    return Thin(stretch, min(short), max(short), min(there[day] for day in short)) if short else None
