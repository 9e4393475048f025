"""Right values for wrong ones: how a value is written in a form, read from it, and sealed as proof (GDPR Art. 16)."""

import hashlib
import hmac
import json
import math
import re
from datetime import date, datetime

from .records import FieldValue, Scalar, ValueNote

LONGEST_VALUE = 4000
EMAIL = "user.contact.email"

_TRUTH = {"true": True, "false": False}
_WHOLE = re.compile(r"[+-]?[0-9]{1,19}")
_ATOM = r"[^@\s<>()\[\]\\,;:\".]+"
_ADDRESS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@{_ATOM}(?:\.{_ATOM})+")
_INSIDE = re.compile(r"[^@\s<>()\[\],;:\"]{1,64}@[^@\s<>()\[\],;:\"]{1,255}")
_NORWEGIAN_DAY = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class WrongType(ValueError):
    """A value that cannot stand in a field; the message holds nothing of it."""


def as_text(value: Scalar) -> str:
    """Return a value as a form shows it and takes it back."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def as_time(value: Scalar) -> date | None:
    """Return the day or the moment that a text stands for, or None for anything else."""
    if not isinstance(value, str):
        return None
    if _is_day(value):
        return date.fromisoformat(value)
    return datetime.fromisoformat(value) if _is_moment(value) else None


def parse(text: str, seen: FieldValue) -> Scalar:
    """Return what was typed as a value of the kind that stands in the field now; raises WrongType.

    Nothing is None. What stands there now is always right, whatever it is; anything else loses the blanks around it.
    Where the field is empty now, its kind is not known and the system has the last word.
    """
    if _lines(text) == _lines(as_text(seen.value)):
        return seen.value
    text = _lines(text).strip()
    if len(text) > LONGEST_VALUE or "\0" in text or any("\ud800" <= sign <= "\udfff" for sign in text):
        raise WrongType("too long, or a character that cannot be kept")
    if not text:
        return None
    if is_email(seen):
        return _address(text)
    now = seen.value
    if isinstance(now, bool):
        return _truth(text)
    if isinstance(now, int):
        return _whole(text)
    if isinstance(now, float):
        return _number(text)
    return _time_like(text, now) if isinstance(now, str) else text


def is_email(seen: FieldValue) -> bool:
    """Tell whether a field holds an e-mail address."""
    return seen.category.startswith(EMAIL)


def addresses_in(text: str) -> frozenset[str]:
    """Return every e-mail address that stands somewhere in a value, in small letters, whatever is written around it."""
    found = (one.lower().strip(".'") for one in _INSIDE.findall(text))
    return frozenset(one for one in found if "." in one.rpartition("@")[2])


def can_be_shown(seen: FieldValue) -> bool:
    """Tell whether a value is one that a person can read and write; binary data and what is kept back are not."""
    return seen.withheld is None and seen.note is not ValueNote.BINARY


def seal(key: bytes, *, dsr_id: int, system: str, collection: str, field: str, value: str) -> str:
    """Return the keyed hash of a value in its place, in hex: it proves the value to whoever holds it, and tells no one.

    The place is part of it, so that equal values of different people or fields cannot be recognised.
    """
    place = json.dumps([dsr_id, system, collection, field, value], ensure_ascii=True, separators=(",", ":"))
    return hmac.new(key, place.encode("ascii"), hashlib.sha256).hexdigest()


def _lines(text: str) -> str:
    """A text with its lines ended in one way: a form brings them back in another one."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _address(text: str) -> str:
    if not _ADDRESS.fullmatch(text) or len(text) > 320:
        raise WrongType("no e-mail address")
    return text


def _truth(text: str) -> bool:
    if text.lower() not in _TRUTH:
        raise WrongType("neither true nor false")
    return _TRUTH[text.lower()]


def _whole(text: str) -> int:
    if not _WHOLE.fullmatch(text):
        raise WrongType("no whole number")
    return int(text)


def _number(text: str) -> float:
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        raise WrongType("no number") from None
    if not math.isfinite(number):
        raise WrongType("no number")
    return number


def _time_like(text: str, now: str) -> str:
    """A time in place of a time, a day in place of a day, anything in place of anything else."""
    if _is_day(now):
        return _day(text)
    if not _is_moment(now):
        return text
    try:
        return datetime.fromisoformat(text).isoformat()
    except ValueError:
        raise WrongType("no time") from None


def _day(text: str) -> str:
    if found := _NORWEGIAN_DAY.fullmatch(text):
        day, month, year = found.groups()
        text = f"{year}-{int(month):02}-{int(day):02}"
    if not _is_day(text):
        raise WrongType("no day")
    return text


def _is_day(text: str) -> bool:
    try:
        return _DAY.fullmatch(text) is not None and bool(date.fromisoformat(text))
    except ValueError:
        return False


def _is_moment(text: str) -> bool:
    if _DAY.match(text) is None or _DAY.fullmatch(text):
        return False
    try:
        return bool(datetime.fromisoformat(text))
    except ValueError:
        return False
