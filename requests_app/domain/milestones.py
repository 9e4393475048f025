"""What the staff have to do on the way to an answer, on which day, and who hears of it.

The days are our own goals, not the law's: they make sure that the law's day does not come as a surprise. They follow
from receipt and deadline alone; whether something is owed on its day is asked on the day, for what it reminds of may
have been done, or not be wanted any more. Days are days in the calendar's time zone.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from .calendars import ONE_DAY, Calendar
from .clock import Deadline
from .enums import STAGE_ORDER, Right, Stage
from .outcomes import AT_ONCE


class MilestoneKind(StrEnum):
    """What is reminded of; of those that fall on one day the later in this list is the more urgent."""

    ACKNOWLEDGE = "acknowledge"  # the person is told that we have it
    TRIAGE = "triage"
    ASK = "ask"  # who the person is, or what they mean: later it would not stop the clock (EDPB 01/2022, 159)
    SEARCH = "search"  # every system has answered
    HALF = "half"  # of the time is gone
    DRAFT = "draft"
    THREE_QUARTERS = "three_quarters"
    EXTEND = "extend"  # the last day to decide on an extension, so that its notice goes out in time (Art. 12(3))
    DUE_5 = "due_5"
    REVIEW = "review"  # reviewed and released
    DUE_2 = "due_2"
    ACT_BY = "act_by"  # the last day on which there are people at work
    ALARM = "alarm"  # something with reasons must be out, whatever has stopped the clock
    CONFIRM = "confirm"  # that what takes effect at once has
    PROCESSORS = "processors"  # who processes data for us is told of it
    STOP = "stop"  # marketing, or what the consent was for
    CALL = "call"  # the link to the address on file was not used: somebody calls the number on file
    UNVERIFIED = "unverified"  # nobody showed who asks: it can be closed
    OVERDUE = "overdue"


class Audience(StrEnum):
    """Who hears of a milestone. The assignee's mail goes to the team while nobody has the case."""

    ASSIGNEE = "assignee"
    TEAM = "team"
    DECISION_MAKER = "decision_maker"
    DPO = "dpo"


# Three days or fewer are left, or none: this does not wait for the next morning.
INSTANT = frozenset(
    {MilestoneKind.DUE_2, MilestoneKind.ACT_BY, MilestoneKind.ALARM, MilestoneKind.STOP, MilestoneKind.OVERDUE}
)

_ESCALATED: dict[MilestoneKind, frozenset[Audience]] = {
    MilestoneKind.EXTEND: frozenset({Audience.DECISION_MAKER}),
    MilestoneKind.REVIEW: frozenset({Audience.DECISION_MAKER}),
    MilestoneKind.ALARM: frozenset({Audience.DECISION_MAKER}),
    MilestoneKind.OVERDUE: frozenset({Audience.DECISION_MAKER, Audience.DPO}),
}

# Working days after the receipt.
ACKNOWLEDGED_IN, TRIAGED_IN, ASKED_IN, SEARCHED_IN, DRAFTED_IN = 1, 2, 2, 10, 15
STOPPED_IN, CONFIRMED_IN, PROCESSORS_TOLD_IN = 1, 1, 3
# Days after the question who is asking; what falls on a day off is for the working day after.
CALLED_AFTER, UNVERIFIED_AFTER = 5, 30
# Working days before a last day.
EXTENSION_DECIDED_BEFORE, RELEASED_BEFORE = 5, 2
# Working days by law on which offices are empty (month, day): a goal of ours falls on the working day before.
DESERTED = frozenset({(12, 24), (12, 31)})


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one request when somebody asks what is owed."""

    right: Right | None
    stage: Stage
    deadline: Deadline
    assigned: bool
    """Somebody who is active has the case."""
    acknowledged: bool
    """The person was told that we have it, or cannot be."""
    identity_asked_on: date | None
    """We asked who the person is, and they have not shown it."""
    question_owed: bool
    """We do not know enough of the person to answer, and have not asked."""
    silent: bool
    """A system that was asked has not answered, or was not told."""
    stopped: bool
    """Of a right that takes effect at once: it has."""
    reasons_given: bool
    """The person was told with reasons why there is no answer yet (letter T05 or T07)."""
    answered: bool
    """The answer was sent, and is there for the person."""


@dataclass(frozen=True, slots=True)
class Milestone:
    """Something that is owed from `day` on, to be done by `due`."""

    kind: MilestoneKind
    day: date
    due: date
    audience: frozenset[Audience]

    @property
    def instant(self) -> bool:
        """Whether it is worth a mail of its own, or waits for the morning's."""
        return self.kind in INSTANT


