"""A mailbox on an IMAP server, read without leaving a trace in it but the mark that a mail is safe.

Polling, no IDLE: a look at folders in which nothing changed costs one command each, and a connection that
hangs silently cannot make us deaf. Whether a mail is known is asked of our own rows and never of the server's
flags: people read the mailbox too, and back-ups of either side are put back.
"""

import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, LoginError

from .imap_address import EVERY_FOLDER, ImapAddress
from .parse import parse_headers
from .sources import (
    HEADER_BYTES,
    NOT_INCOMING,
    Content,
    Look,
    NotWantedError,
    Refused,
    SourceError,
    UnreadableFileError,
    cut_to_headers,
)

TIMEOUT = SocketTimeout(connect=10, read=60)  # seconds
AT_ONCE = 500  # numbers in one command: servers cut long lines
WHOLE_LOOK = 600.0  # seconds after which even a folder that says it has not changed is compared again

_FACTS = ["RFC822.SIZE", "INTERNALDATE", "FLAGS"]
_JUNK, _NOSELECT = b"\\junk", b"\\noselect"
_JUNK_NAMES = ("Junk", "Spam", "Junk E-mail", "Junk Email", "Søppelpost", "INBOX.Junk", "INBOX.Spam")
_NOT_INCOMING = frozenset({b"\\sent", b"\\drafts", b"\\all", _NOSELECT})

T = TypeVar("T")


@dataclass(frozen=True)
class RemoteMail:
    """A mail on the server; `mtime` is its INTERNALDATE in seconds since 1970, `marked` that it bears our mark."""

    folder: str
    uidvalidity: str
    uid: str
    size: int
    mtime: float
    marked: bool
    mailbox: "ImapMailbox" = field(repr=False, compare=False)

    @property
    def name(self) -> str:
        """What staff can look for it by: folder and number."""
        return f"{self.folder} {self.uid}"

    def read(self, *, limit: int) -> Content:
        """Return its bytes, or its header block if it is bigger than `limit` bytes; \\Seen stays as it is."""
        return self.mailbox.read(self, limit)

    def taken(self, *, limit: int) -> None:
        """Hear that the mail is safe: mark it, or move it unless it was too big to be fetched whole."""
        self.mailbox.mark(self, stays=self.size > limit)


@dataclass(frozen=True)
class _State:
    """What a folder says of itself when it is opened; the same again means that most likely nothing changed."""

    uidvalidity: str
    uidnext: int
    exists: int
    keywords: bool

    @classmethod
    def of(cls, said: dict[bytes, Any], keyword: str) -> "_State":
        permanent = said.get(b"PERMANENTFLAGS", (b"\\*",))
        writable = b"READ-ONLY" not in said
        named = {flag.lower() for flag in permanent}
        return cls(
            uidvalidity=str(said.get(b"UIDVALIDITY", "")),
            uidnext=int(said.get(b"UIDNEXT", 0)),
            exists=int(said.get(b"EXISTS", 0)),
            keywords=writable and (b"\\*" in named or keyword.lower().encode() in named),
        )


