"""Capture: the raw bytes of each message become one committed row, before anything else is done with them."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import structlog
from django.conf import settings
from django.db import DatabaseError, DataError, IntegrityError, transaction
from django.utils import timezone

from requests_app import selectors
from requests_app.domain.enums import Channel
from requests_app.keyring import ring
from requests_app.mailbox import probe, received, sources
from requests_app.models import Inquiry, RefusedFile, SentMail, Sighting

from . import mailbox_health, read_positions, sent_mail, sightings
from .intake import Arrival, record_inquiries, record_inquiry

log = structlog.get_logger(__name__)

TOGETHER = 50  # mails at most that are fetched, committed and marked in one go
TOGETHER_BYTES = 4 * 1024 * 1024  # of them at most, but for the last

Outcome = bool | DatabaseError | None
"""What became of a mail: kept, and whether it is new; refused by the database; None for one that is not to be kept."""


@dataclass(frozen=True)
class Read:
    """A message that was read and is to be kept, and the uid under which it is to be remembered."""

    found: sources.Found
    content: sources.Content
    uid: str


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


@dataclass
class _Tally:
    """What a look has brought so far. `refused`: reasons by the names of mails; `not_taken`: what the database said.

    `unread` mails were not read this time.
    """

    new: int = 0
    known: int = 0
    left_out: int = 0
    refused: dict[str, str] = field(default_factory=dict)
    unread: list[sources.Found] = field(default_factory=list)
    not_taken: DatabaseError | None = None


def capture(mailbox: str, source: sources.Source, known: set[sightings.Place] | None = None) -> Captured:
    """Look at a mailbox once and keep every message that was not seen before.

    `mailbox` names it in the sightings and must hold no credentials. Whoever looks again and again hands in the same
    `known` each time: the places seen so far that are still there, so that only new ones are looked up. A message
    that cannot be read now is reported and looked at again next time. The source hears of each message that is safe,
    now or since earlier: what it does about it (a mark, a move) may have been cut off. Raises SourceError when the
    mailbox itself cannot be used, and what the database said of a mail that it does not take, once all others are safe.
    """
    places = set() if known is None else known
    mailbox_health.went_on(mailbox)
    positions = _resume(mailbox, source)
    look = source.look()
    tally = _Tally(left_out=look.left_out)
    tally.refused.update((sources.printable(one.path.name), one.reason) for one in look.refused)
    compared = sightings.compared(mailbox, look.candidates, places)
    for number, batch in enumerate(_batches(compared)):
        safe = [candidate for candidate, uid in batch if uid is None]
        wanted = [(candidate, uid) for candidate, uid in batch if uid is not None]
        if number and wanted:  # of what is known already, thousands take no time
            mailbox_health.went_on(mailbox)
        read, away = _read(source, wanted, tally)
        kept = _keep(mailbox, read, tally)
        places.update(map(sightings.place, kept))
        if away is None or not away.retry_after:  # a server that wants to be left alone hears of them at the next look
            away = _tell_taken(source, [*safe, *kept]) or away
        if away:
            rest = [one for one, unknown in compared if unknown is not None]
            away.waiting_since = _oldest([*tally.unread, *rest])
            raise away
    _remember_refused(mailbox, tally.refused)
    if tally.not_taken:
        raise tally.not_taken
    if isinstance(source, sources.Resuming):  # last: what a position leaves behind must be safe
        read_positions.keep(mailbox, source.positions(), known=positions)
    return Captured(
        tally.new, tally.known, len(tally.refused), look.waiting, _oldest(tally.unread), look.fault, tally.left_out
    )


def _resume(mailbox: str, source: sources.Source) -> dict[str, str]:
    """Tell a source that needs to know how far it was read, and return that."""
    if not isinstance(source, sources.Resuming):
        return {}
    positions = read_positions.of(mailbox)
    source.resume(positions)
    return positions


def _batches(
    compared: Iterator[tuple[sources.Found, str | None]],
) -> Iterator[list[tuple[sources.Found, str | None]]]:
    """Yield what is done in one go; what is to be read of it fits into memory. Who knows no sizes gets one by one."""
    batch: list[tuple[sources.Found, str | None]] = []
    size = 0
    for candidate, uid in compared:
        batch.append((candidate, uid))
        size += 0 if uid is None else candidate.size or TOGETHER_BYTES
        if len(batch) >= TOGETHER or size >= TOGETHER_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _read(
    source: sources.Source, wanted: Sequence[tuple[sources.Found, str]], tally: _Tally
) -> tuple[list[Read], sources.SourceError | None]:
    """Return what was read of the wanted, and the error that cut it off, if any."""
    read: list[Read] = []
    if isinstance(source, sources.Batching) and len(wanted) > 1:
        source.read_ahead([candidate for candidate, _ in wanted], limit=settings.MAIL_SIZE_LIMIT)
    for at, (candidate, uid) in enumerate(wanted):
        try:
            read.append(Read(candidate, candidate.read(limit=settings.MAIL_SIZE_LIMIT), uid))
        except sources.NotWantedError:
            tally.left_out += 1
        except sources.UnreadableFileError as error:
            tally.refused[candidate.name] = error.reason
            tally.unread.append(candidate)
        except sources.SourceError as error:
            tally.unread += [one for one, _ in wanted[at:]]
            return read, error
    return read, None


def _keep(mailbox: str, read: Sequence[Read], tally: _Tally) -> list[sources.Found]:
    """Commit what was read; return what the source may take for safe."""
    for note in (one for one in read if one.content.withheld):
        tally.new += _keep_note(mailbox, note)
    handed_out = [one for one in read if not one.content.withheld]
    outcomes = _keep_all(mailbox, handed_out)
    tally.new, tally.known = tally.new + outcomes.count(True), tally.known + outcomes.count(False)
    kept: list[sources.Found] = []
    for one, outcome in zip(handed_out, outcomes, strict=True):
        if isinstance(outcome, DatabaseError):
            tally.refused[one.found.name] = "the database does not take the mail"
            tally.not_taken = outcome
        else:
            kept.append(one.found)
    return kept


def _tell_taken(source: sources.Source, safe: list[sources.Found]) -> sources.SourceError | None:
    """Say which mails are safe; return what went wrong with the mailbox meanwhile, if anything."""
    try:
        if isinstance(source, sources.Batching):
            source.all_taken(safe, limit=settings.MAIL_SIZE_LIMIT)
        else:
            for candidate in safe:
                candidate.taken(limit=settings.MAIL_SIZE_LIMIT)
    except sources.SourceError as error:
        return error
    return None


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


def _keep_all(mailbox: str, read: Sequence[Read]) -> list[Outcome]:
    """Commit what was read, each kind in its own way; return what became of each.

    The mails of `manage.py doctor` are left to it, which takes them away.
    """
    outcomes: list[Outcome] = [None] * len(read)
    own = [at for at, one in enumerate(read) if not probe.token_of(ring().all("mail"), one.content.raw)]
    received = [at for at in own if not read[at].found.sent]
    for at, outcome in zip(received, _keep_together(mailbox, [read[at] for at in received]), strict=True):
        outcomes[at] = outcome
    for at in own:
        if read[at].found.sent:
            outcomes[at] = _keep_one(mailbox, read[at])
    return outcomes


def _keep_together(mailbox: str, read: Sequence[Read]) -> Sequence[Outcome]:
    """Commit several messages and where they were seen, in one transaction; return what became of each.

    Where the database refuses one of them, or somebody else keeps it at the same time, each is kept by itself: one
    mail must not keep out the others.
    """
    if len(read) > 1:
        try:
            with transaction.atomic():
                return _kept_together(mailbox, read)
        except (IntegrityError, DataError):
            pass
    return [_keep_one(mailbox, one) for one in read]


def _keep_one(mailbox: str, one: Read) -> Outcome:
    """Commit one message; a database that is away is no refusal, and raises what it always raises."""
    put_by = keep_sent if one.found.sent else keep
    try:
        return put_by(mailbox, one.found, one.content, uid=one.uid)[1]
    except (IntegrityError, DataError) as error:
        return error


def _kept_together(mailbox: str, read: Sequence[Read]) -> list[bool]:
    hashes = [hashlib.sha256(one.content.raw).hexdigest() for one in read]
    arrivals: dict[str, Arrival] = {}
    for sha256, one in zip(hashes, read, strict=True):
        arrivals.setdefault(sha256, _arrival(one))
    fresh = record_inquiries(Channel.MAIL, arrivals)
    firsts = {sha256: number for number, sha256 in reversed(list(enumerate(hashes))) if sha256 in fresh}
    Sighting.objects.bulk_create(
        Sighting(
            inquiry=fresh[sha256],
            mailbox=mailbox,
            folder=read[number].found.folder,
            uidvalidity=read[number].found.uidvalidity,
            uid=read[number].uid,
            junk=read[number].found.junk,
        )
        for sha256, number in sorted(firsts.items(), key=lambda one: one[1])
    )
    new = [firsts.get(sha256) == number for number, sha256 in enumerate(hashes)]
    for one, is_new in zip(read, new, strict=True):
        if not is_new:
            keep(mailbox, one.found, one.content, uid=one.uid)
    return new


def _arrival(one: Read) -> Arrival:
    return Arrival(
        _received_at(one.found, one.content), one.content.raw, one.content.oversize, one.content.size or one.found.size
    )


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
            seen = sightings.note(mailbox, candidate, uid, inquiry=inquiry)
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
        sightings.note(mailbox, candidate, uid, sent_mail=row)
        return row, new


def _keep_note(mailbox: str, note: Read) -> bool:
    """Keep what a server says in place of a mail, once, as `number~note`; return whether that is new.

    The number itself stays unknown, and the mail is neither marked nor moved: it is taken once the server hands it out.
    """
    uid = f"{note.uid}~note"
    where = {"folder": note.found.folder, "uidvalidity": note.found.uidvalidity, "uid": uid}
    if Sighting.objects.filter(mailbox=mailbox, **where).exists():
        return False
    put_by = keep_sent if note.found.sent else keep
    return put_by(mailbox, note.found, note.content, uid=uid)[1]


def _received_at(candidate: sources.Found, content: sources.Content) -> datetime:
    """The arrival on our own server: its stamp on the mail, else its Received line, else the file."""
    now, came = timezone.now(), received.moment(candidate.mtime)
    if candidate.stamped and came:
        return min(came, now)
    own_hosts = selectors.organisation().own_mail_hosts
    said = received.receipt_time(content.raw, own_hosts=own_hosts, now=now)
    said = said or received.from_line_time(content.raw, now=now)
    return said or min(came or now, now)
