"""One thing is cut out of a mail; what was around it stays byte for byte, and no trace of it is left."""

import base64
import quopri
from datetime import date

import pytest

from requests_app.mailbox import excise
from requests_app.mailbox.identity_documents import numbers_in
from requests_app.mailbox.parse import parse

from .mails import ALL, mail, multipart

DAY = date(2026, 11, 27)
NUMBER = "010190 10399"  # invented; its check digits are right
SECRET = b"PASSPORT-PICTURE" * 50
PICTURE = (
    "Content-Type: image/jpeg; name=pass.jpg\r\nContent-Transfer-Encoding: base64\r\n"
    f'Content-Disposition: attachment; filename="pass.jpg"\r\n\r\n{base64.encodebytes(SECRET).decode()}'
)
TERMS = 'Content-Type: application/pdf\r\nContent-Disposition: attachment; filename="avtale.pdf"\r\n\r\n%PDF-1.4'
WORDS = "Content-Type: text/plain; charset=utf-8\r\n\r\nHei. Her er passet mitt."


def test_the_number_of_these_tests_has_right_check_digits() -> None:
    assert numbers_in(NUMBER) == 1


def test_an_attachment_gives_way_to_a_note_and_all_else_stays_as_it_came() -> None:
    raw = multipart("mixed", WORDS, PICTURE, TERMS)
    cut = excise.attachment(raw, 0, DAY)
    at = raw.index(b"Content-Type: image/jpeg")
    assert cut[:at] == raw[:at]
    assert cut.endswith(raw[raw.index(b"\r\n--cut\r\nContent-Type: application/pdf") :])
    after = parse(cut)
    assert [one.name for one in after.attachments] == [excise.NAME, "avtale.pdf"]
    assert after.text == parse(raw).text
    assert b"2026-11-27" in cut
    assert base64.b64encode(SECRET)[:40] not in cut


def test_each_attachment_of_every_mail_we_know_can_be_cut_out_and_takes_no_other_with_it() -> None:
    tried = 0
    for path in ALL:
        raw = path.read_bytes()
        before = parse(raw)
        for position in range(len(before.attachments)):
            after = parse(excise.attachment(raw, position, DAY))
            others = [one for place, one in enumerate(before.attachments) if place != position]
            assert [one for one in after.attachments if not excise.is_note(one)] == others, path.name
            assert after.text == before.text or excise.note(DAY) in after.text, path.name
            tried += 1
    assert tried > 50


def test_a_mail_that_is_nothing_but_the_picture_becomes_the_note() -> None:
    raw = mail("Content-Type: image/jpeg", "Content-Transfer-Encoding: base64", body=base64.b64encode(SECRET).decode())
    after = parse(excise.attachment(raw, 0, DAY))
    assert (after.attachments, after.text) == ((), excise.note(DAY))
    assert (after.from_address, after.subject) == ("kari@example.com", "Hei")


def test_a_mail_that_is_attached_goes_whole() -> None:
    inner = multipart("mixed", WORDS, PICTURE).decode()
    raw = multipart("mixed", WORDS, f"Content-Type: message/rfc822\r\n\r\n{inner.replace('cut', 'inner')}")
    after = parse(excise.attachment(raw, 0, DAY))
    assert after.attached_mails == ()
    assert [one.name for one in after.attachments] == [excise.NAME]


def test_an_attachment_without_its_last_boundary_is_cut_to_the_end() -> None:
    raw = multipart("mixed", WORDS, PICTURE).replace(b"\r\n--cut--\r\n", b"")
    cut = excise.attachment(raw, 0, DAY)
    assert base64.b64encode(SECRET)[:40] not in cut
    assert [one.name for one in parse(cut).attachments] == [excise.NAME]


def test_lines_that_end_as_on_unix_are_cut_as_well() -> None:
    cut = excise.attachment(multipart("mixed", WORDS, PICTURE, TERMS).replace(b"\r\n", b"\n"), 0, DAY)
    assert [one.name for one in parse(cut).attachments] == [excise.NAME, "avtale.pdf"]


@pytest.mark.parametrize("raw", [b"", b"no header at all", mail(body="Hei")])
def test_what_is_not_there_cannot_be_cut_out(raw: bytes) -> None:
    with pytest.raises(excise.CannotCutError):
        excise.attachment(raw, 0, DAY)
    with pytest.raises(excise.CannotCutError):
        excise.numbers(raw)


