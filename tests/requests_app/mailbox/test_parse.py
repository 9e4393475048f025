"""Parsing: what is read from a mail, and that nothing a mail holds can stop the reading."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from requests_app.mailbox import parsed
from requests_app.mailbox.addresses import Address
from requests_app.mailbox.parse import parse, parse_headers
from requests_app.mailbox.parsed import Attachment, ParsedMail

from .mails import ALL, DEV, mail, multipart

REL = 'rel="noopener noreferrer nofollow"'


def strings(value: object) -> list[str]:
    """Every string inside a JSON value."""
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else ()
    return [found for one in inner for found in strings(one)]


def assert_sound(found: ParsedMail) -> None:
    """What holds for every parsed mail: storable strings, kept caps, a faithful JSON form."""
    for text in strings(found.as_json()):
        assert "\x00" not in text
        text.encode("utf-8")
    assert len(found.text) <= 200_000
    assert len(found.subject) <= 1_000
    assert "\n" not in found.subject + found.from_name + found.from_address
    assert parsed.from_json(json.loads(json.dumps(found.as_json()))) == found


@pytest.mark.parametrize("path", ALL, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_fixture_parses(path: Path) -> None:
    found = parse(path.read_bytes())
    assert_sound(found)
    assert found.text or not found.html


@pytest.mark.parametrize("path", DEV, ids=lambda path: path.name)
def test_our_own_mails_parse_without_a_problem(path: Path) -> None:
    found = parse(path.read_bytes())
    assert found.problems == ()
    assert "@" in found.from_address
    assert "\ufffd" not in found.text + found.subject + found.from_name


@given(st.binary(max_size=5_000))
def test_arbitrary_bytes_never_raise(raw: bytes) -> None:
    assert_sound(parse(raw))
    assert_sound(parse_headers(raw))


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A fixture with a few pieces cut out, doubled, or overwritten."""
    raw = draw(st.sampled_from(ALL)).read_bytes()[:20_000]
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(raw)))
        end = min(len(raw), start + draw(st.integers(0, 200)))
        middle = draw(
            st.one_of(st.binary(max_size=30), st.just(raw[start:end] * 2), st.just(b"\r\n\r\n"), st.just(b'"'))
        )
        raw = raw[:start] + middle + raw[end:]
    return raw


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(mutated())
def test_broken_fixtures_never_raise(raw: bytes) -> None:
    assert_sound(parse(raw))
    assert_sound(parse_headers(raw))


def test_the_fields_of_a_plain_mail() -> None:
    found = parse(
        mail(
            "Cc: b@example.com, =?utf-8?Q?K=C3=A5re?= <kaare@example.com>",
            "Message-ID: <abc@example.com>",
            "In-Reply-To: <one@optimar.no>",
            "References: <zero@optimar.no>\r\n <one@optimar.no>",
            "Reply-To: =?iso-8859-1?Q?S=F8ren?= <soren@example.com>",
            "Date: Mon, 2 Mar 2026 10:00:00 +0100",
            body="Hei\r\n\r\nSlett meg.  \r\n",
        )
    )
    assert found == ParsedMail(
        subject="Hei",
        from_name="Kari Nes",
        from_address="kari@example.com",
        reply_to=(Address("Søren", "soren@example.com"),),
        return_path="kari@example.com",
        to=("info@optimar.no",),
        cc=("b@example.com", "kaare@example.com"),
        message_id="<abc@example.com>",
        in_reply_to=("<one@optimar.no>",),
        references=("<zero@optimar.no>", "<one@optimar.no>"),
        date_header="Mon, 2 Mar 2026 10:00:00 +0100",
        text="Hei\n\nSlett meg.",
    )


def test_an_empty_file_is_a_mail_with_a_problem() -> None:
    assert parse(b"") == ParsedMail(problems=("empty",))
    assert parse(b"\r\n \r\n").problems == ("empty",)


def test_a_mail_without_any_header_keeps_its_text() -> None:
    found = parse(b"Hei: dette er ikke et hode.\n\nSlett meg, er du snill.")
    assert found.problems == ("no_headers",)
    assert found.text == "Hei: dette er ikke et hode.\n\nSlett meg, er du snill."


def test_nul_bytes_do_not_reach_us() -> None:
    found = parse(b"From: a\x00b@example.com\r\nSubject: S\x00lett\r\n\r\nSl\x00ett meg\x00")
    assert found.subject == "Slett"
    assert found.text == "Slett meg"
    assert_sound(found)


