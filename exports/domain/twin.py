"""The machine-readable twin of an answer: one JSON with everything, one CSV a table (GDPR Art. 15(3), 20)."""

import csv
import io
import math
from collections.abc import Iterator
from datetime import date, datetime

from .answer import AccessAnswer, ActivityInfo, Cell, Collection, SystemData, counts
from .bundle import instant, stable_json, table_names

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def to_json(answer: AccessAnswer) -> bytes:
    """Return the whole answer as JSON, the same bytes for the same answer; times in UTC, dates ISO."""
    facts = counts(answer)
    return stable_json(
        {
            "schema": answer.schema,
            "language": answer.language,
            "reference": answer.reference,
            "trial_data": answer.trial,
            "controller": {
                "name": answer.organisation.name,
                "postal_address": list(answer.organisation.postal_address),
                "contact": answer.organisation.contact_mail,
                "data_protection_officer": answer.organisation.dpo_contact,
            },
            "recipient": {"name": answer.recipient_name, "address": list(answer.recipient_address)},
            "received_on": answer.received_on.isoformat(),
            "answered_on": answer.answered_on.isoformat(),
            "data_as_of": instant(answer.cut_off),
            "due_on": answer.due_on.isoformat(),
            "outcome": answer.outcome.value,
            "reasoning": answer.reasoning,
            "missing": [{"what": part.what, "due_on": part.due_on.isoformat()} for part in answer.missing],
            "counts": {
                "systems_searched": facts.systems_searched,
                "entries": facts.entries,
                "first_and_last_year": list(facts.years) if facts.years else None,
                "activities": facts.activities,
            },
            "activities": [_activity(activity) for activity in answer.activities],
            "systems": [_system(system) for system in answer.systems],
        }
    )


def tables(answer: AccessAnswer) -> Iterator[tuple[str, SystemData, Collection]]:
    """Yield (file name, system, collection) for every table of the package."""
    pairs = [(system, collection) for system in answer.systems for collection in system.collections]
    names = table_names((system.name, collection.label) for system, collection in pairs)
    yield from ((name, *pair) for name, pair in zip(names, pairs, strict=True))


def to_csv(collection: Collection) -> bytes:
    """Return one collection as CSV: UTF-8 with BOM (spreadsheets need it), labels first, RFC 4180 lines.

    A cell that a spreadsheet would run as a formula gets an apostrophe before it; the JSON has it untouched.
    """
    target = io.StringIO(newline="")
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow([cell_text(column.label) for column in collection.columns])
    writer.writerows([cell_text(_plain(cell)) for cell in row] for row in collection.rows)
    return target.getvalue().encode("utf-8-sig", "backslashreplace")


def cell_text(value: str | float | bool | None) -> str | float | bool | None:
    """Return a cell of a CSV so that no spreadsheet runs it as a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _plain(cell: Cell) -> str | float | bool | None:
    """Return a cell as JSON knows it; infinity and NaN, which JSON does not know, as text."""
    if isinstance(cell, datetime):
        return instant(cell)
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell) if isinstance(cell, float) and not math.isfinite(cell) else cell


def _activity(activity: ActivityInfo) -> dict[str, object]:
    return {
        "id": activity.id,
        "name": activity.name,
        "purposes": list(activity.purposes),
        "categories": list(activity.categories),
        "legal_basis": activity.legal_basis,
        "recipients": list(activity.recipients),
        "retention": activity.retention,
        "sources": list(activity.sources),
        "transfers": activity.transfers,
        "safeguards": activity.safeguards,
        "automated_decisions": activity.automated_decisions,
        "rights": list(activity.rights),
        "example_values": sorted(activity.example),
    }


def _system(system: SystemData) -> dict[str, object]:
    return {
        "id": system.id,
        "name": system.name,
        "outcome": system.outcome.value,
        "how_searched": system.how_searched,
        "searched_at": system.searched_at and instant(system.searched_at),
        "note": system.note,
        "activities": list(system.activity_ids),
        "collections": [_collection(collection) for collection in system.collections],
    }


def _collection(collection: Collection) -> dict[str, object]:
    keys = [column.key for column in collection.columns]
    return {
        "label": collection.label,
        "fields": [{"key": c.key, "label": c.label, "kind": c.kind.value} for c in collection.columns],
        "rows": [
            {key: _plain(cell) for key, cell in zip(keys, row, strict=True) if cell is not None}
            for row in collection.rows
        ],
    }
