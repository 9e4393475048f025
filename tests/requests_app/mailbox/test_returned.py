"""What came back: reports, the words of older servers, and what only looks like either."""

from uuid import UUID

import pytest

from requests_app.mailbox import delivery_status, returned, sender, threading
from requests_app.mailbox.parse import parse

from . import bounces
from .mails import DATA

KEY = b"k" * 32
MESSAGE = UUID(int=0x1234567890ABCDEF)
OURS = threading.make_message_id([KEY], "case1", MESSAGE.hex, "optimar.no")
FORGED = threading.make_message_id([b"x" * 32], "case1", MESSAGE.hex, "optimar.no")
ADDRESS = threading.make_bounce_address([KEY], MESSAGE, "info@optimar.no")


def seen(raw: bytes) -> tuple[str, str] | None:
    """What a mail says became of ours to Kari: action and status."""
    told = returned.what_happened(parse(raw), "kari@example.com")
    return (told.action, told.status) if told else None


def about(raw: bytes) -> UUID | None:
    """Which message a mail is about."""
    return returned.own_message([KEY], parse(raw))


@pytest.mark.parametrize(
    "raw, expected",
    [
        (bounces.report(OURS), ("failed", "5.1.1")),
        (bounces.report(OURS, status="5.2.2"), ("failed", "5.2.2")),
        (bounces.report(OURS, status="5.0.0"), ("failed", "5.1.1")),
        (bounces.report(OURS, status="", action=""), ("failed", "5.1.1")),
        (bounces.report(OURS, status="5.1.1 (bad destination)", diagnosis=""), ("failed", "5.1.1")),
        (bounces.report(OURS, status="", diagnosis="smtp; 550 unknown user"), ("failed", "5.0.0")),
        (bounces.report(OURS, status="4.4.7", diagnosis=""), ("failed", "4.4.7")),
        (bounces.report(OURS, action="delayed", status="4.4.1", diagnosis=""), ("delayed", "4.4.1")),
        (bounces.report(OURS, action="Delivered", status="2.0.0", diagnosis=""), None),
        (bounces.report(OURS, action="relayed", status="2.0.0", diagnosis=""), None),
        (bounces.qmail(OURS), ("failed", "5.1.1")),
        (bounces.exim(OURS), ("failed", "")),
        (bounces.exchange(OURS), ("failed", "5.2.2")),
        (bounces.exim_warning(OURS), ("delayed", "")),
    ],
)
def test_what_servers_say(raw: bytes, expected: tuple[str, str] | None) -> None:
    assert seen(raw) == expected


@pytest.mark.parametrize(
    "raw",
    [
        bounces.report(OURS),
        bounces.report(OURS, returned="text/rfc822-headers"),
        bounces.report(OURS, returned="message/global"),
        bounces.report(OURS, returned="message/global-headers"),
        bounces.report("", to=ADDRESS),
        bounces.report(FORGED, to=ADDRESS.upper()),
        bounces.qmail(OURS),
        bounces.exim(OURS),
        bounces.exchange(OURS),
        bounces.exim_warning(OURS),
    ],
)
def test_a_signed_mark_names_the_message(raw: bytes) -> None:
    assert about(raw) == MESSAGE


@pytest.mark.parametrize(
    "raw",
    [
        *(write(FORGED) for write in (bounces.report, bounces.qmail, bounces.exim, bounces.exchange)),
        bounces.report("<1@optimar.no>", to=ADDRESS.replace("-", "-a", 1)),
        bounces.report("<1@optimar.no>", to=threading.make_bounce_address([b"x" * 32], MESSAGE, "info@optimar.no")),
    ],
)
def test_what_an_outsider_invents_names_nothing(raw: bytes) -> None:
    assert about(raw) is None


def test_our_mark_inside_the_mail_that_came_back_is_not_believed() -> None:
    inner = bounces.report(OURS).decode().replace("cut", "inner")
    outer = bounces.report("<1@example.com>").decode().replace("\r\n\r\nHemmelig svar\r\n", f"\r\n{inner}", 1)
    assert about(outer.encode()) is None


