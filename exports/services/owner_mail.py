"""The mail that tells the owner of a system, where they have an account, that something waits for them there."""

from django.conf import settings
from django.urls import reverse

from exports.domain.enums import SILENT, TaskMode, TaskState
from exports.domain.events import OwnTaskWaits
from exports.labels import TASK_ACTIONS
from exports.models import SystemOwner, SystemTask
from requests_app import outbox
from requests_app.domain.enums import StaffNotice
from requests_app.models import Case
from requests_app.services import staff_notice

from . import ownership

TEMPLATE = "exports/mail/own_task"


def announce(task: SystemTask) -> None:
    """Owe the owner of a manual task its mail, once per round. Needs a transaction.

    Whoever is named as the owner later is told of nothing: what waits already stands in their list.
    """
    if task.mode == TaskMode.MANUAL and SystemOwner.objects.filter(system=task.system, user__isnull=False).exists():
        outbox.publish(OwnTaskWaits(task.pk, task.round), key=f"own-task:{task.pk}:{task.round}")


def tell(task_id: int, round_: int) -> None:
    """Write to the owner of a task that waits, once per round.

    Nothing is written of what was answered meanwhile, of a case that the owner must not see, or to one who has lost the
    role, and with it the page. Nobody stands in for
    an owner who is away: the handler of the case is reminded of systems that do not answer.
    """
    task = SystemTask.objects.select_related("dsr__case").get(pk=task_id)
    owner = SystemOwner.objects.select_related("user").filter(system=task.system, user__is_active=True).first()
    if owner is None or owner.user is None or task.round != round_ or TaskState(task.state) not in SILENT:
        return
    if ownership.why_unfit(owner.user.pk):
        return
    case = task.dsr.case
    if not Case.objects.visible_to(owner.user).filter(pk=case.pk).exists():
        return
    context: dict[str, object] = {
        "reference": case.reference,
        "system": task.system_name,
        "task": TASK_ACTIONS[task.action],
        "due_on": task.due_on,
        "task_url": f"{settings.SITE_URL}{reverse('exports:desk:own-task', args=[task.pk])}",
    }
    staff_notice.tell_one(
        StaffNotice.TO_DO, owner.user, TEMPLATE, context, key=f"own-task:{case.pk}:{task.pk}:{round_}"
    )
