"""A person's part of a deletion, in a system that no connector changes: what they did, signed with their name."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from exports.domain import erasure_rules as rules
from exports.domain.enums import SILENT, TaskState
from exports.models import SystemTask
from requests_app import audit
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import Actor, Reason

from . import erasure_kept, erasure_perform, erasure_proposal, requirements, task_answers, tasks

ANSWERS = (TaskState.DONE, TaskState.ACCEPTED, TaskState.NOT_FOUND, TaskState.KEPT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What became of the data: `done` needs a second search, `accepted` a day, `kept` a duty, or a ground, end and why.

    `note` is read by the person where data stays, so it is written in their language.
    """

    state: TaskState
    note: str = ""
    looked_again: bool = False
    finishes_on: date | None = None
    ground: str = ""
    kept_until: date | None = None
    duty: str = ""
    newest_on: date | None = None


def complete(task_id: int, answer: Answer, *, actor: Actor, evidence: tasks.Evidence | None = None) -> SystemTask:
    """Answer a task of a deletion by hand, also one that a connector failed at. Raises ActionRefused."""
    kind = task_answers.evidence_kind(evidence)
    if reason := why_not(answer):
        raise ActionRefused(reason)
    kept = _kept(answer)
    with transaction.atomic():
        task = tasks.lock(task_id)
        if not task.is_part_of_deletion or TaskState(task.state) not in SILENT:
            raise ActionRefused(Reason("task_answered"))
        now = timezone.now()
        task.state, task.note, task.fault, task.error = answer.state.value, answer.note.strip(), "", ""
        task.done_at, task.done_by_id = now, actor.user_id
        task.verified_at = now if answer.state is TaskState.DONE else None
        task.finishes_on = answer.finishes_on if answer.state is TaskState.ACCEPTED else None
        task.ground, task.kept_until = (kept.ground, kept.kept_until) if kept else ("", None)
        task.duty, task.newest_on = (answer.duty, answer.newest_on) if kept and answer.duty else ("", None)
        tasks.keep_files(task, evidence, kind)
        task.save()
        erasure_perform.go_on(task.dsr)
        requirements.review(task.dsr)
        audit.record(
            "task.answered", f"dsr:{task.dsr_id}", actor, task=task.pk, system=task.system, state=task.state,
            verb=task.action, evidence=task.evidence_type, ground=task.ground, duty=task.duty,
            until=task.kept_until.isoformat() if task.kept_until else "",
        )  # fmt: skip
        return task


def why_not(answer: Answer) -> Reason | None:
    """Return what an answer lacks, or None; `erasure_kept` says what is missing where data stays."""
    if answer.state not in ANSWERS:
        return Reason("task_outcome")
    if len(answer.note) > tasks.LONGEST_NOTE or "\0" in answer.note:
        return Reason("task_note_too_long", {"most": str(tasks.LONGEST_NOTE)})
    if answer.state is TaskState.DONE and not answer.looked_again:
        return Reason("erasure_not_looked")
    if answer.state is TaskState.ACCEPTED:
        late = answer.finishes_on is None or answer.finishes_on < erasure_proposal.today()
        return Reason("erasure_finish_missing") if late else None
    return None


def _kept(answer: Answer) -> rules.Decision | None:
    """What stays, on which ground and until when. Raises ActionRefused."""
    if answer.state is not TaskState.KEPT:
        return None
    given = erasure_kept.Keeping(answer.duty, answer.newest_on, answer.ground, answer.kept_until, answer.note)
    return erasure_kept.decide(given)
