"""Rows of a search as records and contact points."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from exports.connectors.dataset import Collection, Dataset, Field
from exports.domain.records import FieldValue, Hit, Record, Scalar, ValueNote

from .search import Found, Row, row_key
from .tables import Table
from .values import to_moment, to_scalar


def records(system: str, dataset: Dataset, tables: Mapping[str, Table], found: Mapping[str, Found]) -> Iterator[Record]:
    """The rows of all personal collections, each with every field that the dataset describes."""
    for collection in dataset.collections:
        if collection.name not in found or not collection.is_personal:
            continue
        for identity, row in found[collection.name].rows.items():
            yield Record(
                system=system,
                collection=public_name(dataset, collection),
                key=row_key(collection, identity, row),
                label=collection.label,
                fields=tuple(_field_values(dataset, tables[collection.name], row)),
                activities=collection.activities,
                since=_since(dataset, collection, row),
            )


def hits(system: str, dataset: Dataset, found: Mapping[str, Found]) -> Iterator[Hit]:
    """The contact points in the rows, each once a row, as they are written there."""
    for collection in dataset.collections:
        places = [f for f in collection.fields if f.contact_point]
        rows = found[collection.name].rows if places and collection.name in found else {}
        for identity, row in rows.items():
            key, since = row_key(collection, identity, row), _since(dataset, collection, row)
            points = dict.fromkeys((f.channel, str(row[f.name] or "").strip()) for f in places)
            for channel, value in points:
                if channel is not None and value:
                    yield Hit(system, collection.name, key, channel, value, since)


def public_name(dataset: Dataset, collection: Collection) -> str:
    """The technical name of a collection, or a number if the dataset hides it (`redact: name`)."""
    if not collection.redact_name:
        return collection.name
    return f"collection_{dataset.collections.index(collection) + 1}"


def public_field_name(collection: Collection, field: Field) -> str:
    """The technical name of a field, or a number if the dataset hides it."""
    return f"field_{collection.fields.index(field) + 1}" if field.redact_name else field.name


def _field_values(dataset: Dataset, table: Table, row: Row) -> Iterator[FieldValue]:
    for field in table.collection.fields:
        yield _field_value(dataset, table, field, public_field_name(table.collection, field), row)


def _field_value(dataset: Dataset, table: Table, field: Field, name: str, row: Row) -> FieldValue:
    value: Scalar = None
    note: ValueNote | None = ValueNote.WITHHELD
    if field.withheld is None:
        value, note = to_scalar(row[field.name], table.kinds[field.name], field.data_type, dataset.zone)
    return FieldValue(
        name=name,
        label=field.label,
        value=value,
        category=next(iter(field.categories), ""),
        origin=field.origin,
        note=note,
        withheld=field.withheld,
    )


def _since(dataset: Dataset, collection: Collection, row: Row) -> datetime | None:
    field = collection.since_field
    return None if field is None else to_moment(row[field.name], dataset.zone)
