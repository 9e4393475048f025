"""Who is asking, and whom a colleague's forward is really from."""

import pytest

from requests_app.mailbox import forward
from requests_app.mailbox.forward import Original
from requests_app.mailbox.parse import parse
from requests_app.mailbox.sender import Sender, Source, is_no_reply, who_asks

from .mails import DATA, OURS, mail, multipart


def asked(*lines: str, sender: str = "Kari Nes <kari@example.com>") -> Sender:
    """Who asks in a mail with these lines."""
    return who_asks(parse(mail(*lines, sender=sender)), own_addresses=OURS)


def test_from_goes_before_everything() -> None:
    found = asked("Reply-To: other@example.com", "Sender: list@example.com")
    assert found == Sender("Kari Nes", "kari@example.com", Source.FROM)


@pytest.mark.parametrize(
    "lines, address, source",
    [
        (["Reply-To: r@example.com", "Return-Path: <p@example.com>"], "r@example.com", Source.REPLY_TO),
        (["Return-Path: <p@example.com>", "Sender: s@example.com"], "p@example.com", Source.RETURN_PATH),
        (["Return-Path: <>", "Sender: s@example.com"], "s@example.com", Source.SENDER),
        (["Return-Path: <>"], "", Source.NONE),
    ],
)
def test_others_are_asked_when_from_is_broken(lines: list[str], address: str, source: Source) -> None:
    found = asked(*lines, sender="Kari Nes")
    assert (found.address, found.source, found.form) == (address, source, False)


@pytest.mark.parametrize(
    "sender", ["noreply@optimar.no", "Web <no-reply@optimar.no>", "info@optimar.no", "info+x@optimar.no"]
)
def test_our_contact_form_speaks_for_its_reply_to(sender: str) -> None:
    found = asked("Reply-To: Simon Keller <simon@example.com>", sender=sender)
    assert found == Sender("Simon Keller", "simon@example.com", Source.REPLY_TO, form=True)


@pytest.mark.parametrize(
    "sender, reply_to",
    [
        ("noreply@optimar.no", "salg@optimar.no"),
        ("trine@optimar.no", "simon@example.com"),
        ("noreply@other.example", "simon@example.com"),
        ("noreply@notoptimar.no", "simon@example.com"),
    ],
)
def test_nobody_else_speaks_for_another(sender: str, reply_to: str) -> None:
    found = asked(f"Reply-To: {reply_to}", sender=sender)
    assert (found.address, found.form) == (sender, False)


@pytest.mark.parametrize(
    "local", ["noreply", "no-reply", "no_reply", "do-not-reply", "donotreply", "ikke-svar", "noreply-dmarc"]
)
def test_addresses_that_nobody_reads(local: str) -> None:
    assert is_no_reply(f"{local}@example.com")


@pytest.mark.parametrize("local", ["kari", "norep", "reply", "svar", "post"])
def test_addresses_that_somebody_reads(local: str) -> None:
    assert not is_no_reply(f"{local}@example.com")


def test_a_forward_in_the_text_names_its_writer() -> None:
    found = parse((DATA / "dev" / "d090.eml").read_bytes())
    assert forward.original(found, own_addresses=OURS) == Original(
        "Bjarte Hov", "bjarte.hov@example.org", "mandag 16. februar 2026 21:12"
    )


def test_a_forward_as_attachment_names_its_writer() -> None:
    inner = "From: Ola <ola@example.com>\r\nDate: Mon, 2 Mar 2026 10:00:00 +0100\r\nSubject: x\r\n\r\nSlett meg"
    raw = multipart("mixed", "Content-Type: text/plain\r\n\r\nSe her", f"Content-Type: message/rfc822\r\n\r\n{inner}")
    raw = raw.replace(b"Kari Nes <kari@example.com>", b"Trine <trine@optimar.no>")
    assert forward.original(parse(raw), own_addresses=OURS) == Original(
        "Ola", "ola@example.com", "Mon, 2 Mar 2026 10:00:00 +0100", "x\n\nSlett meg"
    )


BLOCK = "Se under.\r\n\r\nFra: {}\r\nSendt: i går\r\nTil: x@optimar.no\r\nEmne: Hei\r\n\r\nSlett meg"


@pytest.mark.parametrize(
    "writer, sender, expected",
    [
        ("Ola <ola@example.com>", "trine@optimar.no", Original("Ola", "ola@example.com", "i går")),
        ("Ola [mailto:ola@example.com]", "trine@optimar.no", Original("Ola", "ola@example.com", "i går")),
        ("Ola Nes", "trine@optimar.no", Original("Ola Nes", "", "i går")),
        ("Optimar <info@optimar.no>", "trine@optimar.no", None),
        ("Ola <ola@example.com>", "kari@example.com", None),
    ],
)
def test_only_a_colleague_passes_on_a_stranger(writer: str, sender: str, expected: Original | None) -> None:
    found = parse(mail(body=BLOCK.format(writer), sender=sender))
    assert forward.original(found, own_addresses=OURS) == expected


INSIDE = "From: {}\r\nDate: Mon, 2 Mar 2026 10:00:00 +0100\r\nSubject: x\r\n\r\nSlett meg"
ATTACHED = f"Content-Type: message/rfc822\r\n\r\n{INSIDE}"


def outside(inner: str = "Ola <ola@example.com>", *, kind: str = "mixed", top: bytes = b"") -> Original | None:
    """What a mail of Kari Nes, who is no colleague, proposes with a mail of `inner` attached."""
    words = "Content-Type: text/plain\r\n\r\nSe her"
    raw = top + multipart(kind, words, ATTACHED.format(inner))
    return forward.attached(parse(raw), own_addresses=OURS)


def test_a_mail_that_somebody_from_outside_attached_names_its_writer() -> None:
    assert outside() == Original("Ola", "ola@example.com", "Mon, 2 Mar 2026 10:00:00 +0100", "x\n\nSlett meg")


@pytest.mark.parametrize(
    "writer", ["info@optimar.no", "KARI@example.com", "no-reply@shop.example", "postmaster@x.example"]
)
def test_what_we_or_the_sender_or_a_robot_wrote_is_nobody_elses_wish(writer: str) -> None:
    assert outside(writer) is None


@pytest.mark.parametrize(
    "top",
    [
        b"Auto-Submitted: auto-replied\r\n",
        b"Return-Path: <>\r\n",
        b"X-Autoreply: yes\r\n",
        b"Precedence: auto_reply\r\n",
        b"From: MAILER-DAEMON@mx.example\r\n",
    ],
)
def test_what_a_robot_sends_back_is_not_passed_on(top: bytes) -> None:
    assert outside(top=top) is None


def test_what_a_bounce_returns_is_not_passed_on_whoever_sends_it() -> None:
    assert outside(kind="report") is None
    raw = multipart("report", "Content-Type: text/plain\r\n\r\nGone", ATTACHED.format("ola@example.com"))
    raw = raw.replace(b"Kari Nes <kari@example.com>", b"postmaster@optimar.no")
    assert forward.original(parse(raw), own_addresses=OURS) is None


def test_a_quoted_mail_of_somebody_from_outside_names_nobody() -> None:
    assert forward.attached(parse(mail(body=BLOCK.format("Ola <ola@example.com>"))), own_addresses=OURS) is None
