"""Capture: the raw bytes of each message become one committed row, before anything else is done with them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from requests_app import selectors
from requests_app.domain.enums import Channel
from requests_app.mailbox import received, sources
from requests_app.models import Inquiry, Sighting

from .intake import record_inquiry

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Captured:
    """What one look at a mailbox brought; `waiting` files are still being written, `refused` cannot be read."""

    new: int = 0
    known: int = 0
    refused: int = 0
    waiting: int = 0


def capture(mailbox: str, source: sources.Source) -> Captured:
    """Look at a mailbox once and keep every message that was not seen before.

    `mailbox` names it in the sightings and must hold no credentials. A message that cannot be read now is reported
    and looked at again next time. The source hears of each message that is safe, now or since earlier: what it
    does about it (a mark, a move) may have been cut off. Raises SourceError when the mailbox cannot be used.
    """
    look = source.look()
    for refused in look.refused:
        log.warning("mail_file_refused", reason=refused.reason)
    new = known = unreadable = 0
    for candidate, uid in _compared(mailbox, look.candidates):
        if uid is not None:
            try:
                content = candidate.read(limit=settings.MAIL_SIZE_LIMIT)
            except sources.NotWantedError:
                continue
            except sources.UnreadableFileError as error:
                log.warning("mail_file_refused", reason=error.reason)
                unreadable += 1
                continue
            _, is_new = keep(mailbox, candidate, content, uid=uid)
            new, known = new + is_new, known + (not is_new)
        candidate.taken(limit=settings.MAIL_SIZE_LIMIT)
    return Captured(new, known, len(look.refused) + unreadable, look.waiting)


def keep(
    mailbox: str,
    candidate: sources.Found,
    content: sources.Content,
    *,
    uid: str = "",
    received_at: datetime | None = None,
) -> tuple[Inquiry, bool]:
    """Commit one message and where it was seen, in one transaction; return it and whether it is new.

    `uid` under which it is remembered, if not that of the candidate; `received_at` if whoever calls knows it.
    """
    with transaction.atomic():
        inquiry, new = record_inquiry(
            channel=Channel.MAIL,
            received_at=received_at or _received_at(candidate, content),
            raw=content.raw,
            oversize=content.oversize,
            size=candidate.size,
        )
        place = {"folder": candidate.folder, "uidvalidity": candidate.uidvalidity, "uid": uid or candidate.uid}
        if not _renumbered(mailbox, inquiry, place):
            Sighting.objects.get_or_create(mailbox=mailbox, **place, defaults={"inquiry": inquiry})
        return inquiry, new


def _renumbered(mailbox: str, inquiry: Inquiry, place: dict[str, str]) -> bool:
    """Give a sighting of the same mail its new number, if the server has numbered the folder anew.

    Otherwise a server that does so at every look would leave a row for each mail and look.
    """
    if not place["uidvalidity"]:
        return False
    before = Sighting.objects.filter(mailbox=mailbox, folder=place["folder"], inquiry=inquiry).exclude(
        uidvalidity=place["uidvalidity"]
    )
    row = before.order_by("id").first()
    taken = Sighting.objects.filter(mailbox=mailbox, **place).exists()
    if row is None or taken:
        return False
    Sighting.objects.filter(pk=row.pk).update(
        uidvalidity=place["uidvalidity"], uid=place["uid"], seen_at=timezone.now()
    )
    return True


def _compared(mailbox: str, candidates: tuple[sources.Found, ...]) -> Iterator[tuple[sources.Found, str | None]]:
    """Return each message with the uid under which it is to be remembered, None for those that are safe already.

    A number on a server is believed only together with the size: servers have given one number to two mails. The
    second is remembered as `number~size`.
    """
    if not candidates:
        return
    rows = Sighting.objects.filter(mailbox=mailbox).values_list("folder", "uidvalidity", "uid", "inquiry__size")
    seen = {(folder, validity, uid): size for folder, validity, uid, size in rows.iterator(chunk_size=5000)}
    for one in candidates:
        size = seen.get((one.folder, one.uidvalidity, one.uid))
        if size is None:
            yield one, one.uid
        elif one.uidvalidity and size != one.size:
            second = f"{one.uid}~{one.size}"
            yield one, None if (one.folder, one.uidvalidity, second) in seen else second
        else:
            yield one, None


def _received_at(candidate: sources.Found, content: sources.Content) -> datetime:
    """The arrival on our own server: its stamp on the mail in an IMAP folder, else its Received line, else the file."""
    now = timezone.now()
    if candidate.uidvalidity:
        return min(datetime.fromtimestamp(candidate.mtime, UTC), now)
    own_hosts = selectors.organisation().own_mail_hosts
    said = received.receipt_time(content.raw, own_hosts=own_hosts, now=now)
    said = said or received.from_line_time(content.raw, now=now)
    return said or min(datetime.fromtimestamp(candidate.mtime, UTC), now)
