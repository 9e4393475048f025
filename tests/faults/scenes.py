"""Situations in which a worker is killed; made inside the installation (`console`), by the product's services."""

from datetime import timedelta
from importlib import import_module
from uuid import UUID

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.utils import timezone
from django_otp import DEVICE_ID_SESSION_KEY

from exports.demo.people import INGRID
from exports.domain import register as localised
from exports.domain.enums import Measure, TaskMode, TaskState
from exports.domain.erasure_rules import Decision
from exports.models import Bundle, ErasurePlan, SystemTask
from exports.services import correction_run, corrections, decide, erasure, holdings, register, tasks
from identity.desk import recency
from identity.models import SecondFactor, StaffRole, User
from requests_app.domain.enums import Channel, Outcome, Right, Role
from requests_app.domain.grounds import Ground
from requests_app.domain.snapshot import Actor
from requests_app.models import DataSubjectRequest, Organisation, OutboxEvent
from requests_app.services import intake, organisation, suppression_list, unsubscribe
from tests.faults import steps
from tests.faults.waiting import eventually

HANDLER, APPROVER = "hanne", "astrid"
PHONE = ("accounts", "phone")


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


def logged_in(name: str) -> str:
    """The key of a session in which one of them has shown both factors."""
    user = User.objects.get(name=name)
    factor = SecondFactor.fresh(user)
    factor.confirmed = True
    factor.save()
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY], session[DEVICE_ID_SESSION_KEY] = user.get_session_auth_hash(), factor.persistent_id
    session[recency.KEY] = timezone.now().timestamp()
    session.save()
    return str(session.session_key)


def arm(step: int) -> None:
    """Let the worker die before the n-th step of what is owed from now on."""
    (settings.VAR / steps.NAME).write_text(f"worker:{step}", encoding="ascii")


def settle() -> None:
    """Return when the worker has done all that is owed."""
    owed = OutboxEvent.objects.filter(done_at__isnull=True)
    eventually(lambda: not owed.exists(), lambda: f"{list(owed.values_list('handler', 'error'))}")


def asked_of(right: Right, number: int) -> DataSubjectRequest:
    """A request of Ingrid that waits for what people have to search; the number tells it from the others."""
    inquiry, _ = intake.record_inquiry(channel=Channel.FORM, received_at=timezone.now(), raw=b"form %d" % number)
    # One address would be confirmed three times a day only.
    inquiry.sender_address, inquiry.reply_address = INGRID.email, f"ingrid.solvang+{number}@example.com"
    inquiry.save(update_fields=["sender_address", "reply_address"])
    person = intake.Person(name=INGRID.name, email=INGRID.email)
    dsr = intake.open_case(inquiry, [right], person, language="nb", scope="").dsrs.get()
    settle()
    return dsr


def searched(right: Right, number: int) -> DataSubjectRequest:
    """Such a request, once every system has been searched."""
    dsr = asked_of(right, number)
    for task in SystemTask.objects.filter(dsr=dsr, mode=TaskMode.MANUAL.value):
        tasks.complete(task.pk, state=TaskState.NOT_FOUND, note="Ingen treff", actor=actor(HANDLER))
    settle()
    return dsr


def owe_deletion(step: int) -> int:
    """Two persons stand behind a deletion, and its time has come: what is owed now is its being carried out."""
    dsr = searched(Right.ERASURE, step)
    plan = ErasurePlan.objects.get(dsr=dsr)
    for line in plan.lines.all():
        if erasure.gap_of(line):
            end = timezone.localdate() + timedelta(days=700)
            decision = Decision(Measure.KEEP, line.ground, end, "Tvist om ordre")
            erasure.change(line.pk, decision, actor=actor(HANDLER))
    erasure.submit(dsr.pk, actor=actor(HANDLER))
    settle()
    arm(step)
    erasure.approve(dsr.pk, actor=actor(APPROVER))
    return dsr.pk


def owe_correction(step: int, right: str) -> int:
    """What is wrong and what is right was written down: what is owed now is that the website holds it."""
    dsr = searched(Right.RECTIFICATION, step)
    places = holdings.places(holdings.of_request(dsr))
    wanted = [place.wanted(right) for place in places if (place.record.collection, place.value.name) == PHONE]
    corrections.enter(dsr.pk, wanted, actor=actor(HANDLER))
    settle()
    arm(step)
    correction_run.carry_out(dsr.pk, actor=actor(HANDLER))
    return dsr.pk


def open_cases(number: int) -> None:
    """So many requests that wait for an answer."""
    for one in range(number):
        inquiry, _ = intake.record_inquiry(channel=Channel.FORM, received_at=timezone.now(), raw=b"open %d" % one)
        person = intake.Person(name=INGRID.name, email=f"ingrid.solvang+open{one}@example.com")
        intake.open_case(inquiry, [Right.ACCESS], person, language="nb", scope="")
    settle()


def owe_other_promise(step: int) -> None:
    """Somebody promises answers one day earlier than before: every open request is to be due then."""
    row = Organisation.objects.get(pk=1)
    given = organisation.as_json(row) | {"policy_days": row.policy_days - 1}
    arm(step)
    organisation.change(given, expected_version=row.version, reason="Vedtatt.", actor=actor(APPROVER))


def owe_withdrawal(step: int, email: str) -> bool:
    """Somebody uses the link in a mailing: the systems are to hear of it. Tell whether marketing is blocked by then."""
    token = unsubscribe.link(email, "en").rpartition("/")[2]
    arm(step)
    unsubscribe.stop(token)
    return suppression_list.is_blocked(email)


def answered(dsr_id: int) -> None:
    """A request that is fulfilled, as a draft says whose package is there."""
    decide.begin(dsr_id, actor=actor(HANDLER))
    decide.choose(dsr_id, Outcome.FULFILLED, "", actor=actor(HANDLER))
    settle()


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


def in_review(step: int) -> tuple[int, str]:
    """An answer that waits for the second person: its request, and the package that was looked at."""
    dsr_id = searched(Right.ACCESS, step).pk
    answered(dsr_id)
    package = Bundle.objects.current().get(dsr=dsr_id).uuid
    decide.submit(dsr_id, actor=actor(HANDLER), bundle=package)
    settle()
    return dsr_id, str(package)


def owe_release(step: int) -> int:
    """A second person has released the answer to a request: the person is to be told."""
    dsr_id, package = in_review(step)
    arm(step)
    decide.release(dsr_id, actor=actor(APPROVER), bundle=UUID(package))
    return dsr_id