@pytest.mark.parametrize(
    "charset, data",
    [
        ("", "Sånn er det, Øystein – slett meg".encode("cp1252")),
        ("", "Sånn er det, Øystein – slett meg".encode()),
        ("; charset=us-ascii", "Sånn er det, Øystein – slett meg".encode()),
        ("; charset=iso-8859-1", "Sånn er det, Øystein – slett meg".encode("cp1252")),
        ("; charset=utf-8", "Sånn er det, Øystein – slett meg".encode("cp1252")),
        ("; charset=no-such-thing", "Sånn er det, Øystein – slett meg".encode()),
        ("; charset=no-such-thing", "Sånn er det, Øystein – slett meg".encode("cp1252")),
        ("; charset=utf-16", "Sånn er det, Øystein – slett meg".encode("utf-16")),
        ("; charset=idna", "Sånn er det, Øystein – slett meg".encode("cp1252")),
    ],
)
def test_norwegian_text_survives_its_charset(charset: str, data: bytes) -> None:
    head = f"From: a@example.com\r\nContent-Type: text/plain{charset}\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    found = parse(head.encode() + data)
    assert found.text == "Sånn er det, Øystein – slett meg"
    assert found.problems == ()


def test_text_that_was_damaged_on_the_way_says_so() -> None:
    damaged = "Blåbær og rødgrøt på Ålesund".encode().replace("ø".encode(), b"\xc3", 1)
    found = parse(b"From: a@example.com\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + damaged)
    assert found.text == "Blåbær og r\ufffddgrøt på Ålesund"
    assert found.problems == ("charset",)


def test_raw_8bit_headers_are_read() -> None:
    found = parse("From: Bård Sæther <baard@example.com>\r\nSubject: Dødsfall\r\n\r\nHei".encode("cp1252"))
    assert (found.from_name, found.subject) == ("Bård Sæther", "Dødsfall")


def test_plain_text_goes_before_its_html_twin() -> None:
    raw = multipart(
        "alternative",
        "Content-Type: text/plain\r\n\r\nSlett meg",
        "Content-Type: text/html\r\n\r\n<p>Slett <b>meg</b></p>",
    )
    found = parse(raw)
    assert (found.text, found.html) == ("Slett meg", "<p>Slett <b>meg</b></p>")


def test_a_plain_part_that_only_points_to_the_html_is_passed_over() -> None:
    wish = "Jeg ønsker innsyn i alle opplysninger dere har om meg. " * 10
    raw = multipart(
        "alternative",
        "Content-Type: text/plain\r\n\r\nYour program cannot show HTML.",
        f"Content-Type: text/html; charset=utf-8\r\n\r\n<html><p>{wish}</p></html>",
    )
    assert parse(raw).text == wish.strip()


def test_text_beside_html_is_not_lost() -> None:
    raw = multipart(
        "mixed",
        "Content-Type: text/html\r\n\r\n<p>Se under.</p>",
        "Content-Type: text/plain\r\n\r\nSlett meg.",
    )
    found = parse(raw)
    assert found.text == "Se under.\n\nSlett meg."
    assert found.html is None  # it would show only half of the mail


def test_attachments_are_described() -> None:
    raw = multipart(
        "mixed",
        "Content-Type: text/plain\r\n\r\nSe vedlegg",
        "Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n"
        "Content-Disposition: attachment; filename*=utf-8''..%2Fpass%C3%A5.pdf\r\n\r\nQUJDREU=",
        'Content-Type: text/plain; name="=?utf-8?Q?notat_=C3=A6.txt?="\r\n'
        "Content-Disposition: attachment\r\n\r\nEt notat",
    )
    found = parse(raw)
    assert found.text == "Se vedlegg"
    assert found.attachments == (
        Attachment(".._passå.pdf", "application/pdf", 5),
        Attachment("notat æ.txt", "text/plain", 8),
    )


def test_an_attached_text_is_read_when_it_is_all_there_is() -> None:
    raw = multipart("mixed", "Content-Type: text/plain; name=brev.txt\r\n\r\nSlett meg.")
    found = parse(raw)
    assert found.text == "Slett meg."
    assert found.attachments[0].name == "brev.txt"


def test_a_mail_inside_the_mail_is_read_but_is_not_its_text() -> None:
    inner = "From: Ola <ola@example.com>\r\nSubject: Slett\r\nMessage-ID: <x@example.com>\r\n\r\nSlett meg"
    found = parse(
        multipart("mixed", "Content-Type: text/plain\r\n\r\nSe vedlagt", f"Content-Type: message/rfc822\r\n\r\n{inner}")
    )
    assert found.text == "Se vedlagt"
    assert found.text_to_sort == "Se vedlagt\n\nSlett\n\nSlett meg"
    (attached,) = found.attached_mails
    assert (attached.from_name, attached.from_address) == ("Ola", "ola@example.com")
    assert (attached.subject, attached.message_id, attached.text) == ("Slett", "<x@example.com>", "Slett meg")


def test_what_a_bounce_returns_is_not_sorted() -> None:
    found = parse(
        multipart(
            "report",
            "Content-Type: text/plain\r\n\r\nKunne ikke leveres",
            "Content-Type: message/delivery-status\r\n\r\nStatus: 5.1.1",
            "Content-Type: message/rfc822\r\n\r\nFrom: info@optimar.no\r\nSubject: x\r\n\r\nVi sletter deg",
        )
    )
    assert found.facts.has_report
    assert found.text_to_sort == "Kunne ikke leveres"


@pytest.mark.parametrize(
    "harmful, left",
    [
        ("<script>alert(1)</script>Hei", "Hei"),
        ("<img src=https://px.example/x.gif>Hei", "Hei"),
        ('<p style="color:red" class=c id=i onclick="x()">Hei</p>', "<p>Hei</p>"),
        ('<a href="javascript:alert(1)">Hei</a>', f"<a {REL}>Hei</a>"),
        ('<a href="data:text/html,x">Hei</a>', f"<a {REL}>Hei</a>"),
        ('<a href="//x.example/">Hei</a>', f"<a {REL}>Hei</a>"),
        (
            '<a href="https://x.example/" target=_blank>Hei</a>',
            f'<a href="https://x.example/" {REL}>Hei</a>',
        ),
        ('<form action="https://x.example"><input name=p>Hei</form>', "Hei"),
        ("<iframe src=https://x.example></iframe>Hei", "Hei"),
        ("<style>body{display:none}</style><!-- x -->Hei", "Hei"),
        ("<svg><a xlink:href=x>b</a></svg>Hei", "Hei"),
        (
            "<table><tr><td colspan=100000000 rowspan=2>Hei</td></tr></table>",
            '<table><tbody><tr><td rowspan="2">Hei</td></tr></tbody></table>',
        ),
    ],
)
def test_html_is_made_harmless(harmful: str, left: str) -> None:
    assert parse(mail("Content-Type: text/html", body=harmful)).html == left


def test_what_the_html_hides_from_the_reader_is_no_text() -> None:
    hidden = '<div style="display:none;max-height:0">forvisning</div><p>Slett meg</p><style>p{}</style>'
    assert parse(mail("Content-Type: text/html", body=hidden)).text == "Slett meg"


def test_an_absurd_layout_costs_nothing() -> None:
    body = '<p style="padding-left:99999999em">Hei</p>'
    assert parse(mail("Content-Type: text/html", body=body)).text == "Hei"


@pytest.mark.parametrize("tag", ["div", "blockquote", "table><tr><td", "b><i"])
def test_html_nested_too_deep_keeps_its_words(tag: str) -> None:
    found = parse(mail("Content-Type: text/html", body=f"<{tag}>" * 5_000 + "Slett meg"))
    assert found.text == "Slett meg"
    assert found.html is None
    assert found.problems == ("nested_too_deep",)


def test_a_long_text_is_cut_and_says_so() -> None:
    found = parse(mail(body="ord " * 60_000))
    assert len(found.text) == 200_000
    assert found.problems == ("text_truncated",)


def test_an_encrypted_mail_says_so() -> None:
    raw = mail("Content-Type: application/pkcs7-mime; name=smime.p7m", "Content-Transfer-Encoding: base64", body="QUJD")
    assert parse(raw).problems == ("encrypted",)


def test_headers_alone_can_be_read_with_a_problem_noted() -> None:
    raw = mail("Message-ID: <a@example.com>", body="x" * 100)
    found = parse_headers(raw, parsed.OVERSIZE)
    assert (found.subject, found.message_id, found.text) == ("Hei", "<a@example.com>", "")
    assert found.problems == ("oversize",)


def test_garbage_between_fields_hides_none_of_them() -> None:
    found = parse(b"From: a@example.com\r\nthis is no field\r\nSubject: Slett\r\n\r\nHei")
    assert (found.from_address, found.subject, found.text) == ("a@example.com", "Slett", "Hei")


def test_the_line_of_an_mbox_is_no_text() -> None:
    found = parse(b"From a@example.com Mon Mar  2 10:00:00 2026\nFrom: a@example.com\nSubject: x\n\nHei")
    assert (found.from_address, found.text, found.problems) == ("a@example.com", "Hei", ())


def test_recipients_are_capped() -> None:
    many = ", ".join(f"u{number}@example.com" for number in range(500))
    assert len(parse(mail(f"To: {many}")).to) == 100
