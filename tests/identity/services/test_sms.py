"""Codes by SMS: to a phone on file, through a gateway that fails in its ways, never late, never twice."""

import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta

import httpx
import pytest
import time_machine
from django.utils import timezone
from pytest_django import Settings

from identity.domain.enums import CodeState
from identity.models import ContactPoint, OneTimeCode
from identity.selectors import SMS_PURPOSE
from identity.services import codes, sms, sms_gateway
from requests_app import outbox
from requests_app.domain.enums import Right
from requests_app.domain.errors import ActionRefused
from requests_app.models import AuditEntry, Case, Message, OutboxEvent
from tests import factories
from tests.identity import knowing, scenes
from tests.identity.together import together
from tests.services.sms_gateway import HANG, SWALLOW, Gateway, gateway

pytestmark = pytest.mark.django_db

PHONE = "+4790000000"


@pytest.fixture
def running(settings: Settings) -> Iterator[Gateway]:
    with gateway() as state:
        settings.SMS_URL, settings.SMS_TOKEN = state.url, state.token
        yield state


@pytest.fixture
def case() -> Case:
    made = factories.case(Right.ACCESS)
    scenes.on_file(made, made.person_email)
    knowing.phone(made, "900 00 000", found_by=made.person_email)
    return made


def asked(case: Case) -> OneTimeCode:
    sms.send(case)
    return OneTimeCode.objects.latest("id")


def run() -> OutboxEvent:
    """Let the outbox do the newest SMS that it owes, whenever that is due and whatever else is."""
    row = OutboxEvent.objects.filter(name="SmsWanted").latest("id")
    OutboxEvent.objects.filter(pk=row.pk).update(run_at=timezone.now() - timedelta(days=1))
    for claimed in outbox.claim(50):
        if claimed.name == "SmsWanted":
            outbox.run(claimed)
    row.refresh_from_db()
    return row


def test_the_code_arrives_once_and_works(running: Gateway, case: Case) -> None:
    row = asked(case)
    assert run().done_at is not None
    (text,) = running.phones[PHONE]
    code = codes.reveal(row)
    assert text.startswith(code)
    assert text.splitlines()[-1].endswith(f" #{code}")
    assert running.posts[0]["idempotency-key"] == str(row.uuid)
    assert sms.check(case, f"{code[:4]} {code[4:]}").ok
    assert sms.check(case, code).state is CodeState.NONE


@pytest.mark.parametrize("failure", [500, 502, 503, 429, 408, SWALLOW])
def test_what_may_pass_is_tried_again_under_the_same_key(running: Gateway, case: Case, failure: str | int) -> None:
    running.plan = [failure, failure]
    row = asked(case)
    assert run().done_at is None
    assert run().done_at is None
    assert run().done_at is not None
    assert len(running.posts) == 3
    assert len({post["idempotency-key"] for post in running.posts}) == 1
    assert running.phones == {PHONE: [running.phones[PHONE][0]]}
    assert codes.reveal(row) in running.phones[PHONE][0]


def test_a_gateway_that_took_it_and_never_answered_sends_it_once(
    running: Gateway, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sms_gateway, "TIMEOUT", httpx.Timeout(0.3))
    running.plan = [HANG]
    asked(case)
    assert "Timeout" in run().error
    assert run().done_at is not None
    assert len(running.phones[PHONE]) == 1


def test_the_gateway_says_when_to_come_back_and_is_not_believed_for_long(running: Gateway, case: Case) -> None:
    for said, least, most in (("120", 115, 125), ("999999", 290, 310), ("soon", 0, 60)):
        running.plan, running.retry_after = [429], said
        asked(case)
        waits = run().run_at - timezone.now()
        assert timedelta(seconds=least) <= waits + timedelta(seconds=1)
        assert waits <= timedelta(seconds=most)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 422, 301, 302, 307])
def test_what_will_not_pass_is_given_up_and_told(running: Gateway, case: Case, status: int) -> None:
    running.plan, running.location = [status], "http://127.0.0.1:9/elsewhere"
    row = asked(case)
    assert run().done_at is not None
    assert len(running.posts) == 1
    entry = AuditEntry.objects.get(action="code.not_sent")
    assert entry.details == {"code": row.pk, "fault": f"HTTP {status}"}
    assert not running.phones


def test_a_code_that_is_too_old_used_or_replaced_is_never_sent(running: Gateway, case: Case) -> None:
    first = asked(case)
    second = asked(case)
    sms.deliver(first.pk)
    assert not running.posts
    with time_machine.travel(second.expires_at + timedelta(seconds=1)):
        assert run().done_at is not None
    assert not running.posts
    third = asked(case)
    assert sms.check(case, codes.reveal(third)).ok
    sms.deliver(third.pk)
    sms.deliver(10**9)
    assert not running.posts


