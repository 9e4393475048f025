"""Dates as mail programs write them into a forwarded mail, in the languages of the north, English and German."""

import re
from datetime import UTC, date, datetime, tzinfo
from email.utils import parsedate_to_datetime

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan januar january januari jänner", "feb februar february februari", "mar mars march mär märz marts",
            "apr april", "mai may maj", "jun juni june", "jul juli july", "aug august augusti",
            "sep sept september", "okt oct oktober october", "nov november", "des dec dez desember december dezember",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_ISO = re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b")
_DOTTED = re.compile(r"\b(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})\b")
_SLASHED = re.compile(r"\b(\d{1,2})/(\d{1,2})/(\d{4})\b")
_DAY_MONTH = re.compile(r"\b(\d{1,2})\.?\s+([a-zä]{3,9})\.?,?\s+(\d{4})\b")
_MONTH_DAY = re.compile(r"\b([a-zä]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})\b")


def day(text: str, *, zone: tzinfo) -> date | None:
    """Return the day that a date line names, in `zone` where it says an offset; None when it is open to doubt.

    03/04/2026 is in doubt: half the world reads it one way, half the other.
    """
    text = text.strip()[:200]
    return _standard(text, zone) or _written(text.lower())


def moment(text: str) -> datetime | None:
    """Return the moment that a date line of an attached mail names (RFC 5322); naive where it says no offset."""
    try:
        found: datetime = parsedate_to_datetime(text.strip()[:200])
        return found if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _standard(text: str, zone: tzinfo) -> date | None:
    found = moment(text)
    return found if found is None else found.date() if found.tzinfo is None else found.astimezone(zone).date()


def _written(text: str) -> date | None:
    if found := _ISO.search(text):
        return _date(found[1], found[2], found[3])
    if found := _DOTTED.search(text):
        return _date(found[3], found[2], found[1])
    if found := _SLASHED.search(text):
        first, second = int(found[1]), int(found[2])
        if first <= 12 and second <= 12 and first != second:
            return None
        month, number = (first, second) if second > 12 else (second, first)
        return _date(found[3], str(month), str(number))
    for found in _DAY_MONTH.finditer(text):
        if found[2] in _MONTHS:
            return _date(found[3], str(_MONTHS[found[2]]), found[1])
    for found in _MONTH_DAY.finditer(text):
        if found[1] in _MONTHS:
            return _date(found[3], str(_MONTHS[found[1]]), found[2])
    return None


def _date(year: str, month: str, number: str) -> date | None:
    try:
        return date(int(year), int(month), int(number))
    except ValueError:
        return None
