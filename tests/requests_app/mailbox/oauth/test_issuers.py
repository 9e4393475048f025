"""Access tokens of Microsoft and Google: given out, and refused in the ways that their documentation tells of."""

import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from requests_app.domain.enums import MailboxFault
from requests_app.mailbox.oauth import http
from requests_app.mailbox.oauth.google import BadKeyError, Google, read_key
from requests_app.mailbox.oauth.microsoft import Application, Microsoft
from requests_app.mailbox.oauth.tokens import Issuer, TokenError
from tests.services.process import free_port
from tests.services.token_server import CLIENT_ID, DELEGATED, SECRET, TENANT, TokenServer, token_server

EC_KEY = (
    ec.generate_private_key(ec.SECP256R1())
    .private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    .decode()
)


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TokenServer]:
    """A token server whose certificate this machine believes."""
    with token_server(tmp_path) as running:
        monkeypatch.setenv("SSL_CERT_FILE", str(running.certificates.authority))
        yield running


def refused(issuer: Issuer) -> TokenError:
    """What becomes of a question that gets no token; it shows neither secret nor mailbox, nor a word of the server."""
    with pytest.raises(TokenError) as error:
        issuer.issue()
    message = str(error.value)
    for kept in (SECRET, CLIENT_ID, DELEGATED, "Trace ID", "Invalid"):
        assert kept not in message
    assert error.value.__suppress_context__ or error.value.__context__ is None
    return error.value


def google(server: TokenServer, tmp_path: Path, **given: rsa.RSAPrivateKey) -> Google:
    """The service account, as its key file names it."""
    return Google(read_key(server.lay_key(tmp_path / "key.json", **given)), DELEGATED)


def test_an_application_gets_a_token_for_its_secret(server: TokenServer) -> None:
    token = Microsoft(server.application()).issue()
    assert (token.value, token.lifetime) == (server.issued[0], 3599)
    assert token.value not in repr(token)


def test_a_service_account_gets_a_token_for_the_mailbox_it_acts_for(server: TokenServer, tmp_path: Path) -> None:
    issuer = google(server, tmp_path)
    token = issuer.issue()
    assert server.good[token.value] == DELEGATED
    assert "PRIVATE KEY" not in repr(issuer)


@pytest.mark.parametrize(
    ("why", "fault"),
    [
        ("secret expired", MailboxFault.CREDENTIAL_EXPIRED),
        ("secret wrong", MailboxFault.CREDENTIAL_WRONG),
        ("application unknown", MailboxFault.APPLICATION),
        ("no consent", MailboxFault.CONSENT),
        ("switched off", MailboxFault.CONSENT),
        ("policy", MailboxFault.ISSUER_REFUSES),
        ("busy", MailboxFault.ISSUER_AWAY),
        ("out of order", MailboxFault.ISSUER_AWAY),
    ],
)
def test_microsoft_refuses_for_a_reason_that_is_told(server: TokenServer, why: str, fault: MailboxFault) -> None:
    server.refuse = why
    assert refused(Microsoft(server.application())).fault == fault


@pytest.mark.parametrize(
    ("why", "fault"),
    [
        ("delegation missing", MailboxFault.CONSENT),
        ("scope not allowed", MailboxFault.CONSENT),
        ("key deleted", MailboxFault.CREDENTIAL_WRONG),
        ("account deleted", MailboxFault.APPLICATION),
        ("mailbox unknown", MailboxFault.NO_ACCESS),
        ("clock wrong", MailboxFault.ISSUER_REFUSES),
        ("busy", MailboxFault.ISSUER_AWAY),
    ],
)
def test_google_refuses_for_a_reason_that_is_told(
    server: TokenServer, tmp_path: Path, why: str, fault: MailboxFault
) -> None:
    server.refuse = why
    assert refused(google(server, tmp_path)).fault == fault


def test_what_is_wrong_on_our_side_is_told_apart(server: TokenServer, tmp_path: Path) -> None:
    wrong = server.application(secret="another")
    assert refused(Microsoft(wrong)).fault == MailboxFault.CREDENTIAL_WRONG
    nowhere = server.application(tenant="nowhere.example")
    assert refused(Microsoft(nowhere)).fault == MailboxFault.APPLICATION
    other_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    assert refused(google(server, tmp_path, key=other_key)).fault == MailboxFault.CREDENTIAL_WRONG


