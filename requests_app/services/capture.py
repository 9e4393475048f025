"""Capture: the raw bytes of each message become one committed row, before anything else is done with them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from requests_app import selectors
from requests_app.domain.enums import Channel
from requests_app.mailbox import received, sources
from requests_app.models import Inquiry, RefusedFile, Sighting

from .intake import record_inquiry

log = structlog.get_logger(__name__)

BATCH = 500
Place = tuple[str, str]  # folder and uid in a mailbox


@dataclass(frozen=True)
class Captured:
    """What one look at a mailbox brought; `waiting` files are still being written, `refused` cannot be read."""

    new: int = 0
    known: int = 0
    refused: int = 0
    waiting: int = 0


def capture(mailbox: str, source: sources.Source, known: set[Place] | None = None) -> Captured:
    """Look at a mailbox once and keep every message that was not seen before.

    `mailbox` names it in the sightings and must hold no credentials. Whoever looks again and again hands in the same
    `known` each time: the places seen so far that are still there, so that only new ones are looked up. A file that
    cannot be read now is reported and looked at again next time. Raises SourceError when the mailbox itself cannot
    be used.
    """
    places = set() if known is None else known
    look = source.look()
    refused = {sources.printable(one.path.name): one.reason for one in look.refused}
    new = seen_before = 0
    for candidate in _unseen(mailbox, look.candidates, places):
        try:
            content = sources.read(candidate, limit=settings.MAIL_SIZE_LIMIT)
        except sources.UnreadableFileError as error:
            refused[sources.printable(candidate.path.name)] = error.reason
            continue
        _, is_new = keep(mailbox, candidate, content)
        places.add((candidate.folder, candidate.uid))
        new, seen_before = new + is_new, seen_before + (not is_new)
    _remember_refused(mailbox, refused)
    return Captured(new, seen_before, len(refused), look.waiting)


def _remember_refused(mailbox: str, refused: Mapping[str, str]) -> None:
    """Keep which files cannot be read, and tell the log of each once.

    People name files after people, so the log has the number of the row; the desk shows the name.
    """
    before = dict(RefusedFile.objects.filter(mailbox=mailbox).values_list("name", "reason"))
    if gone := before.keys() - refused.keys():
        RefusedFile.objects.filter(mailbox=mailbox, name__in=gone).delete()
    for name, reason in refused.items():
        if before.get(name) != reason:
            row, _ = RefusedFile.objects.update_or_create(mailbox=mailbox, name=name, defaults={"reason": reason})
            log.warning("mail_file_refused", file=row.pk, reason=reason)


def keep(mailbox: str, candidate: sources.Candidate, content: sources.Content) -> tuple[Inquiry, bool]:
    """Commit one message and where it was seen, in one transaction; return it and whether it is new."""
    with transaction.atomic():
        inquiry, new = record_inquiry(
            channel=Channel.MAIL,
            received_at=_received_at(candidate, content),
            raw=content.raw,
            oversize=content.oversize,
            size=candidate.size,
        )
        Sighting.objects.get_or_create(
            mailbox=mailbox, folder=candidate.folder, uidvalidity="", uid=candidate.uid, defaults={"inquiry": inquiry}
        )
        return inquiry, new


def _unseen(mailbox: str, candidates: tuple[sources.Candidate, ...], known: set[Place]) -> Iterator[sources.Candidate]:
    """Yield what has no sighting yet; `known` keeps what has one and is still there."""
    known.intersection_update((one.folder, one.uid) for one in candidates)
    fresh = [one for one in candidates if (one.folder, one.uid) not in known]
    for start in range(0, len(fresh), BATCH):
        batch = fresh[start : start + BATCH]
        sighted = Sighting.objects.filter(mailbox=mailbox, uid__in=[one.uid for one in batch])
        seen = set(sighted.values_list("folder", "uid"))
        known |= seen.intersection((one.folder, one.uid) for one in batch)
        yield from (one for one in batch if (one.folder, one.uid) not in seen)


def _received_at(candidate: sources.Candidate, content: sources.Content) -> datetime:
    """The arrival on our own server: its Received line, else the date of the mbox line, else of the file."""
    now = timezone.now()
    own_hosts = selectors.organisation().own_mail_hosts
    said = received.receipt_time(content.raw, own_hosts=own_hosts, now=now)
    said = said or received.from_line_time(content.raw, now=now)
    return said or min(datetime.fromtimestamp(candidate.mtime, UTC), now)
