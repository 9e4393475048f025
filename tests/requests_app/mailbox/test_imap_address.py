"""The address of an IMAP mailbox: every setting is read, and every slip is one line that shows no password."""

from pathlib import Path

import pytest

from requests_app.mailbox import imap_address
from requests_app.mailbox.mailboxes import open_mailbox
from requests_app.mailbox.secure_urls import BadAddressError
from requests_app.mailbox.sources import SourceError
from tests.services.certificates import lay_certificates

BASE = "imaps://info%40optimar.no:hem%2Flig%23@imap.optimar.example"


def test_credentials_are_percent_encoded_and_the_port_is_the_usual_one() -> None:
    server = imap_address.read(f"{BASE}/INBOX").server
    assert (server.user, server.password, server.host, server.port) == (
        "info@optimar.no", "hem/lig#", "imap.optimar.example", 993,
    )  # fmt: skip
    assert "hem/lig#" not in repr(server)


def test_every_option_is_read() -> None:
    address = imap_address.read(
        f"{BASE}:1993/?folders=INBOX,S%C3%B8ppel%20post&exclude=Lister&exclude_from=Post@B.example,@c.example"
        "&move=Datarett&every=30"
    )
    assert address.folders == ("INBOX", "Søppel post")
    assert sorted(address.exclude | address.exclude_from) == ["@c.example", "Lister", "post@b.example"]
    assert (address.move, address.every, address.server.port) == ("Datarett", 30.0, 1993)


def test_without_options_inbox_and_junk_are_read_and_a_keyword_is_set() -> None:
    address = imap_address.read(f"{BASE}/INBOX")
    assert (address.folders, address.keyword, address.move, address.every) == ((), "$Datarett", "", 10.0)
    assert imap_address.read(f"{BASE}/Personvern").folders == ("Personvern",)


def test_a_mailbox_is_named_with_its_user_and_without_its_password() -> None:
    opened = open_mailbox(f"{BASE}/INBOX")
    assert opened.name == "imaps://info@optimar.no@imap.optimar.example"
    assert open_mailbox(BASE.replace("info", "salg")).name != opened.name


@pytest.mark.parametrize(
    "url, says",
    [
        ("imaps://imap.optimar.example/INBOX", "a user and a secret"),
        ("imaps://info:hemmelig@", "name a host"),
        ("imaps://info:hemmelig@host:port/", "host or port"),
        ("imaps://info:hemmelig@host:99999/", "host or port"),
        ("imaps://info:hemmelig@host/#1", "%23"),
        ("imaps://info:hemmelig@host/?folder=INBOX", "these options"),
        ("imaps://info:hemmelig@host/?every=1&every=2", "each once"),
        ("imaps://info:hemmelig@host/?hemmelig", "name=value"),
        ("imaps://info:hemmelig@host/?folders=", "folders="),
        ("imaps://info:hemmelig@host/?folders=*,INBOX", "alone"),
        ("imaps://info:hemmelig@host/?keyword=to%20ord", "one word"),
        ("imaps://info:hemmelig@host/?keyword=%5CSeen", "one word"),
        ("imaps://info:hemmelig@host/?move=Ferdig&keyword=x", "either"),
        ("imaps://info:hemmelig@host/?folders=INBOX,Ferdig&move=Ferdig", "not read itself"),
        ("imaps://info:hemmelig@host/?move=inbox", "not read itself"),
        ("imaps://info:hemmelig@host/?exclude_from=optimar.no", "@example.com"),
        ("imaps://info:hemmelig@host/?every=0", "every="),
        ("imaps://info:hemmelig@host/?every=%C2%B2", "every="),
        ("imaps://info:hemmelig@host/?auth=microsoft", "either a password"),
        ("imaps://info%40b.no@host/?auth=xoauth2", "microsoft or google"),
        ("imaps://info%40b.no@host/?auth=", "microsoft or google"),
        ("imaps://info@host/?auth=google&key=/hemmelig", "the mailbox as user"),
        ("imaps://inf%C3%B8%40b.no@host/?auth=google&key=/hemmelig", "the mailbox as user"),
        ("imaps://info%40b.no@host/?auth=microsoft", "DATARETT_OAUTH_TENANT"),
        ("imaps://info%40b.no@host/?auth=microsoft&key=/hemmelig", "auth=google"),
        ("imaps://info:hemmelig@host/?key=/hemmelig", "auth=google"),
        ("imaps://info%40b.no@host/?auth=google", "absolute path"),
        ("imaps://info%40b.no@host/?auth=google&key=hemmelig.json", "absolute path"),
        ("imaps://info%40b.no@host/?auth=google&key=/does/not/exist/hemmelig.json", "cannot be read"),
        ("imaps://info:hemmelig@host/?ca=relative.pem", "absolute"),
        ("imaps://info:hemmelig@host/?ca=/does/not/exist.pem", "ca="),
    ],
)
def test_a_slip_is_one_line_without_the_password(url: str, says: str) -> None:
    with pytest.raises(SourceError) as error:
        open_mailbox(url)
    message = str(error.value)
    assert says in message
    assert "hemmelig" not in message
    assert "\n" not in message


def test_a_file_that_holds_no_certificate_is_no_authority(tmp_path: Path) -> None:
    wrong = tmp_path / "authority.pem"
    wrong.write_text("hei")
    with pytest.raises(BadAddressError, match="no certificates"):
        imap_address.read(f"{BASE}/?ca={wrong}")
    believed = imap_address.read(f"{BASE}/?ca={lay_certificates(tmp_path).authority}").server.context()
    assert len(believed.get_ca_certs()) == 1


@pytest.mark.parametrize("host, loopback", [("localhost", True), ("127.0.0.2", True), ("[::1]", True), ("host", False)])
def test_this_machine_is_told_from_others(host: str, loopback: bool) -> None:
    assert imap_address.read(f"imap://a:b@{host}/").server.loopback is loopback
