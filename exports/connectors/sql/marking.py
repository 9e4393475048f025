"""Marks that a verb leaves in a person's rows: consent withdrawn, only to be stored."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

import sqlalchemy as sa

from exports.connectors import clock
from exports.connectors.base import ConnectorError, Fault
from exports.connectors.dataset import Field, Mark

from .person_rows import PersonRows
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


def mark_rows(rows: PersonRows, name: str, identities: Sequence[str], marks: Marks) -> int:
    """Write the marks into the rows that lack them; returns how many those are. Raises ConnectorError."""
    marked = marks(rows, name)
    lacking = [identity for identity in identities if not is_marked(rows, name, identity, marked)]
    by_fields: dict[tuple[str, ...], list[str]] = {}
    for identity in lacking:  # a time that stands is never overwritten, so rows may lack different marks
        lacked = tuple(field.name for field, mark in marked if not is_marked(rows, name, identity, [(field, mark)]))
        by_fields.setdefault(lacked, []).append(identity)
    values = {field.name: _value(rows, name, field, mark) for field, mark in marked} if lacking else {}
    for lacked, some in by_fields.items():
        rows.set(name, some, {field: values[field] for field in lacked})
    return len(lacking)


def _value(rows: PersonRows, name: str, field: Field, mark: Mark) -> object:
    kind, zone = rows.kind(name, field), rows.dataset.zone
    now = clock.now().replace(microsecond=0).astimezone(zone)
    written = (now.date() if isinstance(kind, sa.Date) else now).isoformat() if mark.now else mark.value
    try:
        return to_stored(written, field, kind, nullable=False, zone=zone)
    except WrongValue as error:
        problem = str(error)
    place = f"{name}.{field.name}"
    message = f"{rows.system}: what the dataset wants written into {place} does not fit: it {problem}"
    raise ConnectorError(message, permanent=True, fault=Fault.NO_WAY, place=place)
