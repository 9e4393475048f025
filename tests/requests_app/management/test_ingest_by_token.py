"""`manage.py ingest` where the mail server takes no password but an access token: a real Dovecot that asks for them."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from requests_app.domain.enums import MailboxFault
from requests_app.mailbox.mailboxes import open_mailbox
from requests_app.models import Inquiry, MailboxHealth, Sighting
from requests_app.services import mail_access
from tests import factories
from tests.desk_client import desk_client
from tests.requests_app.services.post import letter
from tests.services.dovecot import Dovecot, dovecot
from tests.services.garbling import garbling
from tests.services.token_server import CLIENT_ID, DELEGATED, SECRET, TENANT, TokenServer, token_server

pytestmark = pytest.mark.django_db


@dataclass
class House:
    """A mailbox that is read by token, and the server that gives the tokens out."""

    mail: Dovecot
    tokens: TokenServer
    settings: Settings

    def once(self) -> None:
        """One pass."""
        call_command("ingest", "--once")

    def fails(self) -> str:
        """What a pass says that fails."""
        with pytest.raises(CommandError) as error:
            self.once()
        return str(error.value)


@pytest.fixture
def house(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """Our application is registered with the token server, and the mailbox is its mailbox."""
    with token_server(tmp_path) as tokens, dovecot(introspection_url=tokens.introspection_url) as mail:
        monkeypatch.setenv("SSL_CERT_FILE", str(tokens.certificates.authority))
        settings.OAUTH_TENANT, settings.OAUTH_CLIENT_ID, settings.OAUTH_CLIENT_SECRET = TENANT, CLIENT_ID, SECRET
        settings.MICROSOFT_LOGIN = tokens.url
        settings.MAILBOX_URLS = [mail.url(auth="microsoft")]
        factories.organisation()
        yield House(mail, tokens, settings)


def test_mail_is_read_with_one_token_for_many_connections(house: House) -> None:
    house.mail.deliver(letter("Én"))
    house.once()
    house.mail.deliver(letter("To"))
    house.once()
    assert Inquiry.objects.count() == 2
    assert len(house.tokens.issued) == 1
    assert MailboxHealth.objects.get().fault == ""


def test_google_acts_for_the_mailbox(house: House, tmp_path: Path) -> None:
    key = house.tokens.lay_key(tmp_path / "key.json")
    house.settings.MAILBOX_URLS = [house.mail.url(auth="google", key=str(key))]
    house.mail.deliver(letter())
    house.once()
    assert Inquiry.objects.count() == 1
    assert house.tokens.good == {house.tokens.issued[0]: DELEGATED}


def test_a_token_that_ended_early_is_replaced_without_a_word(house: House) -> None:
    house.mail.deliver(letter("Én"))
    house.once()
    house.tokens.good.clear()
    house.mail.deliver(letter("To"))
    house.once()
    assert Inquiry.objects.count() == 2
    assert len(house.tokens.issued) == 2


def test_a_mailbox_that_is_not_ours_says_so(house: House) -> None:
    house.tokens.opens = "salg@optimar.no"
    house.mail.deliver(letter())
    assert "does not accept the access token" in house.fails()
    health = MailboxHealth.objects.get()
    assert (health.fault, health.fetched_at) == (MailboxFault.NO_ACCESS, None)
    house.tokens.opens = DELEGATED
    house.once()  # once the rights are there, the next look takes a new token
    assert Inquiry.objects.count() == 1


def test_a_connection_that_is_cut_while_logging_in_is_no_refusal(house: House) -> None:
    house.mail.deliver(letter())
    with garbling(house.mail.port) as relay:
        url = house.mail.url(tls=False, auth="microsoft").replace(f":{house.mail.port}/", f":{relay.port}/")
        house.settings.MAILBOX_URLS = [url]
        relay.cut = b"Logged in"
        assert "is away" in house.fails()
        assert MailboxHealth.objects.get().fault == MailboxFault.AWAY
        relay.cut = b""
        house.once()
    assert Inquiry.objects.count() == 1
    assert len(house.tokens.issued) == 1


@pytest.mark.parametrize(
    ("why", "sentence"),
    [
        ("secret expired", "the secret of our application has expired"),
        ("secret wrong", "the secret or key of our application is not accepted"),
        ("application unknown", "our application is not known to the service that gives it access"),
        ("no consent", "no administrator has given our application access to mail"),
        ("policy", "the service that gives our application access refuses it"),
        ("out of order", "the service that gives our application access does not answer"),
    ],
)
def test_each_way_of_getting_no_token_is_a_sentence_on_the_desk(
    house: House, why: str, sentence: str, caplog: pytest.LogCaptureFixture
) -> None:
    house.tokens.refuse = why
    with caplog.at_level(logging.DEBUG):
        said = house.fails()
    page = desk_client().read("/desk/inbox/")
    assert f"The last attempt failed: {sentence}." in page
    for kept in (SECRET, CLIENT_ID, "Trace ID"):
        assert kept not in said + caplog.text + page


def test_neither_token_nor_secret_is_logged_kept_or_named(house: House, caplog: pytest.LogCaptureFixture) -> None:
    house.mail.deliver(letter())
    with caplog.at_level(logging.DEBUG):
        house.once()
        house.mail.stop()
        said = house.fails()
    (token,) = house.tokens.issued
    row = "".join(str(vars(one)) for one in (*Sighting.objects.all(), *MailboxHealth.objects.all()))
    named = repr(open_mailbox(house.settings.MAILBOX_URLS[0], mail_access.application()))
    for kept in (SECRET, token):
        assert kept not in caplog.text + said + row + named
