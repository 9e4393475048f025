"""What a vendor was only ordered to do: looked at again until it is done, written down, and told to the person.

An order of a deletion is settled at any stage of its request: the answer called it ordered, so nothing has to be opened
again when it is carried out. Where it was not, the request is opened again and the data goes in another way.
"""

from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from exports.domain.enums import ORDER_FAILED, SILENT, TaskState
from exports.domain.erasure_order import CHANGES
from exports.domain.events import OrderDone
from exports.domain.orders import look_on
from exports.models import SystemTask
from requests_app import audit, outbox
from requests_app.domain.enums import Intent, Right, StaffNotice, Stage
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import Actor, Reason
from requests_app.models import DataSubjectRequest, Decision
from requests_app.services import clock, correspondence, decision, staff_notice
from requests_app.services.rows import lock_request

from . import requirements, tasks, uses

_RECORDED = {TaskState.DONE: "erasure.order_done", TaskState.FAILED: "erasure.order_failed"}
_OVER = "exports/mail/order_over"
_DONE = "exports/mail/orders_done"
_TOLD_IN = (Stage.RELEASED, Stage.CLOSED)


def open_orders(dsr: DataSubjectRequest) -> "QuerySet[SystemTask]":
    """Return the parts of a deletion that vendors were ordered to do and nobody has seen done, the oldest first."""
    return _of_deletion(dsr).filter(state=TaskState.ACCEPTED.value)


def settle(task_id: int, *, state: TaskState, note: str, looked_again: bool, actor: Actor) -> SystemTask:
    """Write down that an ordered deletion was carried out, or was not; `note` says how that was checked.

    What was not carried out owes an answer again. Raises ActionRefused, also for the second of two at once.
    """
    if reason := why_not(state, note, looked_again):
        raise ActionRefused(reason)
    with transaction.atomic():
        dsr = lock_request(SystemTask.objects.values_list("dsr_id", flat=True).get(pk=task_id))
        task = SystemTask.objects.select_for_update(of=("self",)).get(pk=task_id)
        task.dsr = dsr
        if not task.is_part_of_deletion or task.state != TaskState.ACCEPTED:
            raise ActionRefused(Reason("order_settled"))
        if state is TaskState.DONE:
            _is_done(task, actor)
        else:
            _has_failed(task)
        task.note = "\n\n".join(part for part in (task.note, note.strip()) if part)
        task.save()
        requirements.review(dsr)
        audit.record(_RECORDED[state], f"dsr:{dsr.pk}", actor, task=task.pk, system=task.system, verb=task.action)
        return task


def why_not(state: TaskState, note: str, looked_again: bool) -> Reason | None:
    """Return what somebody who settles an order has left out, or None."""
    if state not in _RECORDED:
        return Reason("task_outcome")
    if len(note) > tasks.LONGEST_NOTE or "\0" in note:
        return Reason("task_note_too_long", {"most": str(tasks.LONGEST_NOTE)})
    if state is TaskState.DONE and not looked_again:
        return Reason("erasure_not_looked")
    return None if note.strip() else Reason("order_unchecked")


def tell_person(dsr_id: int) -> None:
    """Tell the person of an answered deletion that all it called ordered is done, once for each answer.

    Whoever got the answer by post or by hand is told by the staff; what was done before the answer stands in it.
    """
    with transaction.atomic():
        dsr = lock_request(dsr_id)
        done = carried_out(dsr)
        if not done or not is_mailed(dsr):
            return
        carried = [(task.system_name, task.done_at) for task in done if task.done_at]
        context: dict[str, object] = {
            "orders": [(system, _day(at)) for system, at in carried],
            "backups_gone_on": uses.backups_gone_on(max(at for _system, at in carried)),
        }
        correspondence.queue(dsr.case, Intent.ORDERS_DONE, _DONE, context, key=_key(dsr), dsr=dsr)


def carried_out(dsr: DataSubjectRequest) -> list[SystemTask]:
    """Return the orders that an answer spoke of, once every one of them is carried out; until then none."""
    answered_at = _answered_at(dsr)
    if answered_at is None or _of_deletion(dsr).filter(state__in=[TaskState.ACCEPTED.value, *SILENT]).exists():
        return []
    return list(_of_deletion(dsr).filter(ordered_at__isnull=False, done_at__gt=answered_at))


def is_mailed(dsr: DataSubjectRequest) -> bool:
    """Tell whether the person of an answered request hears of what comes later by mail."""
    return bool(dsr.case.person_email) and not decision.by_hand(dsr)


def sweep() -> int:
    """Have the staff look at every order whose day is over, once for each such day; return how many orders that are."""
    ordered = SystemTask.objects.filter(state=TaskState.ACCEPTED.value).order_by("id")
    over = [task.pk for task in ordered if _look_on(task)]
    for task_id in over:
        _tell_staff(task_id)
    return len(over)


def _tell_staff(task_id: int) -> None:
    with transaction.atomic():
        dsr = lock_request(SystemTask.objects.values_list("dsr_id", flat=True).get(pk=task_id))
        task = SystemTask.objects.select_for_update(of=("self",)).get(pk=task_id)
        task.dsr = dsr
        day = _look_on(task) if task.state == TaskState.ACCEPTED else None
        if day is None:
            return
        context: dict[str, object] = {
            "reference": dsr.case.reference,
            "ordered_on": _ordered_on(task),
            "finishes_on": task.finishes_on,
            "task_url": settings.SITE_URL + reverse("exports:desk:erasure-task", args=[task.pk])
            if task.is_part_of_deletion
            else "",
        }
        staff_notice.tell_of_case(
            StaffNotice.TO_DO, dsr.case, _OVER, context, key=f"order:{task.pk}:{task.round}:{day}"
        )


def _is_done(task: SystemTask, actor: Actor) -> None:
    """Done and verified by whoever looked; that it was ordered, and when, stays on the task."""
    now = timezone.now()
    task.state, task.ordered_at = TaskState.DONE.value, task.done_at
    task.done_at = task.verified_at = now
    task.done_by_id = actor.user_id
    outbox.publish(OrderDone(task.dsr_id))


def _has_failed(task: SystemTask) -> None:
    task.state, task.fault = TaskState.FAILED.value, ORDER_FAILED
    task.done_at = task.finishes_on = task.done_by = None


def _of_deletion(dsr: DataSubjectRequest) -> "QuerySet[SystemTask]":
    changes = dsr.tasks.filter(action__in=[action.value for action in CHANGES]).select_related("dsr")
    return changes.order_by("id") if dsr.right == Right.ERASURE else changes.none()


def _look_on(task: SystemTask) -> date | None:
    return look_on(_ordered_on(task), task.finishes_on, _day(timezone.now()))


def _ordered_on(task: SystemTask) -> date:
    return _day(task.done_at or task.created_at)


def _day(at: datetime) -> date:
    return clock.calendar().local_date(at)


def _answered_at(dsr: DataSubjectRequest) -> datetime | None:
    """When the answer that now holds was released; None while the request is worked on."""
    if dsr.stage not in _TOLD_IN:
        return None
    return Decision.objects.filter(dsr=dsr).values_list("released_at", flat=True).first()


def _key(dsr: DataSubjectRequest) -> str:
    answered_at = _answered_at(dsr)
    return f"orders-done:{dsr.pk}:{int(answered_at.timestamp()) if answered_at else 0}"
