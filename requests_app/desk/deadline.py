"""The clock of one request as the case page shows it: the dates, the one that counts, the arithmetic, the facts."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from requests_app import selectors
from requests_app.labels import right_label
from requests_app.models import DataSubjectRequest, ReceiptCorrection
from requests_app.services import clock

from . import clock_facts
from .clock_words import sentence

WHY: dict[str, Promise] = {
    "policy": _("Our promise counts: it ends before the month of the law."),
    "statute": _("The law counts: its month ends before our promise."),
    "both": _("The law and our promise end on the same day."),
    "extension": _("The extension counts."),
    "alarm": _("The clock stands still while we wait for the person."),
}


@dataclass(frozen=True)
class Clock:
    """What the panel shows; dates that do not exist while the clock stands are None.

    `corrected` is the receipt before it was corrected last. `can_ask` and `waits` are about the question what the
    person wants to see: the request that may ask it now, and the one that waits for its answer.
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
    act_by: date
    alarm: date
    due: date
    paused: bool
    suspended_days: int
    steps: tuple[str, ...]
    questions: tuple[clock_facts.Question, ...]
    history: tuple[clock_facts.Computed, ...]
    can_ask: int | None
    waits: int | None


def clocks(dsrs: Iterable[DataSubjectRequest]) -> list[Clock]:
    """Return the clocks of the open requests; requests whose clocks run alike share one."""
    shared: list[Clock] = []
    for one in (_of(dsr) for dsr in dsrs if dsr.closed_at is None):
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
    )


def _same(one: Clock, other: Clock) -> bool:
    return (one.received_at, one.steps) == (other.received_at, other.steps)


def _of(dsr: DataSubjectRequest) -> Clock:
    """Derive the clock of a request anew from its facts."""
    deadline = clock.derive(dsr)
    return Clock(
        id=dsr.pk,
        titles=(str(right_label(dsr.right)),),
        received_at=dsr.received_at,
        corrected=dsr.receipt_corrections.select_related("corrected_by").last(),
        promise=deadline.policy_due,
        promise_days=selectors.organisation().policy_days,
        law=deadline.statutory_due,
        binding=deadline.binding,
        why=WHY[deadline.binding],
        act_by=deadline.act_by,
        alarm=deadline.unsuspended_due,
        due=deadline.effective_due,
        paused=deadline.paused,
        suspended_days=deadline.suspended_days or 0,
        steps=tuple(sentence(step) for step in clock.explain(dsr)),
        questions=clock_facts.questions(dsr),
        history=clock_facts.history(dsr),
        can_ask=dsr.pk if clock_facts.may_ask(dsr) else None,
        waits=dsr.pk if clock_facts.waits_for_clarification(dsr) else None,
    )
