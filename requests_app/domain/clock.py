"""By when a request must be answered: GDPR Art. 12(3), Reg. 1182/71, the EDPB's suspensions, our promise.

A deadline is always derived from facts and never counted down. The arithmetic itself is in `reckoning`.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime

from .calendars import Calendar
from .moments import ClockInputError
from .reckoning import Binding, Reckoning, add_months, reckon
from .steps import Step, StepCode, steps
from .suspensions import Interval, Ruling, Suspension

__all__ = [
    "RULE_VERSION",
    "Binding",
    "ClockInputError",
    "Deadline",
    "Interval",
    "Ruling",
    "Step",
    "StepCode",
    "Suspension",
    "as_plain",
    "compute_deadline",
    "explain",
    "judge",
    "latest_notice",
]

RULE_VERSION = "1"
"""Raised whenever the same facts would give another date; stored beside every computed deadline."""

POLICY_DAYS = 30


@dataclass(frozen=True, slots=True)
class Deadline:
    """Every date of one request; dates are days in the calendar's time zone."""

    received_local_date: date
    suspended_days: int | None
    """None while the clock is paused, because the days are not known yet."""
    extension_valid: bool | None
    """None if no notice of extension went out; False if it came after the first month."""
    statutory_due: date | None
    policy_due: date | None
    effective_due: date
    """The last day on which the answer must be there; while paused only the day of the alarm."""
    unsuspended_due: date
    """The hard alarm, which no suspension moves."""
    act_by: date
    """The last working day not after `effective_due`: the target of the staff."""
    effective_due_end_utc: datetime
    """24:00 of `effective_due` in the calendar's time zone: an answer at this instant is late."""
    paused: bool
    binding: Binding
    policy_breach: bool
    """A valid notice of extension that went out after the promised date."""


def compute_deadline(
    received_at: datetime,
    *,
    calendar: Calendar,
    policy_days: int = POLICY_DAYS,
    suspensions: Iterable[Suspension] = (),
    extension_notice_at: datetime | None = None,
) -> Deadline:
    """The deadline of a request that reached our own server at `received_at`.

    All instants carry a UTC offset, any will do. `policy_days` is the controller's promise in calendar
    days; `suspensions` are (asked, answered or None) in any order; `extension_notice_at` is when the
    reasoned notice went out. An extension or a question that came too late is no error: it does not count.
    Nothing is compared with the present time. Raises ClockInputError for a naive time, a suspension that
    ends before it begins, a question or a notice before the receipt, a promise of less than one day.
    """
    reckoning = reckon(
        received_at,
        calendar=calendar,
        policy_days=policy_days,
        suspensions=suspensions,
        extension_notice_at=extension_notice_at,
    )
    return _deadline(reckoning)


def explain(
    received_at: datetime,
    *,
    calendar: Calendar,
    policy_days: int = POLICY_DAYS,
    suspensions: Iterable[Suspension] = (),
    extension_notice_at: datetime | None = None,
) -> tuple[Step, ...]:
    """The way from the receipt to the same deadline, step by step; arguments as in `compute_deadline`."""
    reckoning = reckon(
        received_at,
        calendar=calendar,
        policy_days=policy_days,
        suspensions=suspensions,
        extension_notice_at=extension_notice_at,
    )
    return steps(reckoning)


def latest_notice(received_at: datetime, *, calendar: Calendar) -> date:
    """The last day on which a reasoned notice of extension may go out: the first month, which no suspension moves.

    Raises ClockInputError for a naive time.
    """
    return calendar.roll_forward(add_months(calendar.local_date(received_at), 1))


def judge(received_at: datetime, *, calendar: Calendar, suspensions: Iterable[Suspension] = ()) -> tuple[Interval, ...]:
    """Whether each question stops the clock, in the order of asking; arguments as in `compute_deadline`."""
    reckoning = reckon(
        received_at, calendar=calendar, policy_days=POLICY_DAYS, suspensions=suspensions, extension_notice_at=None
    )
    return reckoning.suspended.intervals


def _deadline(reckoning: Reckoning) -> Deadline:
    """The dates that leave the domain."""
    effective_due = reckoning.effective_due
    return Deadline(
        received_local_date=reckoning.received,
        suspended_days=reckoning.suspended.days,
        extension_valid=None if reckoning.notice is None else reckoning.extended,
        statutory_due=reckoning.statutory_due,
        policy_due=reckoning.policy_due,
        effective_due=effective_due,
        unsuspended_due=reckoning.unsuspended_due,
        act_by=reckoning.calendar.last_working_day_on_or_before(effective_due),
        effective_due_end_utc=reckoning.calendar.end_of_day_utc(effective_due),
        paused=reckoning.paused,
        binding=reckoning.binding,
        policy_breach=reckoning.policy_breach,
    )


def as_plain(deadline: Deadline) -> dict[str, object]:
    """The fields of `deadline` under their own names: dates in ISO 8601, the instant in UTC with Z."""
    return {name: _plain(value) for name, value in asdict(deadline).items()}


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else value
