"""The one status shown for a case: what it waits for if it waits, else the stage of its least advanced request."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from requests_app.domain.enums import STAGE_ORDER, Stage, SuspensionKind
from requests_app.labels import STAGES
from requests_app.models import DataSubjectRequest
from requests_app.services.clock import Rule, derive

WAITING: dict[str, tuple[str, Promise]] = {
    SuspensionKind.IDENTITY: ("waiting", _("Waiting for identity")),
    SuspensionKind.CLARIFICATION: ("paused", _("Waiting for clarification")),
}


@dataclass(frozen=True)
class Status:
    """A code that gives the colour, and the words."""

    code: str
    text: Promise | str


def of(dsrs: Sequence[DataSubjectRequest]) -> Status:
    """Return the status of requests of one case (or of a single one). Suspensions should be loaded with them."""
    unfinished = [dsr for dsr in dsrs if dsr.closed_at is None]
    asked = {row.kind for dsr in unfinished for row in dsr.suspensions.all() if row.answered_at is None}
    for kind, (code, text) in WAITING.items():
        if kind in asked:
            return Status(code, text)
    stages = [Stage(dsr.stage) for dsr in unfinished or dsrs]
    stage = min(stages, key=STAGE_ORDER.index, default=Stage.CLOSED)
    return Status(stage.value, STAGES[stage])


def clock_stands(dsrs: Iterable[DataSubjectRequest], rule: Rule, today: date) -> bool:
    """Tell whether the most urgent open request waits for the person with its clock stopped.

    The requests come from `selectors.requests_with_waits`. A question that came too late does not stop the clock; and
    once the day of the alarm has passed without a notice that we still wait, "paused" would hide that one is owed.
    """
    dated = [dsr for dsr in dsrs if dsr.closed_at is None and dsr.effective_due is not None]
    first = min((dsr.effective_due for dsr in dated if dsr.effective_due), default=None)
    if first is None:
        return False
    urgent = [dsr for dsr in dated if dsr.effective_due == first]
    return all(_paused(dsr, rule) and (first >= today or getattr(dsr, "told", False)) for dsr in urgent)


def extended(dsrs: Iterable[DataSubjectRequest], rule: Rule) -> bool:
    """Tell whether the time of an open request is extended, by a notice that went out in time.

    The requests come from `selectors.requests_with_waits`.
    """
    return any(
        dsr.closed_at is None and _notice_is_out(dsr) and derive(dsr, rule).extension_valid is True for dsr in dsrs
    )


def _notice_is_out(dsr: DataSubjectRequest) -> bool:
    return any(row.notice_sent_at and row.taken_back_at is None for row in dsr.extensions.all())


def _paused(dsr: DataSubjectRequest, rule: Rule) -> bool:
    if all(row.answered_at for row in dsr.suspensions.all()):
        return False
    return derive(dsr, rule).paused
