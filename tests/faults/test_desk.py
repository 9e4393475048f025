"""The desk: the web is killed at every step of a second person releasing an answer."""

from itertools import count
from typing import Any

from django.conf import settings

from exports.models import Bundle
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
    session = inside(scenes.logged_in, scenes.APPROVER)
    cookie = f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={CSRF}"
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


def version(dsr_id: int) -> int:
    """The version of the case that the page showed."""
    return DataSubjectRequest.objects.get(pk=dsr_id).case.version


def result(dsr_id: int) -> tuple[str, int, int, list[Any]]:
    """The stage of a request, how often it was released and opened to the person, and the mail that says so."""
    dsr = DataSubjectRequest.objects.get(pk=dsr_id)
    times = AuditEntry.objects.filter(subject=f"dsr:{dsr_id}", action="request.release").count()
    mails = dsr.messages.filter(intent=Intent.ANSWER_READY.value).values_list("state", flat=True)
    return dsr.stage, times, Bundle.objects.released().filter(dsr=dsr_id).count(), list(mails)
