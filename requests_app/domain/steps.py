"""The arithmetic of a deadline as a list of steps, for whoever shows it in words.

A step is a code with parameters and no sentence, so that the command line can say it in English and the
desk in the reader's language.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from .reckoning import Reckoning
from .suspensions import TIME_TO_ASK, Interval, Ruling

StepValue = date | datetime | int | str


class StepCode(StrEnum):
    """What a step says. The comment names its parameters; `day`, `asked` and the like are local dates."""

    RECEIVED = "received"  # day, zone
    MONTH_END = "month_end"  # day
    MONTH_END_CLAMPED = "month_end_clamped"  # day, number (that the shorter month does not have)
    MONTH_ROLLED = "month_rolled"  # day (not a working day), to
    PROMISE = "promise"  # day, days
    HARD_ALARM = "hard_alarm"  # day
    SUSPENSION_COUNTED = "suspension_counted"  # asked, answered, days
    SUSPENSION_OVERLAPS = "suspension_overlaps"  # asked, answered, days (not counted before)
    SUSPENSION_OPEN = "suspension_open"  # asked
    SUSPENSION_ASKED_LATE = "suspension_asked_late"  # asked, latest, limit (days)
    SUSPENSION_ASKED_AFTER_MONTH = "suspension_asked_after_month"  # asked, latest
    SUSPENDED_DAYS = "suspended_days"  # days
    PAUSED = "paused"
    EXTENSION_VALID = "extension_valid"  # notice, latest
    EXTENSION_LATE = "extension_late"  # notice, latest
    EXTENSION_END = "extension_end"  # day
    EXTENSION_END_EARLIER = "extension_end_earlier"  # day, three_months, month_and_two
    STATUTE_MOVED = "statute_moved"  # day, days
    STATUTE_ROLLED = "statute_rolled"  # day (not a working day), to
    PROMISE_MOVED = "promise_moved"  # day, days
    POLICY_BREACH = "policy_breach"  # notice, promise
    BINDS_POLICY = "binds_policy"  # day, other (the last day by law)
    BINDS_STATUTE = "binds_statute"  # day, other (the promised day)
    BINDS_BOTH = "binds_both"  # day
    BINDS_EXTENSION = "binds_extension"  # day
    BINDS_ALARM = "binds_alarm"  # day
    ACT_BY = "act_by"  # day
    END_INSTANT = "end_instant"  # instant (UTC), day, zone


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the arithmetic: what it says, and with which dates and numbers."""

    code: StepCode
    params: Mapping[str, StepValue]


def steps(reckoning: Reckoning) -> tuple[Step, ...]:
    """The lines of the arithmetic in the order in which a person would do it."""
    return (
        *_first_month(reckoning),
        *_suspensions(reckoning),
        *_extension(reckoning),
        *_moved_dates(reckoning),
        *_result(reckoning),
    )


def _step(code: StepCode, **params: StepValue) -> Step:
    return Step(code, params)


def _first_month(reckoning: Reckoning) -> Iterator[Step]:
    received, month_end = reckoning.received, reckoning.month_end
    yield _step(StepCode.RECEIVED, day=received, zone=reckoning.calendar.zone.key)
    if month_end.day == received.day:
        yield _step(StepCode.MONTH_END, day=month_end)
    else:
        yield _step(StepCode.MONTH_END_CLAMPED, day=month_end, number=received.day)
    if reckoning.month_due != month_end:
        yield _step(StepCode.MONTH_ROLLED, day=month_end, to=reckoning.month_due)
    yield _step(StepCode.PROMISE, day=reckoning.promise, days=reckoning.policy_days)
    yield _step(StepCode.HARD_ALARM, day=reckoning.unsuspended_due)


def _suspensions(reckoning: Reckoning) -> Iterator[Step]:
    yield from (_interval(interval) for interval in reckoning.suspended.intervals)
    if reckoning.suspended.days is None:
        yield _step(StepCode.PAUSED)
    elif reckoning.suspended.intervals:
        yield _step(StepCode.SUSPENDED_DAYS, days=reckoning.suspended.days)


def _interval(interval: Interval) -> Step:
    asked, answered, added = interval.asked, interval.answered, interval.days_added
    if interval.ruling is Ruling.ASKED_LATE:
        latest, limit = interval.latest_ask, TIME_TO_ASK.days
        return _step(StepCode.SUSPENSION_ASKED_LATE, asked=asked, latest=latest, limit=limit)
    if interval.ruling is Ruling.ASKED_AFTER_MONTH:
        return _step(StepCode.SUSPENSION_ASKED_AFTER_MONTH, asked=asked, latest=interval.latest_ask)
    if answered is None:
        return _step(StepCode.SUSPENSION_OPEN, asked=asked)
    whole = (answered - asked).days == added
    code = StepCode.SUSPENSION_COUNTED if whole else StepCode.SUSPENSION_OVERLAPS
    return _step(code, asked=asked, answered=answered, days=added)


def _extension(reckoning: Reckoning) -> Iterator[Step]:
    if reckoning.notice is None:
        return
    notice, latest = reckoning.notice, reckoning.month_due
    if not reckoning.extended:
        yield _step(StepCode.EXTENSION_LATE, notice=notice, latest=latest)
        return
    yield _step(StepCode.EXTENSION_VALID, notice=notice, latest=latest)
    end, three, one_and_two = reckoning.extended_end, reckoning.three_months, reckoning.month_and_two
    if three == one_and_two:
        yield _step(StepCode.EXTENSION_END, day=end)
    else:
        code = StepCode.EXTENSION_END_EARLIER
        yield _step(code, day=end, three_months=three, month_and_two=one_and_two)


def _moved_dates(reckoning: Reckoning) -> Iterator[Step]:
    """What suspension and extension make of the two dates; nothing if there is neither."""
    days, end, due = reckoning.suspended.days, reckoning.statutory_end, reckoning.statutory_due
    if days is None and reckoning.extended:
        end, due = reckoning.extended_end, reckoning.effective_due
    if days and end is not None:
        yield _step(StepCode.STATUTE_MOVED, day=end, days=days)
    if (days or reckoning.extended) and end is not None and due is not None and end != due:
        yield _step(StepCode.STATUTE_ROLLED, day=end, to=due)
    if days and reckoning.policy_due is not None:
        yield _step(StepCode.PROMISE_MOVED, day=reckoning.policy_due, days=days)
    if reckoning.policy_breach and reckoning.notice is not None and reckoning.policy_due is not None:
        yield _step(StepCode.POLICY_BREACH, notice=reckoning.notice, promise=reckoning.policy_due)


def _result(reckoning: Reckoning) -> Iterator[Step]:
    day, calendar = reckoning.effective_due, reckoning.calendar
    statutory_due, policy_due = reckoning.statutory_due, reckoning.policy_due
    params: dict[str, StepValue] = {"day": day}
    if reckoning.binding == "policy" and statutory_due is not None:
        params["other"] = statutory_due
    elif reckoning.binding == "statute" and policy_due is not None:
        params["other"] = policy_due
    yield Step(StepCode(f"binds_{reckoning.binding}"), params)
    yield _step(StepCode.ACT_BY, day=calendar.last_working_day_on_or_before(day))
    yield _step(StepCode.END_INSTANT, instant=calendar.end_of_day_utc(day), day=day, zone=calendar.zone.key)
