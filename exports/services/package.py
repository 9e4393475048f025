"""The files that go to the person: the letter, the same data for machines, what staff added, and the proof of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from exports.domain import bundle as names
from exports.domain import letter_twin, portability, twin
from exports.domain.answer import AccessAnswer
from exports.domain.letter import Letter
from exports.domain.portability import FIELD_GUIDE, PORTABILITY_JSON, PortableTable
from requests_app.domain.enums import Right

from .answer import Document
from .pdf import render_access_answer, render_letter

EXTRACTOR = "datarett/1"
_PDF_ENDINGS: dict[Right, dict[str, str]] = {
    Right.ACCESS: {"nb": "innsyn", "en": "access"},
    Right.RECTIFICATION: {"nb": "retting", "en": "rectification"},
    Right.ERASURE: {"nb": "sletting", "en": "erasure"},
    Right.RESTRICTION: {"nb": "begrensning", "en": "restriction"},
    Right.PORTABILITY: {"nb": "dataportabilitet", "en": "portability"},
    Right.OBJECTION: {"nb": "protest", "en": "objection"},
    Right.AUTOMATED_DECISION: {"nb": "automatisk-avgjorelse", "en": "automated-decision"},
    Right.COMPLAINT: {"nb": "klage", "en": "complaint"},
}


@dataclass(frozen=True, slots=True)
class PackageFile:
    """One file; `rows`, `system` and `extracted_at` say for the manifest what it holds."""

    name: str
    media_type: str
    content: bytes
    rows: int | None = None
    system: str | None = None
    extracted_at: datetime | None = None

    def __repr__(self) -> str:
        return f"<PackageFile {self.name}, {len(self.content)} bytes>"

    @property
    def entry(self) -> names.ManifestEntry:
        """The line of the manifest about this file."""
        return names.manifest_entry(
            self.name, self.content, rows=self.rows, system=self.system, extracted_at=self.extracted_at
        )


def pdf_name(reference: str, language: str, right: Right = Right.ACCESS) -> str:
    """Return what the letter is called: DR-2026-000123-44-innsyn.pdf, in English -access.pdf."""
    return f"{reference}-{_PDF_ENDINGS[right][language]}.pdf"


def files(answer: AccessAnswer, documents: Sequence[Document], *, now: datetime) -> list[PackageFile]:
    """Return the whole package, the manifest last. Takes seconds; raises `pdf.PdfError`."""
    data = twin.to_json(answer)
    found = [
        PackageFile(pdf_name(answer.reference, answer.language), "application/pdf", render_access_answer(answer, data)),
        PackageFile(names.DATA_JSON, "application/json", data, sum(system.entries for system in answer.systems)),
        *_tables(answer),
        *_documents(documents),
    ]
    return [*found, _manifest(answer.reference, found, now)]


def letter_files(letter: Letter, carried: Sequence[PackageFile], *, now: datetime) -> list[PackageFile]:
    """Return the package of a letter with what it carries along, the manifest last; raises `pdf.PdfError`."""
    data, name = letter_twin.to_json(letter), pdf_name(letter.reference, letter.language, letter.right)
    found = [
        PackageFile(name, "application/pdf", render_letter(letter, data)),
        PackageFile(names.DATA_JSON, "application/json", data),
        *carried,
    ]
    return [*found, _manifest(letter.reference, found, now)]


def portable_files(
    letter: Letter, tables: Sequence[PortableTable], guide: bytes, documents: Sequence[Document]
) -> Iterator[PackageFile]:
    """Yield what a person takes along: the JSON that describes itself, a CSV a table, the guide to the fields."""
    rows = sum(len(table.rows) for table in tables)
    yield PackageFile(PORTABILITY_JSON, "application/json", portability.to_json(letter, tables), rows)
    yield PackageFile(FIELD_GUIDE, "text/csv", guide)
    for name, table in portability.named(tables):
        content = portability.to_csv(table)
        yield PackageFile(name, "text/csv", content, len(table.rows), table.system, table.extracted_at)
    yield from _documents(documents)


def _documents(documents: Sequence[Document]) -> Iterator[PackageFile]:
    for one in documents:
        yield PackageFile(one.name, one.media_type, one.content, None, one.system, one.added_at)


def _tables(answer: AccessAnswer) -> Iterator[PackageFile]:
    for name, system, collection in twin.tables(answer):
        content, rows = twin.to_csv(collection), len(collection.rows)
        yield PackageFile(name, "text/csv", content, rows, system.id, system.searched_at)


def _manifest(reference: str, found: Sequence[PackageFile], now: datetime) -> PackageFile:
    content = names.manifest([file.entry for file in found], reference=reference, created_at=now, extractor=EXTRACTOR)
    return PackageFile(names.MANIFEST_JSON, "application/json", content)
