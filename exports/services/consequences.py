"""What follows when a system has changed something, whoever did it: the corrections are made, recipients are told."""

from exports.domain.by_hand import CHANGING
from exports.domain.enums import SILENT, TaskAction, TaskState
from exports.models import SystemTask
from requests_app.models import DataSubjectRequest

from . import correction_run, lifting_run, recipients

_CHANGED = (TaskState.DONE, TaskState.ACCEPTED)


def of_answer(task: SystemTask) -> None:
    """Do what follows from the answer to a task. Needs its transaction; the task is locked and saved."""
    if task.action == TaskAction.RECTIFY:
        if task.state == TaskState.DONE:
            correction_run.are_done(task)
        _tell_of_corrections(task.dsr)
    elif task.action in CHANGING and task.state in _CHANGED:
        recipients.plan(task.dsr, task.activities)
    elif task.action == TaskAction.UNRESTRICT:
        lifting_run.after(task)


def _tell_of_corrections(dsr: DataSubjectRequest) -> None:
    """Have recipients told once every system has answered, for the notice lists the right values.

    Whoever was told of earlier corrections does not know the later ones, and is told again.
    """
    orders = list(dsr.tasks.filter(action=TaskAction.RECTIFY.value).order_by("id"))
    if any(TaskState(order.state) in SILENT for order in orders):
        return
    changed = [order.activities for order in orders if TaskState(order.state) in _CHANGED]
    recipients.plan(dsr, list(dict.fromkeys(one for activities in changed for one in activities)), again=True)
