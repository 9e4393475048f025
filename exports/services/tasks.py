"""What a person does with a task: answer it by hand, take the answer back, ask a system once more."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from exports import vault
from exports.domain.enums import SILENT, TaskMode, TaskState
from exports.models import SystemTask
from identity.domain.enums import ContactChannel
from identity.services import contact_points, delivery
from requests_app import audit
from requests_app.domain import evidence as kinds
from requests_app.domain.enums import Stage
from requests_app.domain.errors import ActionRefused
from requests_app.domain.outcomes import AT_ONCE
from requests_app.domain.snapshot import Actor, Reason
from requests_app.services import closure
from requests_app.services.rows import lock_request

from . import asking, requirements, task_files

LONGEST_NOTE = 4000
_BY_HAND = frozenset({TaskState.DONE, TaskState.NOT_FOUND})
_WORKABLE = (Stage.IN_PROGRESS, Stage.DECISION_DRAFT)


@dataclass(frozen=True)
class Evidence:
    """A file somebody puts beside a task: its name as given, its content."""

    name: str
    content: bytes

    def __repr__(self) -> str:
        return f"<Evidence of {len(self.content)} bytes>"


def complete(
    task_id: int,
    *,
    state: TaskState,
    note: str,
    actor: Actor,
    evidence: Evidence | None = None,
    contact: str = "",
    cannot_identify: bool = False,
) -> SystemTask:
    """Answer a task by hand: `done` (something was found) or `not_found`.

    `note` stands in the answer, in the person's language. What was found must be shown: in the note or by a file. A
    `contact` is an e-mail address the system holds of the person. `cannot_identify` says of `not_found` that nothing
    there can be tied to the person (Art. 11). An automatic task may be answered by hand, too. Raises ActionRefused;
    nothing is kept then.
    """
    kind = _check(state, note, evidence, contact, cannot_identify)
    with transaction.atomic():
        task = lock(task_id)
        if TaskState(task.state) not in SILENT:
            raise ActionRefused(Reason("task_answered"))
        task.state, task.cannot_identify = state.value, cannot_identify
        task.note, task.fault, task.error = note.strip(), "", ""
        task.done_at, task.done_by_id = timezone.now(), actor.user_id
        keep_files(task, evidence, kind)
        task.save()
        if contact:
            contact_points.record(task.dsr.case, ContactChannel.EMAIL, contact.strip(), task.system, None, actor=actor)
            delivery.review(task.dsr.case)
        requirements.review(task.dsr)
        audit.record(
            "task.answered", f"dsr:{task.dsr_id}", actor, task=task.pk, system=task.system, state=state.value,
            evidence=task.evidence_type, cannot_identify=cannot_identify,
        )  # fmt: skip
        closure.close_if_possible(task.dsr_id)
        return task


def reopen(task_id: int, *, actor: Actor) -> SystemTask:
    """Take the answer to a task back; a connector is asked anew. The note stays as a draft. Raises ActionRefused."""
    with transaction.atomic():
        task = lock(task_id)
        if TaskState(task.state) in SILENT:
            raise ActionRefused(Reason("task_not_answered"))
        return _ask_anew(task, "task.reopened", actor)


def retry(task_id: int, *, actor: Actor) -> SystemTask:
    """Ask a system once more after it failed. Raises ActionRefused."""
    with transaction.atomic():
        task = lock(task_id)
        if task.state != TaskState.FAILED or task.mode != TaskMode.AUTOMATIC:
            raise ActionRefused(Reason("task_not_failed"))
        return _ask_anew(task, "task.retried", actor)


def refusal(task: SystemTask) -> Reason | None:
    """Return why nobody can work on a task now, or None.

    What took effect at once was confirmed to the person before the systems were told.
    """
    stage, at_once = task.dsr.stage, task.dsr.right in AT_ONCE
    return (
        None
        if stage in _WORKABLE or (at_once and stage == Stage.RELEASED)
        else Reason("task_not_now", {"stage": task.dsr.stage})
    )


def _ask_anew(task: SystemTask, action: str, actor: Actor) -> SystemTask:
    asking.ask_anew(task, action, actor)
    requirements.review(task.dsr)
    return task


def keep_files(task: SystemTask, evidence: Evidence | None, kind: str | None) -> None:
    """Store the evidence; whatever a worker or a page that died half-way left under these names goes."""
    vault.delete(task_files.result_name(task))
    vault.delete(task_files.evidence_name(task))
    if evidence and kind:
        task_files.store_evidence(task, evidence.content)
        task.evidence_name, task.evidence_type = kinds.safe_name(evidence.name, kind), kind


def _check(state: TaskState, note: str, evidence: Evidence | None, contact: str, cannot_identify: bool) -> str | None:
    """Refuse what cannot be an answer; return the kind of the evidence."""
    if state not in _BY_HAND or (cannot_identify and state is not TaskState.NOT_FOUND):
        raise ActionRefused(Reason("task_outcome"))
    if len(note) > LONGEST_NOTE or "\0" in note:
        raise ActionRefused(Reason("task_note_too_long", {"most": str(LONGEST_NOTE)}))
    if state is TaskState.DONE and not evidence and not note.strip():
        raise ActionRefused(Reason("task_nothing_shown"))
    if evidence and state is not TaskState.DONE:
        raise ActionRefused(Reason("task_evidence_with_nothing"))
    if contact:
        try:
            validate_email(contact.strip())
        except ValidationError:
            raise ActionRefused(Reason("task_contact")) from None
    return evidence_kind(evidence)


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


def lock(task_id: int) -> SystemTask:
    """Return the task, locked after its requests; refused when nobody can work on it now."""
    dsr = lock_request(SystemTask.objects.values_list("dsr_id", flat=True).get(pk=task_id))
    task = SystemTask.objects.select_for_update(of=("self",)).get(pk=task_id)
    task.dsr = dsr
    if reason := refusal(task):
        raise ActionRefused(reason)
    return task