@dataclass
class _Folder:
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
        self._client: IMAPClient | None = None
        self._selected = ""
        self._known: dict[str, _Folder] = {}
        self._left_out: set[tuple[str, str, str]] = set()

    @property
    def name(self) -> str:
        """The mailbox as sightings name it."""
        return self.address.name

    def look(self, now: float | None = None) -> Look[RemoteMail]:
        """Return the mails of every folder that changed. Raises SourceError when the server cannot be used."""
        with self._talking() as client:
            found: Look[RemoteMail] = Look()
            for folder in self._folders(client):
                try:
                    found += Look(tuple(self._look_into(client, folder)))
                except IMAPClientAbortError:
                    raise
                except IMAPClientError:  # one folder that is closed to us must not hide the others
                    self._known.pop(folder, None)
                    self._selected = ""
                    found += Look(refused=(Refused(Path(folder), f"the folder {folder!r} cannot be opened"),))
            return found

    def read(self, mail: RemoteMail, limit: int) -> Content:
        """Return the content of a mail. Raises UnreadableFileError, NotWantedError and SourceError."""
        if mail.size > limit:
            raw, oversize = cut_to_headers(self._fetch(mail, f"BODY.PEEK[HEADER]<0.{HEADER_BYTES}>")), True
        else:  # the size is the server's word: never more than the limit is taken, whatever comes
            raw = self._fetch(mail, f"BODY.PEEK[]<0.{limit + 1}>")
            oversize = len(raw) > limit
            raw = cut_to_headers(raw) if oversize else raw
        if self._excluded(raw):
            self._left_out.add((mail.folder, mail.uidvalidity, mail.uid))
            self._settle(mail)
            raise NotWantedError
        return Content(raw, oversize)

    def mark(self, mail: RemoteMail, *, stays: bool) -> None:
        """Mark a mail that is safe. A server that refuses is left as it is: we know the mail by its number.

        Raises SourceError when the connection is lost.
        """
        self._settle(mail)
        if mail.marked:
            return
        with self._talking() as client, suppress(UnreadableFileError):
            self._open(client, mail)
            try:
                if not self.address.move:
                    client.add_flags([int(mail.uid)], [self.address.keyword], silent=True)
                elif not stays:
                    self._move(client, int(mail.uid))
            except IMAPClientAbortError:
                raise
            except IMAPClientError:
                return

    def close(self) -> None:
        """Let go of the connection, without a word: it may be broken."""
        client, self._client, self._selected = self._client, None, ""
        if client is not None:
            with suppress(OSError, IMAPClientError):
                client.shutdown()

    def _look_into(self, client: IMAPClient, folder: str) -> Iterator[RemoteMail]:
        state = _State.of(client.select_folder(folder), self.address.keyword)
        self._selected, now = folder, self._clock()
        before = self._known.get(folder)
        if before and before.state == state and not before.open_ends and now - before.looked_at < WHOLE_LOOK:
            return
        uids = client.search() if state.exists else []
        chunks = [uids[at : at + AT_ONCE] for at in range(0, len(uids), AT_ONCE)]
        facts = [one for chunk in chunks for one in sorted(client.fetch(chunk, _FACTS).items())]
        mails = [mail for uid, said in facts if (mail := self._mail(folder, state, uid, said))]
        self._known[folder] = _Folder(state, now, {mail.uid for mail in mails})
        yield from mails

    def _mail(self, folder: str, state: _State, uid: int, said: dict[bytes, Any]) -> RemoteMail | None:
        """A line of the answer as a mail; None for lines that tell of something else, and for excluded senders."""
        size, arrived = said.get(b"RFC822.SIZE"), said.get(b"INTERNALDATE")
        if not isinstance(size, int) or not isinstance(arrived, datetime):
            return None
        if (folder, state.uidvalidity, str(uid)) in self._left_out:
            return None
        flags = {flag.lower() for flag in said.get(b"FLAGS", ())}
        marked = not self.address.move and (not state.keywords or self.address.keyword.lower().encode("ascii") in flags)
        return RemoteMail(folder, state.uidvalidity, str(uid), size, arrived.timestamp(), marked, self)

    def _fetch(self, mail: RemoteMail, what: str) -> bytes:
        with self._talking() as client:
            self._open(client, mail)
            try:
                said = client.fetch([int(mail.uid)], [what]).get(int(mail.uid), {})
            except IMAPClientAbortError:
                raise
            except IMAPClientError:
                raise UnreadableFileError("the server does not hand out the mail") from None
        raw = next((value for key, value in said.items() if key.startswith(b"BODY[")), None)
        if not isinstance(raw, bytes) or (not raw and mail.size):
            raise UnreadableFileError("the mail is gone")
        return raw

    def _open(self, client: IMAPClient, mail: RemoteMail) -> None:
        """Go to the folder of a mail, unless its numbers mean other mails by now."""
        if self._selected == mail.folder:
            return
        self._selected = ""
        try:
            said = client.select_folder(mail.folder)
        except IMAPClientAbortError:
            raise
        except IMAPClientError:
            raise UnreadableFileError("the folder cannot be opened") from None
        if str(said.get(b"UIDVALIDITY", "")) != mail.uidvalidity:
            raise UnreadableFileError("the folder was renumbered")
        self._selected = mail.folder

    def _move(self, client: IMAPClient, uid: int) -> None:
        if client.has_capability("MOVE"):
            client.move([uid], self.address.move)
        elif client.has_capability("UIDPLUS"):  # without it EXPUNGE would also take what other people have deleted
            client.copy([uid], self.address.move)
            client.delete_messages([uid], silent=True)
            client.uid_expunge([uid])

    def _settle(self, mail: RemoteMail) -> None:
        folder = self._known.get(mail.folder)
        if folder is not None:
            folder.open_ends.discard(mail.uid)

    def _excluded(self, raw: bytes) -> bool:
        if not self.address.exclude_from:
            return False
        sender = parse_headers(raw).from_address.lower()
        return not self.address.exclude_from.isdisjoint({sender, f"@{sender.rpartition('@')[2]}"})

    def _folders(self, client: IMAPClient) -> list[str]:
        """The folders to read, in the order of the setting."""
        wanted = list(self.address.folders)
        if not wanted or wanted == [EVERY_FOLDER]:
            listed = [({flag.lower() for flag in flags}, name) for flags, _, name in client.list_folders()]
            wanted = list(_incoming(listed) if wanted else _usual(listed))
        left_out = self.address.exclude | {self.address.move}
        return [name for name in wanted if name not in left_out]

    @contextmanager
    def _talking(self) -> Iterator[IMAPClient]:
        """Lend the connection; whatever breaks it closes it and becomes one line for the operator."""
        if self._client is None:
            self._client = _connected(self.address)
        try:
            yield self._client
        except (OSError, IMAPClientError) as error:
            self.close()
            raise SourceError(f"the mailbox {self.name} is away ({type(error).__name__})") from None


