"""A mailbox at Microsoft, read by Graph: for tenants in which IMAP is switched off.

A folder is listed once; after that the server is asked for what has changed since (a delta query), at a link that
whoever calls keeps for us: only once all that lies before it is safe. A mail is known by a number that it keeps for
life, in whatever folder, because its bytes are put together anew whenever they are fetched, and need not be the same.
"""

import hashlib
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import quote

from requests_app.domain.enums import MailboxFault

from . import addresses, graph_folders
from .graph_address import GraphAddress
from .graph_connection import Connection, GraphRefusal, nonsense
from .graph_folders import Folder
from .oauth.tokens import Keeper
from .sources import Content, Look, NotWantedError, Refused, SourceError, UnreadableFileError, cut_to_headers

PAGE = 200  # mails that one answer lists
WHOLE_LOOK = (
    24 * 3600.0
)  # seconds after which a folder is listed anew: what a delta query leaves out is promised by nobody
FOLDERS_EVERY = 600.0  # seconds after which new folders are noticed

_FACTS = ("receivedDateTime", "categories", "from")
_SELECT = ",".join(("id", *_FACTS))
_SIZE = "Integer 0x0E08"  # PidTagMessageSize, MS-OXPROPS 2.796
_NUMBER = re.compile(r"[!-~]{1,300}")  # what our column holds
_YEARS = range(1990, 9999)
_NO_MAILBOX = frozenset(
    {"errorinvaliduser", "resourcenotfound", "request_resourcenotfound", "mailboxnotenabledforrestapi"}
)


@dataclass(frozen=True)
class RemoteMail:
    """A mail on the server. `uid` is its number for life, so neither folder nor validity belongs to it.

    `place` is the folder in which it was found; `mtime` when it came (seconds since 1970); `marked` that nothing is
    left to do about it there. Its size shows only when it is read.
    """

    uid: str
    place: str
    mtime: float | None
    marked: bool
    sent: bool
    junk: bool
    categories: tuple[str, ...] = field(repr=False)
    etag: str = field(repr=False)
    sender: str = field(repr=False)
    mailbox: "GraphMailbox" = field(repr=False, compare=False)
    folder: str = ""
    uidvalidity: str = ""
    size: int = 0
    stamped: bool = True

    @property
    def name(self) -> str:
        """What staff can look for it by: the folder, and when it came (UTC)."""
        came = "" if self.mtime is None else f"{datetime.fromtimestamp(self.mtime, UTC):%Y-%m-%d %H:%M:%S}"
        return f"{self.place} {came} …{self.uid[-8:]}"

    def read(self, *, limit: int) -> Content:
        """Return its bytes, or its header block if it is bigger than `limit` bytes; it stays unread."""
        return self.mailbox.read(self, limit)

    def taken(self, *, limit: int) -> None:
        """Hear that the mail is safe: give it its category, or move it; not what was too big to be fetched, or sent."""
        self.mailbox.mark(self, limit)


@dataclass
class _Folder:
    """What is remembered of a folder between two looks.

    `link`: where the next look begins, "" for all there is. `kept`: the position that whoever calls has of it; another
    one means that its rows are others too. `open_ends`: what was found and nobody has said is safe.
    """

    kept: str
    link: str
    listed_at: float
    open_ends: dict[str, RemoteMail] = field(default_factory=dict)


