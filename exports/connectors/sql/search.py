"""One search for one person in one database: breadth first along the plan, every row once."""

import hashlib
import json
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeVar

import sqlalchemy as sa

from exports.connectors.dataset import Collection, Dataset
from exports.domain.records import Subject

from .database import Database
from .matching import Matcher
from .plan import Place, Plan
from .tables import Table
from .values import selected

Row: TypeAlias = Mapping[str, Any]
"""Raw values by the name of their field; withheld fields are not in it."""

_T = TypeVar("_T")

VALUES_PER_QUERY = 500
"""SQLite takes at least 999 values in one statement; long lists help no planner."""


@dataclass
class Found:
    """The rows of one collection by their identity, in the order in which they were found.

    `own` are those that an identifier led to, or a row that is the person's own and that they refer to; the others
    were only referred to and may be somebody else's as well. `handles` say where a row is, if that was asked for.
    """

    rows: dict[str, Row] = field(default_factory=dict)
    own: set[str] = field(default_factory=set)
    handles: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    truncated: bool = False


class Search:
    """Collects the rows of one person in one open transaction; `row_limit` holds for each collection."""

    def __init__(
        self,
        database: Database,
        connection: sa.Connection,
        dataset: Dataset,
        tables: Mapping[str, Table],
        matcher: Matcher,
        row_limit: int,
        handles: Mapping[str, tuple[sa.ColumnElement[Any], ...]] | None = None,
    ) -> None:
        self._database = database
        self._connection = connection
        self._dataset = dataset
        self._tables = tables
        self._matcher = matcher
        self._row_limit = row_limit
        self._handles = handles or {}
        self._asked: dict[tuple[Place, bool], set[Any]] = {}
        self.found: dict[str, Found] = {}

    def run(self, plan: Plan, subject: Subject) -> dict[str, Found]:
        """The rows by collection; a collection that the search never came to has none.

        Ends, whatever loops the references make: no value is looked for twice in the same place.
        """
        self.found = {name: Found() for name in plan.collections}
        queue: deque[tuple[Place, tuple[object, ...], bool]] = deque(
            (start.place, subject.values_of(start.identity), True) for start in plan.starts
        )
        while queue:
            place, values, own = queue.popleft()
            fresh = self._fetch(place, values, own=own)
            for edge in plan.leaving(place.collection) if fresh else ():
                queue.append((edge.target, tuple(_values(fresh, edge.source.field)), own and not edge.up))
        return self.found

    def _fetch(self, place: Place, values: Iterable[object], *, own: bool) -> list[Row]:
        """The rows in which the field holds one of the values, not seen before or not known to be their own."""
        table = self._tables[place.collection]
        channel = self._dataset.collection(place.collection).field(place.field).channel
        kind = table.kinds[place.field]
        asked = self._asked.setdefault((place, own), set())
        spellings = [s for s in self._matcher.spellings(channel, kind, values) if s not in asked]
        asked.update(spellings)
        fresh: list[Row] = []
        for chunk in chunks(spellings):
            condition = self._matcher.condition(table.columns[place.field], channel, kind, chunk)
            fresh += self._keep(place.collection, self._rows(table, condition), own=own)
        return fresh

    def _rows(self, table: Table, condition: sa.ColumnElement[bool]) -> list[tuple[Row, tuple[Any, ...]]]:
        """The rows and their handles; one row more than the cap, so that it shows when there are more."""
        table_name = table.collection.name
        handles = self._handles.get(table_name, ())
        names = [f.name for f in table.collection.fields if f.withheld is None]
        statement = (
            sa.select(
                *(
                    selected(table.columns[n], table.kinds[n], is_postgresql=self._database.is_postgresql).label(
                        f"v{i}"
                    )
                    for i, n in enumerate(names)
                ),
                *(column.label(f"h{i}") for i, column in enumerate(handles)),
            )
            .select_from(table.source)
            .where(condition)
            .order_by(*(table.columns[f.name] for f in table.collection.primary_key))
            .limit(self._row_limit + 1)
        )
        fetched = self._database.query(self._connection, statement, place=table_name)
        self.found[table_name].truncated |= len(fetched) > self._row_limit
        return [(dict(zip(names, row[: len(names)], strict=True)), tuple(row[len(names) :])) for row in fetched]

    def _keep(self, name: str, rows: list[tuple[Row, tuple[Any, ...]]], *, own: bool) -> list[Row]:
        """Add the rows not seen before, as far as the cap allows; returns those, and those now known as their own."""
        found, fresh = self.found[name], []
        for identity, (row, handle) in zip(_identities(row for row, _ in rows), rows, strict=True):
            known = identity in found.rows
            if known and (not own or identity in found.own):
                continue
            if not known and len(found.rows) >= self._row_limit:
                found.truncated = True
                break
            if own:
                found.own.add(identity)
            found.rows[identity] = row
            found.handles.setdefault(identity, handle)
            fresh.append(row)
        return fresh


def row_key(collection: Collection, identity: str, row: Row) -> str:
    """The key of a row: its primary key (several parts as a JSON list), without one a digest of its content."""
    parts = [row[f.name] for f in collection.primary_key]
    if not parts:
        return identity
    return str(parts[0]) if len(parts) == 1 else json.dumps(parts, ensure_ascii=False, default=str)


def _identities(rows: Iterable[Row]) -> Iterator[str]:
    """For every row an identity that is the same in every query of one search.

    It is a digest of the content, numbered where rows are alike: rows that are alike match alike, so the
    numbers of two queries agree. The primary key of the file is not trusted with this: were it wrong, rows
    would be lost in silence.
    """
    alike: Counter[str] = Counter()
    for row in rows:
        digest = digest_of(row)
        alike[digest] += 1
        yield f"{digest}-{alike[digest]}"


def digest_of(row: Row) -> str:
    """A short text that only rows of the same content share."""
    content = repr(sorted(row.items())).encode("utf-8", "backslashreplace")
    return hashlib.sha256(content).hexdigest()[:32]


def _values(rows: Iterable[Row], name: str) -> Iterator[object]:
    """What a field of the rows leads on to; an empty one leads nowhere, least of all to all other empty ones."""
    for row in rows:
        value = row[name]
        if value is not None and str(value).strip():
            yield value


def chunks(values: list[_T]) -> Iterator[list[_T]]:
    """The values in portions that fit into one statement."""
    for start in range(0, len(values), VALUES_PER_QUERY):
        yield values[start : start + VALUES_PER_QUERY]
