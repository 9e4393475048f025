"""Values of a database as JSON can hold them, faithful and readable (GDPR Art. 12(1), 15(3))."""

import json
import math
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from exports.domain.records import Scalar, ValueNote


def selected(column: sa.ColumnElement[Any], kind: object, *, is_postgresql: bool) -> sa.ColumnElement[Any]:
    """How a column is fetched: as it is, but without a driver that could stumble over its value.

    PostgreSQL has times that Python does not (`infinity`, years before 1, intervals in months) and types that
    nobody here knows: those come as text. Of binary data only the size is fetched.
    """
    if not is_postgresql:
        return column
    if isinstance(kind, sa.LargeBinary):
        size = sa.cast(sa.func.octet_length(column), sa.Text)
        return sa.literal("<").concat(size).concat(" bytes>")
    if isinstance(kind, sa.Date | sa.DateTime | sa.Time | postgresql.INTERVAL | sa.types.NullType):
        return sa.cast(column, sa.Text)
    return column


def to_scalar(raw: object, kind: object, data_type: str | None, zone: ZoneInfo) -> tuple[Scalar, ValueNote | None]:
    """A fetched value as JSON can hold it, and what its reader must know.

    `kind` is the SQL type of the column, `data_type` the type the dataset names, `zone` that of times
    which the database keeps without one.
    """
    if raw is None:
        return None, None
    if isinstance(raw, bytes | bytearray | memoryview):
        return f"<{len(raw)} bytes>", ValueNote.BINARY
    if isinstance(kind, sa.LargeBinary) and isinstance(raw, str) and raw.endswith(" bytes>"):
        return raw, ValueNote.BINARY
    if isinstance(kind, sa.DateTime) and not _is_mere_date(raw) and (moment := _moment(raw)) is not None:
        assumed = moment.utcoffset() is None
        aware = moment.replace(tzinfo=zone) if assumed else moment
        return aware.isoformat(), ValueNote.ZONE_ASSUMED if assumed else None
    if (isinstance(kind, sa.Boolean) or data_type == "boolean") and isinstance(raw, int) and raw in (0, 1):
        return bool(raw), None
    return _plain(raw), None


def to_moment(raw: object, zone: ZoneInfo) -> datetime | None:
    """A stored time in UTC; a mere date is its first moment; None if it is no time that UTC can express."""
    moment = _moment(raw)
    if moment is None:
        return None
    try:
        return (moment.replace(tzinfo=zone) if moment.utcoffset() is None else moment).astimezone(UTC)
    except OverflowError:  # 1 January of year 1: a placeholder of other systems, no time
        return None


def _is_mere_date(raw: object) -> bool:
    """True for a day without a time, which gets none invented."""
    return isinstance(raw, str) and len(raw.strip()) <= len("2026-01-31")


def _moment(raw: object) -> datetime | None:
    if isinstance(raw, datetime):
        return raw
    if isinstance(raw, date):
        return datetime.combine(raw, time.min)
    if not isinstance(raw, str):
        return None
    try:
        return datetime.fromisoformat(raw.strip())
    except ValueError:
        return None


def _plain(raw: object) -> Scalar:
    if isinstance(raw, str | bool | int):
        return raw
    if isinstance(raw, float):
        return raw if math.isfinite(raw) else str(raw)
    if isinstance(raw, list | tuple | dict):
        return json.dumps(raw, ensure_ascii=False, default=str)
    return str(raw)  # Decimal, UUID, network addresses, ranges: their text says all of it
