"""The clock of one request as the case page shows it: two dates, the one that counts, and the arithmetic."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from requests_app import selectors
from requests_app.labels import right_label
from requests_app.models import DataSubjectRequest
from requests_app.services import clock

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
    """What the panel shows; dates that do not exist while the clock stands are None."""

    id: int
    titles: tuple[str, ...]
    received_at: datetime
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


def clocks(dsrs: Iterable[DataSubjectRequest]) -> list[Clock]:
    """Return the clocks of the open requests; requests whose clocks run alike share one."""
    shared: list[Clock] = []
    for one in (_of(dsr) for dsr in dsrs if dsr.closed_at is None):
        twin = next((number for number, other in enumerate(shared) if _same(one, other)), None)
        if twin is None:
            shared.append(one)
        else:
            shared[twin] = replace(shared[twin], titles=shared[twin].titles + one.titles)
    return shared


def _same(one: Clock, other: Clock) -> bool:
    return (one.received_at, one.steps) == (other.received_at, other.steps)


def _of(dsr: DataSubjectRequest) -> Clock:
    """Derive the clock of a request anew from its facts."""
    deadline = clock.derive(dsr)
    return Clock(
        id=dsr.pk,
        titles=(str(right_label(dsr.right)),),
        received_at=dsr.received_at,
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
    )
