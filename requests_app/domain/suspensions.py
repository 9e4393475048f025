"""Which questions to the person stop the clock, and for how many days.

GDPR Art. 12(6) and recital 63 as the EDPB reads them (Guidelines 01/2022, paragraph 159): while we wait for
a proof of identity or a clarification that was asked for without undue delay, the time may stand still.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from .calendars import Calendar
from .moments import ClockInputError, instant

Suspension = tuple[datetime, datetime | None]
"""When we asked and when the person answered (None: not yet); both with a UTC offset."""

TIME_TO_ASK = timedelta(days=7)
"""Our own limit for "without undue delay", counted from the receipt or from the last answer."""


class Ruling(StrEnum):
    """Whether an interval stops the clock, and if not, why."""

    COUNTED = "counted"
    ASKED_LATE = "asked_late"
    ASKED_AFTER_MONTH = "asked_after_month"


@dataclass(frozen=True, slots=True)
class Interval:
    """One question in local dates, how it was ruled, and the days that it alone adds to the union."""

    asked: date
    answered: date | None
    ruling: Ruling
    latest_ask: date
    """The last day on which asking would have counted."""
    days_added: int


@dataclass(frozen=True, slots=True)
class Suspended:
    """What all questions together do to the clock; `days` is None while a counted one is unanswered."""

    intervals: tuple[Interval, ...]
    days: int | None


def count_suspensions(
    suspensions: Iterable[Suspension], *, received_at: datetime, month_end: date, calendar: Calendar
) -> Suspended:
    """Judge the intervals in the order of asking and count the days of their union.

    `month_end` is the last day of the first month, not rolled. A day on which two questions wait counts
    once; the day of asking still runs, the day of the answer is the first that no longer waits.
    Raises ClockInputError for a naive time, an end before its beginning, a question before the receipt.
    """
    moments = sorted((_checked(suspension, received_at) for suspension in suspensions), key=lambda pair: pair[0])
    covered_until = calendar.local_date(received_at)
    days, paused = 0, False
    intervals = []
    for asked_at, answered_at in moments:
        asked = calendar.local_date(asked_at)
        answered = None if answered_at is None else calendar.local_date(answered_at)
        latest_ask, broken = min(
            (covered_until + TIME_TO_ASK, Ruling.ASKED_LATE),
            (month_end + timedelta(days=days), Ruling.ASKED_AFTER_MONTH),
        )
        # An unanswered question that counts has no end, so every later one falls inside it.
        ruling = Ruling.COUNTED if paused or asked <= latest_ask else broken
        added = 0
        if ruling is Ruling.COUNTED and answered is None:
            paused = True
        elif ruling is Ruling.COUNTED and answered is not None and not paused:
            added = max(0, (answered - max(asked, covered_until)).days)
            covered_until = max(covered_until, answered)
        days += added
        intervals.append(Interval(asked, answered, ruling, latest_ask, added))
    return Suspended(tuple(intervals), None if paused else days)


def _checked(suspension: Suspension, received_at: datetime) -> Suspension:
    """The interval in UTC, or the reason why it cannot be one."""
    asked_at = instant(suspension[0], "the time of asking")
    if asked_at < received_at:
        text = f"a suspension was asked for at {suspension[0].isoformat()}, before the receipt"
        raise ClockInputError(text, "suspension_asked_before_receipt")
    if suspension[1] is None:
        return asked_at, None
    answered_at = instant(suspension[1], "the time of the answer")
    if answered_at < asked_at:
        text = f"a suspension ends at {suspension[1].isoformat()}, before it begins at {suspension[0].isoformat()}"
        raise ClockInputError(text, "suspension_ends_before_it_begins")
    return asked_at, answered_at
