"""The arithmetic of the deadline: every date on the way from the receipt to the last day.

Months are added before suspended days, and only what comes out last is rolled to a working day, once. Hours and
UTC play no part: a local date is added to and gives a local date.
"""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Literal

from .calendars import Calendar
from .moments import ClockInputError, instant
from .suspensions import Suspended, Suspension, count_suspensions

Binding = Literal["policy", "statute", "both", "extension", "alarm"]

LONGEST_PROMISE = 3650


@lru_cache(maxsize=4096)  # eleven years of days: one deadline asks for the same few sums again and again
def add_months(day: date, months: int) -> date:
    """The same day number `months` later, or the last day of that month (Reg. 1182/71 Art. 3(2)(c))."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


@dataclass(frozen=True, slots=True)
class Reckoning:
    """The facts of one request in local dates; each property is one line of the arithmetic.

    A name in `_end` is a date before the roll to a working day, one in `_due` the date after it.
    """

    calendar: Calendar
    received: date
    policy_days: int
    suspended: Suspended
    notice: date | None
    """The day on which the notice of extension went out."""

    @property
    def month_end(self) -> date:
        """One month from receipt; the day of receipt is not counted (GDPR Art. 12(3))."""
        return add_months(self.received, 1)

    @property
    def month_due(self) -> date:
        """The last day of the first month, and for the notice of extension: no suspension moves it."""
        return self.calendar.roll_forward(self.month_end)

    @property
    def promise(self) -> date:
        """The controller's own promise in calendar days, never rolled."""
        return self.received + timedelta(days=self.policy_days)

    @property
    def unsuspended_due(self) -> date:
        """When the person must have heard something with reasons, even if no suspension should count."""
        return min(self.month_due, self.promise)

    @property
    def paused(self) -> bool:
        """Whether a counted question is unanswered, so that there is no due date but an alarm."""
        return self.suspended.days is None

    @property
    def extended(self) -> bool:
        """Whether the notice of extension went out within the first month."""
        return self.notice is not None and self.notice <= self.month_due

    @property
    def three_months(self) -> date:
        """An extension read as three months from receipt."""
        return add_months(self.received, 3)

    @property
    def month_and_two(self) -> date:
        """An extension read as two months from the end of the first."""
        return add_months(self.month_end, 2)

    @property
    def extended_end(self) -> date:
        """The earlier of the two readings, so that neither is breached; they differ by two days at most."""
        return min(self.three_months, self.month_and_two)

    @property
    def statutory_end(self) -> date | None:
        """The period of the law with the suspended days."""
        end = self.extended_end if self.extended else self.month_end
        return None if self.suspended.days is None else end + timedelta(days=self.suspended.days)

    @property
    def statutory_due(self) -> date | None:
        """The last day by law."""
        return None if self.statutory_end is None else self.calendar.roll_forward(self.statutory_end)

    @property
    def policy_due(self) -> date | None:
        """The last day by promise, with the suspended days."""
        days = self.suspended.days
        return None if days is None else self.promise + timedelta(days=days)

    @property
    def effective_due(self) -> date:
        """The day that counts; while paused the day of the alarm."""
        statutory_due, policy_due = self.statutory_due, self.policy_due
        if statutory_due is None or policy_due is None:
            return self.calendar.roll_forward(self.extended_end) if self.extended else self.unsuspended_due
        return statutory_due if self.extended else min(statutory_due, policy_due)

    @property
    def binding(self) -> Binding:
        """What makes `effective_due` the day that counts."""
        statutory_due, policy_due = self.statutory_due, self.policy_due
        if statutory_due is None or policy_due is None:
            return "alarm"
        if self.extended:
            return "extension"
        if statutory_due == policy_due:
            return "both"
        return "policy" if policy_due < statutory_due else "statute"

    @property
    def policy_breach(self) -> bool:
        """Whether a valid notice, lawful as it is, went out after the promise had run out.

        While the clock is paused the promise has no date, and cannot be broken.
        """
        if self.notice is None or self.policy_due is None:
            return False
        return self.extended and self.notice > self.policy_due


def reckon(
    received_at: datetime,
    *,
    calendar: Calendar,
    policy_days: int,
    suspensions: Iterable[Suspension],
    extension_notice_at: datetime | None,
) -> Reckoning:
    """Check the instants and turn them into local dates; arguments and errors as in `compute_deadline`."""
    if not 1 <= policy_days <= LONGEST_PROMISE:
        text = f"the promise must be from 1 to {LONGEST_PROMISE} days, not {policy_days}"
        raise ClockInputError(text, "policy_days_out_of_range", longest=str(LONGEST_PROMISE))
    received_utc = instant(received_at, "the time of receipt")
    received = calendar.local_date(received_utc)
    return Reckoning(
        calendar=calendar,
        received=received,
        policy_days=policy_days,
        suspended=count_suspensions(
            suspensions, received_at=received_utc, month_end=add_months(received, 1), calendar=calendar
        ),
        notice=_notice_day(extension_notice_at, received_utc, calendar),
    )


def _notice_day(notice_at: datetime | None, received_utc: datetime, calendar: Calendar) -> date | None:
    """The local day of the notice of extension."""
    if notice_at is None:
        return None
    if instant(notice_at, "the time of the extension notice") < received_utc:
        text = f"the extension notice of {notice_at.isoformat()} is older than the request"
        raise ClockInputError(text, "notice_before_receipt")
    return calendar.local_date(notice_at)