def test_a_dead_gateway_is_tried_until_the_code_is_too_old(settings: Settings, case: Case) -> None:
    settings.SMS_URL = "http://127.0.0.1:9/"
    row = asked(case)
    assert run().error == "SMS: ConnectError"
    with time_machine.travel(row.expires_at):
        assert run().done_at is not None


def test_neither_code_number_nor_token_stand_where_they_do_not_belong(
    running: Gateway, case: Case, caplog: pytest.LogCaptureFixture
) -> None:
    running.plan = [500, 422]
    row = asked(case)
    with caplog.at_level("DEBUG", logger="identity"):
        run()
        run()
    owed = OutboxEvent.objects.filter(name="SmsWanted").values("key", "payload", "error")
    audited = AuditEntry.objects.values("action", "subject", "details")
    kept = json.dumps([*owed, *audited, *Message.objects.values("body", "to_address")])
    told = repr(sms_gateway.Text("key", PHONE, codes.reveal(row)))
    for secret in (codes.reveal(row), PHONE.removeprefix("+"), running.token):
        assert secret not in kept
        assert secret not in told
        assert secret not in caplog.text


def test_without_a_gateway_or_a_phone_nothing_is_sent(settings: Settings, case: Case) -> None:
    settings.SMS_URL = ""
    with pytest.raises(ActionRefused, match="sms_off"):
        sms.send(case)
    settings.SMS_URL = "https://gateway.example/"
    with pytest.raises(ActionRefused, match="identity_no_phone"):
        sms.send(factories.case())
    assert not OneTimeCode.objects.exists()


@pytest.mark.parametrize(
    ("value", "to"),
    [("900 00 000", PHONE), ("+47 90 00 00 00", PHONE), ("004790000000", PHONE), ("4790000000", PHONE),
     ("+46 70 123 45 67", "+46701234567"), ("70 00 00 00", ""), ("+47 22 00 00 00", ""), ("123", ""), ("ukjent", "")],
)  # fmt: skip
def test_a_number_is_written_as_gateways_want_it_and_a_landline_gets_none(value: str, to: str) -> None:
    case = factories.case()
    scenes.on_file(case, case.person_email)
    knowing.phone(case, value, found_by=case.person_email)
    assert sms.number_of(case) == to


def test_a_number_that_came_lately_gets_none(case: Case) -> None:
    ContactPoint.objects.update(since=timezone.now() - timedelta(days=3))
    assert sms.number_of(case) == ""


def test_a_code_dies_with_the_number_it_went_to(running: Gateway, case: Case) -> None:
    row = asked(case)
    ContactPoint.objects.update(value="91111111")
    assert sms.check(case, codes.reveal(row)).state is CodeState.NONE


def test_five_codes_of_all_kinds_together_bring_the_pause(running: Gateway, case: Case) -> None:
    for _ in range(3):
        codes.send(case, "download", "kari.holm@example.com")
    for _ in range(2):
        sms.send(case)
    with pytest.raises(ActionRefused, match="code_pause"):
        sms.send(case)
    with pytest.raises(ActionRefused, match="code_pause"):
        codes.send(case, "download", "kari.holm@example.com")
    assert AuditEntry.objects.filter(action="identity.review_wanted").count() == 1
    assert set(OneTimeCode.objects.values_list("purpose", flat=True)) == {"download", SMS_PURPOSE}


@pytest.mark.django_db(transaction=True)
def test_asking_for_both_kinds_at_the_same_time_gets_five(settings: Settings) -> None:
    settings.SMS_URL = "https://gateway.example/"
    case = factories.case(Right.ACCESS)
    scenes.on_file(case, case.person_email)
    knowing.phone(case, found_by=case.person_email)

    def one() -> None:
        with suppress(ActionRefused):
            sms.send(case)
        with suppress(ActionRefused):
            codes.send(case, "download", "kari.holm@example.com")

    together(6, one)
    assert OneTimeCode.objects.count() == 5


@pytest.mark.parametrize(
    "url", ["http://gateway.example/", "ftp://gateway.example/", "https://user:secret@gateway.example/", "gateway"]
)
def test_only_an_encrypted_address_is_posted_to(url: str) -> None:
    with pytest.raises(sms_gateway.GatewayError) as raised:
        sms_gateway.post(url, "token", sms_gateway.Text("key", PHONE, "12345678"))
    assert raised.value.permanent
    assert "secret" not in str(raised.value)
    assert "gateway" not in str(raised.value)
