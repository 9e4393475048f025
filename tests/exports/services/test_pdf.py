"""The answer as PDF: valid, readable, whole, and out of reach for whoever wrote the data."""

import json
import os
import subprocess
import sys
import textwrap
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from pypdf import PdfReader

from exports.domain.answer import AccessAnswer, Collection, Column, ColumnKind, Layout, MissingPart, SearchOutcome
from exports.domain.twin import to_json
from exports.services import pdf, pdf_child, pdf_data
from exports.services.pdf import Limits, PdfError, PdfReason, draw, render_access_answer
from requests_app.domain.enums import Outcome
from tests.exports.answers import an_answer, with_cells, without_data
from tests.pdf.verapdf import validate

TRIAL = "TRIAL DATA: not a real answer"


@cache
def rendered(answer: AccessAnswer) -> bytes:
    return render_access_answer(answer, to_json(answer))


def pages(answer: AccessAnswer) -> list[str]:
    reader = PdfReader(BytesIO(rendered(answer)))
    return [" ".join(page.extract_text().replace("\u200b", "").split()) for page in reader.pages]


def text(answer: AccessAnswer) -> str:
    return " ".join(pages(answer))


def a_job(html: str, css: str = "") -> pdf_child.Job:
    return {
        "html": f"<html lang=en><title>T</title><body>{html}",
        "css": css,
        "xmp": "",
        "created": "2026-05-21T08:14:00+00:00",
        "attachment": None,
    }


def a_full_answer() -> AccessAnswer:
    """An answer with everything that may stand in one."""
    answer = an_answer("en", outcome=Outcome.PARTLY_FULFILLED)
    waiting = replace(answer.systems[3], outcome=SearchOutcome.STILL_MISSING, searched_at=None)
    return replace(
        answer,
        organisation=replace(answer.organisation, dpo_contact="ombud@nordlys.example"),
        systems=(*answer.systems[:3], waiting),
        activities=(replace(answer.activities[0], example=frozenset({"retention"})), answer.activities[1]),
        reasoning="Names of other customers are left out (GDPR Article 15(4)).",
        missing=(MissingPart("orders from before 2019", date(2026, 6, 30)),),
        outside_norway=True,
        trial=True,
    )


@pytest.mark.parametrize("make", [an_answer, without_data])
def test_an_answer_to_somebody_who_writes_for_another_says_so(make: Callable[[str], AccessAnswer]) -> None:
    assert "som du skriver for" not in text(make("nb"))
    assert "Brevet gjelder Ola Berg, som du skriver for." in text(replace(make("nb"), concerned_name="Ola Berg"))


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(an_answer("nb"), id="Norwegian"),
        pytest.param(an_answer("en"), id="English"),
        pytest.param(a_full_answer(), id="everything"),
        pytest.param(without_data("nb"), id="no data"),
        pytest.param(an_answer("nb", rows=1000), id="1,000 rows"),
        pytest.param(
            with_cells(
                "👩‍👩‍👧‍👦🇳🇴☃️1️⃣ 李雷 한국 שלום ไทย \u202e\x00\ue000\U0001fae8\u0301\ud800",
                "a" + "\u0301" * 500,
                "شكرا جزيلا " * 300,
                "<script>x</script><img src=x>",
            ),
            id="every script",
        ),
        pytest.param(with_cells("x\ny", "z", layout=Layout.RECORDS), id="records"),
    ],
)
def test_the_file_meets_both_standards(answer: AccessAnswer, tmp_path: Path) -> None:
    """PDF/UA-1 (accessible) and PDF/A-3a (archive), by the validator of the industry."""
    path = tmp_path / "answer.pdf"
    path.write_bytes(rendered(answer))
    assert validate(path, ("ua1", "3a")) == []


def test_the_validator_sees_what_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "plain.pdf"
    path.write_bytes(draw(a_job("<p>x"), Limits.of(1)))
    assert any("5 test 1" in failed for failed in validate(path, ("ua1",)))


