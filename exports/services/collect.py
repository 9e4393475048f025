"""Asking a system: the connector reads or changes, the answer is kept, the task is answered once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from exports import registry
from exports.connectors.base import Connector, ConnectorError, Fault
from exports.domain.changes import ChangeResult
from exports.domain.enums import NOTHING_TO_SEARCH_BY, TaskAction, TaskMode, TaskState
from exports.domain.records import Outcome, ReadResult, Record, Verb
from exports.models import SystemTask
from identity.services import delivery
from requests_app import audit, outbox
from requests_app.domain.snapshot import SYSTEM
from requests_app.services import closure
from requests_app.services.rows import lock_request

from . import located, own_data, perform, requirements, subject, task_files

LONGEST_WAIT = timedelta(minutes=15)

_STATE_OF = {Outcome.DONE: TaskState.DONE, Outcome.NOT_FOUND: TaskState.NOT_FOUND}
_STATE_AFTER_CHANGE = _STATE_OF | {Outcome.ACCEPTED: TaskState.ACCEPTED, Outcome.KEPT: TaskState.KEPT}


@dataclass(frozen=True)
class Held:
    """What one system holds of a person: the rows, those by address, and the contact points.

    The plan has looked for contact points, too; the system may have been away then.
    """

    result: ReadResult
    points: list[located.Located]
    by_address: Mapping[str, tuple[Record, ...]]


@outbox.outside_transaction
def run_task(task_id: int) -> None:
    """Ask the system of an automatic task, unless somebody has answered it meanwhile.

    A system that is away leaves the task open with the reason on it and raises `outbox.Later`; what only a person can
    mend makes the task failed, to be tried again or answered by hand. Killed at any point it does no harm: the answer
    is one transaction, fenced on the task being open in the same round, and its file has a name of its own.
    """
    task = _begin(task_id)
    if task is None:
        return
    try:
        if task.action != TaskAction.READ:
            return _conclude(task, perform.perform(_connector(task), task))
        held = _read(task)
    except registry.SystemsError as error:
        raise outbox.Later(_note(task, Fault.BAD_SETTINGS, str(error.problems[0]))) from error
    except ConnectorError as error:
        if error.permanent:
            return _fail(task, error.fault.value, str(error), error.place)
        raise outbox.Later(_note(task, error.fault.value, str(error)), _wait(task, error)) from error
    result = held.result
    if result.outcome in _STATE_OF:
        _answer(task, held)
    else:
        _fail(task, NOTHING_TO_SEARCH_BY, result.instruction.text.en if result.instruction else "")


def _begin(task_id: int) -> SystemTask | None:
    """Count the attempt; None when nothing is to be asked any more."""
    waiting = SystemTask.objects.filter(pk=task_id, state=TaskState.OPEN.value, mode=TaskMode.AUTOMATIC.value)
    if not waiting.update(attempts=F("attempts") + 1):
        return None
    return SystemTask.objects.select_related("dsr__case").get(pk=task_id)


def _connector(task: SystemTask) -> Connector:
    connector = registry.connector_for(task.system)
    if Verb(task.action) not in connector.abilities or not registry.is_automatic(task.system, registry.entries()):
        message = f"{task.system}: no connector that can do this is set up any more"
        raise ConnectorError(message, permanent=True, fault=Fault.BAD_SETTINGS)
    return connector


def _read(task: SystemTask) -> Held:
    connector, case = _connector(task), task.dsr.case
    result = connector.read(subject.to_read(case))
    return Held(result, located.search(connector, case), own_data.by_address(connector, case, result))


def _answer(task: SystemTask, held: Held) -> None:
    result = held.result
    state = _STATE_OF[result.outcome]
    with transaction.atomic():
        locked = _lock_if_open(task)
        if locked is None:
            return
        # Written under the lock: two workers with one task never leave a file that the row's hash does not fit.
        task_files.store_result(locked, result)
        locked.state = state.value
        locked.fault = locked.error = locked.fault_place = ""
        locked.rows = len(result.records)
        locked.truncated = result.truncated
        locked.extracted_at = result.extracted_at
        locked.done_at = timezone.now()
        locked.save()
        located.record(locked.dsr.case, held.points)
        own_data.offer(locked.dsr.case, locked.system, held.points, held.by_address)
        delivery.review(locked.dsr.case)
        requirements.review(locked.dsr)
        audit.record(
            "task.answered", f"dsr:{locked.dsr_id}", SYSTEM, task=locked.pk, system=locked.system, state=state.value,
            rows=locked.rows, truncated=locked.truncated, sha256=locked.result_sha256,
        )  # fmt: skip


def _conclude(task: SystemTask, result: ChangeResult) -> None:
    """Write down what became of an order to change something; `failed` and `manual` are for a person."""
    with transaction.atomic():
        locked = _lock_if_open(task)
        if locked is None:
            return
        locked.state = _STATE_AFTER_CHANGE.get(result.outcome, TaskState.FAILED).value
        locked.fault = locked.error = locked.fault_place = ""
        locked.rows, locked.finishes_on = result.rows, result.finishes_on
        locked.extracted_at = result.at
        locked.verified_at = result.at if result.verified else None
        locked.done_at = None if locked.state == TaskState.FAILED else timezone.now()
        locked.save()
        perform.after(locked, result)
        requirements.review(locked.dsr)
        audit.record(
            "task.answered", f"dsr:{locked.dsr_id}", SYSTEM, task=locked.pk, system=locked.system, state=locked.state,
            verb=locked.action, rows=locked.rows, verified=result.verified,
        )  # fmt: skip
        closure.close_if_possible(locked.dsr_id)


def _fail(task: SystemTask, fault: str, error: str, place: str = "") -> None:
    with transaction.atomic():
        locked = _lock_if_open(task)
        if locked is None:
            return
        locked.state, locked.fault, locked.error = TaskState.FAILED.value, fault, _line(error)
        locked.fault_place = place[:200]
        locked.save(update_fields=["state", "fault", "error", "fault_place"])
        requirements.review(locked.dsr)
        audit.record("task.failed", f"dsr:{locked.dsr_id}", SYSTEM, task=locked.pk, system=locked.system, fault=fault)


def _lock_if_open(task: SystemTask) -> SystemTask | None:
    """The row, locked after its request; None when it was answered or asked anew while we were reading."""
    dsr = lock_request(task.dsr_id)
    locked = SystemTask.objects.select_for_update().filter(
        pk=task.pk, state=TaskState.OPEN.value, round=task.round
    ).first()  # fmt: skip
    if locked is not None:
        locked.dsr = dsr
    return locked


def _note(task: SystemTask, fault: str, error: str) -> str:
    """Say on the task why it waits; return the line."""
    SystemTask.objects.filter(pk=task.pk, state=TaskState.OPEN.value, round=task.round).update(
        fault=fault, error=_line(error)
    )
    return _line(error)


def _wait(task: SystemTask, error: ConnectorError) -> timedelta:
    """The longer of what the system asks for and our own back-off, never more than LONGEST_WAIT."""
    own = timedelta(seconds=2 ** min(task.attempts, 10))
    return min(max(own, timedelta(seconds=error.retry_after or 0)), LONGEST_WAIT)


def _line(error: str) -> str:
    return " ".join(error.split())[:300]
