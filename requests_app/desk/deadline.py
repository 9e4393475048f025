"""The clock of one request as the case page shows it: the dates, the one that counts, the arithmetic, the facts."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from requests_app import selectors
from requests_app.domain.clock import Deadline
from requests_app.domain.milestones import staffed
from requests_app.labels import right_label
from requests_app.models import DataSubjectRequest, ReceiptCorrection
from requests_app.services import clock, extension, milestones

from . import clock_facts, clock_words
from .clock_words import sentence

WHY: dict[str, Promise] = {
    "policy": _("Our promise counts: it ends before the month of the law."),
    "statute": _("The law counts: its month ends before our promise."),
    "both": _("The law and our promise end on the same day."),
    "extension": _("The extension counts."),
    "alarm": _("The clock stands still while we wait for the person."),
}
WHY_AT_ONCE = _("This takes effect at once: no month is waited for.")


@dataclass(frozen=True)
class Clock:
    """What the panel shows; dates that do not exist while the clock stands are None.

    `goals`: of what takes effect at once, what is done by which day. `deserted`: there is a later working day, on which
    offices are empty. `over`: the request is closed; `answered_at` and `in_time` say when it was answered, and whether
    before the end of the day that counts (None while the clock stands). `corrected` is the receipt before it was
    corrected last. `can_ask` and `waits` are about the question what the person wants to see: the request that may ask
    it now, and the one that waits for its answer. `can_extend` is the request whose time can be extended now.
    """

    id: int
    titles: tuple[str, ...]
    received_at: datetime
    corrected: ReceiptCorrection | None
    promise: date | None
    promise_days: int
    law: date | None
    binding: str
    why: Promise
    goals: tuple[tuple[Promise, date], ...]
    over: bool
    answered_at: datetime | None
    in_time: bool | None
    act_by: date
    deserted: bool
    alarm: date
    due: date
    paused: bool
    suspended_days: int
    steps: tuple[str, ...]
    questions: tuple[clock_facts.Question, ...]
    history: tuple[clock_facts.Computed, ...]
    can_ask: int | None
    waits: int | None
    can_extend: int | None


def clocks(dsrs: Iterable[DataSubjectRequest]) -> list[Clock]:
    """Return the clocks of requests, the open ones first; requests whose clocks run alike share one."""
    shared: list[Clock] = []
    for one in (_of(dsr) for dsr in sorted(dsrs, key=lambda dsr: dsr.closed_at is not None)):
        twin = next((number for number, other in enumerate(shared) if _same(one, other)), None)
        if twin is None:
            shared.append(one)
        else:
            shared[twin] = _joined(shared[twin], one)
    return shared


def _joined(first: Clock, other: Clock) -> Clock:
    return replace(
        first,
        titles=first.titles + other.titles,
        can_ask=first.can_ask or other.can_ask,
        waits=first.waits or other.waits,
        can_extend=first.can_extend or other.can_extend,
    )


def _same(one: Clock, other: Clock) -> bool:
    return _likeness(one) == _likeness(other)


def _likeness(one: Clock) -> tuple[object, ...]:
    return (one.received_at, one.steps, one.over, one.answered_at)


def _of(dsr: DataSubjectRequest) -> Clock:
    """Derive the clock of a request anew from its facts."""
    deadline, goals, over = clock.derive(dsr), milestones.days_at_once(dsr), dsr.closed_at is not None
    act_by = staffed(deadline.act_by, clock.calendar())
    steps = [sentence(step) for step in clock.explain(dsr)]
    if goals:
        steps = [*(clock_words.at_once(kind, day) for kind, day in goals), str(clock_words.NO_MONTH), *steps]
    elif act_by != deadline.act_by:
        steps.insert(-1, clock_words.deserted(act_by))
    return Clock(
        id=dsr.pk,
        titles=(str(right_label(dsr.right)),),
        received_at=dsr.received_at,
        corrected=dsr.receipt_corrections.select_related("corrected_by").last(),
        promise=deadline.policy_due,
        promise_days=selectors.organisation().policy_days,
        law=deadline.statutory_due,
        binding=deadline.binding,
        why=WHY_AT_ONCE if goals else WHY[deadline.binding],
        goals=tuple((clock_words.AT_ONCE[kind][0], day) for kind, day in goals),
        over=over,
        answered_at=dsr.answer_sent_at,
        in_time=_in_time(dsr, deadline),
        act_by=act_by,
        deserted=act_by != deadline.act_by,
        alarm=deadline.unsuspended_due,
        due=deadline.effective_due,
        paused=deadline.paused,
        suspended_days=deadline.suspended_days or 0,
        steps=tuple(steps),
        questions=clock_facts.questions(dsr),
        history=clock_facts.history(dsr),
        can_ask=dsr.pk if clock_facts.may_ask(dsr) else None,
        waits=dsr.pk if not over and clock_facts.waits_for_clarification(dsr) else None,
        can_extend=dsr.pk if extension.why_not_propose(dsr) is None else None,
    )


def _in_time(dsr: DataSubjectRequest, deadline: Deadline) -> bool | None:
    if dsr.answer_sent_at is None or deadline.paused:
        return None
    return dsr.answer_sent_at < deadline.effective_due_end_utc
