"""National identity numbers in attached texts: counted when the mail is read, taken out where they stand."""

import base64
import codecs

import pytest

from requests_app.mailbox import attached_texts, excise
from requests_app.mailbox.bounded import parse_bounded
from requests_app.mailbox.parse import parse

from .mails import multipart

NUMBER = "01019010399"  # invented; its check digits are right
D_NUMBER = "41019000077"  # invented: the day and 40
ROWS = f"Navn;Nummer\r\nKari;{NUMBER}\r\nPer;12345678901\r\n"
WORDS = "Content-Type: text/plain; charset=utf-8\r\n\r\nHei, se vedlegget."
TERMS = 'Content-Type: application/pdf\r\nContent-Disposition: attachment; filename="avtale.pdf"\r\n\r\n%PDF-1.4'


def attached(kind: str, content: bytes, *, disposition: str = 'attachment; filename="kunder.csv"') -> str:
    """A part with this content in base64."""
    shown = f"\r\nContent-Disposition: {disposition}" if disposition else ""
    return (
        f"Content-Type: {kind}\r\nContent-Transfer-Encoding: base64{shown}\r\n\r\n{base64.b64encode(content).decode()}"
    )


def found(*parts: str) -> list[int]:
    """How many numbers each attachment of a mail with these parts is said to hold."""
    return [one.numbers for one in parse(multipart("mixed", WORDS, *parts)).attachments]


TEXTS = {
    "plain": attached("text/plain", ROWS.encode(), disposition='attachment; filename="a.txt"'),
    "csv": attached("text/csv; charset=utf-8", ROWS.encode()),
    "html": attached("text/html", f"<td>{NUMBER}</td>".encode(), disposition='attachment; filename="a.html"'),
    "csv by its name": attached("application/octet-stream", ROWS.encode()),
    "csv as spreadsheets call it": attached("application/vnd.ms-excel", ROWS.encode("cp1252")),
    "wide": attached("text/csv", codecs.BOM_UTF16_LE + ROWS.encode("utf-16-le")),
    "named by its type": attached('text/plain; name="notat æ.txt"', ROWS.encode(), disposition=""),
    "named in RFC 2231": attached("text/csv", ROWS.encode(), disposition="attachment; filename*=utf-8''b%C3%B8.csv"),
    "no name": attached("text/csv", ROWS.encode(), disposition="attachment"),
}


def test_the_number_of_these_tests_is_one() -> None:
    assert attached_texts.numbers(f"{NUMBER}, {D_NUMBER}, 12345678901".encode(), None) == 2


@pytest.mark.parametrize("part", TEXTS.values(), ids=TEXTS)
def test_a_number_in_an_attached_text_is_counted_and_taken_out_and_the_file_stays(part: str) -> None:
    raw = multipart("mixed", WORDS, part, TERMS)
    before = parse(raw)
    assert [one.numbers for one in before.attachments] == [1, 0]
    assert NUMBER not in before.text
    after = parse(excise.numbers(raw))
    assert [one.numbers for one in after.attachments] == [0, 0]
    assert [(one.name, one.content_type) for one in after.attachments] == [
        (one.name, one.content_type) for one in before.attachments
    ]
    assert after.text == before.text


def test_all_else_in_the_file_is_as_it_was() -> None:
    raw = multipart("mixed", WORDS, TEXTS["csv"])
    (masked,) = [line for line in excise.numbers(raw).split(b"\r\n\r\n") if line.startswith(b"TmF2b")]
    assert base64.b64decode(masked.split(b"\r\n--")[0]).decode() == ROWS.replace(NUMBER, "*" * 11)


def test_a_mail_inside_counts_what_its_subject_its_text_and_its_files_hold() -> None:
    inner = f"From: per@example.com\r\nSubject: Om {D_NUMBER}\r\n{{}}\r\n"
    text = f"Content-Type: message/rfc822\r\n\r\n{inner.format('')}Jeg er {NUMBER}."
    files = multipart("mixed", WORDS, TEXTS["csv"]).decode().replace("cut", "inner")
    assert found(text, f"Content-Type: message/rfc822\r\n\r\n{files}", TERMS) == [2, 1, 0]
    after = parse(excise.numbers(multipart("mixed", WORDS, text, f"Content-Type: message/rfc822\r\n\r\n{files}")))
    assert [one.numbers for one in after.attachments] == [0, 0]


def test_of_a_report_only_the_mail_that_came_back_is_looked_at_and_can_be_cut() -> None:
    status = f"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx1\r\nX-Queue: {NUMBER}\r\n\r\n"
    back = f"Content-Type: message/global\r\n\r\nFrom: per@example.com\r\n\r\nJeg er {NUMBER}."
    assert found(status, back) == [0, 1]
    after = parse(excise.numbers(multipart("mixed", WORDS, status, back)))
    assert [one.numbers for one in after.attachments] == [0, 0]


def test_a_text_that_is_shown_for_want_of_another_is_no_file_beside_it() -> None:
    mail = parse(multipart("mixed", TEXTS["plain"]))
    assert NUMBER in mail.text
    assert [one.numbers for one in mail.attachments] == [0]


@pytest.mark.parametrize("kind", ["application/pdf", "image/png", "application/octet-stream"])
def test_what_is_no_text_is_not_looked_at(kind: str) -> None:
    binary = attached(kind, b"\0" + ROWS.encode(), disposition='attachment; filename="a.bin"')
    assert found(binary, attached("text/csv", b"PK\0\0" + ROWS.encode())) == [0, 0]


def test_of_many_and_large_files_so_much_is_looked_at_and_no_more() -> None:
    large = attached("text/csv", b"x" * attached_texts.MAX_BYTES)
    assert found(large, TEXTS["csv"]) == [0, 0]
    late = attached("text/csv", b"x" * (attached_texts.MAX_BYTES - 5) + ROWS.encode())
    assert found(TEXTS["csv"], late) == [1, 0]


@pytest.mark.parametrize("filler", ["01 ", "01.01.90 ", "0000000000 ", "010190 ", "01019010399"])
def test_a_file_made_to_be_slow_is_read_within_the_limits_of_a_mail(filler: str) -> None:
    content = (filler * (attached_texts.MAX_BYTES // len(filler))).encode()
    mail = parse_bounded(multipart("mixed", WORDS, attached("text/csv", content)))
    assert mail.problems == ()
    assert mail.attachments[0].size == len(content)
