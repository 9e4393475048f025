"""The day on which a restriction ends: its marks are taken away, system by system.

A sweep over what the database knows begins it, and writes that it has begun in the transaction that makes the tasks:
whoever is killed before it commits has done nothing, whoever comes second finds it done.
"""

from functools import partial

import structlog
from django.db import transaction
from django.utils import timezone

from exports.connectors.base import ConnectorError, Fault
from exports.domain.changes import FieldChange
from exports.domain.enums import TaskAction, TaskMode, TaskState
from exports.domain.records import Verb
from exports.models import Lifting, SystemTask
from requests_app import audit, outbox
from requests_app.domain.enums import StaffNotice
from requests_app.domain.snapshot import SYSTEM
from requests_app.services import clock, staff_notice
from requests_app.services.rows import lock_request

from . import lifting, plan, restriction_marks, restriction_state, rounds
from .due_days import due_on

log = structlog.get_logger(__name__)

BY_HAND_WITHIN = 5
"""Working days within which people have taken away by hand what no connector does."""
TEMPLATE = "exports/mail/lifting_due"


def sweep() -> int:
    """Begin every lifting whose day has come, and tell the staff of one that cannot; return how many were looked at."""
    due = Lifting.objects.pending().filter(approved_at__isnull=False, lifted_on__lte=lifting.today())
    ids = list(due.order_by("lifted_on", "id").values_list("pk", flat=True))
    for lifting_id in ids:
        try:
            begin(lifting_id)
        except outbox.Later as error:
            log.warning("lifting_waits", lifting=lifting_id, why=str(error))
        except Exception:  # one that cannot begin must not hold up those behind it
            log.exception("lifting_cannot_begin", lifting=lifting_id)
    return len(ids)


def begin(lifting_id: int) -> None:
    """Ask every system to take the marks away, unless the person was not told in time. Twice changes nothing.

    Where another restriction of the same person stands, the marks stay until that one ends. Raises `outbox.Later`
    while the systems file cannot be read.
    """
    with transaction.atomic():
        dsr = lock_request(Lifting.objects.values_list("dsr_id", flat=True).get(pk=lifting_id))
        row = Lifting.objects.select_for_update(of=("self",), no_key=True).get(pk=lifting_id)
        row.dsr = dsr
        if row.begun_at is not None or row.taken_back_at is not None:
            return
        if reason := lifting.why_not_begin(row):
            log.warning("lifting_waits", lifting=row.pk, why=reason.code)
            if row.lifted_on <= lifting.today():
                _tell(row, stuck=True)
            return
        able = plan.automatic_systems(dsr.case, Verb.UNRESTRICT)
        orders = restriction_state.standing(dsr)
        row.begun_at = timezone.now()
        row.save(update_fields=["begun_at"])
        tasks = [_make_task(order, able=order.system in able) for order in orders]
        if any(task.mode == TaskMode.MANUAL and task.state == TaskState.OPEN for task in tasks):
            _tell(row, stuck=False)
        audit.record("lifting.begun", f"dsr:{dsr.pk}", SYSTEM, lifting=row.pk)


def marks(task: SystemTask) -> list[FieldChange]:
    """Return the marks to take away: those of this request, and what an earlier one left for this one's sake.

    Raises ConnectorError where nobody remembered them.
    """
    found = []
    for order in restriction_state.ended(task.dsr, task.system):
        kept = restriction_marks.of(order)
        if kept is None:
            message = f"{task.system}: nobody has kept which marks this restriction wrote"
            raise ConnectorError(message, permanent=True, fault=Fault.NO_WAY)
        found += kept
    return found


def after(task: SystemTask) -> None:
    """Forget the marks that were taken away. Needs the transaction of the answer; the task is saved."""
    if task.state not in (TaskState.DONE, TaskState.NOT_FOUND, TaskState.ACCEPTED):
        return
    orders = restriction_state.lifted(task.dsr, task.system)
    restriction_state.are_taken_away(orders)
    for order in orders:
        transaction.on_commit(partial(restriction_marks.forget, order))


def _make_task(order: SystemTask, *, able: bool) -> SystemTask:
    """The task that takes back what an order restricted; one of an earlier lifting is put anew.

    A connector does it where it remembers every mark: what a person restricted, a person takes back into use.
    """
    dsr = order.dsr
    task, created = SystemTask.objects.get_or_create(
        dsr=dsr, system=order.system, action=TaskAction.UNRESTRICT.value,
        defaults={
            "system_name": order.system_name, "mode": TaskMode.MANUAL.value, "activities": order.activities,
            "due_on": due_on(timezone.now(), clock.calendar(), BY_HAND_WITHIN),
        },
    )  # fmt: skip
    if not created:
        task.activities, task.due_on = order.activities, due_on(timezone.now(), clock.calendar(), BY_HAND_WITHIN)
        rounds.forget_answer(task)
    if able and all(_is_known(one) for one in restriction_state.ended(dsr, order.system)):
        task.mode = TaskMode.AUTOMATIC.value
    if restriction_state.others(dsr, order.system):
        task.state, task.done_at = TaskState.KEPT.value, timezone.now()
    task.save()
    if task.state == TaskState.OPEN:
        rounds.ask(task)
    return task


def _is_known(order: SystemTask) -> bool:
    return order.done_by_id is None and restriction_marks.of(order) is not None


def _tell(row: Lifting, *, stuck: bool) -> None:
    """Tell those who have the case, once: there is something to do by hand, or the day came and nothing happens."""
    staff_notice.tell_of_case(
        StaffNotice.TO_DO, row.dsr.case, TEMPLATE, {"stuck": stuck, "lifted_on": row.lifted_on},
        key=f"lifting:{row.pk}:{'stuck' if stuck else 'begun'}",
    )  # fmt: skip
