"""A mailbox on an IMAP server, read without leaving a trace in it but the mark that a mail is safe.

We poll: a look at folders in which nothing changed costs one command each, and a connection that hangs silently
cannot make us deaf. In between the server may wake us. Whether a mail is known is asked of our own rows and never of
the server's flags: people read the mailbox too, and back-ups of either side are put back.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from threading import Event
from typing import Any

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, ProtocolError

from requests_app.domain.enums import MailboxFault

from . import addresses, imap_folders, imap_idle, withheld
from .address_options import EVERY_FOLDER
from .imap_address import ImapAddress
from .imap_connection import Connection
from .imap_folders import Folder
from .parse import parse_headers
from .sources import (
    HEADER_BYTES,
    Content,
    Look,
    NotWantedError,
    Refused,
    SourceError,
    UnreadableFileError,
    cut_to_headers,
)

AT_ONCE = 500  # numbers in one command: servers cut long lines
AHEAD_BYTES = 256 * 1024  # of a mail that is fetched together with others; bigger ones come by themselves
WHOLE_LOOK = 600.0  # seconds after which even a folder that says it has not changed is compared again

_FACTS = ["RFC822.SIZE", "INTERNALDATE", "FLAGS"]
# RFC 9051 section 9: the numbers of a folder, and the bytes of a mail. Our columns hold no more either.
_MOST, _MOST_BYTES = 2**32, 2**63
_YEARS = range(1990, 9999)


@dataclass(frozen=True)
class RemoteMail:
    """A mail on the server; `mtime` is its INTERNALDATE in seconds since 1970, `marked` that it bears our mark.

    `mtime` is None if the server gives a date that is none.
    """

    folder: str
    uidvalidity: str
    uid: str
    size: int
    mtime: float | None
    marked: bool
    sent: bool
    junk: bool
    mailbox: "ImapMailbox" = field(repr=False, compare=False)

    @property
    def stamped(self) -> bool:
        """INTERNALDATE is when it came, where the server keeps its numbers."""
        return bool(self.uidvalidity)

    @property
    def place(self) -> tuple[str, str, str]:
        """Where it is: folder, validity and number."""
        return self.folder, self.uidvalidity, self.uid

    @property
    def name(self) -> str:
        """What staff can look for it by: folder and number."""
        return f"{self.folder} {self.uid}"

    def read(self, *, limit: int) -> Content:
        """Return its bytes, or its header block if it is bigger than `limit` bytes; \\Seen stays as it is."""
        return self.mailbox.read(self, limit)

    def taken(self, *, limit: int) -> None:
        """Hear that the mail is safe: mark it, or move it unless it was too big to be fetched whole, or sent mail."""
        self.mailbox.mark(self, stays=self.sent or self.size > limit)


@dataclass(frozen=True)
class _State:
    """What a folder says of itself when it is opened; the same again means that most likely nothing changed."""

    uidvalidity: str
    uidnext: int
    exists: int
    keywords: bool

    @classmethod
    def of(cls, said: dict[bytes, Any], keyword: str) -> "_State":
        """Raises ValueError for numbers that are none."""
        named = imap_folders.lowered(said.get(b"PERMANENTFLAGS", (b"\\*",)))
        writable = b"READ-ONLY" not in said
        return cls(
            uidvalidity=str(_number(said, b"UIDVALIDITY", _MOST)) if b"UIDVALIDITY" in said else "",
            uidnext=_number(said, b"UIDNEXT", _MOST) if b"UIDNEXT" in said else 0,
            exists=_number(said, b"EXISTS", _MOST),
            keywords=writable and bool(keyword) and (b"\\*" in named or keyword.lower().encode() in named),
        )


@dataclass
class _Known:
    """What is remembered of a folder between two looks. `open_ends`: mails nobody has said are safe."""

    state: _State
    looked_at: float
    open_ends: set[str]


class ImapMailbox:
    """One user's mailbox; one thread at a time. The connection is kept until something goes wrong with it."""

    def __init__(self, address: ImapAddress, clock: Callable[[], float] = time.monotonic) -> None:
        self.address = address
        self.every = address.every
        self._clock = clock
        self._connection = Connection(address)
        self._known: dict[str, _Known] = {}
        self._left_out: set[tuple[str, str, str]] = set()
        self._ahead: dict[RemoteMail, bytes] = {}
        self._breaking: set[tuple[str, str, str]] = set()

    @property
    def name(self) -> str:
        """The mailbox as sightings name it."""
        return self.address.name

    def look(self, now: float | None = None) -> Look[RemoteMail]:
        """Return the mails of every folder that changed.

        Raises SourceError when the server cannot be used, or opens no folder at all.
        """
        with self._connection.lent() as client:
            found: Look[RemoteMail] = Look()
            opened = False
            for folder in imap_folders.to_read(client, self.address):
                try:
                    found += Look(tuple(self._look_into(client, folder)))
                    opened = True
                except (IMAPClientAbortError, ProtocolError):
                    raise
                except IMAPClientError:  # one folder that is closed to us must not hide the others
                    self._known.pop(folder.name, None)
                    self._connection.selected = ""
                    refused = (Refused(Path(folder.name), f"the folder {folder.name!r} cannot be opened"),)
                    found += Look(refused=refused, fault=self._closed(folder.name))
            if not opened:
                raise SourceError(f"the mailbox {self.name} opens none of its folders", MailboxFault.NO_FOLDER)
            breaking_last = sorted(found.candidates, key=lambda mail: mail.place in self._breaking)
            return replace(found, candidates=tuple(breaking_last)) + Look(left_out=len(self._left_out))

    def read_ahead(self, mails: Sequence[RemoteMail], *, limit: int) -> None:
        """Fetch the small ones of these mails in one go, for `read` to hand out; what it did before is forgotten.

        What does not come this way is asked for by itself, also where the connection was lost: one mail on which it
        breaks must not keep back those before it.
        """
        self._ahead = {}
        if self.address.exclude_from:  # of these nothing but the sender may leave the server
            return
        small = [mail for mail in mails if mail.size <= min(AHEAD_BYTES, limit) and mail.place not in self._breaking]
        with suppress(SourceError):
            for _, together in groupby(small, attrgetter("folder", "uidvalidity")):
                self._ahead |= self._fetched(list(together))

    def read(self, mail: RemoteMail, limit: int) -> Content:
        """Return the content of a mail; of an excluded sender's, nothing but the sender leaves the server.

        One on which the connection breaks comes last from then on, so that it keeps back no other. Raises
        UnreadableFileError, NotWantedError and SourceError.
        """
        try:
            content = self._read(mail, limit)
        except SourceError:
            self._breaking.add(mail.place)
            raise
        self._breaking.discard(mail.place)
        return content

    def _read(self, mail: RemoteMail, limit: int) -> Content:
        if self.address.exclude_from and not mail.sent and self._excluded(mail):
            self._left_out.add(mail.place)
            self._settle(mail)
            raise NotWantedError
        if (ahead := self._ahead.pop(mail, None)) is not None:
            raw, oversize = ahead, False
        elif mail.size > limit:
            raw, oversize = cut_to_headers(self._fetch(mail, f"BODY.PEEK[HEADER]<0.{HEADER_BYTES}>")), True
        else:  # the size is the server's word: never more than the limit is taken, whatever comes
            raw = self._fetch(mail, f"BODY.PEEK[]<0.{limit + 1}>")
            oversize = len(raw) > limit
            raw = cut_to_headers(raw) if oversize else raw
        note = not oversize and withheld.is_note(raw)
        if note:  # asked for again when the folder changes, and not at every look
            self._settle(mail)
        return Content(raw, oversize, withheld=note)

    def mark(self, mail: RemoteMail, *, stays: bool) -> None:
        """Mark a mail that is safe. A server that refuses is left as it is: we know the mail by its number.

        Raises SourceError when the connection is lost.
        """
        self._settle(mail)
        if mail.marked:
            return
        with self._connection.lent() as client, suppress(UnreadableFileError):
            self._open(client, mail)
            if not self.address.move or not stays:
                self._do_mark(client, [int(mail.uid)])

    def all_taken(self, mails: Sequence[RemoteMail], *, limit: int) -> None:
        """Mark mails that are safe, those of a folder in one go. Raises SourceError when the connection is lost."""
        waiting = [mail for mail in mails if not mail.marked and not (self.address.move and mail.size > limit)]
        for mail in mails:
            self._settle(mail)
        for _, together in groupby(waiting, attrgetter("folder", "uidvalidity")):
            batch = list(together)
            if not self._mark_together(batch):
                for mail in batch:  # one that is gone must not keep the others from their mark
                    mail.taken(limit=limit)

    def rest(self, seconds: float, stop: Event) -> bool:
        """Wait until the next look is due, or the server says that mail has come; tell whether we are to stop.

        It listens to one folder, INBOX or the first to be read. What goes wrong here is met by the next look.
        """
        until = self._clock() + seconds
        if self._connection.is_open:
            with suppress(SourceError), self._connection.lent() as client:
                if client.has_capability("IDLE") and self._listen(client, seconds, stop):
                    return stop.is_set()
        return stop.wait(max(0.0, until - self._clock()))

    def close(self) -> None:
        """Let go of the connection; the next look opens it again."""
        self._connection.close()

    def _listen(self, client: IMAPClient, seconds: float, stop: Event) -> bool:
        self._connection.selected = ""  # its numbers may change meanwhile
        named = [folder for folder in self.address.folders if folder != EVERY_FOLDER]
        try:
            client.select_folder(next(iter(named), "INBOX"), readonly=True)
        except IMAPClientAbortError:
            raise
        except IMAPClientError:  # closed to us, which is said by the look
            return False
        return imap_idle.listen(client, seconds, stop)

    def _closed(self, folder: str) -> SourceError | None:
        """What it is for the mailbox that a folder is closed: a failure if mail is expected in just this one."""
        if folder.upper() != "INBOX" and folder not in (*self.address.folders, self.address.sent):
            return None
        return SourceError(f"the folder {folder!r} of the mailbox {self.name} cannot be opened", MailboxFault.NO_FOLDER)

    def _look_into(self, client: IMAPClient, folder: Folder) -> Iterator[RemoteMail]:
        state = _State.of(client.select_folder(folder.name), self.address.keyword)
        self._connection.selected, now = folder.name, self._clock()
        before = self._known.get(folder.name)
        if before and before.state == state and not before.open_ends and now - before.looked_at < WHOLE_LOOK:
            return
        uids = client.search() if state.exists else []
        if self._left_out:
            here = {(folder.name, state.uidvalidity, str(uid)) for uid in uids}
            self._left_out = {one for one in self._left_out if one[0] != folder.name or one in here}
        chunks = [uids[at : at + AT_ONCE] for at in range(0, len(uids), AT_ONCE)]
        facts = [one for chunk in chunks for one in sorted(client.fetch(chunk, _FACTS).items())]
        mails = [mail for uid, said in facts if (mail := self._mail(folder, state, uid, said))]
        self._known[folder.name] = _Known(state, now, {mail.uid for mail in mails})
        yield from mails

    def _mail(self, folder: Folder, state: _State, uid: int, said: dict[bytes, Any]) -> RemoteMail | None:
        """A line of the answer as a mail; None for lines that tell of something else, and for excluded senders."""
        if not {b"RFC822.SIZE", b"INTERNALDATE"} <= said.keys():
            return None
        if (folder.name, state.uidvalidity, str(uid)) in self._left_out:
            return None
        keyword = self.address.keyword.lower().encode("ascii")
        sent = folder.name == self.address.sent
        bears = not state.keywords or keyword in imap_folders.lowered(said.get(b"FLAGS"))
        return RemoteMail(
            folder=folder.name,
            uidvalidity=state.uidvalidity,
            uid=str(uid),
            size=_number(said, b"RFC822.SIZE", _MOST_BYTES),
            mtime=_arrival(said[b"INTERNALDATE"]),
            marked=sent if self.address.move else bears,
            sent=sent,
            junk=folder.junk,
            mailbox=self,
        )

    def _fetched(self, mails: list[RemoteMail]) -> dict[RemoteMail, bytes]:
        """The bytes of mails of one folder, as far as the server hands them out and they are as small as it said."""
        with self._connection.lent() as client:
            try:
                self._open(client, mails[0])
                said = client.fetch([int(mail.uid) for mail in mails], [f"BODY.PEEK[]<0.{AHEAD_BYTES + 1}>"])
            except IMAPClientAbortError:
                raise
            except (IMAPClientError, UnreadableFileError):
                return {}
        found = ((mail, _body(said.get(int(mail.uid), {}))) for mail in mails)
        return {mail: raw for mail, raw in found if raw and len(raw) <= AHEAD_BYTES}

    def _fetch(self, mail: RemoteMail, what: str) -> bytes:
        raw = self._section(mail, what)
        if raw is None or (not raw and mail.size):
            raise UnreadableFileError("the mail is gone")
        return raw

    def _section(self, mail: RemoteMail, what: str) -> bytes | None:
        """What the server hands out of a mail; None for a section that it does not give, or a mail that is gone."""
        with self._connection.lent() as client:
            self._open(client, mail)
            try:
                said = client.fetch([int(mail.uid)], [what]).get(int(mail.uid), {})
            except IMAPClientAbortError:
                raise
            except IMAPClientError:
                raise UnreadableFileError("the server does not hand out the mail") from None
        return _body(said)

    def _open(self, client: IMAPClient, mail: RemoteMail) -> None:
        """Go to the folder of a mail, unless its numbers mean other mails by now."""
        if self._connection.selected == mail.folder:
            return
        self._connection.selected = ""
        try:
            said = client.select_folder(mail.folder)
        except IMAPClientAbortError:
            raise
        except IMAPClientError:
            raise UnreadableFileError("the folder cannot be opened") from None
        if str(said.get(b"UIDVALIDITY", "")) != mail.uidvalidity:
            raise UnreadableFileError("the folder was renumbered")
        self._connection.selected = mail.folder

    def _mark_together(self, mails: list[RemoteMail]) -> bool:
        """Mark mails of one folder in one go; False when the server would not."""
        with self._connection.lent() as client:
            try:
                self._open(client, mails[0])
            except UnreadableFileError:
                return False
            return self._do_mark(client, [int(mail.uid) for mail in mails])

    def _do_mark(self, client: IMAPClient, uids: list[int]) -> bool:
        """Mark or move; False when the server refuses."""
        try:
            if self.address.move:
                self._move(client, uids)
            else:
                client.add_flags(uids, [self.address.keyword], silent=True)
        except IMAPClientAbortError:
            raise
        except IMAPClientError:
            return False
        return True

    def _move(self, client: IMAPClient, uids: list[int]) -> None:
        if client.has_capability("MOVE"):
            client.move(uids, self.address.move)
        elif client.has_capability("UIDPLUS"):  # without it EXPUNGE would also take what other people have deleted
            client.copy(uids, self.address.move)
            client.delete_messages(uids, silent=True)
            client.uid_expunge(uids)

    def _settle(self, mail: RemoteMail) -> None:
        folder = self._known.get(mail.folder)
        if folder is not None:
            folder.open_ends.discard(mail.uid)

    def _excluded(self, mail: RemoteMail) -> bool:
        """Tell whether the operator wants no mail of its sender; not where the server does not say who that is.

        A request that is lost is worse than a mail too many, which whoever sorts the inbox can put aside.
        """
        try:
            fields = self._section(mail, f"BODY.PEEK[HEADER.FIELDS (FROM)]<0.{HEADER_BYTES}>") or b""
        except UnreadableFileError:  # of this section; whether the mail itself is handed out shows when it is fetched
            return False
        sender = addresses.normal(parse_headers(fields).from_address)
        return bool(sender) and not self.address.exclude_from.isdisjoint({sender, f"@{addresses.domain(sender)}"})


def _body(said: dict[bytes, Any]) -> bytes | None:
    """The section of a mail that an answer holds, if it holds one."""
    raw = next((value for key, value in said.items() if key.startswith(b"BODY[")), None)
    return raw if isinstance(raw, bytes) else None


def _arrival(said: object) -> float | None:
    """The date of a mail on its server (Unix time); None for one that no server of today can mean."""
    return said.timestamp() if isinstance(said, datetime) and said.year in _YEARS else None


def _number(said: dict[bytes, Any], key: bytes, beyond: int) -> int:
    """What the server gives as this number. Raises ValueError if it is none, KeyError if it is missing."""
    value = said[key]
    if not isinstance(value, int) or not 0 <= value < beyond:
        raise ValueError(key)
    return value
