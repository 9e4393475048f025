"""When a stored value is the value looked for: addresses by their spelling, keys by the type of their column."""

import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from exports.domain.identifiers import email_variants, phone_variants
from exports.domain.records import ContactChannel

_BLANKS = " \t\r\n\u00a0"
_LARGEST_INTEGER = 2**63  # SQLite takes no larger one, PostgreSQL has no larger key
_ICU = "und-x-icu"
_WHOLE_NUMBER = re.compile(r"-?[0-9]{1,20}")


def lower_collation(connection: sa.Connection) -> str | None:
    """The collation that PostgreSQL needs to write æøå in lower case; None if its own does.

    A database made with the locale C knows only the letters of ASCII; ICU, where it was built in, knows all.
    """
    knows, icu = connection.execute(
        sa.select(
            sa.func.lower("ÆØÅ") == "æøå",
            sa.exists(
                sa.select(sa.literal(1))
                .select_from(sa.table("pg_collation", sa.column("collname"), schema="pg_catalog"))
                .where(sa.column("collname") == _ICU)
                .where(sa.func.current_setting("server_encoding") == "UTF8")
            ),
        )
    ).one()
    return _ICU if icu and not knows else None


def fold(value: object) -> str | None:
    """A text as addresses are compared: lower case in every language, no blanks around it."""
    return value.strip().lower() if isinstance(value, str) else None


def digits(value: object) -> str | None:
    """The digits of a phone number, however it is written."""
    return "".join(sign for sign in str(value) if sign in "0123456789") if value is not None else None


@dataclass(frozen=True, slots=True)
class Matcher:
    """Makes conditions for one database. `collation`: PostgreSQL's, if its own does not know æøå."""

    is_postgresql: bool
    calling_code: str
    collation: str | None = None

    def spellings(self, channel: ContactChannel | None, kind: object, values: Iterable[object]) -> list[Any]:
        """What to look for in a column of SQL type `kind`; values that cannot stand in it are left out."""
        found: set[Any] = set()
        for value in values:
            if channel is ContactChannel.EMAIL:
                found |= email_variants(str(value))
            elif channel is ContactChannel.PHONE:
                found |= phone_variants(str(value), self.calling_code)
            elif (key := _as_key(kind, value)) is not None:
                found.add(key)
        return sorted(value for value in found if _can_be_sent(value))

    def condition(
        self,
        column: sa.ColumnElement[Any],
        channel: ContactChannel | None,
        kind: object,
        spellings: list[Any],
    ) -> sa.ColumnElement[bool]:
        """True for rows whose column holds one of the spellings."""
        if channel is ContactChannel.EMAIL:
            return self._folded(column).in_(spellings)
        if channel is ContactChannel.PHONE:
            return self._digits(column).in_(spellings)
        if isinstance(kind, sa.Integer):
            return column.in_(_bound(spellings, sa.BigInteger()))
        if isinstance(kind, sa.Uuid):
            return column.in_(_bound(spellings, sa.Uuid()))
        if isinstance(kind, sa.String) and not isinstance(kind, sa.Enum):
            return column.in_(spellings)
        return sa.cast(column, sa.Text).in_(spellings)

    def _folded(self, column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
        if not self.is_postgresql:
            return sa.func.datarett_fold(column)
        text = sa.func.btrim(sa.cast(column, sa.Text), _BLANKS)
        return sa.func.lower(sa.collate(text, self.collation) if self.collation else text)

    def _digits(self, column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
        if not self.is_postgresql:
            return sa.func.datarett_digits(column)
        return sa.func.regexp_replace(sa.cast(column, sa.Text), "[^0-9]", "", "g")


def _bound(spellings: list[Any], kind: sa.types.TypeEngine[Any]) -> sa.BindParameter[Any]:
    return sa.bindparam(None, spellings, type_=kind, expanding=True)


def _as_key(kind: object, value: object) -> str | int | uuid.UUID | None:
    """The value as the column would hold it, or None if it cannot."""
    text = str(value)
    if isinstance(kind, sa.Integer):
        number = int(text) if _WHOLE_NUMBER.fullmatch(text) else _LARGEST_INTEGER
        return number if -_LARGEST_INTEGER <= number < _LARGEST_INTEGER else None
    if isinstance(kind, sa.Uuid):
        try:
            return uuid.UUID(text)
        except ValueError:
            return None
    return text or None


def _can_be_sent(value: object) -> bool:
    """False for text that no database can hold: a NUL or half a surrogate pair."""
    if not isinstance(value, str):
        return True
    return "\0" not in value and not any("\ud800" <= sign <= "\udfff" for sign in value)
