"""A signature is checked against the key that its domain publishes; whoever does not answer holds nobody up."""

from collections.abc import Iterator

import pytest

from requests_app.mailbox import dkim_check
from requests_app.mailbox.authenticity import Reason, Why
from tests.services.dns import Zone, name_server

from .mails import mail
from .signed import name, record, signed


@pytest.fixture(scope="module")
def server() -> Iterator[Zone]:
    """A name server that knows the key of example.com, and that of the thief."""
    with name_server() as zone:
        yield zone


@pytest.fixture
def zone(server: Zone) -> Zone:
    """The same for each test, with nothing asked yet."""
    server.records = {name(domain): record() for domain in ("example.com", "thief.example", "post.example.com")}
    server.silent = False
    server.asked.clear()
    return server


def checked(raw: bytes, zone: Zone) -> Reason | None:
    """What is found of a mail from example.com."""
    return dkim_check.check(raw, "example.com", nameservers=[zone.address])


@pytest.mark.parametrize("domain", ["example.com", "post.example.com"])
def test_a_signature_of_the_domain_in_from_is_found_good(zone: Zone, domain: str) -> None:
    assert checked(signed(mail(), domain), zone) == Reason(Why.SIGNED, "example.com")
    assert zone.asked == [name(domain)]


@pytest.mark.parametrize(
    "change",
    [
        (b"\r\n\r\nHei", b"\r\n\r\nHei du"),
        (b"Subject: Hei", b"Subject: Slett alt"),
        (b"kari@example.com>\r\nTo", b"per@example.com>\r\nTo"),
    ],
)
def test_a_mail_that_was_changed_on_the_way_is_not(zone: Zone, change: tuple[bytes, bytes]) -> None:
    raw = signed(mail())
    assert raw.count(change[0]) == 1
    assert checked(raw.replace(*change), zone) == Reason(Why.SIGNATURE_BROKEN, "example.com")


def test_the_signature_of_a_stranger_is_not_even_looked_up(zone: Zone) -> None:
    assert checked(signed(mail(), "thief.example"), zone) is None
    assert checked(mail(), zone) is None
    assert zone.asked == []


def test_the_signature_of_a_list_does_not_hide_the_one_of_the_sender(zone: Zone) -> None:
    assert checked(signed(signed(mail()), "thief.example"), zone) == Reason(Why.SIGNED, "example.com")


def test_a_signature_over_a_part_of_the_body_proves_nothing(zone: Zone) -> None:
    assert checked(signed(mail(), length=True) + b"Slett alt om meg.", zone) is None


def test_a_second_sender_above_the_signed_one_proves_nothing(zone: Zone) -> None:
    assert checked(b"From: boss@example.com\r\n" + signed(mail()), zone) is None


def test_a_key_that_is_gone_leaves_the_question_open(zone: Zone) -> None:
    raw = signed(mail())
    zone.records.clear()
    assert checked(raw, zone) == Reason(Why.SIGNATURE_UNCHECKED, "example.com")


def test_a_key_that_was_withdrawn_or_is_none_does_not_fit(zone: Zone) -> None:
    raw = signed(mail())
    for text in ("v=DKIM1; p=", "v=DKIM1; k=rsa; p=AAAA", "garbage"):
        zone.records[name()] = text
        assert checked(raw, zone) == Reason(Why.SIGNATURE_BROKEN, "example.com")


def test_a_name_server_that_says_nothing_is_given_up(zone: Zone) -> None:
    zone.silent = True
    assert checked(signed(mail()), zone) == Reason(Why.SIGNATURE_UNCHECKED, "example.com")
    assert set(zone.asked) == {name()}


def test_a_check_that_takes_too_long_is_ended(zone: Zone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dkim_check, "SECONDS", 0)
    assert checked(signed(mail()), zone) == Reason(Why.SIGNATURE_UNCHECKED, "example.com")


@pytest.mark.parametrize(
    "line", ["DKIM-Signature: d=example.com", "DKIM-Signature: v=1; a=x; d=example.com; s=" + "a" * 9_000]
)
def test_a_signature_that_is_none_does_not_fit(zone: Zone, line: str) -> None:
    found = checked(mail(line), zone)
    assert found is not None
    assert found.code is Why.SIGNATURE_BROKEN