@pytest.mark.parametrize("language", ["nb", "en"])
def test_everything_can_be_read_back(language: str) -> None:
    answer = an_answer(language)
    found = text(answer)
    for system in answer.systems:
        assert system.name in found
        for collection in system.collections:
            assert collection.label in found
    for expected in (
        "Kåre Bjørnstjerne Ødegård",
        "Ŋuovžžer & Šáŧŧen Žirku AS",
        "ŦŽ-7781",
        "evt-9999941",
        "+47 912 34 567",
    ):
        assert expected in found
    for activity in answer.activities:
        assert activity.retention in found
        assert all(recipient in found for recipient in activity.recipients)


def test_the_data_lies_inside_as_json() -> None:
    answer = an_answer("nb")
    reader = PdfReader(BytesIO(rendered(answer)))
    assert reader.attachments["data.json"] == [to_json(answer)]
    embedded = reader.trailer["/Root"]["/AF"][0].get_object()  # type: ignore[index]
    assert (embedded["/AFRelationship"], embedded["/UF"]) == ("/Source", "data.json")


def test_data_that_is_too_large_lies_beside_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "EMBED_LIMIT", 100)
    answer = an_answer("en")
    reader = PdfReader(BytesIO(render_access_answer(answer, to_json(answer))))
    assert reader.attachments == {}
    assert "comes with this PDF in the file data.json" in " ".join(reader.pages[0].extract_text().split())


def test_the_file_says_what_it_is_and_names_nobody() -> None:
    reader = PdfReader(BytesIO(rendered(an_answer("en"))))
    assert reader.metadata is not None
    assert reader.metadata.title == "Answer to your access request, DR-2026-000418-52"
    assert reader.metadata.author == "Nordlys Handel AS"
    assert reader.trailer["/Root"]["/Lang"] == "en-GB"  # type: ignore[index]
    assert b"<pdfuaid:part>1</pdfuaid:part>" in rendered(an_answer("en"))


def test_the_outline_leads_to_every_chapter() -> None:
    outline = PdfReader(BytesIO(rendered(an_answer("en")))).outline
    titles = [entry.title for entry in outline if not isinstance(entry, list)]
    assert titles == [
        "The personal data we hold about you",
        "Contents",
        "What we do with your data",
        "HubSpot",
        "Customer service desk",
        "Systems we searched",
        "How to go on",
    ]


def test_the_contents_give_the_right_pages() -> None:
    reader = PdfReader(BytesIO(rendered(an_answer("en"))))
    starts = {
        str(entry.title): (reader.get_destination_page_number(entry) or 0) + 1
        for entry in reader.outline
        if not isinstance(entry, list)
    }
    contents = pages(an_answer("en"))[1]
    for line in ("What we do with your data 2 uses", "HubSpot 61 entries", "How to go on"):
        title = next(title for title in starts if line.startswith(title))
        assert f"{line} {starts[title]}" in contents


def test_the_letter_says_the_facts_first() -> None:
    letter = pages(an_answer("en"))[0]
    facts = ("4systems searched", "64entries found", "3years covered 2024–2026", "2uses of data explained")
    assert all(fact in letter for fact in facts)
    assert "Bodø, 22 May 2026" in letter
    assert "Dear Kåre Bjørnstjerne Ødegård," in letter
    assert f"Page 1 of {len(pages(an_answer('en')))}" in letter


@pytest.mark.parametrize("language", ["nb", "en"])
@pytest.mark.parametrize("outside", [False, True])
def test_the_right_to_complain_stands_in_the_letter_word_for_word(language: str, outside: bool) -> None:
    """GDPR Art. 12(4), 15(1)(f), 77, 79; another country's authority only for people outside Norway."""
    elsewhere = {
        "nb": ", eller til tilsynsmyndigheten i EØS-landet der du bor eller arbeider",
        "en": ", or to the authority where you live or work",
    }[language]
    expected = {
        "nb": (
            "Du kan klage til Datatilsynet, Postboks 458 Sentrum, 0105 Oslo, www.datatilsynet.no@. "
            "Du kan også bringe saken inn for domstolene. Du kan gjerne kontakte oss først, men det er ikke et krav."
        ),
        "en": (
            "You can complain to the Norwegian Data Protection Authority (Datatilsynet), Postboks 458 Sentrum, "
            "0105 Oslo, www.datatilsynet.no@. You can also bring the matter before the courts. "
            "You may of course write to us first, but you do not have to."
        ),
    }[language].replace("@", elsewhere if outside else "")
    assert expected in pages(replace(without_data(language), outside_norway=outside))[0]


