"""Each kind of letter as PDF: valid, readable, with what the law wants in it."""

from dataclasses import replace
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from django.utils import translation
from pypdf import PdfReader

from exports.domain import letter_twin
from exports.domain.answer import MissingPart
from exports.domain.letter import Letter, LetterKind, Line, Section
from exports.services.pdf import render_letter
from tests.exports.letters import KINDS, a_letter
from tests.pdf.verapdf import validate

pytestmark = pytest.mark.django_db

COMPLAINT = {"nb": "0105 Oslo, www.datatilsynet.no", "en": "0105 Oslo, www.datatilsynet.no"}
EVERY = [pytest.param(kind, language, id=f"{kind}-{language}") for kind in LetterKind for language in ("nb", "en")]


@cache
def rendered(letter: Letter) -> bytes:
    return render_letter(letter, letter_twin.to_json(letter))


def text(letter: Letter) -> str:
    pages = PdfReader(BytesIO(rendered(letter))).pages
    return " ".join(" ".join(page.extract_text().replace("\u200b", "").split()) for page in pages)


@pytest.mark.parametrize("kind,language", EVERY)
def test_every_letter_meets_both_standards_and_says_all_it_must(
    kind: LetterKind, language: str, tmp_path: Path
) -> None:
    """PDF/UA-1 (accessible) and PDF/A-3a (archive), by the validator of the industry."""
    letter = a_letter(kind, language)
    path = tmp_path / "letter.pdf"
    path.write_bytes(rendered(letter))
    assert validate(path, ("ua1", "3a")) == []
    found = text(letter)
    for expected in (letter.title, letter.reference, "Kåre Bjørnstjerne Ødegård", *letter.signed_by):
        assert expected in found
    for ground in letter.grounds:
        assert ground in found
    for section in letter.sections:
        assert section.heading in found
    assert ("datatilsynet.no" in found) is letter.complaint


@pytest.mark.parametrize(
    "kind, words",
    [
        (LetterKind.PARTLY, "We have no answer from HubSpot yet. You will hear from us no later than"),
        (LetterKind.PORTABILITY, "We are still missing data about HubSpot. You will have it no later than"),
    ],
)
def test_what_is_missing_is_an_answer_where_data_was_to_change(kind: LetterKind, words: str) -> None:
    part = MissingPart("HubSpot", date(2026, 6, 1))
    assert words in text(replace(a_letter(kind, "en"), missing=(part,)))


def test_the_kinds_are_all_here() -> None:
    assert set(KINDS) == set(LetterKind)


def test_the_twin_lies_inside_and_the_file_names_nobody() -> None:
    letter = a_letter(LetterKind.REFUSED, "en")
    reader = PdfReader(BytesIO(rendered(letter)))
    assert reader.attachments["data.json"] == [letter_twin.to_json(letter)]
    assert reader.metadata is not None
    assert reader.metadata.title == "We cannot do what you asked for, DR-2026-000418-52"


def test_a_long_letter_of_a_stranger_is_drawn_and_runs_no_markup() -> None:
    rows = tuple(Line(("<script>x</script>", "\u202e" + "a" * 5000)) for _ in range(30))
    letter = replace(
        a_letter(LetterKind.RECTIFIED, "en"), sections=(Section("<b>What</b>", ("<img src=x>",), ("A", "B"), rows),)
    )
    with translation.override("en"):
        found = text(letter)
    assert "<script>x</script>" in found.replace(" ", "")  # broken where the column is narrow
    assert len(PdfReader(BytesIO(rendered(letter))).pages) > 2
