"""The tables behind the collections of a dataset, compared with what the database really has."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import NoSuchTableError

from exports.connectors.base import Fault
from exports.connectors.dataset import Collection, Dataset
from requests_app.domain.marked_yaml import did_you_mean


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its columns and their SQL types by the names of the fields."""

    collection: Collection
    source: sa.TableClause
    columns: Mapping[str, sa.ColumnElement[Any]]
    kinds: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Misfit:
    """One thing in which the database is not as the dataset says."""

    fault: Fault
    place: str
    message: str


def compare(connection: sa.Connection, dataset: Dataset, names: Iterable[str]) -> tuple[dict[str, Table], list[Misfit]]:
    """The tables of the named collections, and all that is wrong with those that are not there as described."""
    inspector = sa.inspect(connection)
    tables: dict[str, Table] = {}
    wrong: list[Misfit] = []
    for collection in map(dataset.collection, names):
        try:
            described = inspector.get_columns(collection.name, schema=dataset.schema)
        except NoSuchTableError:
            message = f"the database has no table for collection {collection.name} of dataset {dataset.key}"
            wrong.append(Misfit(Fault.MISSING_COLLECTION, collection.name, message))
            continue
        kinds: dict[str, object] = {column["name"]: column["type"] for column in described}
        wrong += _missing_fields(dataset, collection, kinds)
        tables[collection.name] = _table(dataset, collection, kinds)
    return tables, wrong


def _missing_fields(dataset: Dataset, collection: Collection, kinds: Mapping[str, object]) -> list[Misfit]:
    return [
        Misfit(
            Fault.MISSING_FIELD,
            f"{collection.name}.{field.name}",
            f"the table of collection {collection.name} of dataset {dataset.key}"
            f" has no column {field.name}{did_you_mean(field.name, kinds)}",
        )
        for field in collection.fields
        if field.name not in kinds
    ]


def _table(dataset: Dataset, collection: Collection, kinds: Mapping[str, object]) -> Table:
    # Quoted: a name in the file is the name in the catalogue, never a piece of SQL.
    columns: dict[str, sa.ColumnClause[Any]] = {
        field.name: sa.column(sa.quoted_name(field.name, quote=True)) for field in collection.fields
    }
    schema = sa.quoted_name(dataset.schema, quote=True) if dataset.schema else None
    source = sa.table(sa.quoted_name(collection.name, quote=True), *columns.values(), schema=schema)
    return Table(collection, source, columns, kinds)
