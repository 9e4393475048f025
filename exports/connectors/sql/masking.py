"""What stands in a row when it is anonymised, field by field.

Personal fields and identities are masked, by the strategy the dataset gives them; a field without one is emptied,
gets a random value where it must be unique, and else a neutral one. What rows are told by stays: their primary key
and what a foreign key must refer to. Columns that the dataset does not describe are not known here and stay too.
"""

import re
import secrets
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from exports.connectors.base import ConnectorError, Fault
from exports.connectors.dataset import Field, Strategy
from exports.domain.records import Scalar

from .search import Row
from .shape import Shape
from .stored import for_driver, same
from .values import to_scalar

NEUTRAL_TEXT = "-"
_RANDOM_TEXT = re.compile(r"anon-[0-9a-f]+|[0-9a-f]{1,11}")
_SHORTEST_MARKED = 12


@dataclass(frozen=True, slots=True)
class Mask:
    """The value of one field afterwards; with `length` a random text, number or id, another one in every row."""

    field: Field
    kind: object
    value: Any = None
    is_random: bool = False
    length: int = 0

    def make(self) -> object:
        """A value to write."""
        if not self.is_random:
            return self.value
        if isinstance(self.kind, sa.Integer):  # negative: no system numbers its customers so
            return -1 - secrets.randbelow(2**15 - 1 if isinstance(self.kind, sa.SmallInteger) else 2**31 - 1)
        if isinstance(self.kind, sa.Uuid):
            return uuid.uuid4()
        if self.length < _SHORTEST_MARKED:
            return secrets.token_hex(self.length)[: self.length]
        return f"anon-{secrets.token_hex(self.length)}"[: self.length]

    def is_made(self, stored: Scalar, zone: ZoneInfo) -> bool:
        """Whether a stored value is one that this mask writes."""
        if not self.is_random:
            value, _ = to_scalar(self.value, self.kind, self.field.data_type, zone)
            return same(stored, value, self.kind, zone)
        if isinstance(self.kind, sa.Integer):
            return isinstance(stored, int) and stored < 0
        if isinstance(self.kind, sa.Uuid):
            return False  # cannot be told; such a row is found only if something else still leads to it
        return isinstance(stored, str) and len(stored) == self.length and bool(_RANDOM_TEXT.fullmatch(stored))


def is_masked_field(shape: Shape, field: Field) -> bool:
    """Whether anonymising a row changes this field."""
    if field.masking is not None:
        return field.masking.strategy is not Strategy.PRESERVE
    if field.identity is not None:
        return True
    if field.name in shape.held or (field.name in shape.referring and field.name not in shape.nullable):
        return False
    return field.is_personal or bool(field.references)


def masks_of(shape: Shape, fields: Iterable[Field], system: str, *, is_postgresql: bool) -> tuple[Mask, ...]:
    """The masks of fields of a table. Raises ConnectorError for one that the strategy of the dataset does not fit."""
    found = []
    for field in fields:
        mask = _mask(shape, field, system)
        value = for_driver(mask.value, is_postgresql=is_postgresql)
        found.append(Mask(field, mask.kind, value, mask.is_random, mask.length))
    return tuple(found)


def is_anonymous(masks: tuple[Mask, ...], shape: Shape, row: Row, zone: ZoneInfo) -> bool:
    """Whether a row was anonymised before. Withheld fields are not looked at: they are masked with the others."""
    for mask in masks:
        if mask.field.withheld is None:
            stored, _ = to_scalar(row[mask.field.name], shape.table.kinds[mask.field.name], mask.field.data_type, zone)
            if not mask.is_made(stored, zone):
                return False
    return True


def _mask(shape: Shape, field: Field, system: str) -> Mask:
    kind = shape.table.kinds[field.name]
    strategy = field.masking.strategy if field.masking else None
    is_nullable, is_unique = field.name in shape.nullable, field.name in shape.unique
    if strategy is Strategy.NULL and not is_nullable:
        raise _unfit(shape, field, system, "cannot be emptied, as null_rewrite wants")
    if strategy is Strategy.TEXT and is_unique:
        raise _unfit(shape, field, system, "must be unique: string_rewrite would give every row the same text")
    if field.masking and strategy is Strategy.TEXT:
        return Mask(field, kind, _fitting(shape, field, kind, field.masking.text, system))
    if strategy is Strategy.NULL or (strategy is None and is_nullable):
        return Mask(field, kind)
    length = min(n for n in (field.masking.length if field.masking else 30, _length(field, kind)) if n)
    if strategy is Strategy.RANDOM or is_unique or field.references:
        if not isinstance(kind, sa.Integer | sa.Uuid | sa.String) or isinstance(kind, sa.Enum):
            raise _unfit(shape, field, system, "takes no random value: give it another masking strategy")
        return Mask(field, kind, is_random=True, length=length)
    return Mask(field, kind, _neutral(shape, field, kind, system))


def _fitting(shape: Shape, field: Field, kind: object, text: str, system: str) -> object:
    """The text of a strategy as the column takes it."""
    limit = _length(field, kind)
    if not isinstance(kind, sa.String) or (isinstance(kind, sa.Enum) and text not in kind.enums):
        raise _unfit(shape, field, system, "does not take the text of its masking strategy")
    if limit is not None and len(text) > limit:
        raise _unfit(shape, field, system, "is too short for the text of its masking strategy")
    return text


_NEUTRAL: Mapping[type, object] = {
    sa.Boolean: False,
    sa.Numeric: 0,
    sa.Float: 0,
    sa.Integer: 0,
    sa.Date: date(1970, 1, 1),
    sa.Time: time(0, 0),
    sa.LargeBinary: b"",
}


def _neutral(shape: Shape, field: Field, kind: object, system: str) -> object:
    if isinstance(kind, sa.String) and not isinstance(kind, sa.Enum):
        return NEUTRAL_TEXT
    if isinstance(kind, sa.DateTime):
        return datetime(1970, 1, 1, tzinfo=UTC if kind.timezone else None)
    if isinstance(kind, sa.Uuid):
        return uuid.UUID(int=0)
    for one, value in _NEUTRAL.items():
        if isinstance(kind, one):
            return value
    raise _unfit(shape, field, system, "must not be empty, and no neutral value is known: give it a masking strategy")


def _length(field: Field, kind: object) -> int | None:
    lengths = [n for n in (field.length, getattr(kind, "length", None)) if n]
    return min(lengths, default=None)


def _unfit(shape: Shape, field: Field, system: str, words: str) -> ConnectorError:
    place = f"{shape.name}.{field.name}"
    return ConnectorError(f"{system}: {place} {words}", permanent=True, fault=Fault.NO_WAY, place=place)
