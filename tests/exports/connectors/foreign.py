"""A foreign database to search: filled by a test, read by the connector, on SQLite and on PostgreSQL."""

import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from exports.connectors.base import ConnectorError
from exports.connectors.sql import SqlConnector
from exports.domain.records import ReadResult

SYSTEM = "shop"


@dataclass(frozen=True)
class Foreign:
    """One empty database; `url` is what an operator would write into the settings."""

    url: str
    folder: Path
    is_postgresql: bool

    def fill(self, *statements: str, **rows: list[dict[str, Any]]) -> None:
        """Run statements, then insert rows into the tables named."""
        with self.writer().begin() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)
            for table, values in rows.items():
                target = sa.table(table, *map(sa.column, values[0]))
                connection.execute(target.insert(), values)

    def count(self, table: str) -> int:
        """How many rows a table has."""
        with self.writer().connect() as connection:
            counted = sa.select(sa.func.count()).select_from(sa.table(table))
            return int(connection.execute(counted).scalar_one())

    def rows(self, table: str, *columns: str) -> list[tuple[Any, ...]]:
        """The values of some columns in all rows of a table, sorted by their text."""
        with self.writer().connect() as connection:
            chosen: sa.Select[*tuple[Any, ...]] = sa.select(*map(sa.column, columns)).select_from(sa.table(table))
            return sorted((tuple(row) for row in connection.execute(chosen)), key=str)

    def writer(self) -> sa.Engine:
        """An engine of the test's own, which may write."""
        return sa.create_engine(self.url, poolclass=sa.NullPool)

    def connector(self, dataset: str, **settings: object) -> SqlConnector:
        """The connector for a dataset given as text; it may only write with `writable=True`."""
        path = self.folder / "shop.dataset.yaml"
        path.write_text(dataset, encoding="utf-8")
        return SqlConnector.from_settings(SYSTEM, {"url": self.url, "dataset": path, **settings})


def dataset(collections: Mapping[str, Mapping[str, str]], **meta: str) -> str:
    """A dataset file: collection -> field -> what stands inside the field's braces (`fides_meta: {…}, …`)."""
    lines = ["dataset:", "  - fides_key: shop"]
    if meta:
        lines.append(f"    meta: {{{', '.join(f'{key}: {value}' for key, value in meta.items())}}}")
    lines.append("    collections:")
    for name, fields in collections.items():
        lines += [f"      - name: {name}", "        fields:"]
        lines += [f"          - {{name: {n}{', ' if text else ''}{text}}}" for n, text in fields.items()]
    return "\n".join(lines) + "\n"


def with_activities(text: str, **activities: str) -> str:
    """A dataset file with activities of the processing register for its collections: `people="PA03, PA08"`."""
    for name, ids in activities.items():
        assert f"- name: {name}\n" in text
        text = text.replace(f"- name: {name}\n", f"- name: {name}\n        meta: {{activities: [{ids}]}}\n", 1)
    return text


KEY = "data_categories: [user.unique_id], fides_meta: {primary_key: true}"
EMAIL = "data_categories: [user.contact.email], fides_meta: {identity: email}"
PHONE = "data_categories: [user.contact.phone_number], fides_meta: {identity: phone_number}"
NUMBER = "fides_meta: {identity: customer_number}"


def leads_from(field: str) -> str:
    """The inside of a field whose values come from another one."""
    return f"fides_meta: {{references: [{{dataset: shop, field: {field}, direction: from}}]}}"


def leads_to(field: str) -> str:
    """The inside of a field whose values lead to another one."""
    return f"fides_meta: {{references: [{{dataset: shop, field: {field}, direction: to}}]}}"


def belongs_to(field: str) -> str:
    """The inside of a field that refers to another one, in no direction."""
    return f"fides_meta: {{references: [{{dataset: shop, field: {field}}}]}}"


def column(result: ReadResult, collection: str, field: str) -> list[object]:
    """The values of one field in all records of a collection, sorted by their text."""
    values = (
        value.value
        for record in result.records
        if record.collection == collection
        for value in record.fields
        if value.name == field
    )
    return sorted(values, key=str)


def assert_discreet(caught: pytest.ExceptionInfo[ConnectorError], *secrets: str) -> None:
    """Neither the error nor anything chained to it tells a secret."""
    error = caught.value
    told = "".join(traceback.format_exception(error)) + repr(error) + str(error.args)
    assert error.__cause__ is None
    assert error.__context__ is None
    assert [secret for secret in secrets if secret in told] == []