def nested(depth: int) -> bytes:
    """A mail of multiparts within each other."""
    body = "Hei"
    for level in range(depth):
        body = f"Content-Type: multipart/mixed; boundary=b{level}\r\n\r\n--b{level}\r\n{body}\r\n--b{level}--"
    return f"From: kari@example.com\r\nSubject: Hei\r\n{body}".encode()


def test_a_mail_bomb_is_refused_and_not_read_to_its_end() -> None:
    for bomb in (nested(1_000), multipart("mixed", *[WORDS] * 5_000)):
        with pytest.raises(excise.CannotCutError):
            excise.attachment(bomb, 0, DAY)


ENCODED = {
    "as it stands": f"Content-Type: text/plain\r\n\r\nMitt nummer er {NUMBER}.",
    "base64": "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    + base64.encodebytes(f"Mitt nummer er {NUMBER}. Ære være".encode()).decode(),
    "quoted-printable": "Content-Type: text/plain; charset=iso-8859-1\r\n"
    "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    + quopri.encodestring(f"Mitt nummer er {NUMBER}. Ære være".encode("latin-1")).decode(),
    "html": f"Content-Type: text/html; charset=utf-8\r\n\r\n<p>Mitt nummer er <b>{NUMBER}</b>.</p>",
}


@pytest.mark.parametrize("part", ENCODED.values(), ids=ENCODED)
def test_a_number_becomes_asterisks_whatever_its_encoding(part: str) -> None:
    raw = multipart("mixed", part, TERMS)
    before, after = parse(raw), parse(excise.numbers(raw))
    assert numbers_in(before.text) == 1
    assert after.text == before.text.replace(NUMBER, "****** *****")
    assert numbers_in(after.text, after.html or "") == 0
    assert after.attachments == before.attachments


def test_numbers_in_subject_both_forms_of_the_text_and_an_attached_mail_go_together() -> None:
    inner = f"Content-Type: message/rfc822\r\n\r\nFrom: per@example.com\r\nSubject: Om meg\r\n\r\nJeg er {NUMBER}."
    raw = multipart("mixed", ENCODED["base64"], ENCODED["html"], inner)
    raw = raw.replace(b"Subject: Hei", f"Subject: Slett {NUMBER}".encode())
    after = parse(excise.numbers(raw))
    assert after.subject == "Slett ****** *****"
    assert numbers_in(after.subject, after.text, after.html or "", after.attached_mails[0].text) == 0
    assert after.attached_mails[0].from_address == "per@example.com"


@pytest.mark.parametrize("inside", ["Content-Type: text/plain\r\n\r\nHei", "\r\nHei", f"\r\nJeg er {NUMBER}", PICTURE])
def test_a_number_in_the_subject_of_an_attached_mail_goes_too_and_where_outlook_repeats_it(inside: str) -> None:
    inner = f"Content-Type: message/rfc822\r\n\r\nFrom: per@example.com\r\nSubject: Om {NUMBER}\r\n{inside}"
    raw = multipart("mixed", "Content-Type: text/plain\r\n\r\nSe vedlagt", inner)
    raw = raw.replace(b"Subject: Hei", f"Thread-Topic: Slett {NUMBER}\r\nSubject: Hei".encode())
    cut = excise.numbers(raw)
    assert NUMBER.encode() not in cut
    after, before = parse(cut), parse(raw)
    assert after.attached_mails[0].subject == "Om ****** *****"
    assert (after.text, len(after.attachments)) == (before.text, len(before.attachments))


def test_a_mail_without_parts_keeps_its_head() -> None:
    after = parse(excise.numbers(mail("Content-Type: text/plain; charset=utf-8", body=f"Jeg er {NUMBER}, Ære være.")))
    assert (after.text, after.from_address, after.subject) == (
        "Jeg er ****** *****, Ære være.",
        "kari@example.com",
        "Hei",
    )


def test_digits_that_are_no_such_number_are_left_alone() -> None:
    with pytest.raises(excise.CannotCutError):
        excise.numbers(mail(body="Ordre 01019012345, telefon 100 00 104."))


def test_only_the_words_can_be_kept_where_nothing_else_helps() -> None:
    raw = multipart("mixed", WORDS, PICTURE, TERMS)
    after = parse(excise.all_but_text(raw, f"Hei. Jeg er {NUMBER}.", DAY))
    assert after.attachments == ()
    assert after.text.startswith("What was attached was removed here on 2026-11-27.")
    assert after.text.endswith("Hei. Jeg er ****** *****.")
    assert (after.from_address, after.message_id) == (parse(raw).from_address, parse(raw).message_id)
