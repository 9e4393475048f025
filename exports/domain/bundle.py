"""The package that goes to the person: names of its files, and a manifest that proves them.

Names hold no personal data and survive every file system: small ASCII letters, digits, `-`, `_` and `.`.
"""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

DATA_JSON = "data.json"
MANIFEST_JSON = "manifest.json"
TABLES = "tables"
DOCUMENTS = "documents"
MANIFEST_SCHEMA = "datarett-manifest/1"

_LETTERS = str.maketrans({"æ": "ae", "ø": "o", "å": "a", "đ": "d", "ŧ": "t", "ŋ": "n", "ß": "ss", "ð": "d", "þ": "th"})
_LONGEST = 40


@dataclass(frozen=True, slots=True)
class ManifestEntry:
    """One file of the package. `rows` counts rows of data (None for a text), times are aware."""

    file: str
    sha256: str
    size: int
    rows: int | None = None
    system: str | None = None
    extracted_at: datetime | None = None


def file_slug(text: str) -> str:
    """Return `text` as part of a file name: at most 40 characters, "data" where none is left."""
    apart = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    plain = apart.encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST].rstrip("-") or "data"


def table_names(tables: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Return a CSV name for each (system, collection), in their order; numbered, so that no two are alike."""
    return tuple(
        f"{TABLES}/{number:02d}_{file_slug(system)}_{file_slug(label)}.csv"
        for number, (system, label) in enumerate(tables, start=1)
    )


def manifest_entry(
    file: str,
    content: bytes,
    *,
    rows: int | None = None,
    system: str | None = None,
    extracted_at: datetime | None = None,
) -> ManifestEntry:
    """Return the entry of one file with its SHA-256. Raises ValueError for a naive time."""
    if extracted_at is not None and extracted_at.tzinfo is None:
        raise ValueError("extracted_at has no time zone")
    return ManifestEntry(file, hashlib.sha256(content).hexdigest(), len(content), rows, system, extracted_at)


def manifest(entries: Iterable[ManifestEntry], *, reference: str, created_at: datetime, extractor: str) -> bytes:
    """Return the manifest as JSON, files in the order of their names; `extractor` names program and version.

    Raises ValueError for two entries with one name and for a naive time.
    """
    ordered = sorted(entries, key=lambda entry: entry.file)
    if len({entry.file for entry in ordered}) != len(ordered):
        raise ValueError("two entries share a file name")
    return stable_json(
        {
            "schema": MANIFEST_SCHEMA,
            "reference": reference,
            "created_at": instant(created_at),
            "extractor": extractor,
            "files": [_entry_json(entry) for entry in ordered],
        }
    )


def stable_json(value: object) -> bytes:
    """Return the same bytes for the same value: UTF-8, keys as given, two spaces, no NaN, one newline last.

    A lone surrogate (broken text of a vendor) is written as its JSON escape, so the result is valid UTF-8.
    """
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, indent=2)
    return f"{text}\n".encode("utf-8", "backslashreplace")


def instant(value: datetime) -> str:
    """Return an aware time as ISO 8601 in UTC with Z. Raises ValueError for a naive one."""
    if value.tzinfo is None:
        raise ValueError("a time has no time zone")
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _entry_json(entry: ManifestEntry) -> dict[str, object]:
    return {
        "file": entry.file,
        "sha256": entry.sha256,
        "bytes": entry.size,
        "rows": entry.rows,
        "system": entry.system,
        "extracted_at": entry.extracted_at and instant(entry.extracted_at),
    }
