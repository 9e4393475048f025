"""What a table allows, as the database itself says: its key, what must be filled or unique, who refers to whom."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from .tables import Table

_PLAIN_KEYS = (sa.Integer, sa.String, sa.Uuid)
_PLACE_IN_POSTGRESQL = "ctid"
_PLACE_IN_SQLITE = "_rowid_"


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """Columns of a table that hold the values of columns of another one; the database keeps it so."""

    child: str
    child_columns: tuple[str, ...]
    parent: str
    parent_columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """One table as far as writing has to know it; all names are those of columns.

    `unique` columns are so alone or together with others; `held` must stay as they are, for rows are told by them:
    the primary key and what foreign keys refer to.
    """

    table: Table
    kinds: Mapping[str, object]
    primary_key: tuple[str, ...]
    nullable: frozenset[str]
    unique: frozenset[str]
    held: frozenset[str]
    referring: frozenset[str]

    @property
    def name(self) -> str:
        """The name of the collection, which is that of the table."""
        return self.table.collection.name


@dataclass(frozen=True, slots=True)
class Shapes:
    """The tables of a search by name, and the foreign keys of every table of the schema that lead to or from them."""

    by_name: Mapping[str, Shape]
    foreign_keys: tuple[ForeignKey, ...]

    def __getitem__(self, name: str) -> Shape:
        return self.by_name[name]

    def leading_to(self, name: str) -> tuple[ForeignKey, ...]:
        """The foreign keys that refer to a table."""
        return tuple(key for key in self.foreign_keys if key.parent == name)


def look_at(connection: sa.Connection, schema: str | None, tables: Mapping[str, Table]) -> Shapes:
    """The shapes of the tables, and every foreign key of the schema that touches them."""
    inspector = sa.inspect(connection)
    keys = tuple(_foreign_keys(inspector, schema, tables))
    return Shapes({name: _shape(inspector, schema, table, keys) for name, table in tables.items()}, keys)


def _foreign_keys(inspector: sa.Inspector, schema: str | None, names: Iterable[str]) -> Iterable[ForeignKey]:
    known = set(names)
    for (_, child), keys in inspector.get_multi_foreign_keys(schema=schema).items():
        for key in keys:
            if child in known or key["referred_table"] in known:
                yield ForeignKey(
                    child, tuple(key["constrained_columns"]), key["referred_table"], tuple(key["referred_columns"])
                )


def _shape(inspector: sa.Inspector, schema: str | None, table: Table, keys: tuple[ForeignKey, ...]) -> Shape:
    name = table.collection.name
    columns = inspector.get_columns(name, schema=schema)
    primary_key = tuple(inspector.get_pk_constraint(name, schema=schema)["constrained_columns"])
    unique = {column for one in inspector.get_unique_constraints(name, schema=schema) for column in one["column_names"]}
    for index in inspector.get_indexes(name, schema=schema):
        if index["unique"]:
            unique |= {column for column in index["column_names"] if column is not None}
    referred = {column for key in keys if key.parent == name for column in key.parent_columns}
    return Shape(
        table,
        kinds={column["name"]: column["type"] for column in columns},
        primary_key=primary_key,
        nullable=frozenset(c["name"] for c in columns if c["nullable"] and c["name"] not in primary_key),
        unique=frozenset(unique | set(primary_key)),
        held=frozenset(referred | set(primary_key)),
        referring=frozenset(column for key in keys if key.child == name for column in key.child_columns),
    )


@dataclass(frozen=True, slots=True)
class Handle:
    """How rows of one table are addressed: by their primary key, without one by the place where they lie.

    A place is good for one transaction only: the next writer may put something else there.
    """

    names: tuple[str, ...]
    is_lasting: bool = True

    def columns(self, source: Table | sa.FromClause) -> list[sa.ColumnElement[Any]]:
        """The columns to fetch, of a table or of another source that has them."""
        found = [column_of(source, n) if isinstance(source, Table) else source.c[n] for n in self.names]
        return [sa.cast(c, sa.Text) for c in found] if self.names == (_PLACE_IN_POSTGRESQL,) else found

    def among(self, table: Table, values: Sequence[tuple[Any, ...]]) -> sa.ColumnElement[bool]:
        """True for the rows with these handles."""
        columns = [column_of(table, name) for name in self.names]
        if len(columns) > 1:
            return sa.tuple_(*columns).in_(list(values))
        return columns[0].in_([self._sent(value) for (value,) in values])

    def is_parameter(self, table: Table, prefix: str) -> sa.ColumnElement[bool]:
        """True for the one row whose handle stands in the parameters `prefix0`, `prefix1`, …"""
        return sa.and_(
            *(column_of(table, name) == self._sent(sa.bindparam(f"{prefix}{i}")) for i, name in enumerate(self.names))
        )

    def _sent(self, value: Any) -> Any:
        return sa.cast(value, _Tid()) if self.names == (_PLACE_IN_POSTGRESQL,) else value


class _Tid(sa.types.UserDefinedType[str]):
    """The place of a row in a table of PostgreSQL."""

    cache_ok = True

    def get_col_spec(self, **_: object) -> str:
        return "TID"


def handle_of(shape: Shape, *, is_postgresql: bool) -> Handle:
    """The way to address rows of a table."""
    kinds = [shape.kinds.get(name) for name in shape.primary_key]
    if kinds and all(isinstance(kind, _PLAIN_KEYS) and not isinstance(kind, sa.Enum) for kind in kinds):
        return Handle(shape.primary_key)
    return Handle((_PLACE_IN_POSTGRESQL if is_postgresql else _PLACE_IN_SQLITE,), is_lasting=False)


def column_of(table: Table, name: str) -> sa.ColumnElement[Any]:
    """A column by its name, also one that the dataset does not describe."""
    return table.columns.get(name, sa.column(sa.quoted_name(name, quote=True)))
