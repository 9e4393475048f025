"""The encrypted files of a task: what a connector read, and the evidence somebody put beside it.

Their names follow from the task and its round, so that doing a step twice writes the same file, and what belongs to
an older round can be thrown away without touching the newer one.
"""

from django.db import transaction

from exports import vault
from exports.domain import records_json
from exports.domain.records import ReadResult
from exports.models import SystemTask
from requests_app import audit
from requests_app.domain.snapshot import Actor


def result_name(task: SystemTask) -> str:
    """The name of the file with what a connector read in the present round."""
    return _result_name(task.pk, task.round)


def evidence_name(task: SystemTask) -> str:
    """The name of the file that somebody uploaded in the present round."""
    return _evidence_name(task.pk, task.round)


def store_result(task: SystemTask, result: ReadResult) -> None:
    """Keep what was read; sets `result_file` and `result_sha256`, saving the row is left to the caller."""
    name = result_name(task)
    data = records_json.to_json(result).encode("ascii")
    task.result_sha256 = vault.store(name, data, binding=vault.binding_of(task.dsr.case))
    task.result_file = name


def result(task: SystemTask) -> ReadResult | None:
    """Return what a connector read, or None when a person answered or nobody has yet."""
    if not task.result_file:
        return None
    data = vault.load(task.result_file, binding=vault.binding_of(task.dsr.case))
    return records_json.from_json(data.decode("ascii"))


def store_evidence(task: SystemTask, data: bytes) -> None:
    """Keep an uploaded file; sets `evidence_file`, saving the row is left to the caller."""
    name = evidence_name(task)
    vault.store(name, data, binding=vault.binding_of(task.dsr.case))
    task.evidence_file = name


def evidence(task: SystemTask) -> bytes | None:
    """Return the uploaded file, or None when there is none."""
    if not task.evidence_file:
        return None
    return vault.load(task.evidence_file, binding=vault.binding_of(task.dsr.case))


def record_look(task: SystemTask, actor: Actor) -> None:
    """Write down that a member of staff fetched the uploaded file."""
    with transaction.atomic():
        audit.record("task.evidence_seen", f"dsr:{task.dsr_id}", actor, task=task.pk, system=task.system)


def forget(task: SystemTask, *, before_round: int | None = None) -> None:
    """Delete the files of a task (or of its rounds before one), also those a crash left without a row naming them."""
    end = task.round + 1 if before_round is None else before_round
    for number in range(1, end):
        vault.delete(_result_name(task.pk, number))
        vault.delete(_evidence_name(task.pk, number))


def _result_name(task_id: int, number: int) -> str:
    return f"tasks/{task_id}/{number}-result.json"


def _evidence_name(task_id: int, number: int) -> str:
    return f"tasks/{task_id}/{number}-evidence"
