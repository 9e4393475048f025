"""Sending by a mailbox at Microsoft: its state is told, it waits when it is asked to, and goes out once at most."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from requests_app import outbox
from requests_app.domain.enums import Intent, MessageState
from requests_app.models import Message
from requests_app.services import acknowledgements, sending
from tests import factories
from tests.services.graph import CLIENT_ID, SECRET, TENANT, Graph, graph

pytestmark = pytest.mark.django_db

PERSON = "kari.holm@example.com"


@pytest.fixture
def server(tmp_path: Path, settings: Settings) -> Iterator[Graph]:
    """Mail goes by this mailbox."""
    settings.OAUTH_TENANT, settings.OAUTH_CLIENT_ID, settings.OAUTH_CLIENT_SECRET = TENANT, CLIENT_ID, SECRET
    with graph(tmp_path / "graph") as running:
        settings.SMTP_URL = running.url("")
        yield running


def queued() -> Message:
    """An acknowledgement that waits to be sent."""
    case = factories.case(email=PERSON)
    acknowledgements.acknowledge(case.pk)
    return case.messages.get(intent=Intent.ACKNOWLEDGEMENT.value)


def state(message: Message) -> tuple[str, int, str]:
    """State, attempts and error of a message as they are now."""
    return Message.objects.values_list("state", "attempts", "error").get(pk=message.pk)


def test_a_mail_goes_out_with_our_number_and_is_sent(server: Graph) -> None:
    message = queued()
    sending.send(message.pk)
    sending.send(message.pk)
    assert state(message) == (MessageState.SENT, 1, "")
    (raw,) = server.sent
    assert message.message_id.encode() in raw
    assert f"To: {PERSON}".encode() in raw


def test_a_server_that_asks_us_to_wait_gets_it_then(server: Graph) -> None:
    message = queued()
    server.fail("sendMail", 429, "ApplicationThrottled", headers={"Retry-After": "90"})
    with pytest.raises(outbox.Later, match="429") as later:
        sending.send(message.pk)
    assert later.value.delay == timedelta(seconds=90)
    assert state(message) == (MessageState.QUEUED, 1, "Microsoft Graph 429")
    sending.send(message.pk)
    assert state(message) == (MessageState.SENT, 2, "")
    assert len(server.sent) == 1


def test_of_a_mail_that_is_answered_by_silence_staff_are_asked_and_it_is_not_sent_again(server: Graph) -> None:
    message = queued()
    server.fail("sendMail", cut=True, after=True)
    sending.send(message.pk)
    assert state(message)[0] == MessageState.UNCERTAIN
    sending.send(message.pk)
    assert len(server.sent) == 1


def test_a_mail_that_is_refused_has_failed(server: Graph) -> None:
    message = queued()
    server.fail("sendMail", 400, "ErrorInvalidRecipients")
    sending.send(message.pk)
    assert state(message) == (MessageState.FAILED, 1, "Microsoft Graph 400")
