"""The mail that leaves, as its reader's program reads it."""

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest

from requests_app.mailbox import outgoing
from requests_app.mailbox.outgoing import File, Outgoing, TooLarge, build
from requests_app.mailbox.parse import parse

LONG_ID = f"<{'AM0PR04MB1234' * 6}@AM0PR04MB1234.eurprd04.prod.outlook.com>"

ACKNOWLEDGEMENT = Outgoing(
    from_name="Blåbær, Optimar",
    from_address="info@optimar.no",
    to_address="kari.holm@example.com",
    subject="Vi har mottatt henvendelsen din",
    body="Hei\n\nÆrlig talt\n",
    message_id="<dr.a.b.c@optimar.no>",
    date=datetime(2026, 9, 1, 8, tzinfo=UTC),
    loop="https://rettigheter.optimar.no",
    reply_to="info+sak-a-b@optimar.no",
    in_reply_to="<1@example.com>",
    automatic="auto-replied",
)


def read(mail: Outgoing) -> EmailMessage:
    """Build the mail and read it again."""
    found = message_from_bytes(build(mail), _class=EmailMessage, policy=default)
    assert isinstance(found, EmailMessage)
    assert not found.defects
    return found


def text(mail: EmailMessage) -> str:
    """The words of a mail."""
    plain = mail.get_body(("plain",))
    assert plain is not None
    words = plain.get_content()
    assert isinstance(words, str)
    return words.replace("\r\n", "\n")


def test_an_automatic_answer_keeps_robots_from_answering() -> None:
    mail = read(ACKNOWLEDGEMENT)
    assert mail["Auto-Submitted"] == "auto-replied"
    assert mail["X-Auto-Response-Suppress"] == "All"
    assert mail["X-Loop"] == "https://rettigheter.optimar.no"
    assert mail["In-Reply-To"] == mail["References"] == "<1@example.com>"
    assert mail["Message-ID"] == "<dr.a.b.c@optimar.no>"
    assert mail["Reply-To"].addresses[0].addr_spec == "info+sak-a-b@optimar.no"
    assert mail["From"].addresses[0].display_name == "Blåbær, Optimar"
    assert mail["To"] == "kari.holm@example.com"
    assert mail["Date"].datetime == ACKNOWLEDGEMENT.date
    assert text(mail) == "Hei\n\nÆrlig talt\n"
    assert ACKNOWLEDGEMENT.envelope_sender == ""


def test_a_persons_words_are_not_marked_as_a_robots() -> None:
    written = replace(ACKNOWLEDGEMENT, automatic=None, in_reply_to="")
    mail = read(written)
    names = {name.lower() for name in mail}
    assert names.isdisjoint({"auto-submitted", "x-auto-response-suppress", "in-reply-to", "references"})
    assert written.envelope_sender == "info@optimar.no"


@pytest.mark.parametrize("nasty", ["a\r\nBcc: b@example.com", "a\nBcc: b@example.com", "a\rBcc: b", "a\x0bBcc: b"])
def test_line_breaks_cannot_add_a_header(nasty: str) -> None:
    mail = read(replace(ACKNOWLEDGEMENT, subject=nasty, from_name=nasty))
    assert "bcc" not in {name.lower() for name in mail}
    assert mail["Subject"].startswith("a Bcc: b")
    assert text(mail) == ACKNOWLEDGEMENT.body


@pytest.mark.parametrize(
    "address", ["a@example.com\r\nBcc: b@example.com", "kåre@example.com", "", "nobody", "a b@example.com"]
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="no address"):
        build(replace(ACKNOWLEDGEMENT, to_address=address))


def test_a_domain_with_letters_of_ours_is_written_as_servers_know_it() -> None:
    assert read(replace(ACKNOWLEDGEMENT, to_address="kari@blåbær.example"))["To"] == "kari@xn--blbr-roah.example"


def test_a_long_message_id_is_not_encoded() -> None:
    raw = build(replace(ACKNOWLEDGEMENT, in_reply_to=LONG_ID))
    assert f"\r\nIn-Reply-To: {LONG_ID}\r\nReferences: {LONG_ID}\r\n".encode() in raw
    mail = parse(raw)
    assert mail.in_reply_to == mail.references == (LONG_ID,)


def test_a_message_id_that_no_line_can_hold_is_left_out() -> None:
    raw = build(replace(ACKNOWLEDGEMENT, in_reply_to=f"<{'x' * 985}@example.com>"))
    assert b"In-Reply-To" not in raw
    assert max(map(len, raw.split(b"\r\n"))) <= 998


def test_long_lines_and_odd_line_ends_survive() -> None:
    body = "ø" * 3000 + "\r\n.\r\nFrom her\n"
    raw = build(replace(ACKNOWLEDGEMENT, body=body, subject="Æ" * 500))
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert b"\n" not in raw.replace(b"\r\n", b"")
    mail = read(replace(ACKNOWLEDGEMENT, body=body, subject="Æ" * 500))
    assert text(mail) == body.replace("\r\n", "\n")
    assert mail["Subject"] == "Æ" * 500


def test_every_mail_says_the_same_as_text_and_as_html() -> None:
    mail = read(replace(ACKNOWLEDGEMENT, language="nb"))
    assert mail.get_content_type() == "multipart/alternative"
    assert [(part.get_content_type(), part.get_content_charset()) for part in mail.iter_parts()] == [
        ("text/plain", "utf-8"),
        ("text/html", "utf-8"),
    ]
    html = mail.get_body(("html",))
    assert html is not None
    assert '<html lang="nb">' in html.get_content()
    assert "<p>Ærlig talt</p>" in html.get_content()


def test_files_go_with_it_to_the_byte_and_the_same_mail_is_the_same_bytes() -> None:
    content = bytes(range(256)) * 50
    files = (File("Avtale æøå.pdf", "application/pdf", content), File("liste.csv", "text/plain", b"a;\xe5\r\nb;c\n"))
    written = replace(ACKNOWLEDGEMENT, files=files)
    mail = read(written)
    assert mail.get_content_type() == "multipart/mixed"
    found = [
        (part.get_filename(), part.get_content_type(), part.get_payload(decode=True))
        for part in mail.iter_attachments()
    ]
    assert found == [(file.name, file.kind, file.content) for file in files]
    assert text(mail) == ACKNOWLEDGEMENT.body
    assert build(written) == build(written)


def test_a_mail_that_no_server_takes_is_not_built(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outgoing, "LARGEST", 20_000)
    build(ACKNOWLEDGEMENT)
    with pytest.raises(TooLarge):
        build(replace(ACKNOWLEDGEMENT, files=(File("a.pdf", "application/pdf", bytes(20_000)),)))


def test_references_name_the_conversation_with_the_answered_mail_last() -> None:
    mail = read(replace(ACKNOWLEDGEMENT, thread=("<a@example.com>", "<1@example.com>", "<b@optimar.no>")))
    assert mail["References"] == "<a@example.com> <b@optimar.no> <1@example.com>"
    assert mail["In-Reply-To"] == "<1@example.com>"


def test_a_long_conversation_keeps_its_latest_part_on_one_line() -> None:
    thread = tuple(f"<{number:060}@example.com>" for number in range(50))
    raw = build(replace(ACKNOWLEDGEMENT, thread=thread))
    line = next(line for line in raw.split(b"\r\n") if line.startswith(b"References:"))
    assert len(line) <= 998
    assert line.endswith(f"{thread[-1]} <1@example.com>".encode())
    assert thread[0].encode() not in line
