"""Old mail that is handed over in one go: kept like any other, and never answered by a machine."""

from dataclasses import asdict, dataclass
from pathlib import Path

import structlog
from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone

from requests_app import selectors
from requests_app.mailbox import handed, parsed, received
from requests_app.mailbox.sources import UnreadableFileError
from requests_app.models import Inquiry

from .capture import keep
from .reading import BACKLOG, read_inquiry

log = structlog.get_logger(__name__)

# What keeps a person from reading a mail on the desk; it is there all the same, as it came.
UNREADABLE = frozenset(
    {parsed.EMPTY, parsed.NO_HEADERS, parsed.MALFORMED, parsed.UNREADABLE, parsed.TIMEOUT, parsed.CRASHED}
)


@dataclass
class Imported:
    """What became of the mails: `read` = `new` + `known` + `failed`; `unreadable` ones are among the new."""

    read: int = 0
    new: int = 0
    known: int = 0
    unreadable: int = 0
    failed: int = 0

    def as_json(self) -> dict[str, int]:
        """Return the numbers by name."""
        return asdict(self)


def import_mail(path: Path) -> Imported:
    """Keep every mail of an mbox file, a Maildir, a folder of `.eml` files or one file, and read the new ones.

    Receipt is the topmost `Received` of a host of ours, else the date of the mbox line, else that of the file. One
    mail that fails does not keep the others. Raises SourceError when the path itself cannot be read.
    """
    counts = Imported()
    for one in handed.backlog(path, limit=settings.MAIL_SIZE_LIMIT, now=timezone.now()):
        counts.read += 1
        try:
            inquiry, new = _keep(one)
        except (UnreadableFileError, DatabaseError) as error:
            log.warning("mail_not_imported", error=type(error).__name__)
            counts.failed += 1
            continue
        if not new:
            counts.known += 1
            continue
        counts.new += 1
        try:
            read_inquiry(inquiry.pk)
        except (OSError, DatabaseError) as error:  # it is kept, and the worker is to read it anyway
            log.warning("mail_not_read", inquiry=inquiry.pk, error=type(error).__name__)
            continue
        inquiry.refresh_from_db(fields=["problems"])
        counts.unreadable += not UNREADABLE.isdisjoint(inquiry.problems)
    return counts


def _keep(one: handed.Handed) -> tuple[Inquiry, bool]:
    content = one.load(limit=settings.MAIL_SIZE_LIMIT)
    own_hosts = selectors.organisation().own_mail_hosts
    stamped = received.receipt_time(content.raw, own_hosts=own_hosts, now=timezone.now())
    return keep(BACKLOG, one.candidate, content, received_at=stamped or one.received_at)
