"""Sending to a real server of others: encrypted, by password, tried again, and its state told."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from requests_app import outbox
from requests_app.domain.enums import Intent, MessageState
from requests_app.mailbox import secure_urls
from requests_app.mailbox.delivery import SmtpSink, TransportError
from requests_app.models import Message
from requests_app.services import acknowledgements, sending
from tests import factories
from tests.services.mail_server import MailServer, mail_server
from tests.services.smtp import smtp_server

pytestmark = pytest.mark.django_db

PERSON = "kari.holm@example.com"


@pytest.fixture(params=[True, False], ids=["smtps", "starttls"])
def server(request: pytest.FixtureRequest, tmp_path: Path, settings: Settings) -> Iterator[MailServer]:
    """Mail goes to a server that wants TLS and a password."""
    with mail_server(tmp_path, tls=request.param) as running:
        settings.SMTP_URL = running.url()
        yield running


def queued() -> Message:
    """An acknowledgement that waits to be sent."""
    case = factories.case(email=PERSON)
    acknowledgements.acknowledge(case.pk)
    return case.messages.get(intent=Intent.ACKNOWLEDGEMENT.value)


def state(message: Message) -> tuple[str, int, str]:
    """State, attempts and error of a message as they are now."""
    return Message.objects.values_list("state", "attempts", "error").get(pk=message.pk)


def test_a_mail_goes_encrypted_and_is_sent(server: MailServer) -> None:
    message = queued()
    sending.send(message.pk)
    assert state(message) == (MessageState.SENT, 1, "")
    assert (server.recipients, server.encrypted) == ([PERSON], [True])
    assert message.message_id.encode() in server.mails[0]


def test_a_server_that_takes_user_and_password_one_by_one(tmp_path: Path, settings: Settings) -> None:
    with mail_server(tmp_path, tls=True, without="PLAIN") as server:
        settings.SMTP_URL = server.url()
        message = queued()
        sending.send(message.pk)
    assert state(message) == (MessageState.SENT, 1, "")


def test_a_server_that_is_busy_gets_it_at_the_next_try(server: MailServer) -> None:
    message = queued()
    server.refuse = "451 4.3.0 later"
    with pytest.raises(outbox.Later, match="451"):
        sending.send(message.pk)
    assert state(message) == (MessageState.QUEUED, 1, "SMTP 451 4.3.0")
    sending.send(message.pk)
    assert state(message) == (MessageState.SENT, 2, "")
    assert len(server.mails) == 1


def test_a_refusal_for_good_is_told_to_the_staff(server: MailServer) -> None:
    message = queued()
    server.refuse = "554 5.7.1 no"
    sending.send(message.pk)
    assert state(message) == (MessageState.FAILED, 1, "SMTP 554 5.7.1")
    sending.send(message.pk)
    assert server.mails == []


@pytest.mark.parametrize("wrong", ["password", "authority"])
def test_without_password_or_trust_nothing_leaves_and_nothing_is_lost(
    server: MailServer, settings: Settings, wrong: str
) -> None:
    settings.SMTP_URL = server.url(password="hemmelig") if wrong == "password" else server.url(trusted=False)
    message = queued()
    with pytest.raises(outbox.Later) as error:
        sending.send(message.pk)
    assert "hemmelig" not in str(error.value)
    assert state(message)[0] == MessageState.QUEUED
    assert server.mails == []


def test_another_machine_that_does_not_encrypt_gets_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secure_urls.Server, "loopback", False)
    with smtp_server() as script, pytest.raises(TransportError) as error:
        SmtpSink(script.url).deliver(key="a", sender="", recipient=PERSON, data=b"Subject: a\r\n\r\nb\r\n")
    assert (error.value.permanent, error.value.unknown) == (False, False)
    assert script.taken == []
