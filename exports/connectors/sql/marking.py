"""Marks that a verb leaves in a person's rows: consent withdrawn, only to be stored."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

import sqlalchemy as sa

from exports.connectors import clock
from exports.connectors.base import ConnectorError, Fault
from exports.connectors.dataset import Field, Mark
from exports.domain.changes import FieldChange
from exports.domain.records import Scalar

from .person_rows import PersonRows
from .results import public_field_name
from .search import row_key
from .stored import WrongValue, to_stored

Marked: TypeAlias = tuple[tuple[Field, Mark], ...]
Marks: TypeAlias = Callable[[PersonRows, str], Marked]


def withdrawing(rows: PersonRows, name: str) -> Marked:
    """The fields of a collection in which a withdrawal is written down."""
    fields = rows.dataset.collection(name).fields
    return tuple((field, field.withdraw) for field in fields if field.withdraw)


def restricting(rows: PersonRows, name: str) -> Marked:
    """The fields of a collection in which a restriction is written down."""
    fields = rows.dataset.collection(name).fields
    return tuple((field, field.restrict) for field in fields if field.restrict)


def is_marked(rows: PersonRows, name: str, identity: str, marked: Iterable[tuple[Field, Mark]]) -> bool:
    """Whether the marks stand in a row; a time counts whenever it was."""
    row = rows.found[name].rows[identity]
    for field, mark in marked:
        stored = rows.scalar(name, field, row)
        if stored in (None, "") if mark.now else not rows.is_same(name, field, stored, mark.value):
            return False
    return True


def mark_rows(rows: PersonRows, name: str, identities: Sequence[str], marks: Marks) -> tuple[FieldChange, ...]:
    """Write the marks into the rows that lack them, and return what was written. Raises ConnectorError."""
    marked, collection = marks(rows, name), rows.dataset.collection(name)
    by_fields: dict[tuple[str, ...], list[str]] = {}
    for identity in identities:  # a time that stands is never overwritten, so rows may lack different marks
        lacked = tuple(field.name for field, mark in marked if not is_marked(rows, name, identity, [(field, mark)]))
        by_fields.setdefault(lacked, []).append(identity)
    by_fields.pop((), None)
    written = {field.name: _written(rows, name, field, mark) for field, mark in marked} if by_fields else {}
    values = {field.name: _value(rows, name, field, written[field.name]) for field, _ in marked} if by_fields else {}
    changes = []
    for lacked, some in by_fields.items():
        rows.set(name, some, {field: values[field] for field in lacked})
        for identity, field in ((one, collection.field(two)) for one in some for two in lacked):
            row = rows.found[name].rows[identity]
            changes.append(
                FieldChange(
                    rows.public_name(name), row_key(collection, identity, row), public_field_name(collection, field),
                    rows.scalar(name, field, row), written[field.name],
                )
            )  # fmt: skip
    return tuple(changes)


def rows_of(changes: Iterable[FieldChange]) -> int:
    """In how many rows something was written."""
    return len({(change.collection, change.key) for change in changes})


def _written(rows: PersonRows, name: str, field: Field, mark: Mark) -> Scalar:
    now = clock.now().replace(microsecond=0).astimezone(rows.dataset.zone)
    is_day = isinstance(rows.kind(name, field), sa.Date)
    return (now.date() if is_day else now).isoformat() if mark.now else mark.value


def _value(rows: PersonRows, name: str, field: Field, written: Scalar) -> object:
    kind, zone = rows.kind(name, field), rows.dataset.zone
    try:
        return to_stored(written, field, kind, nullable=False, zone=zone)
    except WrongValue as error:
        problem = str(error)
    place = f"{name}.{field.name}"
    message = f"{rows.system}: what the dataset wants written into {place} does not fit: it {problem}"
    raise ConnectorError(message, permanent=True, fault=Fault.NO_WAY, place=place)
