"""Putting the question of a task, and putting it anew: each time is a round, whose answer alone counts."""

from django.db import transaction

from exports.domain.enums import TaskMode, TaskState
from exports.domain.events import TaskOpened
from exports.models import SystemTask
from requests_app import audit, outbox
from requests_app.domain.snapshot import Actor

from . import owner_mail, task_files


def ask(task: SystemTask) -> None:
    """Owe the question to the connector, or to the owner of a manual task; once per round. Needs a transaction."""
    if task.mode == TaskMode.AUTOMATIC:
        outbox.publish(TaskOpened(task.pk), key=f"task:{task.pk}:{task.round}")
    else:
        owner_mail.announce(task)


def ask_anew(task: SystemTask, action: str, actor: Actor) -> None:
    """Forget the answer to a task but for its note, and put the question once more. Needs a transaction.

    `action` is what the audit calls it. The requirements are for the caller to review.
    """
    forget_answer(task)
    ask(task)
    audit.record(action, f"dsr:{task.dsr_id}", actor, task=task.pk, system=task.system)


def forget_answer(task: SystemTask) -> None:
    """Begin a new round of a task, without its answer. Needs a transaction; whom to ask is for the caller.

    What a connector has deleted stays begun and announced: asked once more it finds nothing left, and that is no
    "nothing found".
    """
    stays = task.is_part_of_deletion and task.state == TaskState.DONE
    begun_at, announced = (task.begun_at, task.announced) if stays else (None, [])
    task.state, task.fault, task.error, task.fault_place = TaskState.OPEN.value, "", "", ""
    task.round += 1
    task.rows, task.otherwise, task.emptied = 0, {}, []
    task.truncated = task.cannot_identify = False
    task.result_file = task.result_sha256 = ""
    task.evidence_file = task.evidence_name = task.evidence_type = ""
    task.extracted_at = task.done_at = task.verified_at = None
    task.begun_at, task.finishes_on, task.ordered_at = begun_at, None, None
    task.announced = announced
    task.ground = task.duty = ""
    task.kept_until = task.newest_on = None
    task.done_by_id = None
    task.save()
    transaction.on_commit(lambda: task_files.forget(task, before_round=task.round))
