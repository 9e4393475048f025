"""Data that a person takes along (GDPR Art. 20): only what they gave or what was observed, with a guide to the fields.

One JSON with everything and its own description, one CSV a table, and the guide as CSV for people with a spreadsheet.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from .bundle import instant, stable_json, table_names
from .letter import Letter
from .records import FieldValue, Origin, Record, Scalar
from .twin import cell_text

PORTABILITY_JSON = "portability.json"
FIELD_GUIDE = "field_guide.csv"
SCHEMA = "datarett-portability/1"
PORTABLE: frozenset[Origin] = frozenset({Origin.GIVEN, Origin.OBSERVED})

_ABOUT = {
    "systems": "One entry for each system that holds data; extracted_at is when it was read, in UTC.",
    "collections": "One entry for each sort of rows; file names the CSV with the same rows.",
    "fields": "key names the value in each row; origin is given (by the person) or observed (by the system); "
    "category is a data category of fideslang.",
    "rows": "One object for each row; a field that is empty in a row is left out. Times are ISO 8601.",
}


@dataclass(frozen=True, slots=True)
class PortableField:
    """One field: its name for machines, its label for people, what kind of data it is and where it came from."""

    key: str
    label: str
    category: str
    origin: Origin


@dataclass(frozen=True, slots=True, repr=False)
class PortableTable:
    """Rows of one sort in one system, with the fields that may be taken along."""

    system: str
    system_name: str
    extracted_at: datetime
    collection: str
    label: str
    fields: tuple[PortableField, ...]
    rows: tuple[tuple[Scalar, ...], ...]


def tables(
    system: str, name: str, extracted_at: datetime, rows: Sequence[Record], activities: frozenset[str], language: str
) -> tuple[PortableTable, ...]:
    """Return what may be taken along out of a system; `activities` are those that grant the right there.

    A row that names activities must name one of them; a row that names none belongs to all of its system.
    """
    groups: dict[str, list[Record]] = {}
    for record in rows:
        if activities and (not record.activities or activities & set(record.activities)):
            groups.setdefault(record.collection, []).append(record)
    found = (_table(system, name, extracted_at, group, language) for group in groups.values())
    return tuple(table for table in found if table.fields)


def named(found: Sequence[PortableTable]) -> tuple[tuple[str, PortableTable], ...]:
    """Return each table with the name of its CSV in the package."""
    return tuple(zip(table_names((t.system_name, t.label) for t in found), found, strict=True))


def to_json(letter: Letter, found: Sequence[PortableTable]) -> bytes:
    """Return everything as one JSON that describes itself; the same bytes for the same data."""
    systems: dict[str, dict[str, object]] = {}
    collections: dict[str, list[dict[str, object]]] = {}
    for file, table in named(found):
        extracted: dict[str, object] = {
            "id": table.system,
            "name": table.system_name,
            "extracted_at": instant(table.extracted_at),
        }
        systems.setdefault(table.system, extracted)
        collections.setdefault(table.system, []).append(_collection(file, table))
    return stable_json(
        {
            "schema": SCHEMA,
            "about": _ABOUT,
            "language": letter.language,
            "reference": letter.reference,
            "trial_data": letter.trial,
            "controller": {"name": letter.organisation.name, "contact": letter.organisation.contact_mail},
            "created_on": letter.answered_on.isoformat(),
            "systems": [head | {"collections": collections[system]} for system, head in systems.items()],
        }
    )


def to_csv(table: PortableTable) -> bytes:
    """Return one table as CSV for spreadsheets, keys first, so that a program finds them again in the JSON."""
    return _csv([[field.key for field in table.fields], *table.rows])


def field_guide(found: Sequence[PortableTable], heads: Sequence[str], origins: dict[Origin, str]) -> bytes:
    """Return what each field of each table means; `heads` are five words for the columns, in the letter's language."""
    lines: list[Sequence[Scalar]] = [heads]
    for file, table in named(found):
        lines += [(file, f.key, f.label, f.category, origins[f.origin]) for f in table.fields]
    return _csv(lines)


def _table(system: str, name: str, at: datetime, group: Sequence[Record], language: str) -> PortableTable:
    fields: dict[str, PortableField] = {}
    for value in (value for record in group for value in record.fields if _is_portable(value)):
        origin = Origin(value.origin or Origin.GIVEN)
        fields.setdefault(
            value.name, PortableField(value.name, value.label.in_language(language), value.category, origin)
        )
    rows = []
    for record in group:
        values = {value.name: value.value for value in record.fields if _is_portable(value)}
        if any(value not in (None, "") for value in values.values()):
            rows.append(tuple(values.get(key) for key in fields))
    label = group[0].label.in_language(language)
    return PortableTable(
        system, name, at, group[0].collection, label, tuple(fields.values()) if rows else (), tuple(rows)
    )


def _is_portable(value: FieldValue) -> bool:
    return value.origin in PORTABLE and value.withheld is None


def _collection(file: str, table: PortableTable) -> dict[str, object]:
    keys = [field.key for field in table.fields]
    return {
        "name": table.collection,
        "label": table.label,
        "file": file,
        "fields": [
            {"key": f.key, "label": f.label, "category": f.category, "origin": f.origin.value} for f in table.fields
        ],
        "rows": [
            {key: cell for key, cell in zip(keys, row, strict=True) if cell not in (None, "")} for row in table.rows
        ],
    }


def _csv(lines: Sequence[Sequence[Scalar]]) -> bytes:
    target = io.StringIO(newline="")
    csv.writer(target, lineterminator="\r\n").writerows([cell_text(cell) for cell in line] for line in lines)
    return target.getvalue().encode("utf-8-sig", "backslashreplace")
