"""Whether everything that was wrong is corrected, written down where the lifecycle reads it."""

from django.db.models import QuerySet

from exports.domain import corrections as values
from exports.domain.enums import TaskAction, TaskState
from exports.models import Correction, SystemTask
from identity.services import delivery
from requests_app.domain.enums import RequirementKind, Right, Stage
from requests_app.domain.outcomes import NOTHING_CHANGES
from requests_app.domain.snapshot import Reason
from requests_app.models import DataSubjectRequest, Decision
from requests_app.services.requirements import put

from . import identity_doubt

_WORKABLE = (Stage.IN_PROGRESS, Stage.DECISION_DRAFT)
_SETTLED = frozenset({TaskState.ACCEPTED, TaskState.KEPT, TaskState.NOT_FOUND})


def review(dsr: DataSubjectRequest) -> None:
    """Say whether the plan of a rectification is made and carried out; nothing is asked of other rights.

    An outcome under which nothing is changed needs no plan. Needs a transaction.
    """
    if dsr.right != Right.RECTIFICATION:
        return
    if nothing_changes(dsr):
        put(dsr, RequirementKind.PLAN, met=True)
    elif not Correction.objects.filter(dsr=dsr).exists():
        put(dsr, RequirementKind.PLAN, met=False, reason="corrections_missing")
    else:
        put(dsr, RequirementKind.PLAN, met=not open_rows(dsr), reason="corrections_open")


def nothing_changes(dsr: DataSubjectRequest) -> bool:
    """Tell whether the outcome chosen so far is one under which no system changes anything."""
    chosen = Decision.objects.filter(dsr=dsr).values_list("outcome", flat=True).first()
    return chosen is not None and chosen in NOTHING_CHANGES


def open_rows(dsr: DataSubjectRequest) -> list[Correction]:
    """Return the corrections that are neither made nor otherwise answered (accepted by a vendor, refused, gone)."""
    tasks = tasks_by_system(dsr)
    rows = Correction.objects.filter(dsr=dsr, done_at__isnull=True)
    return [row for row in rows if not is_settled(row, tasks.get(row.system))]


def why_not(dsr: DataSubjectRequest) -> Reason | None:
    """Return why nobody can correct anything for a request now, or None."""
    if dsr.right != Right.RECTIFICATION:
        return Reason("corrections_other_right")
    return None if dsr.stage in _WORKABLE else Reason("task_not_now", {"stage": dsr.stage})


def why_not_write(dsr: DataSubjectRequest) -> Reason | None:
    """Return why nothing may be written to a system yet, or None.

    An address on file is to change, and the old and the new one are not confirmed; or whoever asks has to be asked
    first whether it is them.
    """
    return delivery.why_not_change(dsr.case) or identity_doubt.why_doubted(dsr)


def why_not_answer(task: SystemTask) -> Reason | None:
    """Return why an order may neither be put again nor be called done, or None.

    While it is doubted who asks, nothing is. Whoever looks at the system reads everything that is open there, so an
    address that nobody confirmed stops the whole system, whether it was ordered or entered later.
    """
    if doubt := identity_doubt.why_doubted(task.dsr):
        return doubt
    rows = Correction.objects.filter(dsr=task.dsr_id, system=task.system, done_at__isnull=True)
    if any(values.addresses_in(text) for text in rows.values_list("new_value", flat=True)):
        return delivery.why_not_change(task.dsr.case)
    return None


def ordered(task: SystemTask) -> QuerySet[Correction]:
    """Return the corrections that a system is asked to make in this round and that are not made."""
    return Correction.objects.filter(
        dsr=task.dsr_id, system=task.system, ordered_in=task.round, done_at__isnull=True
    )  # fmt: skip


def tasks_by_system(dsr: DataSubjectRequest) -> dict[str, SystemTask]:
    """Return the orders to correct something, by system."""
    return {task.system: task for task in dsr.tasks.filter(action=TaskAction.RECTIFY.value)}


def is_settled(row: Correction, task: SystemTask | None) -> bool:
    """Tell whether the answer of a system covers a correction: what it was not asked to make does not belong to it."""
    if task is None or row.ordered_in is None:
        return False
    return row.ordered_in < task.round or task.state in _SETTLED


def is_under_way(task: SystemTask | None) -> bool:
    """Tell whether a system has been asked and has not answered yet."""
    return task is not None and task.state == TaskState.OPEN
