"""The audit chain: each entry is sealed with a keyed hash over itself and the seal of the one before.

Entries hold no personal data and point to nothing by foreign key, so they outlive what they tell of.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from .keys import KeyRing

GENESIS = "0" * 64


@dataclass(frozen=True)
class Entry:
    """One line of the audit; `details` holds codes, dates, numbers and hashes only."""

    number: int
    at: datetime
    actor: str
    action: str
    subject: str
    details: dict[str, object]
    key_id: str
    previous: str
    seal: str = ""


def canonical(entry: Entry) -> bytes:
    """Return the bytes that are sealed: JSON with sorted keys, the instant in UTC to the microsecond."""
    return json.dumps(
        {
            "number": entry.number,
            "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "actor": entry.actor,
            "action": entry.action,
            "subject": entry.subject,
            "details": entry.details,
            "key_id": entry.key_id,
            "previous": entry.previous,
        },
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
    ).encode()


def seal(ring: KeyRing, entry: Entry) -> str:
    """Return the hex seal of an entry; raises KeyError when its key is no longer in the ring."""
    return hmac.new(ring.key("audit", entry.key_id), canonical(entry), hashlib.sha256).hexdigest()


def first_broken(ring: KeyRing, entries: Iterable[Entry], head: tuple[int, str] | None) -> int | None:
    """Return the number of the first entry that does not fit, or None when the chain is whole.

    `head` is the separately kept (number, seal) of the last entry; a chain cut at its end does not reach it. Entries
    that were appended after the head was read are checked like the others.
    """
    number, previous = 0, GENESIS
    reached = head is None or head == (number, previous)
    for entry in entries:
        fits = entry.number == number + 1 and entry.previous == previous and entry.key_id in ring.keys
        if not fits or not hmac.compare_digest(entry.seal, seal(ring, entry)):
            return number + 1
        number, previous = entry.number, entry.seal
        reached = reached or head == (number, previous)
    return None if reached else number + 1
