"""Situations in which a worker is killed; made inside the installation (`console`), by the product's services."""

from django.conf import settings
from django.utils import timezone

from exports.demo.people import INGRID
from exports.domain import register as localised
from exports.domain.enums import TaskMode, TaskState
from exports.models import Bundle, SystemTask
from exports.services import decide, register, tasks
from identity.models import StaffRole, User
from requests_app.domain.enums import Channel, Outcome, Right, Role
from requests_app.domain.grounds import Ground
from requests_app.domain.snapshot import Actor
from requests_app.models import DataSubjectRequest, OutboxEvent
from requests_app.services import intake
from tests.faults import steps
from tests.faults.waiting import eventually

HANDLER, APPROVER = "hanne", "astrid"


def hire() -> None:
    """Two members of staff: what one has prepared the other lets go."""
    for name, roles in ((HANDLER, [Role.HANDLER]), (APPROVER, [Role.APPROVER, Role.DECISION_MAKER])):
        user = User.objects.create(email=f"{name}@optimar.example", name=name)
        StaffRole.objects.bulk_create(StaffRole(user=user, role=role.value) for role in roles)


def fill_register() -> None:
    """Say how long data is kept, where the register says nothing: an answer would not go out without it."""
    number, _ = register.current()
    years = localised.same("24 måneder")
    register.fill("activities.PA03.retention", years, expected_version=number, reason="Vedtatt.", actor=actor(APPROVER))


def actor(name: str) -> Actor:
    """One of them."""
    return User.objects.get(name=name).as_actor()


def arm(step: int) -> None:
    """Let the worker die before the n-th step of what is owed from now on."""
    (settings.VAR / steps.NAME).write_text(f"worker:{step}", encoding="ascii")


def settle() -> None:
    """Return when the worker has done all that is owed."""
    owed = OutboxEvent.objects.filter(done_at__isnull=True)
    eventually(lambda: not owed.exists(), lambda: f"{list(owed.values_list('handler', 'error'))}")


def searched(right: Right, number: int) -> DataSubjectRequest:
    """A request of Ingrid that every system has been searched for; the number tells it from the others."""
    inquiry, _ = intake.record_inquiry(channel=Channel.FORM, received_at=timezone.now(), raw=b"form %d" % number)
    # One address would be confirmed three times a day only.
    inquiry.sender_address, inquiry.reply_address = INGRID.email, f"ingrid.solvang+{number}@example.com"
    inquiry.save(update_fields=["sender_address", "reply_address"])
    person = intake.Person(name=INGRID.name, email=INGRID.email)
    dsr = intake.open_case(inquiry, [right], person, language="nb", scope="").dsrs.get()
    settle()
    for task in SystemTask.objects.filter(dsr=dsr, mode=TaskMode.MANUAL.value):
        tasks.complete(task.pk, state=TaskState.NOT_FOUND, note="Ingen treff", actor=actor(HANDLER))
    settle()
    return dsr


def draft(number: int) -> int:
    """A request for access whose answer is begun, and says nothing yet."""
    dsr = searched(Right.ACCESS, number)
    decide.begin(dsr.pk, actor=actor(HANDLER))
    settle()
    return dsr.pk


def owe_package(dsr_id: int, step: int) -> None:
    """Somebody chooses what the answer says, in other words than before: a package is owed."""
    arm(step)
    decide.choose(
        dsr_id, Outcome.PARTLY_FULFILLED, f"Begrunnelse nummer {step}.", actor=actor(HANDLER),
        grounds=[Ground.RIGHTS_OF_OTHERS],
    )  # fmt: skip


def owe_release(step: int) -> int:
    """A second person has released the answer to a request: the person is to be told."""
    dsr_id = draft(step)
    decide.choose(dsr_id, Outcome.FULFILLED, "", actor=actor(HANDLER))
    settle()
    package = Bundle.objects.current().get(dsr=dsr_id).uuid
    decide.submit(dsr_id, actor=actor(HANDLER), bundle=package)
    settle()
    arm(step)
    decide.release(dsr_id, actor=actor(APPROVER), bundle=package)
    return dsr_id
