"""A person's rows in one open transaction, so that they can be written to: exactly those, and exactly counted."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from exports.connectors.base import ConnectorError, Fault
from exports.connectors.dataset import Dataset, Field
from exports.domain.records import Scalar, Subject

from .database import BUSY_RETRY_SECONDS, Database
from .links import Links, find_links, shared_rows
from .matching import Matcher
from .plan import Plan
from .results import public_name
from .search import Found, Row, Search, chunks
from .shape import Handle, Shapes, handle_of, look_at
from .stored import for_driver, same
from .tables import Table
from .values import to_scalar


@dataclass(frozen=True, slots=True)
class PersonRows:
    """What was found, where it is, how it hangs together, and what of it is other people's as well (`shared`)."""

    database: Database
    connection: sa.Connection
    dataset: Dataset
    shapes: Shapes
    handles: Mapping[str, Handle]
    links: Links
    found: Mapping[str, Found]
    shared: Mapping[str, set[str]]

    @property
    def system(self) -> str:
        """The id of the system, for errors."""
        return self.database.system

    @property
    def is_empty(self) -> bool:
        """True if nothing was found."""
        return not any(found.rows for found in self.found.values())

    def public_name(self, name: str) -> str:
        """What a collection is called outside."""
        return public_name(self.dataset, self.dataset.collection(name))

    def kind(self, name: str, field: Field) -> object:
        """The SQL type of a field."""
        return self.shapes[name].kinds[field.name]

    def scalar(self, name: str, field: Field, row: Row) -> Scalar:
        """The value of a field as a reading shows it."""
        return to_scalar(row[field.name], self.kind(name, field), field.data_type, self.dataset.zone)[0]

    def is_same(self, name: str, field: Field, one: Scalar, other: Scalar) -> bool:
        """Whether two values mean the same in a field."""
        return same(one, other, self.kind(name, field), self.dataset.zone)

    def writable(self, name: str) -> list[str]:
        """The identities of the rows of a collection that are the person's alone."""
        return [identity for identity in self.found[name].rows if identity not in self.shared[name]]

    def set(self, name: str, identities: Sequence[str], values: Mapping[str, object]) -> None:
        """Write the same values into rows. Raises ConnectorError."""
        shape = self.shapes[name]
        for chunk in chunks(list(identities)) if values else ():
            statement = (
                sa.update(shape.table.source)
                .where(self.handles[name].among(shape.table, self.places(name, chunk)))
                .values({field: self._for_driver(value) for field, value in values.items()})
            )
            self.expect(len(chunk), self.database.execute(self.connection, statement, place=name), name)

    def set_each(self, name: str, identities: Sequence[str], make: Mapping[str, Callable[[], object]]) -> None:
        """Write values made for every row. Raises ConnectorError."""
        shape, numbered = self.shapes[name], dict(enumerate(make))
        statement = (
            sa.update(shape.table.source)
            .where(self.handles[name].is_parameter(shape.table, "at"))
            .values({field: sa.bindparam(f"new{i}") for i, field in numbered.items()})
        )
        for place in self.places(name, identities):
            values = {f"new{i}": self._for_driver(make[field]()) for i, field in numbered.items()}
            at = {f"at{i}": part for i, part in enumerate(place)}
            self.expect(1, self.database.execute(self.connection, statement, values | at, place=name), name)

    def delete(self, name: str, identities: Sequence[str]) -> None:
        """Delete rows. Raises ConnectorError."""
        table = self.shapes[name].table
        for chunk in chunks(list(identities)):
            statement = sa.delete(table.source).where(self.handles[name].among(table, self.places(name, chunk)))
            self.expect(len(chunk), self.database.execute(self.connection, statement, place=name), name)

    def places(self, name: str, identities: Sequence[str]) -> list[tuple[Any, ...]]:
        """The handles of rows."""
        return [self.found[name].handles[identity] for identity in identities]

    def count_at(self, name: str, places: Sequence[tuple[Any, ...]]) -> int:
        """How many rows stand at these handles now."""
        table, handle = self.shapes[name].table, self.handles[name]
        counts = [
            self.database.query(
                self.connection,
                sa.select(sa.func.count()).select_from(table.source).where(handle.among(table, chunk)),
                place=name,
            )
            for chunk in chunks(list(places))
        ]
        return sum(int(row[0]) for (row,) in counts)

    def expect(self, wanted: int, changed: int, name: str) -> None:
        """Raise unless as many rows were changed as there are: a trigger or another writer had a hand in it."""
        if changed != wanted:
            raise ConnectorError(
                f"{self.system}: {changed} rows of collection {name} were changed instead of {wanted}; all undone",
                permanent=False,
                retry_after=BUSY_RETRY_SECONDS,
                fault=Fault.CHANGED_MEANWHILE,
                place=name,
            )

    def _for_driver(self, value: object) -> object:
        return for_driver(value, is_postgresql=self.database.is_postgresql)


def find(
    database: Database,
    connection: sa.Connection,
    dataset: Dataset,
    tables: Mapping[str, Table],
    matcher: Matcher,
    row_limit: int,
    plan: Plan,
    subject: Subject,
) -> PersonRows:
    """Search for the person. Raises ConnectorError, also (INCOMPLETE) when the search was cut short."""
    shapes = look_at(connection, dataset.schema, tables)
    handles = {name: handle_of(shape, is_postgresql=database.is_postgresql) for name, shape in shapes.by_name.items()}
    wanted = {name: tuple(handle.columns(tables[name])) for name, handle in handles.items()}
    found = Search(database, connection, dataset, tables, matcher, row_limit, wanted).run(plan, subject)
    for name, rows in found.items():
        if rows.truncated:
            raise ConnectorError(
                f"{database.system}: collection {name} has more than {row_limit} rows of the person, and nothing is"
                " changed before all are known: raise row_limit",
                permanent=True,
                fault=Fault.INCOMPLETE,
                place=name,
            )
    links = find_links(dataset, shapes)
    shared = shared_rows(database, connection, shapes, links, matcher, found)
    return PersonRows(database, connection, dataset, shapes, handles, links, found, shared)
