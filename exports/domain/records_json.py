"""How the answer of a system is kept: as JSON that reads back as the same answer."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from .records import (
    FieldValue,
    Instruction,
    Label,
    Origin,
    Outcome,
    QueryLogEntry,
    ReadResult,
    Record,
    ValueNote,
    Withheld,
)

SCHEMA = "datarett-read-result/1"


def to_json(result: ReadResult) -> str:
    """Return the result as JSON, the same text for the same result; only ASCII, so that any text survives."""
    return json.dumps(_result_to_data(result), allow_nan=False, sort_keys=True, separators=(",", ":"))


def from_json(text: str) -> ReadResult:
    """Return the result that `to_json` wrote. Raises ValueError, without content, for anything else."""
    try:
        data = json.loads(text)
        if data["schema"] != SCHEMA:
            raise ValueError
        result = _result_from_data(data)
    except (ValueError, KeyError, TypeError, AttributeError):
        result = None
    if result is None:  # raised out here, so that no chained error quotes the content
        raise ValueError(f"this is no result of schema {SCHEMA}")
    return result


def _result_to_data(result: ReadResult) -> dict[str, object]:
    return {
        "schema": SCHEMA,
        "system": result.system,
        "outcome": result.outcome.value,
        "extracted_at": result.extracted_at.isoformat(),
        "assumed_zone": result.assumed_zone,
        "searched_by": list(result.searched_by),
        "instruction": result.instruction
        and {
            "text": _label_to_data(result.instruction.text),
            "due_working_days": result.instruction.due_working_days,
        },
        "query_log": [
            {"collection": entry.collection, "rows": entry.rows, "truncated": entry.truncated}
            for entry in result.query_log
        ],
        "records": [_record_to_data(record) for record in result.records],
    }


def _record_to_data(record: Record) -> dict[str, object]:
    return {
        "system": record.system,
        "collection": record.collection,
        "key": record.key,
        "label": _label_to_data(record.label),
        "activities": list(record.activities),
        "since": record.since and record.since.isoformat(),
        "fields": [
            {
                "name": value.name,
                "label": _label_to_data(value.label),
                "value": value.value,
                "category": value.category,
                "origin": value.origin,
                "note": value.note,
                "withheld": value.withheld,
            }
            for value in record.fields
        ],
    }


def _label_to_data(label: Label) -> dict[str, str]:
    return {"en": label.en, "nb": label.nb}


def _result_from_data(data: Mapping[str, Any]) -> ReadResult:
    instruction = data["instruction"]
    return ReadResult(
        system=data["system"],
        outcome=Outcome(data["outcome"]),
        extracted_at=datetime.fromisoformat(data["extracted_at"]),
        records=tuple(_record_from_data(record) for record in data["records"]),
        query_log=tuple(QueryLogEntry(**entry) for entry in data["query_log"]),
        searched_by=tuple(data["searched_by"]),
        assumed_zone=data["assumed_zone"],
        instruction=instruction and Instruction(Label(**instruction["text"]), instruction["due_working_days"]),
    )


def _record_from_data(data: Mapping[str, Any]) -> Record:
    return Record(
        system=data["system"],
        collection=data["collection"],
        key=data["key"],
        label=Label(**data["label"]),
        fields=tuple(_field_from_data(value) for value in data["fields"]),
        activities=tuple(data["activities"]),
        since=data["since"] and datetime.fromisoformat(data["since"]),
    )


def _field_from_data(data: Mapping[str, Any]) -> FieldValue:
    return FieldValue(
        name=data["name"],
        label=Label(**data["label"]),
        value=data["value"],
        category=data["category"],
        origin=data["origin"] and Origin(data["origin"]),
        note=data["note"] and ValueNote(data["note"]),
        withheld=data["withheld"] and Withheld(data["withheld"]),
    )
