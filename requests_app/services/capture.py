"""Capture: the raw bytes of each message become one committed row, before anything else is done with them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models.functions import Coalesce
from django.utils import timezone

from requests_app import selectors
from requests_app.domain.enums import Channel
from requests_app.keyring import ring
from requests_app.mailbox import probe, received, sources
from requests_app.models import Inquiry, RefusedFile, SentMail, Sighting

from . import mailbox_health, read_positions, sent_mail
from .intake import record_inquiry

log = structlog.get_logger(__name__)

BATCH = 500
OFTEN = 20  # mails after which a look that takes long shows that it goes on
Place = tuple[str, str, str, int]  # folder, validity and number in a mailbox, and the size


@dataclass(frozen=True)
class Captured:
    """What one look at a mailbox brought; `waiting` files are still being written, `refused` cannot be read.

    `waiting_since`: when the oldest of the mails came that could not be read now (Unix time). `fault`: why the mailbox
    was not read in full, though what could be read of it was taken. `left_out` mails of excluded senders lie there.
    """

    new: int = 0
    known: int = 0
    refused: int = 0
    waiting: int = 0
    waiting_since: float | None = None
    fault: sources.SourceError | None = None
    left_out: int = 0


def capture(mailbox: str, source: sources.Source, known: set[Place] | None = None) -> Captured:
    """Look at a mailbox once and keep every message that was not seen before.

    `mailbox` names it in the sightings and must hold no credentials. Whoever looks again and again hands in the same
    `known` each time: the places seen so far that are still there, so that only new ones are looked up. A message
    that cannot be read now is reported and looked at again next time. The source hears of each message that is safe,
    now or since earlier: what it does about it (a mark, a move) may have been cut off. Raises SourceError when the
    mailbox itself cannot be used.
    """
    places = set() if known is None else known
    mailbox_health.went_on(mailbox)
    positions = _resume(mailbox, source)
    look = source.look()
    refused = {sources.printable(one.path.name): one.reason for one in look.refused}
    unread: list[sources.Found] = []
    new = seen_before = 0
    left_out = look.left_out
    compared = _compared(mailbox, look.candidates, places)
    for number, (candidate, uid) in enumerate(compared, 1):
        if number % OFTEN == 0:
            mailbox_health.went_on(mailbox)
        if uid is not None:
            try:
                content = candidate.read(limit=settings.MAIL_SIZE_LIMIT)
            except sources.NotWantedError:
                left_out += 1
                continue
            except sources.UnreadableFileError as error:
                refused[candidate.name] = error.reason
                unread.append(candidate)
                continue
            except sources.SourceError as error:
                rest = (one for one, unknown in compared if unknown is not None)
                error.waiting_since = _oldest([*unread, candidate, *rest])
                raise
            if probe.token_of(ring().all("mail"), content.raw):  # of `manage.py doctor`, which takes it away
                places.add(_place(candidate))
                candidate.taken(limit=settings.MAIL_SIZE_LIMIT)
                continue
            if content.withheld:
                new += _keep_note(mailbox, candidate, content, uid)
                continue
            put_by = keep_sent if candidate.sent else keep
            _, is_new = put_by(mailbox, candidate, content, uid=uid)
            places.add(_place(candidate))
            new, seen_before = new + is_new, seen_before + (not is_new)
        candidate.taken(limit=settings.MAIL_SIZE_LIMIT)
    _remember_refused(mailbox, refused)
    if isinstance(source, sources.Resuming):  # last: what a position leaves behind must be safe
        read_positions.keep(mailbox, source.positions(), known=positions)
    return Captured(new, seen_before, len(refused), look.waiting, _oldest(unread), look.fault, left_out)


def _resume(mailbox: str, source: sources.Source) -> dict[str, str]:
    """Tell a source that needs to know how far it was read, and return that."""
    if not isinstance(source, sources.Resuming):
        return {}
    positions = read_positions.of(mailbox)
    source.resume(positions)
    return positions


def _oldest(mails: list[sources.Found]) -> float | None:
    return min((one.mtime for one in mails if one.mtime is not None), default=None)


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
    try:
        with transaction.atomic():
            inquiry, new = record_inquiry(
                channel=Channel.MAIL,
                received_at=received_at or _received_at(candidate, content),
                raw=content.raw,
                oversize=content.oversize,
                size=content.size or candidate.size,
            )
            seen = _note_place(mailbox, candidate, uid, inquiry=inquiry)
            other = seen.inquiry if seen else None
            if new and other and other != inquiry and content.varies:
                raise _SeenMeanwhile(other)
            return inquiry, new
    except _SeenMeanwhile as meanwhile:
        return meanwhile.inquiry, False


class _SeenMeanwhile(Exception):
    """Somebody else has kept the same message, in other bytes; ours are taken back."""

    def __init__(self, inquiry: Inquiry) -> None:
        super().__init__()
        self.inquiry = inquiry


def keep_sent(
    mailbox: str, candidate: sources.Found, content: sources.Content, *, uid: str = ""
) -> tuple[SentMail, bool]:
    """Commit one mail that somebody here sent by hand, and where it was seen: like `keep`, and never an inquiry."""
    with transaction.atomic():
        row, new = sent_mail.record(
            sent_at=_received_at(candidate, content),
            raw=content.raw,
            oversize=content.oversize,
            size=content.size or candidate.size,
        )
        _note_place(mailbox, candidate, uid, sent_mail=row)
        return row, new


def _note_place(mailbox: str, candidate: sources.Found, uid: str, **mail: Inquiry | SentMail) -> Sighting | None:
    """Write down where a mail was seen. Returns the sighting of that place; None if an older one was renumbered."""
    place = {"folder": candidate.folder, "uidvalidity": candidate.uidvalidity, "uid": uid or candidate.uid}
    if _renumbered(mailbox, mail, place):
        return None
    seen, _ = Sighting.objects.get_or_create(mailbox=mailbox, **place, defaults=mail | {"junk": candidate.junk})
    return seen


def _keep_note(mailbox: str, candidate: sources.Found, content: sources.Content, uid: str) -> bool:
    """Keep what a server says in place of a mail, once; return whether that is new.

    The mail is neither marked nor moved nor known from then on, so it is taken once the server does hand it out.
    """
    place = {"folder": candidate.folder, "uidvalidity": candidate.uidvalidity, "uid": uid}
    if Sighting.objects.filter(mailbox=mailbox, **place).exists():
        return False
    return keep(mailbox, candidate, content, uid=uid)[1]


def _place(one: sources.Found) -> Place:
    return one.folder, one.uidvalidity, one.uid, one.size


def _renumbered(mailbox: str, mail: Mapping[str, Inquiry | SentMail], place: dict[str, str]) -> bool:
    """Give a sighting of the same mail its new number, if the server has numbered the folder anew.

    Otherwise a server that does so at every look would leave a row for each mail and look.
    """
    if not place["uidvalidity"]:
        return False
    before = Sighting.objects.filter(mailbox=mailbox, folder=place["folder"], **mail).exclude(
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


def _compared(
    mailbox: str, candidates: tuple[sources.Found, ...], known: set[Place]
) -> Iterator[tuple[sources.Found, str | None]]:
    """Yield each message with the uid under which it is to be remembered, None for those that are safe already.

    `known` keeps what has a sighting and is still there. A number on a server is believed only together with the
    size and our mark: servers have given one number to two mails. The second is remembered as `number~size`; one of
    the same size lacks the mark that the first was given, so it is read, and its bytes tell whether it is new.
    """
    known.intersection_update(map(_place, candidates))
    safe = [one for one in candidates if _place(one) in known]
    yield from ((one, None) for one in safe)
    fresh = [one for one in candidates if _place(one) not in known]
    for start in range(0, len(fresh), BATCH):
        batch = fresh[start : start + BATCH]
        seen = _sighted(mailbox, batch)
        for one in batch:
            uid = _new_uid(one, seen)
            if uid is None:
                known.add(_place(one))
            yield one, uid


def _sighted(mailbox: str, batch: list[sources.Found]) -> dict[tuple[str, str, str], int]:
    """The sizes of what was seen under these numbers, by folder, validity and number."""
    numbers = [number for one in batch for number in (one.uid, _second(one))]
    rows = Sighting.objects.filter(mailbox=mailbox, uid__in=numbers)
    found = rows.values_list("folder", "uidvalidity", "uid", Coalesce("inquiry__size", "sent_mail__size"))
    return {(folder, validity, uid): size for folder, validity, uid, size in found}


def _new_uid(one: sources.Found, seen: dict[tuple[str, str, str], int]) -> str | None:
    size = seen.get((one.folder, one.uidvalidity, one.uid))
    if size is None:
        return one.uid
    if not one.uidvalidity:
        return None
    if size == one.size:
        return None if one.marked else one.uid
    return None if (one.folder, one.uidvalidity, _second(one)) in seen else _second(one)


def _second(one: sources.Found) -> str:
    return f"{one.uid}~{one.size}"


def _received_at(candidate: sources.Found, content: sources.Content) -> datetime:
    """The arrival on our own server: its stamp on the mail, else its Received line, else the file."""
    now = timezone.now()
    if candidate.stamped and candidate.mtime is not None:
        return min(datetime.fromtimestamp(candidate.mtime, UTC), now)
    own_hosts = selectors.organisation().own_mail_hosts
    said = received.receipt_time(content.raw, own_hosts=own_hosts, now=now)
    said = said or received.from_line_time(content.raw, now=now)
    if said or candidate.mtime is None:
        return said or now
    return min(datetime.fromtimestamp(candidate.mtime, UTC), now)
