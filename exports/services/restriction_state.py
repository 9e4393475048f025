"""Which restrictions stand: those of a request, and those of the same person that outlive it."""

from django.db.models import QuerySet
from django.utils import timezone

from exports.domain.enums import TaskAction, TaskState
from exports.models import Lifting, SystemTask
from requests_app import selectors
from requests_app.domain.enums import Right
from requests_app.models import DataSubjectRequest

RESTRICTING = (Right.RESTRICTION, Right.OBJECTION)
"""The rights for whose sake data is only stored, and used again one day (Art. 18(1))."""

_NEVER_STOOD = (TaskState.NOT_FOUND.value, TaskState.KEPT.value)
_TAKEN_AWAY = (TaskState.DONE.value, TaskState.NOT_FOUND.value, TaskState.ACCEPTED.value)


def standing(dsr: DataSubjectRequest) -> list[SystemTask]:
    """Return the orders of a request by which a system restricts, or is about to; oldest first."""
    return [task for task in _orders(dsr.tasks.all()) if not _is_lifted(task)]


def others(dsr: DataSubjectRequest, system: str) -> list[SystemTask]:
    """Return the orders of the same person's other requests by which a system restricts.

    What a deletion only stores counts as well, and has no end.
    """
    return [task for task in _of_person(dsr, system).exclude(dsr=dsr) if not _is_lifted(task)]


def ended(dsr: DataSubjectRequest, system: str) -> list[SystemTask]:
    """Return the orders of this person whose restriction of a system has ended and whose marks are still there.

    Those of this request are among them until they are taken away, and those of another that ended while this one
    stood: it has left its marks behind.
    """
    gone = SystemTask.objects.filter(system=system, action=TaskAction.UNRESTRICT.value, state__in=_TAKEN_AWAY)
    taken_away = set(gone.values_list("dsr", flat=True).filter(dsr__in=_of_person(dsr, system).values("dsr")))
    return [task for task in lifted(dsr, system) if task.dsr_id not in taken_away]


def lifted(dsr: DataSubjectRequest, system: str) -> list[SystemTask]:
    """Return the orders of this person whose restriction of a system has ended, whatever became of their marks."""
    return [task for task in _of_person(dsr, system) if _is_lifted(task)]


def are_taken_away(orders: list[SystemTask]) -> None:
    """Write down that the marks are gone which orders had left behind. Needs a transaction."""
    for order in orders:
        kept = SystemTask.objects.filter(dsr=order.dsr_id, system=order.system, action=TaskAction.UNRESTRICT.value)
        kept.filter(state=TaskState.KEPT.value).update(state=TaskState.DONE.value, done_at=timezone.now())


def _of_person(dsr: DataSubjectRequest, system: str) -> QuerySet[SystemTask]:
    cases = selectors.cases_of_person(dsr.case)
    return _orders(SystemTask.objects.filter(dsr__case__in=cases, system=system))


def _orders(tasks: QuerySet[SystemTask]) -> QuerySet[SystemTask]:
    wanted = tasks.filter(action=TaskAction.RESTRICT.value).exclude(state__in=_NEVER_STOOD)
    return wanted.select_related("dsr__case").order_by("id")


def _is_lifted(task: SystemTask) -> bool:
    """Whether a lifting has begun since the system restricted; a request opened again may have restricted anew."""
    begun = Lifting.objects.filter(dsr=task.dsr_id, begun_at__isnull=False)
    return begun.filter(begun_at__gt=task.done_at).exists() if task.done_at else False
