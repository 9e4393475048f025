"""Having a connector change something: which verb with which arguments, and what follows from its answer.

A change is made outside any transaction of ours, so a worker may die between the system's commit and ours; every verb
does no harm when it is asked twice, and `SystemTask.begun_at` tells the second run that there was a first.
"""

from functools import partial
from typing import cast

from django.db.models.functions import Coalesce
from django.utils import timezone

from exports.connectors.base import Connector, Rectifier, Restrictor, Withdrawer
from exports.domain.changes import ChangeResult
from exports.domain.enums import LEFT_OVER, NOTHING_TO_SEARCH_BY, TaskAction, TaskState
from exports.domain.records import Outcome
from exports.models import SystemTask
from requests_app import outbox

from . import (
    consequences,
    correction_run,
    erasure_freeze,
    erasure_perform,
    identity_doubt,
    lifting_run,
    restriction_marks,
    restriction_state,
    subject,
)


def perform(connector: Connector, task: SystemTask) -> ChangeResult:
    """Ask the connector for the action of a task. Raises ConnectorError, and `outbox.Later` for a frozen deletion.

    So it does for a correction while it is doubted who asks, and for a task that was called off or answered meanwhile:
    whoever does that sees whether it had begun.

    A deletion goes on for days where systems are away. What freezes it meanwhile is looked at before `begun_at` is
    written: a system that was not asked has begun nothing.
    """
    if task.is_part_of_deletion and (reason := erasure_freeze.why(task.dsr)):
        raise outbox.Later(f"{task.system}: {reason.code}")
    if task.action == TaskAction.RECTIFY and (doubt := identity_doubt.why_doubted(task.dsr)):
        raise outbox.Later(f"{task.system}: {doubt.code}")
    asked = SystemTask.objects.filter(pk=task.pk, round=task.round, state=TaskState.OPEN.value)
    if not asked.update(begun_at=Coalesce("begun_at", timezone.now())):
        raise outbox.Later(f"{task.system}: it is not asked any more")
    case = task.dsr.case
    if task.is_part_of_deletion:
        return erasure_perform.erase(connector, task, subject.to_read(case))
    match TaskAction(task.action):
        case TaskAction.RECTIFY:
            wanted = correction_run.changes(task)
            result = cast(Rectifier, connector).rectify(subject.to_correct(case), wanted)
            return correction_run.as_written(task, wanted, result)
        case TaskAction.WITHDRAW:
            return cast(Withdrawer, connector).withdraw(subject.to_read(case))
        case TaskAction.RESTRICT:
            remember = partial(restriction_marks.remember, task)
            return cast(Restrictor, connector).restrict(subject.to_read(case), task.activities, remember)
        case TaskAction.UNRESTRICT:
            if restriction_state.others(task.dsr, task.system):  # it came after this lifting began
                return ChangeResult(system=task.system, outcome=Outcome.KEPT, at=timezone.now())
            return cast(Restrictor, connector).unrestrict(subject.to_read(case), lifting_run.marks(task))
        case action:
            raise ValueError(f"no connector is asked to {action}")


def after(task: SystemTask, result: ChangeResult) -> None:
    """Do what follows from the answer, in its transaction; the task is locked and saved."""
    if task.is_part_of_deletion:
        erasure_perform.after(task, result)
        return
    if task.state == TaskState.FAILED:
        _say_why(task, result)
    consequences.of_answer(task)


def _say_why(task: SystemTask, result: ChangeResult) -> None:
    """A person goes on from here, so the task says what is in the way."""
    task.fault = LEFT_OVER if result.outcome is Outcome.FAILED else NOTHING_TO_SEARCH_BY
    task.save(update_fields=["fault"])
