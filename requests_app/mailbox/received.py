"""When a stored mail reached us, as our own server wrote it down."""

import re
from collections.abc import Collection
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from . import headers

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)

_COMMENT = re.compile(r"\([^()]*\)")
_BY = re.compile(r"(?:^|\s)by\s+([^\s;]+)", re.IGNORECASE)
_FROM_LINE = re.compile(
    rb"From \S{0,320} +(?:\w{3} +)?(\w{3} +\d{1,2} +\d\d:\d\d:\d\d)(?: +[A-Z]{2,4})? +(\d{4})(?: +([+-]\d{4}))?\s*\n"
)


def receipt_time(raw: bytes, *, own_hosts: Collection[str], now: datetime) -> datetime | None:
    """Return the time in the topmost `Received` field written by one of our hosts, aware, or None.

    None too if that time cannot be read, lies before 1990 or after `now` (aware): the sender's claims and
    fields of other servers are never used instead.
    """
    hosts = {host.lower().rstrip(".") for host in own_hosts}
    for value in headers.read(raw).all("received")[:100]:
        text = headers.unstructured(value, 4_000)
        if _host(text) in hosts:
            return _plausible(text.rpartition(";")[2], now)
    return None


def from_line_time(raw: bytes, *, now: datetime) -> datetime | None:
    """Return the time in the `From ` line that begins a mail of an mbox file (UTC unless it says so), or None."""
    found = _FROM_LINE.match(raw[:600])
    if found is None:
        return None
    day, year, zone = (part.decode("ascii", "ignore") if part else "" for part in found.groups())
    month, number, clock = day.split()
    return _plausible(f"{number} {month} {year} {clock} {zone or '+0000'}", now)


def moment(seconds: float | None) -> datetime | None:
    """Return a Unix time, such as that of a file, as a moment (UTC); None if it cannot be that of a mail.

    It is none before 1990, and none where the calendar ends (year 10000): programs that unpack files leave both.
    """
    try:
        found = None if seconds is None else datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):
        return None
    return found if found and found >= EARLIEST else None


def _host(text: str) -> str:
    for _ in range(3):  # comments may hold comments
        text = _COMMENT.sub(" ", text)
    found = _BY.search(text)
    return found[1].lower().rstrip(".") if found else ""


def _plausible(text: str, now: datetime) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text.strip()[:100])
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    try:
        return moment if EARLIEST <= moment <= now else None
    except OverflowError:  # year 1 or 9999 with an offset
        return None
