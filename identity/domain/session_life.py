"""How long a session of the staff lasts: 30 minutes without use, 10 hours with it."""

from datetime import datetime, timedelta

from .enums import SessionEnd

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=10)
WRITTEN_EVERY = timedelta(minutes=1)  # a page more than the last one is not written down before
KEPT = timedelta(days=30)  # for its owner to look at; after that nobody needs to know


def over(*, began: datetime, last_seen: datetime, now: datetime) -> SessionEnd | None:
    """Return why a session is over at an instant, or None while it is not."""
    if now - began > LONGEST:
        return SessionEnd.TOO_LONG
    return SessionEnd.IDLE if now - last_seen > IDLE else None