def owed(facts: Facts, *, calendar: Calendar, today: date) -> list[Milestone]:
    """Return what is owed today, the newest first: to everybody the newest of theirs whose reason stands.

    Of one day the most urgent is the newest. What came before it is old news then, whether anybody was told or not.
    The audience of each is whoever has no newer one: a nearer day of the assignee is no reason to keep from whoever
    decides that an answer waits for them.
    """
    if (late_since := _late_since(facts, calendar)) and late_since <= today:
        return [_milestone(facts, MilestoneKind.OVERDUE, today, late_since - ONE_DAY)]
    standing = [one for one in _planned(facts, calendar) if one.day <= today and _stands(one.kind, facts, today)]
    found, told = [], frozenset[Audience]()
    for one in sorted(standing, key=lambda one: (one.day, _URGENCY.index(one.kind)), reverse=True):
        if waiting := one.audience - told:
            found.append(replace(one, audience=waiting))
            told |= waiting
    return found


def next_look(facts: Facts, *, calendar: Calendar, today: date) -> date | None:
    """Return the next day after today on which something may be owed; None while nothing ever will be.

    It counts what has no reason today, for that may change without anybody asking again; whatever moves the dates
    or the stage does ask again.
    """
    days = [one.day for one in _planned(facts, calendar)]
    if late_since := _late_since(facts, calendar):
        days.append(max(late_since, today + ONE_DAY))
    return min((day for day in days if day > today), default=None)


def days_at_once(deadline: Deadline, calendar: Calendar) -> list[tuple[MilestoneKind, date]]:
    """Return by which day each thing is done that a right which takes effect at once asks for."""
    received = deadline.received_local_date
    goals = {
        MilestoneKind.STOP: STOPPED_IN,
        MilestoneKind.CONFIRM: CONFIRMED_IN,
        MilestoneKind.PROCESSORS: PROCESSORS_TOLD_IN,
    }
    return [(kind, calendar.working_days_after(received, days)) for kind, days in goals.items()]


def staffed(day: date, calendar: Calendar) -> date:
    """Return the last day until `day` on which there are people at work."""
    day = calendar.last_working_day_on_or_before(day)
    while (day.month, day.day) in DESERTED:
        day = calendar.working_days_before(day, 1)
    return day


_URGENCY = tuple(MilestoneKind)


def _planned(facts: Facts, calendar: Calendar) -> Iterator[Milestone]:
    """What may become owed on its day, short of being overdue."""
    if facts.right in AT_ONCE:
        return _planned_at_once(facts, calendar)
    return _planned_month(facts, calendar)


def _planned_at_once(facts: Facts, calendar: Calendar) -> Iterator[Milestone]:
    """Stopped at once, by the next working day where it came by mail; the processors know three days after."""
    for kind, day in days_at_once(facts.deadline, calendar):
        yield _milestone(facts, kind, day, day)


