"""The files that go to the person: the letter, the same data for machines, what staff added, and the proof of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from exports.domain import bundle as names
from exports.domain import twin
from exports.domain.answer import AccessAnswer

from .answer import Document
from .pdf import render_access_answer

EXTRACTOR = "datarett/1"
_PDF_ENDING = {"nb": "innsyn", "en": "access"}


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


def pdf_name(reference: str, language: str) -> str:
    """Return what the letter is called: DR-2026-000123-44-innsyn.pdf, in English -access.pdf."""
    return f"{reference}-{_PDF_ENDING[language]}.pdf"


def files(answer: AccessAnswer, documents: Sequence[Document], *, now: datetime) -> list[PackageFile]:
    """Return the whole package, the manifest last. Takes seconds; raises `pdf.PdfError`."""
    data = twin.to_json(answer)
    found = [
        PackageFile(pdf_name(answer.reference, answer.language), "application/pdf", render_access_answer(answer, data)),
        PackageFile(names.DATA_JSON, "application/json", data, sum(system.entries for system in answer.systems)),
        *_tables(answer),
        *(PackageFile(d.name, d.media_type, d.content, None, d.system, d.added_at) for d in documents),
    ]
    return [*found, _manifest(answer, found, now)]


def _tables(answer: AccessAnswer) -> Iterator[PackageFile]:
    for name, system, collection in twin.tables(answer):
        content, rows = twin.to_csv(collection), len(collection.rows)
        yield PackageFile(name, "text/csv", content, rows, system.id, system.searched_at)


def _manifest(answer: AccessAnswer, found: Sequence[PackageFile], now: datetime) -> PackageFile:
    content = names.manifest(
        [file.entry for file in found], reference=answer.reference, created_at=now, extractor=EXTRACTOR
    )
    return PackageFile(names.MANIFEST_JSON, "application/json", content)
