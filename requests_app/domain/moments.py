"""Instants as the clock accepts them, and the one error it raises for anything else."""

from datetime import UTC, datetime

from .errors import DomainError
from .snapshot import Reason

# Wide enough for any request, narrow enough that months and suspensions never leave Python's years.
FIRST_YEAR, LAST_YEAR = 1900, 9000


class ClockInputError(DomainError, ValueError):
    """The clock cannot reckon with what it was given.

    `str(error)` is one English line for an operator; `reason` (code and parameters) is for pages
    that say it in the person's own language. Codes: naive_time, year_out_of_range,
    suspension_ends_before_it_begins, suspension_asked_before_receipt, notice_before_receipt,
    policy_days_out_of_range, unknown_country, unknown_time_zone.
    """

    def __init__(self, text: str, code: str, **params: str) -> None:
        super().__init__(text)
        self.reason = Reason(code, params)


def instant(moment: datetime, name: str) -> datetime:
    """`moment` in UTC; `name` tells an error which time it was.

    Everything is compared in UTC, because Python compares two times of the same zone by the wall
    clock, and would take the second 02:10 of an autumn night for earlier than the first 02:30.
    Raises ClockInputError for a time without offset or outside the years 1900 to 9000.
    """
    if moment.utcoffset() is None:
        text = f"{name} {moment.isoformat()} has no time zone: add the offset, as in +01:00 or Z"
        raise ClockInputError(text, "naive_time", name=name)
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        text = f"{name} {moment.isoformat()} is outside the years {FIRST_YEAR} to {LAST_YEAR}"
        raise ClockInputError(text, "year_out_of_range", name=name)
    return moment.astimezone(UTC)
