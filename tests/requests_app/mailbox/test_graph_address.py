"""The address of a mailbox at Microsoft: every setting is read, and every slip is one line that shows nothing of it."""

from pathlib import Path

import pytest

from requests_app.mailbox import graph_address
from requests_app.mailbox.mailboxes import names, open_mailbox
from requests_app.mailbox.oauth.microsoft import Application
from requests_app.mailbox.secure_urls import BadAddressError
from requests_app.mailbox.sources import SourceError

BASE = "graph://info%40optimar.no"


@pytest.mark.parametrize("url", [BASE, f"{BASE}/", f"{BASE}/Inbox", "graph://info@optimar.no/inbox"])
def test_a_mailbox_is_all_it_takes(url: str) -> None:
    address = graph_address.read(url)
    assert (address.user, address.name) == ("info@optimar.no", "graph://info@optimar.no")
    assert (address.folders, address.category, address.move, address.every) == ((), "Datarett", "", 10.0)
    assert address.service.root == "https://graph.microsoft.com/v1.0/"
    assert address.service.scope == "https://graph.microsoft.com/.default"
    assert address.service.login == ""


def test_every_option_is_read() -> None:
    address = graph_address.read(
        f"{BASE}/?folders=Inbox,S%C3%B8ppel%20post&exclude=Lister&exclude_from=Post@B.example,@c.example"
        "&move=Ferdig&every=30&api=graph.microsoft.us&login=login.microsoftonline.us"
    )
    assert address.folders == ("Inbox", "Søppel post")
    assert sorted(address.exclude | address.exclude_from) == ["@c.example", "Lister", "post@b.example"]
    assert (address.move, address.category, address.every) == ("Ferdig", "", 30.0)
    assert (address.service.api, address.service.login) == ("graph.microsoft.us", "login.microsoftonline.us")


def test_a_mailbox_can_be_marked_otherwise_or_not_at_all() -> None:
    assert graph_address.read(f"{BASE}?category=Registrert").category == "Registrert"
    assert graph_address.read(f"{BASE}?category=").category == ""


def test_one_folder_and_the_id_of_a_user() -> None:
    address = graph_address.read("graph://7d3c0000-0000-4000-8000-00000000c0de/Personvern")
    assert (address.user, address.folders) == ("7d3c0000-0000-4000-8000-00000000c0de", ("Personvern",))


def test_it_is_opened_without_being_met_and_known_by_its_name() -> None:
    application = Application("optimar.example", "00000000-0000-4000-8000-000000000000", "hemmelig")
    opened = open_mailbox(f"{BASE}/Inbox?every=60", application)
    assert (opened.name, opened.every) == ("graph://info@optimar.no", 60.0)
    assert names([f"{BASE}/Inbox"], application) == ["graph://info@optimar.no"]
    assert names([f"{BASE}/Inbox"]) == ["DATARETT_MAILBOX_URLS 1"]
    with pytest.raises(SourceError, match="DATARETT_OAUTH_TENANT"):
        open_mailbox(BASE)


@pytest.mark.parametrize(
    "url, says",
    [
        ("graph://", "begin with"),
        ("graph://optimar.no/Inbox", "names a mailbox"),
        ("graph://info%40optimar.no%2Fx/Inbox", "names a mailbox"),
        ("graph://info:hemmelig@optimar.no/Inbox", "takes no secret"),
        ("graph://info%40optimar.no:8443/", "has no port"),
        ("graph://info%40optimar.no:port/", "host or port"),
        ("graph://info%40optimar.no/#1", "%23"),
        ("graph://info%40optimar.no/?keyword=x", "these options"),
        ("graph://info%40optimar.no/?every=1&every=2", "each once"),
        ("graph://info%40optimar.no/?folders=", "folders="),
        ("graph://info%40optimar.no/?folders=*,Inbox", "alone"),
        ("graph://info%40optimar.no/?category=A,B", "without commas"),
        ("graph://info%40optimar.no/?category=Hemmelig&move=Ferdig", "either"),
        ("graph://info%40optimar.no/?move=inbox", "not read itself"),
        ("graph://info%40optimar.no/?folders=A&move=a", "not read itself"),
        ("graph://info%40optimar.no/?move=Junk", "not read itself"),
        ("graph://info%40optimar.no/?sent=Inbox", "sent="),
        ("graph://info%40optimar.no/?sent=Ferdig&move=ferdig", "sent="),
        ("graph://info%40optimar.no/?folders=A&sent=a", "sent="),
        ("graph://info%40optimar.no/?sent=*", "sent="),
        ("graph://info%40optimar.no/?folders=Junk%20Email&move=Junk", "not read itself"),
        ("graph://info%40optimar.no/?exclude_from=hemmelig", "exclude_from="),
        ("graph://info%40optimar.no/?every=0", "every="),
        ("graph://info%40optimar.no/?api=https%3A%2F%2Fhemmelig", "name a host"),
        ("graph://info%40optimar.no/?login=a%2Fb", "name a host"),
        ("graph://info%40optimar.no/?ca=relative.pem", "absolute"),
        ("graph://info%40optimar.no/?ca=%2Fdev%2Fnull", "ca="),
    ],
)
def test_a_slip_is_one_line_that_shows_nothing_of_the_address(url: str, says: str) -> None:
    with pytest.raises(SourceError) as error:
        open_mailbox(url)
    text = str(error.value)
    assert says in text
    assert "\n" not in text
    assert "hemmelig" not in text.lower()
    assert "optimar" not in text


def test_a_certificate_file_is_tried_at_once(tmp_path: Path) -> None:
    with pytest.raises(BadAddressError, match="ca="):
        graph_address.read_sender(f"{BASE}?ca={tmp_path / 'nothing.pem'}")
