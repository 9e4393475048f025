"""What follows when a system has changed something, whoever did it: the corrections are made, recipients are told."""

from exports.domain.by_hand import CHANGING
from exports.domain.enums import TaskAction, TaskState
from exports.models import SystemTask

from . import correction_run, recipients


def of_answer(task: SystemTask) -> None:
    """Do what follows from the answer to a task. Needs its transaction; the task is locked and saved."""
    if task.action == TaskAction.RECTIFY and task.state == TaskState.DONE:
        correction_run.are_done(task)
    if task.action in CHANGING and task.state in (TaskState.DONE, TaskState.ACCEPTED):
        recipients.plan(task.dsr, task.activities)
