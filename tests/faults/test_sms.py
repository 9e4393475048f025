"""A code by SMS: the web is killed while a person asks for one and types it in, the worker while it is sent."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from typing import Any

import pytest
from django.utils import timezone

from exports.demo.people import INGRID
from identity.domain.enums import ContactChannel, DoubtReason, Method
from identity.models import OneTimeCode, Verification
from identity.selectors import SMS_PURPOSE
from identity.services import codes, contact_points, sms, verify
from requests_app.domain.enums import Channel, Right
from requests_app.models import AuditEntry, Case
from requests_app.services import intake
from tests.faults import dying, house, scenes
from tests.faults.console import Console
from tests.faults.table import fault
from tests.faults.visitor import Browser
from tests.identity.scenes import link_token
from tests.services.installation import Installation
from tests.services.sms_gateway import Gateway, gateway

SINCE = datetime(2024, 3, 3, tzinfo=UTC)
FEWEST_WEB_STEPS = 4  # the code is owed, and answered; it is looked at, and answered
FEWEST_WORKER_STEPS = 2  # handed over, and done


@pytest.fixture
def running(installation: Installation) -> Iterator[Gateway]:
    """The gateway that the installation hands its codes to."""
    with gateway() as state:
        installation.environ |= {"DATARETT_SMS_URL": state.url, "DATARETT_SMS_TOKEN": state.token}
        yield state


@fault(
    breaks="kill -9 of the worker before each step of handing a code to the SMS gateway, in turn",
    then="the phone gets one message; one code was made, one is counted, and it works",
)
def test_a_worker_killed_at_any_step_of_an_sms_sends_it_once(
    installation: Installation, inside: Console, running: Gateway
) -> None:
    dying.prepare(installation, inside)
    for step in dying.each_step(installation, lambda step: inside(owe, step)):
        code = inside(newest, step)
        (text,) = running.phones[_phone(step)]
        assert text.startswith(code)
        assert inside(result, step) == {
            "codes": 1, "audit": {"code.sent": 1, "code.accepted": 0, "identity.confirmed": 1}, "proved": 0,
        }  # fmt: skip
        assert inside(typed, step, code) == "ok"
        assert inside(typed, step, code) == "none"
    assert len(running.keys) == step
    assert len(running.posts) > step, "nobody died with the message handed over and not yet noted"
    assert step > FEWEST_WORKER_STEPS, "the steps of an SMS are not counted"
    installation.manage("verify_audit")


@fault(
    breaks="kill -9 of the web before each of its steps, in turn, while somebody asks for a code by SMS and types it",
    then="one code works at a time, each is counted and reaches the phone once; it is the proof once",
)
def test_a_web_process_killed_at_any_step_takes_a_code_by_sms_once(
    installation: Installation, inside: Console, running: Gateway
) -> None:
    dying.prepare(installation, inside)
    installation.start("web")
    installation.start("worker", **house.ONE_THREAD)
    for step in count(1):
        page, browser = f"/identity/{inside(confirmed, step)}/sms", Browser(installation)
        browser.open(page)
        house.arm(installation, "web", step)
        browser.press(f"{page}/send", {})
        house.wait_settled(installation)
        *dead, works = inside(made, step)
        assert len(dead) <= 1, "whoever presses again gets one more"
        # A code that is replaced before it has left is not sent any more.
        assert [text[: len(works)] for text in running.phones[_phone(step)]] in ([*dead, works], [works])
        assert [inside(typed, step, code) for code in dead] == ["wrong"] * len(dead)
        browser.press(page, {"code": works})
        assert inside(result, step) == {
            "codes": len(dead) + 1,
            "audit": {"code.sent": len(dead) + 1, "code.accepted": 1, "identity.confirmed": 2},
            "proved": 1,
        }
        if house.armed(installation):
            break  # there is no such step any more
    assert step > FEWEST_WEB_STEPS, "the steps of the pages are not counted"
    house.disarm(installation)
    installation.manage("verify_audit")


def _phone(number: int) -> str:
    return f"+47900000{number:02}"


def _case(number: int) -> Case:
    return Case.objects.get(person_email=f"ingrid.solvang+{number}@example.com")


def confirmed(number: int) -> str:
    """A person about whom there are signs of fraud has pressed the link: the token of it. A code by SMS is open."""
    inquiry, _ = intake.record_inquiry(channel=Channel.FORM, received_at=timezone.now(), raw=b"sms %d" % number)
    person = intake.Person(name=INGRID.name, email=f"ingrid.solvang+{number}@example.com")
    case = intake.open_case(inquiry, [Right.ACCESS], person, language="nb", scope="")
    address = f"ingrid.{number}@work.example"
    point = contact_points.record(case, ContactChannel.EMAIL, address, "website", SINCE)
    contact_points.record(case, ContactChannel.PHONE, _phone(number), "website", SINCE, found_by=address)
    token = link_token(verify.ask(case.pk, DoubtReason.FRAUD_SIGN, point.pk, actor=scenes.actor(scenes.HANDLER)))
    verify.confirm(token)
    scenes.settle()
    return token


def owe(step: int) -> None:
    """The person has asked for a code: it is to be sent."""
    confirmed(step)
    scenes.arm(step)
    sms.send(_case(step))


def made(number: int) -> list[str]:
    """Every code that was made, in this order."""
    rows = OneTimeCode.objects.filter(case=_case(number), purpose=SMS_PURPOSE).order_by("id")
    return [codes.reveal(row) for row in rows]


def newest(number: int) -> str:
    """The last of them."""
    return made(number)[-1]


def typed(number: int, code: str) -> str:
    """What a code is worth now."""
    return str(sms.check(_case(number), code).state)


def result(number: int) -> dict[str, Any]:
    """How many codes were made, what the history says of them, and how often one was the proof."""
    case = _case(number)
    entries = AuditEntry.objects.filter(subject=f"case:{case.pk}")
    actions = ("code.sent", "code.accepted", "identity.confirmed")
    return {
        "codes": OneTimeCode.objects.filter(case=case).count(),
        "audit": {action: entries.filter(action=action).count() for action in actions},
        "proved": Verification.objects.filter(case=case, method=Method.SMS_CODE.value).count(),
    }