def test_a_report_that_somebody_attaches_is_a_mail_of_theirs() -> None:
    inner = bounces.report(OURS).decode()
    raw = (
        "From: kari@example.com\r\nTo: info@optimar.no\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/mixed; boundary=outer\r\n\r\n--outer\r\n\r\nHva er dette?\r\n"
        f"--outer\r\nContent-Type: message/rfc822\r\n\r\n{inner}\r\n--outer--\r\n"
    )
    assert seen(raw.encode()) is None


@pytest.mark.parametrize(
    "lines",
    [
        "From: kari@example.com\r\nReturn-Path: <>\r\nSubject: Automatic reply: Undeliverable",
        "From: kari@example.com\r\nAuto-Submitted: auto-replied\r\nSubject: Ferie",
        "From: kari@example.com\r\nSubject: 550 5.1.1 failed",
    ],
)
def test_people_and_their_absences_return_nothing(lines: str) -> None:
    assert seen(f"{lines}\r\nTo: {ADDRESS}\r\n\r\nBack on 5.12.26. 550 failed\r\n".encode()) is None


def test_of_several_recipients_ours_counts_and_else_the_worst() -> None:
    other = "\r\nFinal-Recipient: rfc822; per@example.com\r\nAction: failed\r\nStatus: 5.7.1\r\n"
    late = bounces.report(OURS, action="delayed", status="4.2.2", diagnosis="").decode()
    both = late.replace("Diagnostic-Code: \r\n", other, 1)
    assert seen(both.encode()) == ("delayed", "4.2.2")
    assert seen(both.replace("kari@example.com", "alias@example.net").encode()) == ("failed", "5.7.1")


def test_twenty_thousand_recipients_are_not_all_read() -> None:
    one = "\r\nFinal-Recipient: rfc822; a@example.com\r\nAction: failed\r\nStatus: 5.1.1\r\n"
    raw = bounces.report(OURS).replace(b"Diagnostic-Code: ", (one * 20_000).encode() + b"Diagnostic-Code: ", 1)
    assert len(parse(raw).deliveries) <= delivery_status.MAX_DELIVERIES


@pytest.mark.parametrize(
    "file, expected",
    [
        ("flanker/mailbox-full.eml", ("failed", "5.2.2")),
        ("flanker/office365.eml", ("failed", "5.1.10")),
        ("flanker/zed.eml", ("failed", "5.1.1")),
        ("flanker/no-mx.eml", ("delayed", "4.4.4")),
        ("flanker/gmail-invalid-address.eml", ("failed", "5.1.0")),
        ("flanker/disposition-notification.eml", None),
        ("flanker/aol.eml", None),
        ("mikel-mail/report_422.eml", ("delayed", "4.2.2")),
        ("mikel-mail/report_530.eml", ("failed", "5.3.0")),
    ],
)
def test_reports_from_the_wild(file: str, expected: tuple[str, str] | None) -> None:
    assert seen((DATA / "public" / file).read_bytes()) == expected


@pytest.mark.parametrize(
    "text, status",
    [
        ("(#5.1.1)", "5.1.1"), ("550-5.1.1 The account", "5.1.1"), ("550 No such user", "5.0.0"),
        ("from 5.1.1.7 refused", ""), ("452 4.2.2 full", "4.2.2"), ("5.0.0, that is 5.7.1", "5.7.1"), ("", ""),
        ("4.4.1 then 5.4.7", "5.4.7"), ("version 15.1.1", ""),
    ],
)  # fmt: skip
def test_a_status_in_words(text: str, status: str) -> None:
    assert delivery_status.status_in(text) == status


def test_the_address_for_reports_is_one_that_no_machine_answers() -> None:
    assert sender.is_robot(ADDRESS)
    assert threading.message_of_bounce_address([b"x" * 32, KEY], ADDRESS) == MESSAGE
    assert len(ADDRESS.partition("@")[0]) <= 64
    with pytest.raises(ValueError, match="64 octets"):
        threading.make_bounce_address([KEY], MESSAGE, "personvernombudet@optimar.no")