@pytest.mark.parametrize("answer", [b"<html>proxy</html>", b"[]", b"{}", b"[" * 100_000, b'"\xff'])
def test_nonsense_is_a_server_that_is_away(
    server: TokenServer, tmp_path: Path, caplog: pytest.LogCaptureFixture, answer: bytes
) -> None:
    server.raw = answer
    with caplog.at_level(logging.DEBUG):
        assert refused(Microsoft(server.application())).fault == MailboxFault.ISSUER_AWAY
        assert refused(google(server, tmp_path)).fault == MailboxFault.ISSUER_AWAY
    assert "proxy" not in caplog.text


@pytest.mark.parametrize(
    "change",
    [
        {"type": "authorized_user"},
        {"token_uri": "http://oauth2.example/token"},
        {"private_key": "hemmelig"},
        {"private_key": EC_KEY},
        {"client_email": None, "private_key": None},
    ],
)
def test_a_file_that_is_no_key_of_a_service_account_is_told_without_showing_it(
    server: TokenServer, tmp_path: Path, change: dict[str, str]
) -> None:
    path = server.lay_key(tmp_path / "key.json")
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(BadKeyError, match=r"^is no key of a service account \(JSON\)$"):
        read_key(path)
    for text in ("hemmelig", "[]", "{}"):
        path.write_text(text)
        with pytest.raises(BadKeyError):
            read_key(path)


@pytest.mark.parametrize("value, lifetime", [("a b", "9"), ("a\\r\\nX: y", "9"), ("", "9"), ("ab", "-1")])
def test_a_token_that_no_header_can_hold_is_nonsense(server: TokenServer, value: str, lifetime: str) -> None:
    server.raw = f'{{"access_token": "{value}", "expires_in": {lifetime}}}'.encode()
    assert refused(Microsoft(server.application())).fault == MailboxFault.ISSUER_AWAY


def test_a_server_that_wants_to_be_left_alone_is(server: TokenServer) -> None:
    server.refuse, server.wait = "busy", 17
    assert refused(Microsoft(server.application())).retry_after == 17.0


def test_certificates_of_others_are_believed_where_they_are_named(
    server: TokenServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    assert refused(Microsoft(server.application())).fault == MailboxFault.ISSUER_AWAY
    named = replace(server.application(), ca=str(server.certificates.authority))
    assert Microsoft(named).issue().value == server.issued[0]


def test_a_token_that_says_nothing_of_its_end_is_nonsense(server: TokenServer, tmp_path: Path) -> None:
    issuer = google(server, tmp_path)
    server.raw = b'{"access_token": "a", "expires_in": "soon"}'
    assert refused(issuer).fault == MailboxFault.ISSUER_AWAY


def test_a_server_that_is_not_there_is_away() -> None:
    nowhere = Application(TENANT, CLIENT_ID, SECRET, login=f"https://127.0.0.1:{free_port()}")
    error = refused(Microsoft(nowhere))
    assert (error.fault, str(error)) == (
        MailboxFault.ISSUER_AWAY, "the server that gives out access tokens does not answer (URLError)",
    )  # fmt: skip


def test_no_secret_goes_to_a_server_that_is_not_believed(server: TokenServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    error = refused(Microsoft(server.application()))
    assert (error.fault, "not believed" in str(error)) == (MailboxFault.ISSUER_AWAY, True)
    assert server.asked == []


def test_no_secret_goes_where_a_server_sends_us(server: TokenServer, tmp_path: Path) -> None:
    issuer = google(server, tmp_path)
    server.moved_to = f"{server.url}/elsewhere"
    assert refused(issuer).fault == MailboxFault.ISSUER_AWAY
    assert refused(Microsoft(server.application())).fault == MailboxFault.ISSUER_AWAY
    assert "/elsewhere" not in server.asked


def test_no_secret_goes_unencrypted(server: TokenServer) -> None:
    with pytest.raises(TokenError, match="https"):
        http.HttpClient().post(server.introspection_url, data={"secret": SECRET})
    assert server.asked == []