def _usual(listed: list[tuple[set[bytes], str]]) -> Iterator[str]:
    """INBOX, and junk: mail in the spam folder has been received."""
    yield "INBOX"
    marked = [name for flags, name in listed if _JUNK in flags and _NOSELECT not in flags]
    yield from marked or [name for flags, name in listed if name in _JUNK_NAMES and _NOSELECT not in flags]


def _incoming(listed: list[tuple[set[bytes], str]]) -> Iterator[str]:
    for flags, name in listed:
        if flags.isdisjoint(_NOT_INCOMING) and name not in NOT_INCOMING:
            yield name


def _connected(address: ImapAddress) -> IMAPClient:
    """Return a connection that is logged in. Raises SourceError with one line that shows no password."""
    server, context = address.server, address.server.context()
    client = None
    try:
        client = IMAPClient(server.host, server.port, ssl=server.tls, ssl_context=context, timeout=TIMEOUT)
        client.normalise_times = False
        if not server.tls and not server.loopback:
            client.starttls(context)
        _log_in(client, address)
        if address.move and not client.folder_exists(address.move):
            client.create_folder(address.move)
    except (OSError, IMAPClientError) as error:
        if client is not None:
            with suppress(OSError, IMAPClientError):
                client.shutdown()
        raise SourceError(f"the mailbox {address.name} {_why(error)}") from None
    return client


def _log_in(client: IMAPClient, address: ImapAddress) -> None:
    user, password = address.server.user, address.server.password
    if client.has_capability("AUTH=PLAIN"):  # the one way in which a password may hold any sign
        client.plain_login(user, password)
    else:
        client.login(user, password)


def _why(error: Exception) -> str:
    if isinstance(error, LoginError):
        return "does not accept the user and password"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"shows a certificate that is not believed ({error.verify_message})"
    if isinstance(error, IMAPClientError) and "STARTTLS" in str(error):
        return "does not encrypt (no STARTTLS), and it is not this machine; use imaps://"
    return f"is away ({type(error).__name__})"
