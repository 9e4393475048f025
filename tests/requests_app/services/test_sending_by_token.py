"""Sending through a server that takes no password but an access token (AUTH XOAUTH2)."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from requests_app import outbox
from requests_app.domain.enums import Intent, MessageState
from requests_app.models import Message
from requests_app.services import acknowledgements, sending
from tests import factories
from tests.services.smtp import Script, smtp_server
from tests.services.token_server import CLIENT_ID, DELEGATED, SECRET, TENANT, TokenServer, token_server

pytestmark = pytest.mark.django_db

PERSON = "kari.holm@example.com"


@dataclass
class House:
    """Where mail goes, and who gives out the tokens."""

    mail: Script
    tokens: TokenServer
    settings: Settings

    def address(self, **options: str) -> str:
        """The address for DATARETT_SMTP_URL."""
        query = "&".join(f"{name}={value}" for name, value in options.items())
        mailbox = DELEGATED.replace("@", "%40")
        return f"{self.mail.url.replace('//', f'//{mailbox}@')}?{query}"


@pytest.fixture
def house(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """Our application is registered with the token server, and may send from the mailbox."""
    with token_server(tmp_path) as tokens, smtp_server() as mail:
        monkeypatch.setenv("SSL_CERT_FILE", str(tokens.certificates.authority))
        mail.opens = tokens.is_good
        settings.OAUTH_TENANT, settings.OAUTH_CLIENT_ID, settings.OAUTH_CLIENT_SECRET = TENANT, CLIENT_ID, SECRET
        settings.MICROSOFT_LOGIN = tokens.url
        running = House(mail, tokens, settings)
        settings.SMTP_URL = running.address(auth="microsoft")
        yield running


def queued() -> Message:
    """An acknowledgement that waits to be sent."""
    case = factories.case(email=PERSON)
    acknowledgements.acknowledge(case.pk)
    return case.messages.get(intent=Intent.ACKNOWLEDGEMENT.value)


def state(message: Message) -> tuple[str, int, str]:
    """State, attempts and error of a message as they are now."""
    return Message.objects.values_list("state", "attempts", "error").get(pk=message.pk)


def test_mails_leave_with_one_token(house: House) -> None:
    for _ in range(2):
        message = queued()
        sending.send(message.pk)
        assert state(message) == (MessageState.SENT, 1, "")
    assert house.mail.logins == [DELEGATED] * 2
    assert len(house.tokens.issued) == 1


def test_google_acts_for_the_mailbox(house: House, tmp_path: Path) -> None:
    house.settings.SMTP_URL = house.address(auth="google", key=str(house.tokens.lay_key(tmp_path / "key.json")))
    message = queued()
    sending.send(message.pk)
    assert state(message) == (MessageState.SENT, 1, "")


def test_a_token_that_ended_early_is_replaced_on_the_spot(house: House) -> None:
    sending.send(queued().pk)
    house.tokens.good.clear()
    message = queued()
    sending.send(message.pk)
    assert state(message) == (MessageState.SENT, 1, "")
    assert (len(house.tokens.issued), len(house.mail.taken)) == (2, 2)


def test_a_server_that_does_not_let_us_in_gets_the_mail_later(house: House) -> None:
    house.tokens.opens = "salg@optimar.no"
    message = queued()
    with pytest.raises(outbox.Later):
        sending.send(message.pk)
    assert state(message) == (MessageState.QUEUED, 1, "SMTP 535")
    assert house.mail.logins == [DELEGATED] * 2
    house.tokens.opens = DELEGATED
    sending.send(message.pk)
    assert state(message)[0] == MessageState.SENT


def test_without_a_token_the_mail_waits_and_why_is_kept_without_a_secret(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    house.tokens.refuse = "secret expired"
    message = queued()
    with caplog.at_level(logging.DEBUG), pytest.raises(outbox.Later) as error:
        sending.send(message.pk)
    why = "Microsoft gives out no access token (AADSTS7000222)"
    assert (str(error.value), state(message)) == (f"mail: {why}", (MessageState.QUEUED, 1, why))
    house.tokens.refuse = ""
    with caplog.at_level(logging.DEBUG):
        sending.send(message.pk)
    assert state(message) == (MessageState.SENT, 2, "")
    assert [kept for kept in (SECRET, CLIENT_ID, *house.tokens.issued) if kept in caplog.text] == []


@pytest.mark.parametrize("where", ["AUTH", "CHALLENGE"])
def test_a_cut_while_logging_in_is_no_doubt_about_the_mail(house: House, where: str) -> None:
    house.mail.answers[where] = ""
    house.tokens.opens = DELEGATED if where == "AUTH" else "salg@optimar.no"
    message = queued()
    with pytest.raises(outbox.Later):
        sending.send(message.pk)
    assert state(message)[0] == MessageState.QUEUED
    assert house.mail.taken == []