class GraphMailbox:
    """One mailbox; one thread at a time."""

    def __init__(self, address: GraphAddress, tokens: Keeper, clock: Callable[[], float] = time.monotonic) -> None:
        self.address = address
        self.every = address.every
        self._clock = clock
        self._connection = Connection(address, tokens)
        self._positions: dict[str, str] = {}
        self._known: dict[str, _Folder] = {}
        self._folders: tuple[list[Folder], float] | None = None
        self._move_to = ""
        self._big: set[str] = set()
        self._left_out: set[str] = set()
        # What was passed over by another setting has to be listed anew.
        setting = " ".join(sorted(address.exclude_from))
        self._setting = hashlib.sha256(setting.encode()).hexdigest()[:16]

    @property
    def name(self) -> str:
        """The mailbox as sightings name it."""
        return self.address.name

    def resume(self, positions: Mapping[str, str]) -> None:
        """Hear how far the folders have been read; what we remember otherwise of one of them is not true any more."""
        self._positions = dict(positions)
        for key, folder in list(self._known.items()):
            if folder.kept != positions.get(key, ""):
                del self._known[key]

    def positions(self) -> dict[str, str]:
        """Return the link of each folder in which every mail that was found is safe."""
        for folder in self._known.values():
            if not folder.open_ends and folder.link:
                folder.kept = f"{self._setting} {folder.link}"
        return {key: folder.kept for key, folder in self._known.items() if folder.kept}

    def look(self, now: float | None = None) -> Look[RemoteMail]:
        """Return the mails of every folder that are new, have changed, or are not safe yet; the oldest first.

        Raises SourceError when the server cannot be used, or opens no folder at all.
        """
        try:
            folders = self._to_read()
            found: Look[RemoteMail] = Look()
            inside: dict[str, RemoteMail] = {}  # a mail that is moved meanwhile is found in two folders, and is one
            opened = False
            for folder in folders:
                try:
                    inside |= self._listen_to(folder)
                    opened = True
                except GraphRefusal as refusal:  # one folder that is closed to us must not hide the others
                    if not _is_of_the_folder(refusal):
                        raise
                    self._known.pop(folder.key, None)
                    self._folders = None
                    refused = (Refused(Path(folder.name), f"the folder {folder.name!r} cannot be opened"),)
                    found += Look(refused=refused, fault=self._closed(folder))
            if not opened:
                raise SourceError(f"the mailbox {self.name} opens none of its folders", MailboxFault.NO_FOLDER)
            oldest_first = sorted(inside.values(), key=lambda mail: (mail.mtime or 0.0, mail.uid))
            return found + Look(tuple(oldest_first), left_out=len(self._left_out))
        except GraphRefusal as refusal:
            raise self._connection.failure(refusal) from None

    def read(self, mail: RemoteMail, limit: int) -> Content:
        """Return the content of a mail; of an excluded sender's, nothing but the sender leaves the server.

        Raises UnreadableFileError, NotWantedError and SourceError.
        """
        if not mail.sent and self._excluded(mail):
            self._left_out.add(mail.uid)
            self._settle(mail)
            raise NotWantedError
        try:
            raw, said = self._connection.content(f"{_at(mail)}/$value", limit)
        except GraphRefusal as refusal:
            if refusal.status == HTTPStatus.FORBIDDEN:
                raise self._connection.failure(refusal) from None
            gone = refusal.status == HTTPStatus.NOT_FOUND
            raise UnreadableFileError("the mail is gone" if gone else "the server does not hand out the mail") from None
        if not raw:
            raise UnreadableFileError("the server hands out nothing")
        if len(raw) <= limit:
            return Content(raw, size=len(raw), varies=True)
        self._big.add(mail.uid)
        size = max(said or self._size(mail), len(raw))
        return Content(cut_to_headers(raw), oversize=True, size=size, varies=True)

    def mark(self, mail: RemoteMail, limit: int) -> None:
        """Mark a mail that is safe. A server that refuses is left as it is: we know the mail by its number.

        Raises SourceError when the server cannot be spoken with.
        """
        if not mail.marked:
            with suppress(GraphRefusal):
                if self.address.move:
                    self._move(mail, limit)
                elif mail.etag:  # a colleague who has changed the mail meanwhile makes it listed, and so marked, again
                    named = [*mail.categories, self.address.category]
                    self._connection.send("PATCH", _at(mail), {"categories": named}, if_match=mail.etag)
        self._settle(mail)

    def close(self) -> None:
        """Let go of the connection; the next look opens it again."""
        self._connection.close()

    def _to_read(self) -> list[Folder]:
        now = self._clock()
        if self._folders is None or now - self._folders[1] >= FOLDERS_EVERY:
            self._folders = graph_folders.to_read(self._connection, self.address), now
            if self.address.move:
                self._move_to = graph_folders.to_move_to(self._connection, self.address)
        return self._folders[0]

    def _closed(self, folder: Folder) -> SourceError | None:
        """What it is for the mailbox that a folder is closed: a failure if mail is expected in just this one."""
        if not folder.expected:
            return None
        return SourceError(
            f"the folder {folder.name!r} of the mailbox {self.name} cannot be opened", MailboxFault.NO_FOLDER
        )

    def _listen_to(self, folder: Folder) -> dict[str, RemoteMail]:
        """Bring what we know of a folder up to date, and return what in it is not safe yet."""
        if not folder.key:
            raise GraphRefusal(HTTPStatus.NOT_FOUND, ("erroritemnotfound",))
        known, now = self._known.get(folder.key), self._clock()
        if known is None:
            kept = self._positions.get(folder.key, "")
            setting, _, link = kept.partition(" ")
            # To count what is left out, all has to be listed once.
            goes_on = setting == self._setting and not self.address.exclude_from
            known = _Folder(kept, link if goes_on else "", now)
        elif now - known.listed_at >= WHOLE_LOOK:
            known = _Folder(known.kept, "", now)
        try:
            known = self._brought_up(folder, known)
        except GraphRefusal as refusal:
            if not refusal.resync:
                raise
            known = self._brought_up(folder, _Folder(known.kept, "", now))
        self._known[folder.key] = known
        return known.open_ends

    def _brought_up(self, folder: Folder, known: _Folder) -> _Folder:
        """Return a folder after one round of its delta query; one that is cut off goes on where it was."""
        found, link = dict(known.open_ends), known.link
        seen = {link}
        while True:
            first = f"mailFolders/{quote(folder.key, safe='')}/messages/delta?$select={_SELECT}"
            try:
                page = self._connection.get(link or first, prefer=f"odata.maxpagesize={PAGE}")
                mails = list(self._mails(folder, page))
            except SourceError:  # what was listed so far need not be listed again
                self._known[folder.key] = _Folder(known.kept, link, known.listed_at, found)
                raise
            for uid, mail in mails:
                found.pop(uid, None)
                self._left_out.discard(uid)
                if mail is not None:
                    found[uid] = mail
            last = page.get("@odata.deltaLink")
            more = last or page.get("@odata.nextLink")
            if not isinstance(more, str) or not more or (not last and more in seen):
                raise nonsense(self.address)
            link = self._connection.whole(more)  # one that leads nowhere must not be kept
            if last:
                return _Folder(known.kept, link, known.listed_at, found)
            seen.add(link)

    def _mails(self, folder: Folder, page: dict[str, Any]) -> Iterator[tuple[str, RemoteMail | None]]:
        """The numbers that a page lists, each with its mail, or None for one that is not in the folder any more."""
        for said in graph_folders.objects(self._connection, page):
            uid = said.get("id")
            if not isinstance(uid, str) or not _NUMBER.fullmatch(uid):
                raise nonsense(self.address)
            yield uid, None if "@removed" in said else self._mail(folder, uid, said)

    def _mail(self, folder: Folder, uid: str, said: dict[str, Any]) -> RemoteMail | None:
        """A line of a page as a mail; one that tells only what has changed is asked for in full."""
        if not said.keys() >= set(_FACTS):
            try:
                said = self._connection.get(f"messages/{quote(uid, safe='')}?$select={_SELECT}")
            except GraphRefusal as refusal:
                if refusal.status != HTTPStatus.NOT_FOUND:
                    raise
                said = {}  # reading it will tell
        named = said.get("categories")
        categories = tuple(one for one in named if isinstance(one, str)) if isinstance(named, list) else ()
        bears = not self.address.category or self.address.category.casefold() in map(str.casefold, categories)
        etag = said.get("@odata.etag")
        return RemoteMail(
            uid=uid,
            place=folder.name,
            mtime=_arrival(said.get("receivedDateTime")),
            marked=folder.sent if self.address.move else bears,
            sent=folder.sent,
            junk=folder.junk,
            categories=categories,
            etag=etag if isinstance(etag, str) and etag.isascii() and etag.isprintable() else "",
            sender=_sender(said.get("from")),
            mailbox=self,
        )

    def _move(self, mail: RemoteMail, limit: int) -> None:
        if mail.uid not in self._big and self._size(mail) <= limit:
            self._connection.send("POST", f"{_at(mail)}/move", {"destinationId": self._move_to})

    def _size(self, mail: RemoteMail) -> int:
        """The size of a mail as the server keeps it, which is near that of its bytes; 0 if it does not say."""
        expand = quote(f"singleValueExtendedProperties($filter=id eq '{_SIZE}')", safe="($=')")
        with suppress(GraphRefusal, LookupError, TypeError, ValueError):
            said = self._connection.get(f"{_at(mail)}?$select=id&$expand={expand}")
            size = int(said["singleValueExtendedProperties"][0]["value"])
            return size if 0 <= size < 2**63 else 0
        return 0

    def _settle(self, mail: RemoteMail) -> None:
        for folder in self._known.values():
            folder.open_ends.pop(mail.uid, None)

    def _excluded(self, mail: RemoteMail) -> bool:
        """Tell whether the operator wants no mail of its sender; not where the server does not say who that is."""
        sender = addresses.normal(mail.sender)
        return bool(sender) and not self.address.exclude_from.isdisjoint({sender, f"@{addresses.domain(sender)}"})


def _at(mail: RemoteMail) -> str:
    return f"messages/{quote(mail.uid, safe='')}"


def _is_of_the_folder(refusal: GraphRefusal) -> bool:
    """Whether a refusal is about one folder; the mailbox itself has other names for being away or closed."""
    return refusal.status == HTTPStatus.NOT_FOUND and not _NO_MAILBOX.intersection(refusal.codes)


def _arrival(said: object) -> float | None:
    """The date of a mail on its server (Unix time); None for one that no server of today can mean."""
    if not isinstance(said, str):
        return None
    try:
        moment = datetime.fromisoformat(said)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return moment.timestamp() if moment.year in _YEARS else None


def _sender(said: object) -> str:
    """The address that a mail came from; "" where the server names none."""
    inside = said.get("emailAddress") if isinstance(said, dict) else None
    address = inside.get("address") if isinstance(inside, dict) else None
    return address if isinstance(address, str) else ""