def test_the_authority_is_the_one_of_the_installation() -> None:
    letter = pages(replace(without_data("en"), authority="the Authority, Street 1, dpa.example"))[0]
    assert "You can complain to the Authority, Street 1, dpa.example. You can also" in letter
    assert "Datatilsynet" not in letter


def test_a_partial_answer_says_what_is_missing_and_why() -> None:
    letter = pages(a_full_answer())[0]
    assert "We are still missing data about orders from before 2019." in letter
    assert "You will have it no later than 30 June 2026." in letter
    assert "Names of other customers are left out (GDPR Article 15(4))." in letter
    assert "this is our whole answer" not in letter


def test_no_data_is_said_plainly() -> None:
    found = pages(without_data("en"))
    assert "We hold no personal data about you except this case." in found[0]
    assert "Nothing found" in found[1]
    assert len(found) == 3


def test_a_search_that_is_not_over_claims_nothing() -> None:
    missing = (MissingPart("customer service", date(2026, 6, 30)),)
    empty = replace(without_data("en"), outcome=Outcome.PARTLY_FULFILLED, missing=missing)
    letter = pages(empty)[0]
    assert "We have found no data about you so far, but the search is not over." in letter
    assert "We hold no personal data" not in letter
    assert "We do hold data" not in letter


def test_every_page_of_trial_data_says_so() -> None:
    found = pages(a_full_answer())
    assert len(found) > 5
    assert all(TRIAL in page for page in found)
    assert TRIAL not in text(an_answer("en"))


def test_a_trial_value_is_marked_where_it_stands() -> None:
    assert "24 months after the last contact example" in text(a_full_answer())
    assert "example" not in text(an_answer("en")).replace("nordlys.example", "").replace("example.no", "")


def test_times_are_local_and_stay_on_one_line() -> None:
    assert "20.05.2026 10:14" in text(an_answer("nb"))
    assert "2026-03-02 09:30" in text(an_answer("en"))
    naive = with_cells("2026-01-01T00:00:00", "soon", kind=ColumnKind.TIME)
    assert "01.01.2026 00:00 soon" in text(naive)


def test_rows_beyond_the_paper_are_counted_and_stand_in_the_json(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_data, "WEIGHT", 50)
    answer = an_answer("en", rows=1234)
    found = text(answer)
    assert "of 1,234 are printed here. All are in data.json." in found
    assert 20 < found.count("evt-") < 50
    twin = json.loads(PdfReader(BytesIO(rendered(answer))).attachments["data.json"][0])
    assert len(twin["systems"][0]["collections"][1]["rows"]) == 1234


def test_markup_in_the_data_stays_text() -> None:
    hostile = (
        '<img src="https://evil.example/x.png">',
        '<link rel="attachment" href="file:///etc/passwd">',
        "</td></tr></table><style>@import 'https://evil.example'</style>",
        "{% load i18n %}{{ settings.SECRET_KEY }}",
        "&lt;b&gt; ]]> <!--",
    )
    answer = with_cells(*hostile)
    named = replace(answer, recipient_name='"><script>alert(1)</script>', reference="DR<x> & Y")
    found = text(named)
    assert all(" ".join(value.split()) in found for value in (*hostile, named.recipient_name, named.reference))
    assert list(PdfReader(BytesIO(rendered(named))).attachments) == ["data.json"]


def test_what_would_mislead_is_shown() -> None:
    found = text(with_cells("\u202efdp.exe", "a\u2066b", layout=Layout.RECORDS))
    assert "[U+202E]fdp.exe" in found
    assert "a[U+2066]b" in found


def test_endless_texts_are_cut_and_point_to_the_json() -> None:
    found = text(with_cells("x" * 100_000, "word " * 100_000, "\n" * 100_000))
    assert "100 000 tegn i alt, se data.json" in found
    assert found.count("x" * 40) == 50


