"""Where mail comes from: what every source has in common.

A source only looks and reads; what was taken is remembered by whoever calls.
"""

import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar, runtime_checkable

from requests_app.domain.enums import MailboxFault

MAX_BYTES = 25 * 1024 * 1024
# Folders that hold no mail which reached us, where no server says what they are. Trash and Junk may, so they are read.
NOT_INCOMING = (
    "Sent", "Sent Items", "Sent Messages", "Sendt", "Sendte elementer", "Drafts", "Utkast", "Templates", "Outbox",
    "lost+found",
)  # fmt: skip
JUNK_NAMES = ("Junk", "Spam", "Junk E-mail", "Junk Email", "Søppelpost", "INBOX.Junk", "INBOX.Spam")
LONGEST_NAME = 255  # characters; file systems allow as many octets
LONGEST_FOLDER = 300  # octets, and so characters, of a folder's name

HEADER_BYTES = 256 * 1024


class SourceError(Exception):
    """A mailbox cannot be used; the message is for the operator and holds no credentials, `fault` is its kind.

    `waiting_since`: when the oldest mail came that it still holds for us (Unix time), None where nobody knows.
    `retry_after`: the seconds for which the server wants to be left alone.
    """

    def __init__(self, message: str, fault: MailboxFault = MailboxFault.AWAY, *, retry_after: float = 0.0) -> None:
        super().__init__(message)
        self.fault = fault
        self.retry_after = retry_after
        self.waiting_since: float | None = None


class UnreadableFileError(Exception):
    """A message file cannot be read now; `reason` says why without naming the file."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NotWantedError(Exception):
    """The operator has excluded the sender of a mail."""


@dataclass(frozen=True)
class Content:
    """The bytes of a message; if `oversize`, only its header block.

    `size`: of the whole message in bytes, where the source learns it only by reading; 0 otherwise. `varies`: the same
    message need not have the same bytes when it is read again, so that its number alone tells which one it is.
    `withheld`: they are what the server says in place of a message that it cannot hand out (see `withheld`).
    """

    raw: bytes
    oversize: bool = False
    size: int = 0
    varies: bool = False
    withheld: bool = False


class Found(Protocol):
    """A message as a source tells of it: how it is known there, its size in bytes, when it came (Unix time).

    `mtime` is None where nothing there says when it came; `stamped` is whether a mail server of ours says so, which is
    believed before anything that stands in the message. `uidvalidity` is "" where `uid` never means another message.
    `sent`: somebody here wrote it, by hand. `junk`: a filter laid it where spam goes.
    `name` is what staff can look for it by; `marked` is whether it bears our mark, or nothing there can bear one.
    """

    @property
    def folder(self) -> str: ...
    @property
    def uidvalidity(self) -> str: ...
    @property
    def uid(self) -> str: ...
    @property
    def size(self) -> int: ...
    @property
    def mtime(self) -> float | None: ...
    @property
    def stamped(self) -> bool: ...
    @property
    def name(self) -> str: ...
    @property
    def marked(self) -> bool: ...
    @property
    def sent(self) -> bool: ...
    @property
    def junk(self) -> bool: ...

    def read(self, *, limit: int) -> Content:
        """Return the content. Raises UnreadableFileError, NotWantedError, SourceError."""

    def taken(self, *, limit: int) -> None:
        """Hear that the message is safe with us. Raises SourceError."""


@dataclass(frozen=True)
class Refused:
    """A file that looks like a message and cannot be taken, for the operator to see to."""

    path: Path
    reason: str


F = TypeVar("F", bound=Found)


@dataclass(frozen=True)
class Look(Generic[F]):
    """What a source held when it was looked at; `waiting` files were still being written.

    `fault`: why this is not all that it holds, where a folder was closed in which mail is expected. `left_out`: how
    many mails of excluded senders it holds, as far as it was looked at who wrote them.
    """

    candidates: tuple[F, ...] = ()
    refused: tuple[Refused, ...] = ()
    waiting: int = 0
    fault: SourceError | None = None
    left_out: int = 0

    def __add__(self, other: "Look[F]") -> "Look[F]":
        return Look(
            self.candidates + other.candidates,
            self.refused + other.refused,
            self.waiting + other.waiting,
            self.fault or other.fault,
            self.left_out + other.left_out,
        )


class Source(Protocol):
    """A mailbox that can be looked at again and again."""

    def look(self, now: float | None = None) -> Look[Any]:
        """Return what is there; `now` in seconds since 1970. Raises SourceError if the place is not there."""


@runtime_checkable
class Resuming(Protocol):
    """A source that tells only what is new since a position, which whoever calls keeps for it, folder by folder."""

    def resume(self, positions: Mapping[str, str]) -> None:
        """Hear what was kept, before a look."""

    def positions(self) -> dict[str, str]:
        """Return what to keep after a look: for each folder of which all that was found is safe by now."""


@runtime_checkable
class Batching(Protocol):
    """A source that does several mails in one go for the price of one; each can still be read and marked by itself."""

    def read_ahead(self, mails: Sequence[Any], *, limit: int) -> None:
        """Hear which mails are read next. What goes wrong is met again where one of them is read, by itself."""

    def all_taken(self, mails: Sequence[Any], *, limit: int) -> None:
        """Hear that these mails are safe with us. Raises SourceError."""


def cut_to_headers(raw: bytes) -> bytes:
    """Return the header block of a mail, at most HEADER_BYTES of it."""
    block = raw[:HEADER_BYTES]
    ends = [at for blank in (b"\r\n\r\n", b"\n\n") if (at := block.find(blank)) > 0]
    return block[: min(ends) + 2] if ends else block


def printable(name: str) -> str:
    """The name as text that any database takes; file names may hold bytes that are no UTF-8.

    Such bytes grow when they are spelled out, so what gets too long ends with a hash instead of its rest.
    """
    text = os.fsencode(name).decode("utf-8", "backslashreplace")
    if len(text) <= LONGEST_NAME:
        return text
    return f"{text[: LONGEST_NAME - 65]}~{hashlib.sha256(os.fsencode(name)).hexdigest()}"
