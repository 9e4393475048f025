"""Values on their way into a database: of the right type or refused, and how two of them are compared."""

import math
import re
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from exports.connectors.dataset import Field
from exports.domain.records import Scalar

_WHOLE = re.compile(r"[+-]?[0-9]{1,19}")
_DECIMAL = re.compile(r"[+-]?[0-9]{1,30}(\.[0-9]{1,30})?")
_TRUTH = {"true": True, "1": True, "false": False, "0": False}
_LARGEST = ((sa.SmallInteger, 2**15), (sa.BigInteger, 2**63), (sa.Integer, 2**31))


class WrongValue(Exception):
    """A value that cannot stand in a field; the text says what can, not what was given."""


def to_stored(value: Scalar, field: Field, kind: object, *, nullable: bool, zone: ZoneInfo) -> object:
    """The value as the column takes it. Raises WrongValue.

    Nothing and an empty text are the same: NULL where the column allows it, else an empty text, but never an empty
    identity. Times without a zone are those of `zone`; so are times in a column that keeps none. Numbers and times
    may come as texts.
    """
    if value is None or value == "":
        if nullable:
            return None
        if _is_text(kind) and field.data_type in (None, "string") and field.identity is None:
            return ""
        raise WrongValue("must not be empty")
    if isinstance(kind, sa.Boolean) or field.data_type == "boolean":
        return _truth(value)
    if isinstance(kind, sa.Integer):
        return _whole(value, kind)
    if isinstance(kind, sa.Float | sa.Numeric):
        return _number(value, kind)
    if isinstance(kind, sa.DateTime):
        return _moment(value, zone, keeps_zone=bool(kind.timezone))
    if isinstance(kind, sa.Date):
        return _day(value)
    if isinstance(kind, sa.Enum):
        if value not in kind.enums:
            raise WrongValue("must be one of the values of the column")
        return value
    if _is_text(kind):
        return _text(value, field, kind)
    raise WrongValue("is of a kind that is only changed in the system itself")


def for_driver(value: Any, *, is_postgresql: bool) -> object:
    """The value as the driver takes it: SQLite keeps times and decimals as texts, truth as a number."""
    if is_postgresql:
        return value
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, bool):
        return int(value)
    return str(value) if isinstance(value, Decimal) else value


def same(one: Scalar, other: Scalar, kind: object, zone: ZoneInfo) -> bool:
    """Whether two values mean the same in a column of SQL type `kind`; nothing and an empty text do."""
    if one in (None, "") or other in (None, ""):
        return one in (None, "") and other in (None, "")
    if isinstance(one, bool) or isinstance(other, bool):
        return _or_itself(_truth, one) == _or_itself(_truth, other)
    if isinstance(kind, sa.DateTime):
        return _or_itself(_aware, one, zone) == _or_itself(_aware, other, zone)
    if isinstance(kind, sa.Numeric | sa.Float | sa.Integer):
        return _or_itself(_decimal, one) == _or_itself(_decimal, other)
    if isinstance(kind, sa.CHAR):  # filled up with blanks to its length
        return str(one).rstrip() == str(other).rstrip()
    return str(one) == str(other)


def _or_itself(read: Any, value: Scalar, *more: object) -> object:
    try:
        return read(value, *more)
    except WrongValue:
        return value


def _is_text(kind: object) -> bool:
    return isinstance(kind, sa.String) and not isinstance(kind, sa.Enum)


def _text(value: Scalar, field: Field, kind: object) -> str:
    if field.data_type == "integer":
        _decimal(value, _WHOLE)
    elif field.data_type == "float":
        _decimal(value)
    elif not isinstance(value, str):
        raise WrongValue("must be a text")
    text = str(value)
    lengths = [n for n in (field.length, getattr(kind, "length", None)) if n]
    if lengths and len(text) > min(lengths):
        raise WrongValue(f"takes {min(lengths)} characters at most")
    if "\0" in text or any("\ud800" <= sign <= "\udfff" for sign in text):
        raise WrongValue("holds a character that no database can keep")
    return text


def _truth(value: Scalar) -> bool:
    found = _TRUTH.get(str(value).strip().lower())
    if found is None:
        raise WrongValue("must be true or false")
    return found


def _decimal(value: Scalar, pattern: re.Pattern[str] = _DECIMAL) -> Decimal:
    text = str(value).strip()
    plain = not isinstance(value, bool) and (not isinstance(value, float) or math.isfinite(value))
    try:
        if plain and (isinstance(value, float) or pattern.fullmatch(text)):
            return Decimal(text)
    except InvalidOperation:
        pass
    raise WrongValue("must be a whole number" if pattern is _WHOLE else "must be a number")


def _whole(value: Scalar, kind: object) -> int:
    number = _decimal(value, _WHOLE)
    largest = next(size for one, size in _LARGEST if isinstance(kind, one))
    if number != number.to_integral_value() or not -largest <= number < largest:
        raise WrongValue("must be a whole number that is not too large")
    return int(number)


def _number(value: Scalar, kind: "sa.Numeric[Any] | sa.Float[Any]") -> Decimal | float:
    number = _decimal(value)
    if isinstance(kind, sa.Float):
        return float(number)
    scale, precision = kind.scale, kind.precision
    if scale is not None and number != round(number, scale):
        raise WrongValue(f"takes {scale} decimals at most")
    if precision is not None and abs(number) >= Decimal(10) ** (precision - (scale or 0)):
        raise WrongValue("must be a number that is not too large")
    return number


def _day(value: Scalar) -> date:
    try:
        return date.fromisoformat(str(value).strip())
    except ValueError:
        raise WrongValue("must be a date such as 2026-01-31") from None


def _aware(value: Scalar, zone: ZoneInfo) -> datetime:
    try:
        moment = datetime.fromisoformat(str(value).strip())
    except ValueError:
        raise WrongValue("must be a time such as 2026-01-31T12:00") from None
    return moment if moment.utcoffset() is not None else moment.replace(tzinfo=zone)


def _moment(value: Scalar, zone: ZoneInfo, *, keeps_zone: bool) -> datetime:
    moment = _aware(value, zone)
    return moment if keeps_zone else moment.astimezone(zone).replace(tzinfo=None)
