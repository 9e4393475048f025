"""The desk: the web is killed at every step of a second person releasing an answer."""

from importlib import import_module
from itertools import count
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.utils import timezone
from django_otp import DEVICE_ID_SESSION_KEY

from exports.models import Bundle
from identity.desk import recency
from identity.models import SecondFactor, User
from requests_app.domain.enums import Intent
from requests_app.models import AuditEntry, DataSubjectRequest
from tests.faults import dying, house, scenes
from tests.faults.console import Console
from tests.faults.table import fault
from tests.faults.visitor import press
from tests.services.installation import Installation

FEWEST_STEPS = 2  # released, and answered
CSRF = "c" * 32


@fault(
    breaks="kill -9 of the web before each of its steps, in turn, while a second person releases an answer",
    then="whoever presses again has released it once; the person is told once",
)
def test_a_web_process_killed_at_any_step_releases_an_answer_once(installation: Installation, inside: Console) -> None:
    dying.prepare(installation, inside)
    installation.start("web")
    installation.start("worker", **house.ONE_THREAD)
    cookie = f"{settings.SESSION_COOKIE_NAME}={inside(logged_in)}; {settings.CSRF_COOKIE_NAME}={CSRF}"
    released: list[int] = []
    for step in count(1):
        dsr, package = inside(scenes.in_review, step)
        form = {"csrfmiddlewaretoken": CSRF, "bundle": package, "version": inside(version, dsr)}
        house.arm(installation, "web", step)
        press(f"{installation.url}/desk/answers/{dsr}/release/", form, cookie=cookie)
        released.append(dsr)
        if house.armed(installation):
            break  # there is no such step any more
    assert step > FEWEST_STEPS, "the steps of the desk are not counted"
    house.disarm(installation)
    house.wait_settled(installation)
    for dsr in released:
        assert inside(result, dsr) == ["closed", 1, 1, ["sent"]]
    installation.manage("verify_audit")


def logged_in() -> str:
    """The key of a session in which the approver has shown both factors."""
    user = User.objects.get(name=scenes.APPROVER)
    factor = SecondFactor.fresh(user)
    factor.confirmed = True
    factor.save()
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY], session[DEVICE_ID_SESSION_KEY] = user.get_session_auth_hash(), factor.persistent_id
    session[recency.KEY] = timezone.now().timestamp()
    session.save()
    return str(session.session_key)


def version(dsr_id: int) -> int:
    """The version of the case that the page showed."""
    return DataSubjectRequest.objects.get(pk=dsr_id).case.version


def result(dsr_id: int) -> tuple[str, int, int, list[Any]]:
    """The stage of a request, how often it was released and opened to the person, and the mail that says so."""
    dsr = DataSubjectRequest.objects.get(pk=dsr_id)
    times = AuditEntry.objects.filter(subject=f"dsr:{dsr_id}", action="request.release").count()
    mails = dsr.messages.filter(intent=Intent.ANSWER_READY.value).values_list("state", flat=True)
    return dsr.stage, times, Bundle.objects.released().filter(dsr=dsr_id).count(), list(mails)
