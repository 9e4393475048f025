"""Marketing is allowed again: what the systems were told of the no is called off, or put right by a person.

A consent that lapsed in a system is not revived by a machine: where it was stopped already, somebody looks at what was
set then, and sets that back.
"""

from django.db import transaction
from django.utils import timezone

from exports.domain.enums import TaskAction, TaskMode, TaskState
from exports.domain.planning import WORKING_DAYS
from exports.models import SystemTask
from requests_app import audit
from requests_app.domain.outcomes import AT_ONCE
from requests_app.domain.snapshot import SYSTEM
from requests_app.models import DataSubjectRequest
from requests_app.services import clock, closure, suppression_list
from requests_app.services.rows import lock_request

from . import requirements, rounds
from .due_days import due_on

_STOPPED = (TaskState.DONE, TaskState.ACCEPTED)
_WAITING = (TaskState.OPEN, TaskState.FAILED)


def follow(case_id: int) -> None:
    """Call off the tasks of a case that were to stop marketing, and have undone what they did. Twice does no harm.

    Nothing happens when the person has said no again since.
    """
    at_once = [right.value for right in AT_ONCE]
    for dsr_id in DataSubjectRequest.objects.filter(case=case_id, right__in=at_once).values_list("pk", flat=True):
        with transaction.atomic():
            dsr = lock_request(dsr_id)
            if suppression_list.blocks(dsr.case):
                return
            stops = dsr.tasks.filter(action=TaskAction.WITHDRAW.value).select_for_update(of=("self",)).order_by("id")
            tasks = list(stops)
            if not tasks:
                continue
            called_off = [task for task in tasks if _follow(task)]
            requirements.review(dsr)
            for task in called_off:
                audit.record("task.called_off", f"dsr:{dsr.pk}", SYSTEM, task=task.pk, system=task.system)
            closure.close_if_possible(dsr.pk)


def _follow(task: SystemTask) -> bool:
    """Call a task off if it waits, and say so.

    A system whose connector has begun may have stopped it: the answer of that run is not taken any more.
    """
    if task.state in _STOPPED or (task.state in _WAITING and task.begun_at):
        _to_be_resumed(task)
    if task.state not in _WAITING:
        return False
    task.state, task.done_at = TaskState.CALLED_OFF.value, timezone.now()
    task.fault = task.error = task.fault_place = ""
    task.save(update_fields=["state", "done_at", "fault", "error", "fault_place"])
    return True


def _to_be_resumed(task: SystemTask) -> None:
    days = WORKING_DAYS[TaskAction.WITHDRAW]
    resumed, new = SystemTask.objects.get_or_create(
        dsr=task.dsr,
        system=task.system,
        action=TaskAction.RESUME.value,
        defaults={
            "system_name": task.system_name,
            "mode": TaskMode.MANUAL.value,
            "activities": task.activities,
            "due_on": due_on(timezone.now(), clock.calendar(), days),
        },
    )
    if not new and task.done_at and resumed.done_at and resumed.done_at < task.done_at:  # it was stopped once more
        rounds.forget_answer(resumed)
        new = True
    if new:
        rounds.ask(resumed)
