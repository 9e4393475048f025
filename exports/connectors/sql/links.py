"""Which rows refer to which: in what order they can go, and which of them are somebody else's as well."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from exports.connectors.dataset import Collection, Dataset
from exports.domain.records import ContactChannel

from .database import Database
from .matching import Matcher, digits, fold
from .search import Found, Row, chunks
from .shape import Shapes, column_of

Rows = Mapping[str, Found]


@dataclass(frozen=True, slots=True)
class Link:
    """Fields of a collection that hold the values of fields of another one. Known to the database or only to us."""

    child: str
    child_fields: tuple[str, ...]
    parent: str
    parent_fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Links:
    """All links between the collections of a search."""

    dataset: Dataset
    all: tuple[Link, ...]

    def pairs(self, found: Rows) -> Iterator[tuple[Link, str, str]]:
        """Every link with the identities of a row and of the row it refers to, both found."""
        for link in self.all:
            parents: dict[tuple[str, ...], list[str]] = {}
            for identity, row in found[link.parent].rows.items():
                if (value := self.value(link.parent, link.parent_fields, row)) is not None:
                    parents.setdefault(value, []).append(identity)
            for identity, row in found[link.child].rows.items():
                value = self.value(link.child, link.child_fields, row)
                for parent in parents.get(value, ()) if value is not None else ():
                    yield link, identity, parent

    def children_first(self) -> tuple[str, ...]:
        """The collections so that whoever refers comes before what it refers to; loops are cut somewhere."""
        names = tuple(dict.fromkeys(name for link in self.all for name in (link.child, link.parent)))
        order: list[str] = []
        visiting: set[str] = set()

        def visit(name: str) -> None:
            if name in order or name in visiting:
                return
            visiting.add(name)
            for link in self.all:
                if link.parent == name:
                    visit(link.child)
            order.append(name)

        for name in names:
            visit(name)
        return tuple(order)

    def value(self, collection: str, fields: tuple[str, ...], row: Row) -> tuple[str, ...] | None:
        """What a row is linked by, spelt so that both ends agree; None if a part of it is empty."""
        parts = [_spelt(self.dataset.collection(collection), field, row[field]) for field in fields]
        return None if None in parts else tuple(part for part in parts if part is not None)


def find_links(dataset: Dataset, shapes: Shapes) -> Links:
    """The links: foreign keys first, for the database keeps them; then the references of the file."""
    names = shapes.by_name
    found = [
        Link(key.child, key.child_columns, key.parent, key.parent_columns)
        for key in shapes.foreign_keys
        if _is_fetched(dataset, names, key.child, key.child_columns)
        and _is_fetched(dataset, names, key.parent, key.parent_columns)
    ]
    joined = {(link.child, link.parent) for link in found} | {(link.parent, link.child) for link in found}
    for name in names:
        for field in dataset.collection(name).fields:
            for reference in (r for r in field.references if r.collection in names):
                if (name, reference.collection) in joined:
                    continue
                here, there = (name, (field.name,)), (reference.collection, (reference.field,))
                target = dataset.collection(reference.collection).field(reference.field)
                if field.primary_key and not target.primary_key:  # written at the row that is referred to
                    here, there = there, here
                found.append(Link(*here, *there))
    return Links(dataset, tuple(dict.fromkeys(found)))


def shared_rows(
    database: Database, connection: sa.Connection, shapes: Shapes, links: Links, matcher: Matcher, found: Rows
) -> dict[str, set[str]]:
    """The rows that are not the person's alone, by collection: nobody writes to them on behalf of one person.

    Of the rows that were only referred to, those are another person's that have an identity of their own (a manager),
    and those are shared to which rows refer that were not found (the company of colleagues). With a row goes whatever
    hangs on it and was found through it.
    """
    shared = {name: set(_strangers(links.dataset.collection(name), rows)) for name, rows in found.items()}
    for link in links.all:
        suspects = {
            identity: value
            for identity, row in found[link.parent].rows.items()
            if identity not in found[link.parent].own
            and (value := links.value(link.parent, link.parent_fields, row)) is not None
        }
        if suspects:
            total = _referring(database, connection, shapes, link, matcher, found[link.parent], suspects)
            known = Counter(links.value(link.child, link.child_fields, row) for row in found[link.child].rows.values())
            shared[link.parent] |= {i for i, value in suspects.items() if total[value] > known[value]}
    pairs, size = tuple(links.pairs(found)), -1
    while size != (size := sum(map(len, shared.values()))):
        for link, child, parent in pairs:
            if parent in shared[link.parent] and child not in found[link.child].own:
                shared[link.child].add(child)
    return shared


def _strangers(collection: Collection, found: Found) -> Iterator[str]:
    """Rows with an address or a number by which the person would have been found, were it theirs."""
    for identity, row in found.rows.items():
        if identity not in found.own and tells_whose(collection, row):
            yield identity


def tells_whose(collection: Collection, row: Row) -> bool:
    """Whether a row can be told to be somebody's by itself."""
    return any(str(row[f.name] or "").strip() for f in collection.fields if f.identity is not None)


def _referring(
    database: Database,
    connection: sa.Connection,
    shapes: Shapes,
    link: Link,
    matcher: Matcher,
    parents: Found,
    suspects: Mapping[str, tuple[str, ...]],
) -> Counter[tuple[str, ...]]:
    """How many rows of the whole table refer to each of the suspects."""
    table = shapes[link.child].table
    fields = [table.collection.field(name) for name in link.child_fields]
    columns = [column_of(table, name) for name in link.child_fields]
    counted: Counter[tuple[str, ...]] = Counter()
    first = list(dict.fromkeys(parents.rows[identity][link.parent_fields[0]] for identity in suspects))
    kind = table.kinds[fields[0].name]
    for chunk in chunks(matcher.spellings(fields[0].channel, kind, first)):
        statement = (
            sa.select(*(column.label(f"v{i}") for i, column in enumerate(columns)), sa.func.count().label("n"))
            .select_from(table.source)
            .where(matcher.condition(columns[0], fields[0].channel, kind, chunk))
            .group_by(*columns)
        )
        for row in database.query(connection, statement, place=link.child):
            parts = [_spelt(table.collection, f.name, row[i]) for i, f in enumerate(fields)]
            counted[tuple(part for part in parts if part is not None)] += row[-1]
    return counted


def _is_fetched(dataset: Dataset, names: Iterable[str], collection: str, columns: tuple[str, ...]) -> bool:
    if collection not in names:
        return False
    fetched = {f.name for f in dataset.collection(collection).fields if f.withheld is None}
    return fetched.issuperset(columns)


def _spelt(collection: Collection, name: str, value: Any) -> str | None:
    if value is None or not str(value).strip():
        return None
    channel = collection.field(name).channel
    if channel is ContactChannel.EMAIL:
        return fold(str(value))
    return digits(value) if channel is ContactChannel.PHONE else str(value)
