"""The link in a confirmation by which whoever reads the mailbox takes back what a case has blocked.

The address may have been typed by somebody else. A link says when it was mailed, under its signature: it works for
`settings.UNDO_LIFETIME`, and what was asked for after it was mailed is none of its business (`suppression_lift.undo`).
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from requests_app.domain import tokens
from requests_app.keyring import ring
from requests_app.models import Case

from . import clock

PURPOSE = "undo-marketing-stop"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LONGEST = 17  # digits: microseconds up to the year 5138
_TICK = timedelta(microseconds=1)


@dataclass(frozen=True)
class UndoLink:
    """Whose block a link takes back, and when it was mailed."""

    case: Case
    issued_at: datetime

    @property
    def expired(self) -> bool:
        """Whether its time is over."""
        return timezone.now() > self.issued_at + settings.UNDO_LIFETIME


def secret(case: Case, issued_at: datetime) -> tokens.Secret:
    """Return how the link is derived that is mailed now."""
    moment = (issued_at - _EPOCH) // _TICK
    form = f"/undo/{case.uuid.hex}.{moment}.{{}}"
    return tokens.Secret(form, PURPOSE, _subject(case, moment), 1, ring().active)


def last_day(issued_at: datetime) -> date:
    """Return the last whole day on which a link that is mailed now works."""
    return clock.calendar().local_date(issued_at + settings.UNDO_LIFETIME) - timedelta(days=1)


def read(token: str) -> UndoLink | None:
    """Return what a link says, also when its time is over; None for a link that is not ours."""
    parts = token.split(".")
    if len(parts) != 3 or not token.isascii() or not parts[1].isdigit() or len(parts[1]) > _LONGEST:
        return None
    number, moment, given = parts[0], int(parts[1]), parts[2]
    try:
        case = Case.objects.filter(uuid=UUID(hex=number)).first()
    except ValueError:
        return None
    if case is None:
        return None
    keys, subject = ring(), _subject(case, moment)
    derived = [tokens.derive_token(keys, PURPOSE, subject, 1, key_id) for key_id in keys.keys]
    if not any(tokens.same(given, one) for one in derived):
        return None
    return UndoLink(case, _EPOCH + moment * _TICK)


def _subject(case: Case, moment: int) -> str:
    return f"{case.uuid} {moment}"
