"""What a vendor was only ordered to do is looked at again when the vendor's day is over: nobody has to remember it."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from exports.domain.enums import TaskState
from exports.models import SystemTask
from requests_app.services import clock, correspondence, reminders
from requests_app.services.rows import lock_request

TEMPLATE = "exports/mail/order_over"


def sweep() -> int:
    """Tell the staff of every order whose day is over, once each; return how many orders that are."""
    today = clock.calendar().local_date(timezone.now())
    over = SystemTask.objects.filter(state=TaskState.ACCEPTED.value, finishes_on__lt=today).order_by("id")
    ids = list(over.values_list("pk", flat=True))
    for task_id in ids:
        _tell(task_id)
    return len(ids)


def _tell(task_id: int) -> None:
    with transaction.atomic():
        dsr = lock_request(SystemTask.objects.values_list("dsr_id", flat=True).get(pk=task_id))
        task = SystemTask.objects.select_for_update(of=("self",)).get(pk=task_id)
        if task.state != TaskState.ACCEPTED or task.finishes_on is None:
            return
        for person in reminders.whom(dsr):
            correspondence.notify_staff(
                person.email, person.language or settings.LANGUAGE_CODE, TEMPLATE,
                {"reference": dsr.case.reference, "finishes_on": task.finishes_on},
                key=f"order:{task.pk}:{task.round}:{task.finishes_on}:{person.pk}",
            )  # fmt: skip