def test_a_wide_table_is_drawn_as_records() -> None:
    answer = an_answer("en", rows=0)
    columns = tuple(Column(f"c{n}", f"Column {n}") for n in range(13))
    wide = Collection("Wide", columns, (("value",) * 12 + ("",),) * 2)
    found = text(replace(answer, systems=(replace(answer.systems[0], collections=(wide,)),)))
    assert "Record 2 Column 0 value Column 1 value" in found
    assert "Not filled in: Column 12." in found


@pytest.mark.parametrize(
    "html, css",
    [
        ('<img src="https://evil.example/x.png">', ""),
        ('<img src="file:///etc/hostname">', ""),
        ('<img src="asset:other">', ""),
        ('<object data="https://evil.example/x.svg"></object>', ""),
        ('<link rel=attachment href="file:///etc/hostname">', ""),
        ('<link rel=stylesheet href="https://evil.example/x.css">', ""),
        ("<style>@import 'https://evil.example/x.css'</style>", ""),
        ("x", "body { background: url(https://evil.example/x.png) }"),
        ("x", "@font-face { font-family: F; src: url(file:///etc/hostname) } body { font-family: F }"),
    ],
)
def test_nothing_is_ever_fetched(html: str, css: str) -> None:
    with pytest.raises(PdfError) as caught:
        draw(a_job(html, css), Limits.of(1))
    assert caught.value.reason == PdfReason.FORBIDDEN


def test_an_endless_layout_is_stopped() -> None:
    endless = a_job("<p>word</p>" * 100_000)
    with pytest.raises(PdfError) as caught:
        draw(endless, Limits(cpu=2, wall=60))
    assert caught.value.reason == PdfReason.TOO_SLOW
    with pytest.raises(PdfError) as caught:
        draw(endless, Limits(cpu=60, wall=2))
    assert caught.value.reason == PdfReason.TOO_SLOW


def test_a_greedy_layout_is_stopped() -> None:
    greedy = a_job("<p>word</p>" * 20_000)
    with pytest.raises(PdfError) as caught:
        draw(greedy, Limits(cpu=60, wall=180, memory=320 * 1024**2))
    assert caught.value.reason == PdfReason.TOO_LARGE


def test_another_error_is_named_but_never_quoted() -> None:
    secret = "Kåre har en hemmelighet"
    with pytest.raises(PdfError) as caught:
        draw(a_job("<div>" * 3000 + secret), Limits.of(1))
    assert caught.value.reason == PdfReason.FAILED
    assert str(caught.value) == "the PDF could not be drawn (RecursionError)"


def test_the_child_has_no_network_and_starts_nothing() -> None:
    code = textwrap.dedent(
        f"""
        import importlib.util, os, socket, subprocess
        spec = importlib.util.spec_from_file_location("child", {pdf_child.__file__!r})
        child = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(child)
        child._limit(30, 1024 ** 3)
        for forbidden in (socket.socket, lambda: subprocess.run(["true"]), lambda: os.system("true"), os.fork):
            try:
                forbidden()
            except PermissionError:
                print("refused")
        """
    )
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["refused"] * 4


def test_the_child_sees_no_secrets_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATARETT_KEYS", "2026:secret")
    assert set(pdf._environment()) <= {
        "PATH",
        "HOME",
        "XDG_CACHE_HOME",
        "LD_LIBRARY_PATH",
        "TZ",
        "LANG",
        "FONTCONFIG_FILE",
    }
    assert "2026:secret" not in pdf._environment().values()


def test_without_fonts_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    empty = tmp_path / "fonts.conf"
    empty.write_text(f"<fontconfig><dir>{tmp_path}</dir><cachedir>{tmp_path}</cachedir></fontconfig>")
    monkeypatch.setattr(pdf, "_environment", lambda: {"PATH": os.environ["PATH"], "FONTCONFIG_FILE": str(empty)})
    with pytest.raises(PdfError) as caught:
        draw(a_job("x å 😀"), Limits.of(1))
    assert caught.value.reason == PdfReason.NO_FONTS


def test_the_metadata_packet_is_escaped() -> None:
    packet = render_to_string(
        "exports/pdf/metadata.xml", {"title": "A & B <c>", "organisation": "D & Co", "created": ""}
    )
    assert "A &amp; B &lt;c&gt;" in packet
    assert "D &amp; Co" in packet
