"""The second way of the alarm: posted once, signed, tried again, and never in the way of the mail."""

import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from pytest_django.fixtures import Settings
from time_machine import travel

from identity.models import User
from requests_app import outbox
from requests_app.domain.enums import MailboxFault, Role
from requests_app.mailbox import webhook
from requests_app.mailbox.sources import SourceError
from requests_app.models import MailboxHealth, Message, OutboxEvent
from requests_app.services import mailbox_health
from tests import factories
from tests.services.hook import Hook, hook
from tests.services.process import free_port

pytestmark = pytest.mark.django_db

NAME = "imaps://kari.holm@optimar.example@mail.example"
NOON = datetime(2026, 9, 1, 10, tzinfo=UTC)


@pytest.fixture
def taker(settings: Settings) -> Iterator[Hook]:
    """Whoever is called when something is wrong."""
    with hook() as running:
        settings.ALARM_WEBHOOK = running.url
        yield running


@pytest.fixture(autouse=True)
def _house(settings: Settings) -> None:
    """One mailbox, and an administrator who would be written to."""
    settings.MAILBOX_URLS = ["imaps://kari.holm%40optimar.example:hemmelig@mail.example/"]
    settings.ALARM_WEBHOOK_SECRET = ""
    factories.organisation()
    factories.staff(Role.ADMINISTRATOR)


def sweep(*minutes: int) -> None:
    """What the timetable does at these times after noon."""
    for one in minutes:
        with travel(NOON + timedelta(minutes=one), tick=False):
            mailbox_health.sweep()


def work(minutes: int) -> None:
    """Whatever alarm the outbox owes then."""
    with travel(NOON + timedelta(minutes=minutes), tick=False):
        OutboxEvent.objects.exclude(name="AlarmRaised").delete()
        outbox.relay()


def silent() -> None:
    """The mailbox was read at noon, and refuses us since."""
    with travel(NOON, tick=False):
        mailbox_health.fetched(NAME, waiting_since=None)
    with travel(NOON + timedelta(minutes=31), tick=False):
        mailbox_health.failed(NAME, SourceError("…", MailboxFault.LOGIN))


def told(taker: Hook) -> list[dict[str, object]]:
    """What was posted, in order."""
    return [json.loads(body) for _headers, body in taker.posted]


def test_an_outage_is_posted_once_and_so_is_its_end(taker: Hook) -> None:
    silent()
    sweep(31, 32, 33, 34)
    work(35)
    pk = MailboxHealth.objects.get().pk
    (said,) = told(taker)
    assert said | {"id": "", "installation": ""} == {
        "event": "mailbox_out", "id": "", "installation": "", "mailbox": pk, "since": "2026-09-01T10:00:00+00:00",
        "fault": "login", "raised_at": "2026-09-01T10:32:00+00:00",
    }  # fmt: skip
    with travel(NOON + timedelta(minutes=40), tick=False):
        mailbox_health.fetched(NAME, waiting_since=None)
    sweep(41, 42)
    work(43)
    assert [(one["event"], one["fault"]) for one in told(taker)] == [("mailbox_out", "login"), ("mailbox_back", None)]


def test_it_holds_nothing_of_anybody_and_no_secret(taker: Hook) -> None:
    silent()
    sweep(31, 32)
    work(33)
    (_headers, body), row = taker.posted[0], OutboxEvent.objects.get(name="AlarmRaised")
    for word in ("kari", "holm", "hemmelig", "mail.example", "@"):
        assert word not in body.decode() + str(row.payload)


def test_with_a_secret_it_is_signed(taker: Hook, settings: Settings) -> None:
    silent()
    sweep(31, 32)
    settings.ALARM_WEBHOOK_SECRET = "felles"
    work(33)
    headers, body = taker.posted[0]
    expected = hmac.new(b"felles", body, hashlib.sha256).hexdigest()
    assert headers[webhook.SIGNATURE.lower()] == f"sha256={expected}"
    assert headers["content-type"] == "application/json"


def test_without_one_it_is_not(taker: Hook) -> None:
    silent()
    sweep(31, 32)
    work(33)
    assert webhook.SIGNATURE.lower() not in taker.posted[0][0]


@pytest.mark.parametrize("status", [500, 404, 301])
def test_what_is_not_taken_is_tried_again_and_told_by_its_id(taker: Hook, status: int) -> None:
    silent()
    sweep(31, 32)
    taker.status, taker.location = status, taker.url
    work(33)
    row = OutboxEvent.objects.get(name="AlarmRaised")
    assert (row.done_at, row.error) == (None, f"alarm: HTTP {status}")
    taker.status, taker.location = 200, ""
    work(34)
    row.refresh_from_db()
    assert row.done_at is not None
    first, second = told(taker)
    assert first["id"] == second["id"]


def test_where_nobody_answers_the_mail_goes_all_the_same_and_the_error_names_no_address(settings: Settings) -> None:
    settings.ALARM_WEBHOOK = f"http://127.0.0.1:{free_port()}/hemmelig"
    silent()
    sweep(31, 32)
    assert Message.objects.filter(key__startswith="mailbox_out:").count() == 1
    work(33)
    row = OutboxEvent.objects.get(name="AlarmRaised")
    assert (row.done_at, row.error) == (None, "alarm: URLError")
    work(33 + 60 * 24)
    row.refresh_from_db()
    assert row.done_at is not None  # a day later nobody needs to hear of it any more


def test_it_is_posted_where_there_are_no_staff_to_write_to(taker: Hook) -> None:
    silent()
    User.objects.update(is_active=False)
    sweep(31, 32, 33)
    work(34)
    assert [one["event"] for one in told(taker)] == ["mailbox_out"]


def test_without_an_address_nothing_is_posted_and_nothing_stays_owed(taker: Hook, settings: Settings) -> None:
    silent()
    sweep(31, 32)
    settings.ALARM_WEBHOOK = ""
    work(33)
    assert OutboxEvent.objects.get(name="AlarmRaised").done_at is not None
    assert taker.posted == []


def test_in_clear_it_does_not_leave_the_machine() -> None:
    with pytest.raises(webhook.WebhookError, match="BadAddressError"):
        webhook.post("http://alarms.example.com/", {}, secret="")
