"""What became of a message, in words: why it waits and until when, why it failed, and what to do."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from pytest_django.fixtures import Settings

from requests_app import outbox, selectors
from requests_app.desk import delivery_state, timeline
from requests_app.domain.enums import MessageState
from requests_app.mailbox.delivery import SERVER_TOO_SMALL
from requests_app.models import Message, OutboxEvent
from requests_app.services import correspondence, sending
from tests import factories
from tests.desk_client import desk_client
from tests.services.smtp import Script, smtp_server

NOON = datetime(2026, 3, 5, 11, 0, tzinfo=UTC)  # 12:00 in Oslo


@pytest.fixture
def server(settings: Settings) -> Iterator[Script]:
    """Mail goes to a server."""
    with smtp_server() as script:
        settings.SMTP_URL = script.url
        yield script


def queued() -> Message:
    """A message of the staff that waits to be sent, and nothing else that is owed."""
    case, user = factories.case(), factories.staff()
    row = correspondence.write_to_person(case.pk, subject="a", body="b", actor=user.as_actor())
    OutboxEvent.objects.exclude(payload__message_id=row.pk, name="MessageQueued").delete()
    return row


def told(row: Message) -> timeline.Entry:
    """The line of a message on its case."""
    assert row.case is not None
    return next(one for one in timeline.entries(row.case, "messages") if one.kind == "message_out")


def test_what_waits_says_how_often_it_was_tried_why_and_when_next(server: Script) -> None:
    server.answers["RCPT"] = "452 4.2.2 mailbox full"
    with time_machine.travel(NOON, tick=False):
        row = queued()
        assert told(row).waits == ""
        for _ in range(2):
            OutboxEvent.objects.update(run_at=NOON)
            outbox.relay(1)
        OutboxEvent.objects.update(run_at=NOON.replace(minute=15))
        found = told(row)
        page = desk_client().read(f"/desk/cases/{row.case.reference}/")  # type: ignore[union-attr]
    assert found.state == "Waits to be sent to kari.holm@example.com"
    assert found.waits == "Tried 2 times. The mailbox is full. (Code 4.2.2) Next try: 5 Mar 2026, 12:15."
    assert (found.alarm, found.again) == ("", "")
    assert found.waits in page


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("450 later", "The mail server asks us to try later. (Code 450)"),
        ("421 4.0.0 later", "The mail server asks us to try later. (Code 4.0.0)"),
        ("", "The mail server cannot be used (SMTPServerDisconnected)."),
    ],
)
def test_each_reason_to_wait_has_its_words(server: Script, answer: str, words: str) -> None:
    server.answers["RCPT"] = answer
    row = queued()
    outbox.relay(1)
    assert told(row).waits.startswith(f"Tried once. {words} Next try: ")


@pytest.mark.parametrize(
    ("answer", "why", "helps"),
    [
        ("550 5.1.1 no", "There is no such address. (Code 5.1.1)", "Check the address with the person"),
        ("550 no", "does not take mail for this address. (Code 550)", "Check the address with the person"),
        ("554 5.7.1 spam", "The mail server there refuses mail from us. (Code 5.7.1)", "whoever runs the mail system"),
        ("552 no", "The mail server does not take this message. (Code 552)", "whoever runs the mail system"),
    ],
)
def test_what_is_refused_for_good_says_why_and_what_to_do(server: Script, answer: str, why: str, helps: str) -> None:
    server.answers["RCPT"] = answer
    row = queued()
    outbox.relay(1)
    found = told(row)
    assert found.state == "Not sent to kari.holm@example.com"
    assert found.alarm.startswith("The mail system refused this message. The person does not have it.")
    assert why in found.alarm
    assert helps in found.alarm
    assert found.again
    assert found.waits == ""


@pytest.mark.parametrize("error", sorted(sending.STAYS_REFUSED))
def test_what_would_be_refused_again_offers_no_button(error: str) -> None:
    row = queued()
    Message.objects.filter(pk=row.pk).update(state=MessageState.FAILED.value, error=error)
    found = told(row)
    assert found.alarm.startswith("Not sent: ")
    assert found.again == ""


def test_a_server_that_says_how_much_it_takes_is_believed(server: Script) -> None:
    server.answers["EHLO"] = "250-localhost\r\n250 SIZE 100"
    row = queued()
    outbox.relay(1)
    row.refresh_from_db()
    assert (row.state, row.error) == (MessageState.FAILED, SERVER_TOO_SMALL)
    assert "larger than our mail server takes" in told(row).alarm


def test_what_was_sent_says_to_whom_and_when(server: Script) -> None:
    with time_machine.travel(NOON, tick=False):
        row = queued()
        outbox.relay(1)
    found = told(row)
    assert (found.state, found.when, found.alarm, found.waits) == ("Sent to kari.holm@example.com", NOON, "", "")


def test_nothing_is_asked_of_the_outbox_when_nothing_waits() -> None:
    assert selectors.next_tries([]) == {}
    assert delivery_state.UNSENT == (MessageState.FAILED, MessageState.BOUNCED, MessageState.UNCERTAIN)
