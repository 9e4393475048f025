"""How the fetching of mail goes, in a line a mailbox: for the inbox, and for the queue when something is wrong."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.functional import Promise

from requests_app import selectors
from requests_app.labels import MAILBOX_FAULTS
from requests_app.models import MailboxHealth
from requests_app.services import mailbox_health

READ_WITHIN = timedelta(minutes=5)


@dataclass(frozen=True)
class Line:
    """One mailbox. `since` is the last time it was read, or that it should have been; `fault`: why not since then.

    `at_work`: somebody looks at it, but has not come to its end since then.
    """

    name: str
    out: bool
    read: bool
    since: datetime
    fault: Promise | str
    at_work: bool
    waiting_since: datetime | None
    excluded_folders: str
    excluded_senders: str
    left_out: int


def lines() -> list[Line]:
    """Return every mailbox that is read, by name."""
    return [_line(row) for row in MailboxHealth.objects.all()]


def unread_since() -> datetime | None:
    """Return since when the oldest mail that is safe with us waits to be read, if that takes longer than it should."""
    return selectors.oldest_unread(timezone.now() - READ_WITHIN)


def outages() -> list[Line]:
    """Return the mailboxes that have been silent for too long."""
    return [line for line in lines() if line.out]


def _line(row: MailboxHealth) -> Line:
    fault = mailbox_health.why(row)
    return Line(
        name=row.short_name,
        out=mailbox_health.is_out(row),
        read=row.fetched_at is not None,
        since=mailbox_health.last_read(row),
        fault=MAILBOX_FAULTS[fault] if fault else "",
        at_work=mailbox_health.at_work(row),
        waiting_since=row.waiting_since,
        excluded_folders=", ".join(row.excluded_folders),
        excluded_senders=", ".join(row.excluded_senders),
        left_out=row.left_out,
    )
