"""In which direction a search runs through a dataset: from the fields with an identity outwards.

A reference with a direction is followed as written. One without leads away from where the search starts,
and among collections equally far from there from the referenced field to the referring one. So a search
that came from a customer to the orders and on to the products never comes back from a product to the orders
of everybody else: rows of strangers are a breach, not thoroughness.
"""

import dataclasses
from collections.abc import Collection as SizedIterable
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from exports.connectors.dataset import Dataset, DatasetError, Direction
from requests_app.domain.marked_yaml import Problem


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A field of a collection, by their names."""

    collection: str
    field: str

    def __str__(self) -> str:
        return f"{self.collection}.{self.field}"


@dataclass(frozen=True, slots=True)
class Start:
    """A field where a search may begin, and the kind of identifier it holds."""

    place: Place
    identity: str


@dataclass(frozen=True, slots=True)
class Edge:
    """Values found in `source` are looked for in `target`.

    `up`: from the referring field to the field it refers to, whose row others may refer to as well.
    """

    source: Place
    target: Place
    up: bool = dataclasses.field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Plan:
    """Where searches begin and how they go on, both in the order of the file."""

    starts: tuple[Start, ...]
    edges: tuple[Edge, ...]

    def leaving(self, collection: str) -> tuple[Edge, ...]:
        """The edges to follow with new rows of a collection."""
        return tuple(edge for edge in self.edges if edge.source.collection == collection)

    def towards(self, wanted: SizedIterable[str]) -> "Plan":
        """The part of the plan that can end in one of the wanted collections."""
        needed, size = set(wanted), -1
        while size != len(needed):
            size = len(needed)
            needed |= {e.source.collection for e in self.edges if e.target.collection in needed}
        return Plan(
            starts=tuple(start for start in self.starts if start.place.collection in needed),
            edges=tuple(edge for edge in self.edges if edge.target.collection in needed),
        )

    @property
    def collections(self) -> tuple[str, ...]:
        """The names of all collections that a search can come to."""
        names = [start.place.collection for start in self.starts]
        return tuple(dict.fromkeys([*names, *(edge.target.collection for edge in self.edges)]))


def make_plan(dataset: Dataset) -> Plan:
    """The plan of a dataset. Raises DatasetError for collections that no identity leads to."""
    active = [c for c in dataset.collections if not c.skip]
    starts = tuple(Start(Place(c.name, f.name), f.identity) for c in active for f in c.fields if f.identity is not None)
    both_ways = tuple(_edges(dataset))
    distance = _distances({start.place.collection for start in starts}, both_ways)
    _refuse_unreachable(dataset, distance)
    edges = tuple(dict.fromkeys(e.edge for e in both_ways if e.declared or _leads_away(e, distance)))
    return Plan(starts, edges)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """An edge that may be followed. `declared`: the file gives the direction; `down`: to the referring field."""

    edge: Edge
    declared: bool
    down: bool


def _edges(dataset: Dataset) -> Iterator[_Candidate]:
    active = {c.name for c in dataset.collections if not c.skip}
    for collection in (c for c in dataset.collections if c.name in active):
        for field in collection.fields:
            here = Place(collection.name, field.name)
            for reference in (r for r in field.references if r.collection in active):
                there = Place(reference.collection, reference.field)
                declared = reference.direction is not None
                if reference.direction is not Direction.TO:
                    yield _Candidate(Edge(there, here), declared, down=True)
                if reference.direction is not Direction.FROM:
                    yield _Candidate(Edge(here, there, up=True), declared, down=False)


def _distances(starts: Iterable[str], candidates: tuple[_Candidate, ...]) -> dict[str, int]:
    """How many references lie between a collection and the nearest identity; unreachable ones are absent."""
    distance = dict.fromkeys(starts, 0)
    border, steps = set(distance), 0
    while border:
        steps += 1
        border = {
            candidate.edge.target.collection
            for candidate in candidates
            if candidate.edge.source.collection in border and candidate.edge.target.collection not in distance
        }
        distance.update(dict.fromkeys(border, steps))
    return distance


def _leads_away(candidate: _Candidate, distance: dict[str, int]) -> bool:
    source, target = candidate.edge.source.collection, candidate.edge.target.collection
    if source == target:  # replies to a comment, staff of a manager: other people, unless the file says so
        return False
    if distance[source] == distance[target]:
        return candidate.down
    return distance[source] < distance[target]


def _refuse_unreachable(dataset: Dataset, distance: dict[str, int]) -> None:
    problems = [
        Problem(
            dataset.file,
            collection.line,
            f"{dataset.key}.{collection.name}",
            "no identity leads here, so nobody would ever be found in it: add identity or references"
            " (those to other datasets are not followed), or skip_processing: true",
        )
        for collection in dataset.collections
        if not collection.skip and collection.name not in distance
    ]
    if problems:
        raise DatasetError(problems)
