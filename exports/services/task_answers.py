"""What a person may answer to a task, and what each answer has to say."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone

from exports.domain.by_hand import OUTCOMES, NotTold
from exports.domain.enums import TaskAction, TaskState
from exports.models import SystemTask
from requests_app.domain import evidence as kinds
from requests_app.domain.enums import Right
from requests_app.domain.errors import ActionRefused
from requests_app.domain.grounds import GROUNDS
from requests_app.domain.snapshot import Reason
from requests_app.services import clock, suppression_list

LONGEST_NOTE = 4000
LONGEST_ORDER = timedelta(days=366)
"""Beyond a year an order is no order: the vendor has to be asked what it means."""


@dataclass(frozen=True)
class Evidence:
    """A file somebody puts beside a task: its name as given, its content."""

    name: str
    content: bytes

    def __repr__(self) -> str:
        return f"<Evidence of {len(self.content)} bytes>"


@dataclass(frozen=True, kw_only=True)
class HandAnswer:
    """How somebody did a task. What does not belong to an outcome is refused, not dropped.

    `note` says what was found (`read`; it stands in the answer), how it was verified (a change), how the recipient was
    told or why not (`notify`). `finishes_on` belongs to `accepted`; `ground` to `kept`; `told_on` to a recipient that
    was told; `contact` and `cannot_identify` to a search.
    """

    state: TaskState
    note: str = field(default="", repr=False)
    evidence: Evidence | None = None
    contact: str = field(default="", repr=False)
    cannot_identify: bool = False
    finishes_on: date | None = None
    ground: str = ""
    told_on: date | None = None


def check(task: SystemTask, answer: HandAnswer) -> str | None:
    """Refuse what cannot be an answer to a task; return the kind of the evidence. Raises ActionRefused."""
    action = TaskAction(task.action)
    if answer.state not in OUTCOMES[action]:
        raise ActionRefused(Reason("task_outcome"))
    if len(answer.note) > LONGEST_NOTE or "\0" in answer.note:
        raise ActionRefused(Reason("task_note_too_long", {"most": str(LONGEST_NOTE)}))
    _CHECKS[action](task, answer)
    _check_ordered(task, answer)
    return evidence_kind(answer.evidence)


def grounds_of(task: SystemTask) -> tuple[str, ...]:
    """Return the grounds on which something may be left as it is in this task."""
    if task.action == TaskAction.NOTIFY:
        return tuple(NotTold)
    return GROUNDS.get(Right(task.dsr.right), ()) if task.dsr.right else ()


def _check_search(task: SystemTask, answer: HandAnswer) -> None:
    if answer.cannot_identify and answer.state is not TaskState.NOT_FOUND:
        raise ActionRefused(Reason("task_outcome"))
    if answer.state is TaskState.DONE and not answer.evidence and not answer.note.strip():
        raise ActionRefused(Reason("task_nothing_shown"))
    if answer.evidence and answer.state is not TaskState.DONE:
        raise ActionRefused(Reason("task_evidence_with_nothing"))
    if answer.contact:
        try:
            validate_email(answer.contact.strip())
        except ValidationError:
            raise ActionRefused(Reason("task_contact")) from None
    _refuse_kept(answer)


def _check_change(task: SystemTask, answer: HandAnswer) -> None:
    if answer.cannot_identify or answer.contact:
        raise ActionRefused(Reason("task_outcome"))
    if answer.state is TaskState.DONE and not answer.note.strip():
        raise ActionRefused(Reason("task_unverified"))
    if answer.state is TaskState.NOT_FOUND and answer.evidence:
        raise ActionRefused(Reason("task_evidence_with_nothing"))
    if answer.state is not TaskState.KEPT:
        return _refuse_kept(answer)
    if answer.ground not in grounds_of(task):
        raise ActionRefused(Reason("task_ground"))
    return None


def _check_resumed(task: SystemTask, answer: HandAnswer) -> None:
    if answer.state is TaskState.DONE and suppression_list.blocks(task.dsr.case):
        raise ActionRefused(Reason("task_blocked_again"))
    return _check_change(task, answer)


def _check_notice(task: SystemTask, answer: HandAnswer) -> None:
    if answer.cannot_identify or answer.contact:
        raise ActionRefused(Reason("task_outcome"))
    if answer.state is TaskState.DONE:
        if not answer.note.strip():
            raise ActionRefused(Reason("task_told_how"))
        first = clock.calendar().local_date(task.created_at)
        if answer.told_on is None or not first <= answer.told_on <= _today():
            raise ActionRefused(Reason("task_told_on", {"date": first.isoformat()}))
        return _refuse_kept(answer)
    if answer.ground not in grounds_of(task):
        raise ActionRefused(Reason("task_not_told"))
    if not answer.note.strip():
        raise ActionRefused(Reason("task_not_told_why"))
    return None


def _refuse_kept(answer: HandAnswer) -> None:
    if answer.ground:
        raise ActionRefused(Reason("task_outcome"))


def _check_ordered(task: SystemTask, answer: HandAnswer) -> None:
    if answer.told_on and task.action != TaskAction.NOTIFY:
        raise ActionRefused(Reason("task_outcome"))
    if answer.state is not TaskState.ACCEPTED:
        if answer.finishes_on:
            raise ActionRefused(Reason("task_outcome"))
        return
    today = _today()
    if answer.finishes_on is None or not today <= answer.finishes_on <= today + LONGEST_ORDER:
        raise ActionRefused(Reason("task_finishes_on"))


def evidence_kind(evidence: Evidence | None) -> str | None:
    """Return the kind of a file that is put beside a task, None without one. Raises ActionRefused."""
    if evidence is None:
        return None
    if len(evidence.content) > kinds.LARGEST:
        raise ActionRefused(Reason("evidence_too_large"))
    kind = kinds.media_type(evidence.content)
    if kind is None:
        raise ActionRefused(Reason("evidence_type"))
    return kind


def _today() -> date:
    return clock.calendar().local_date(timezone.now())


_CHECKS: dict[TaskAction, Callable[[SystemTask, HandAnswer], None]] = {
    TaskAction.READ: _check_search,
    TaskAction.RECTIFY: _check_change,
    TaskAction.RESTRICT: _check_change,
    TaskAction.UNRESTRICT: _check_change,
    TaskAction.WITHDRAW: _check_change,
    TaskAction.RESUME: _check_resumed,
    TaskAction.NOTIFY: _check_notice,
}
