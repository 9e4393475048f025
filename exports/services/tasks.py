"""What a person does with a task: answer it by hand, take the answer back, ask a system once more."""

from datetime import date, datetime, time

from django.db import transaction
from django.utils import timezone

from exports import vault
from exports.domain.enums import SILENT, TaskAction, TaskMode, TaskState
from exports.models import SystemTask
from identity.domain.enums import ContactChannel
from identity.services import contact_points, delivery
from requests_app import audit
from requests_app.domain import evidence as kinds
from requests_app.domain.enums import Stage
from requests_app.domain.errors import ActionRefused
from requests_app.domain.outcomes import AT_ONCE
from requests_app.domain.snapshot import Actor, Reason
from requests_app.services import clock, closure, collision
from requests_app.services.rows import lock_request

from . import consequences, correction_plan, correction_run, requirements, rounds, task_answers, task_files
from .task_answers import LONGEST_NOTE, Evidence, HandAnswer

__all__ = ["LONGEST_NOTE", "Evidence", "complete", "keep_files", "lock", "refusal", "reopen", "retry", "why_not_reopen"]

_ACTIONS = {
    (TaskAction.NOTIFY, TaskState.DONE): "recipient.told",
    (TaskAction.NOTIFY, TaskState.KEPT): "recipient.not_told",
}
_WORKABLE = (Stage.IN_PROGRESS, Stage.DECISION_DRAFT)
# Recipients are told while the answer is looked at and after it went out; only the closing waits for it.
_TOLD_IN = (*_WORKABLE, Stage.IN_REVIEW, Stage.RELEASED)


def complete(
    task_id: int,
    *,
    state: TaskState,
    actor: Actor,
    note: str = "",
    evidence: Evidence | None = None,
    contact: str = "",
    cannot_identify: bool = False,
    finishes_on: date | None = None,
    ground: str = "",
    told_on: date | None = None,
    version: int | None = None,
) -> SystemTask:
    """Answer a task by hand, with an outcome that its action has (`task_answers.HandAnswer` says what belongs to it).

    Whoever answers stands for it. An automatic task may be answered by hand, too; tasks of a deletion have a page and
    a service of their own (`erasure_by_hand`). A `contact` is an e-mail address the
    system holds of the person. `version` is that of the case when the work was looked at. Raises ActionRefused;
    nothing is kept then.
    """
    answer = HandAnswer(
        state=state, note=note, evidence=evidence, contact=contact, cannot_identify=cannot_identify,
        finishes_on=finishes_on, ground=ground, told_on=told_on,
    )  # fmt: skip
    with transaction.atomic():
        task = lock(task_id)
        if task.is_part_of_deletion:
            raise ActionRefused(Reason("task_of_deletion"))
        kind = task_answers.check(task, answer)
        if TaskState(task.state) not in SILENT:
            raise ActionRefused(Reason("task_answered"))
        if state in (TaskState.DONE, TaskState.ACCEPTED):
            _refuse_unconfirmed(task)
        collision.check(task.dsr.case, version)
        task.state, task.cannot_identify = state.value, cannot_identify
        task.note, task.fault, task.error, task.fault_place = note.strip(), "", "", ""
        task.finishes_on, task.ground = finishes_on, ground
        task.done_at, task.done_by_id = _when(told_on), actor.user_id
        keep_files(task, evidence, kind)
        task.save()
        if contact:
            contact_points.record(task.dsr.case, ContactChannel.EMAIL, contact.strip(), task.system, None, actor=actor)
            delivery.review(task.dsr.case)
        consequences.of_answer(task)
        requirements.review(task.dsr)
        audit.record(
            _ACTIONS.get((TaskAction(task.action), state), "task.answered"), f"dsr:{task.dsr_id}", actor, task=task.pk,
            system=task.system, state=state.value, verb=task.action, evidence=task.evidence_type,
            cannot_identify=cannot_identify, ground=ground, finishes=_iso(finishes_on),
        )  # fmt: skip
        closure.close_if_possible(task.dsr_id)
        return task


def reopen(task_id: int, *, actor: Actor) -> SystemTask:
    """Take the answer to a task back; a connector is asked anew. The note stays as a draft. Raises ActionRefused."""
    with transaction.atomic():
        task = lock(task_id)
        if reason := why_not_reopen(task):
            raise ActionRefused(reason)
        if task.action == TaskAction.RECTIFY:
            if task.mode == TaskMode.AUTOMATIC:
                _refuse_unconfirmed(task)
            correction_run.are_open_again(task)
        return _ask_anew(task, "task.reopened", actor)


def why_not_reopen(task: SystemTask) -> Reason | None:
    """Return why the answer to a task cannot be taken back now, or None."""
    if TaskState(task.state) in SILENT:
        return Reason("task_not_answered")
    if task.plan is not None and not task.plan.current:
        return Reason("erasure_earlier")
    return refusal(task)


def retry(task_id: int, *, actor: Actor) -> SystemTask:
    """Ask a system once more after it failed. Raises ActionRefused."""
    with transaction.atomic():
        task = lock(task_id)
        if task.state != TaskState.FAILED or task.mode != TaskMode.AUTOMATIC:
            raise ActionRefused(Reason("task_not_failed"))
        _refuse_unconfirmed(task)
        return _ask_anew(task, "task.retried", actor)


def refusal(task: SystemTask) -> Reason | None:
    """Return why nobody can work on a task now, or None.

    What took effect at once was confirmed to the person before the systems were told; when they take it back, the
    request is over, and what was stopped in a system is put right all the same. A restriction ends after its request
    was answered, most often long after.
    """
    if task.action in (TaskAction.UNRESTRICT, TaskAction.RESUME):
        return None
    told_late = task.action == TaskAction.NOTIFY or task.dsr.right in AT_ONCE
    return (
        None
        if task.dsr.stage in (_TOLD_IN if told_late else _WORKABLE)
        else Reason("task_not_now", {"stage": task.dsr.stage})
    )


def _refuse_unconfirmed(task: SystemTask) -> None:
    """Stop where a system would get an address that is not known to be the person's."""
    if task.action == TaskAction.RECTIFY and (reason := correction_plan.why_not_answer(task)):
        raise ActionRefused(reason)


def _ask_anew(task: SystemTask, action: str, actor: Actor) -> SystemTask:
    ask = correction_run.ask_anew if task.action == TaskAction.RECTIFY else rounds.ask_anew
    ask(task, action, actor)
    requirements.review(task.dsr)
    return task


def keep_files(task: SystemTask, evidence: Evidence | None, kind: str | None) -> None:
    """Store the evidence; whatever a worker or a page that died half-way left under these names goes."""
    vault.delete(task_files.result_name(task))
    vault.delete(task_files.evidence_name(task))
    if evidence and kind:
        task_files.store_evidence(task, evidence.content)
        task.evidence_name, task.evidence_type = kinds.safe_name(evidence.name, kind), kind


def _when(told_on: date | None) -> datetime:
    """Now, or about noon of an earlier day on which a recipient was told."""
    now = timezone.now()
    if told_on is None:
        return now
    return min(now, timezone.make_aware(datetime.combine(told_on, time(12)), clock.calendar().zone))


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def lock(task_id: int) -> SystemTask:
    """Return the task, locked after its requests; refused when nobody can work on it now."""
    dsr = lock_request(SystemTask.objects.values_list("dsr_id", flat=True).get(pk=task_id))
    task = SystemTask.objects.select_for_update(of=("self",)).get(pk=task_id)
    task.dsr = dsr
    if reason := refusal(task):
        raise ActionRefused(reason)
    return task