def _planned_month(facts: Facts, calendar: Calendar) -> Iterator[Milestone]:
    """Goals counted from the receipt, from the hard alarm, and from the day that counts, while there is one."""
    if facts.answered:
        return
    deadline, asked = facts.deadline, facts.identity_asked_on
    received, alarm = deadline.received_local_date, deadline.unsuspended_due

    def after(kind: MilestoneKind, begin: date, days: int) -> Milestone:
        day = calendar.working_days_after(begin, days)
        return _milestone(facts, kind, day, day)

    def before(kind: MilestoneKind, day: date, due: date) -> Milestone:
        return _milestone(facts, kind, max(staffed(day, calendar), received), due)

    yield after(MilestoneKind.ACKNOWLEDGE, received, ACKNOWLEDGED_IN)
    yield after(MilestoneKind.TRIAGE, received, TRIAGED_IN)
    yield after(MilestoneKind.ASK, received, ASKED_IN)
    decide_by = calendar.working_days_before(alarm, EXTENSION_DECIDED_BEFORE)
    yield before(MilestoneKind.EXTEND, decide_by, decide_by)
    if asked and facts.right is Right.ERASURE:
        call_on = calendar.roll_forward(asked + timedelta(days=CALLED_AFTER))
        yield _milestone(facts, MilestoneKind.CALL, call_on, call_on)
    if asked:
        close_on = calendar.roll_forward(asked + timedelta(days=UNVERIFIED_AFTER))
        yield _milestone(facts, MilestoneKind.UNVERIFIED, close_on, close_on)
    if deadline.paused or deadline.effective_due > alarm:
        yield before(MilestoneKind.ALARM, alarm, alarm)
    if deadline.paused:
        return
    due = deadline.effective_due
    begin = received + timedelta(days=deadline.suspended_days or 0)  # the time that stood still is not used up
    time = due - begin
    yield after(MilestoneKind.SEARCH, begin, SEARCHED_IN)
    yield after(MilestoneKind.DRAFT, begin, DRAFTED_IN)
    yield before(MilestoneKind.HALF, begin + time // 2, due)
    yield before(MilestoneKind.THREE_QUARTERS, begin + time * 3 // 4, due)
    yield before(MilestoneKind.DUE_5, due - timedelta(days=5), due)
    yield before(MilestoneKind.DUE_2, due - timedelta(days=2), due)
    act_by = staffed(deadline.act_by, calendar)
    yield before(MilestoneKind.REVIEW, calendar.working_days_before(act_by, RELEASED_BEFORE), act_by)
    yield before(MilestoneKind.ACT_BY, act_by, due)


def _stands(kind: MilestoneKind, facts: Facts, today: date) -> bool:
    """Whether there is still a reason for a planned milestone."""
    match kind:
        case MilestoneKind.ACKNOWLEDGE:
            return not facts.acknowledged
        case MilestoneKind.TRIAGE:
            return facts.stage is Stage.RECEIVED
        case MilestoneKind.ASK:
            return facts.question_owed and _before(facts.stage, Stage.RELEASED)
        case MilestoneKind.SEARCH:
            return facts.silent and _before(facts.stage, Stage.DECISION_DRAFT)
        case MilestoneKind.DRAFT | MilestoneKind.CALL | MilestoneKind.UNVERIFIED:
            return _before(facts.stage, Stage.DECISION_DRAFT)
        case MilestoneKind.REVIEW:
            return _before(facts.stage, Stage.RELEASED)
        case MilestoneKind.EXTEND:
            in_time = today <= facts.deadline.unsuspended_due
            return in_time and not facts.reasons_given and _before(facts.stage, Stage.DECISION_DRAFT)
        case MilestoneKind.ALARM:
            return not facts.reasons_given
        case MilestoneKind.STOP:
            return not facts.stopped
        case MilestoneKind.CONFIRM:
            return not facts.answered
        case MilestoneKind.PROCESSORS:
            return facts.silent
        case _:
            return True


def _late_since(facts: Facts, calendar: Calendar) -> date | None:
    """Return the first day on which the request is, or will be, overdue as things stand."""
    lasts = []
    if facts.right in AT_ONCE:
        days = dict(days_at_once(facts.deadline, calendar))
        lasts += [] if facts.stopped else [days[MilestoneKind.STOP]]
        lasts += [days[MilestoneKind.PROCESSORS]] if facts.silent else []
    waits = facts.deadline.paused and facts.reasons_given  # then there is an alarm, which was heard, and no due date
    if not facts.answered and not waits:
        lasts.append(facts.deadline.effective_due)
    return min(lasts) + ONE_DAY if lasts else None


def _milestone(facts: Facts, kind: MilestoneKind, day: date, due: date) -> Milestone:
    nearest = Audience.ASSIGNEE if facts.assigned else Audience.TEAM
    return Milestone(kind, day, due, _ESCALATED.get(kind, frozenset()) | {nearest})


def _before(stage: Stage, other: Stage) -> bool:
    return STAGE_ORDER.index(stage) < STAGE_ORDER.index(other)
