"""The periods of a report: a month, a quarter or a year of local days."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from .errors import DomainError
from .reckoning import add_months

_YEAR = re.compile(r"(\d{4})\Z")
_QUARTER = re.compile(r"(\d{4})-Q([1-4])\Z")
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])\Z")
FIRST_YEAR, LAST_YEAR = 1990, 2199


class PeriodError(DomainError, ValueError):
    """No such period; the message says how to write one."""


@dataclass(frozen=True, slots=True)
class Period:
    """From the day `first` until the day before `after`."""

    first: date
    after: date

    def instants(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """The first instant of the period and the first one after it, by the midnights of a time zone."""
        start, end = (datetime.combine(day, time.min, tzinfo=zone).astimezone(UTC) for day in (self.first, self.after))
        return start, end


def year(text: str) -> Period:
    """The year 2026, written like that. Raises PeriodError."""
    return _from(_YEAR.match(text), 12, f"not a year: {text!r}; write it like 2026")


def quarter(text: str) -> Period:
    """A quarter, written 2026-Q3. Raises PeriodError."""
    return _from(_QUARTER.match(text), 3, f"not a quarter: {text!r}; write it like 2026-Q3")


def month(text: str) -> Period:
    """A month, written 2026-11. Raises PeriodError."""
    return _from(_MONTH.match(text), 1, f"not a month: {text!r}; write it like 2026-11")


def _from(match: re.Match[str] | None, months: int, otherwise: str) -> Period:
    if match is None or not FIRST_YEAR <= int(match[1]) <= LAST_YEAR:
        raise PeriodError(otherwise)
    which = int(match[2]) if match.re.groups > 1 else 1
    first = date(int(match[1]), (which - 1) * months + 1, 1)
    return Period(first, add_months(first, months))
