"""Mail in files of this machine: dropped `.eml` files and Maildirs. The files stay where they are."""

import os
import stat
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from requests_app.domain.enums import MailboxFault

from .sources import (
    JUNK_NAMES,
    MAX_BYTES,
    NOT_INCOMING,
    Content,
    Look,
    Refused,
    SourceError,
    UnreadableFileError,
    cut_to_headers,
    printable,
)

STILL_SECONDS = 1.0


@dataclass(frozen=True)
class Candidate:
    """A message file. `folder` and `uid` together stay the same as long as the content may be the same.

    `folder` is "" for dropped files and the name of the Maildir otherwise ("INBOX" for the mailbox itself);
    `mtime` is in seconds since 1970 (UTC).
    """

    folder: str
    uid: str
    path: Path
    size: int
    mtime: float
    uidvalidity: str = ""
    marked: bool = True
    sent: bool = False
    junk: bool = False

    @property
    def stamped(self) -> bool:
        """A file has an age of its own: copies are younger than their mail."""
        return False

    @property
    def name(self) -> str:
        """What staff can look for it by: the name of the file."""
        return printable(self.path.name)

    def read(self, *, limit: int) -> Content:
        """Return its content (see `read`)."""
        return read(self, limit=limit)

    def taken(self, *, limit: int) -> None:
        """Leave the file where it is: it belongs to somebody else."""


@dataclass
class DropFolder:
    """A folder into which `.eml` files are dropped, by hand or by a program."""

    path: Path
    _seen: "dict[str, _Seen]" = field(default_factory=dict, repr=False)

    def look(self, now: float | None = None) -> Look[Candidate]:
        """Return the `.eml` files whose size has been still for STILL_SECONDS.

        Still is a file whose last change lies that far back, unless an earlier look saw another size, and a
        file that two looks that far apart found unchanged (whatever its own date says).
        """
        now = time.time() if now is None else now
        root = _existing(self.path)
        found: list[Candidate] = []
        refused: list[Refused] = []
        seen: dict[str, _Seen] = {}
        for entry in _entries(root):
            if not _is_mail_name(entry.name):
                continue
            facts = _facts(root, entry)
            if isinstance(facts, Refused):
                refused.append(facts)
            elif facts is not None:
                seen[entry.name], still = self._compare(entry.name, facts, now)
                if still:
                    found.append(_dropped(entry, facts))
        self._seen = seen
        return Look(tuple(found), tuple(refused), len(seen) - len(found))

    def _compare(self, name: str, facts: os.stat_result, now: float) -> "tuple[_Seen, bool]":
        before = self._seen.get(name)
        same = before is not None and (before.size, before.mtime_ns) == (facts.st_size, facts.st_mtime_ns)
        since = before.since if before is not None and same else now
        grown = before is not None and before.size != facts.st_size
        still = max(now - facts.st_mtime, now - since) >= STILL_SECONDS
        return _Seen(facts.st_size, facts.st_mtime_ns, since), still and not grown


@dataclass(frozen=True)
class _Seen:
    """How a file was at the last look, and since when we know it to be so."""

    size: int
    mtime_ns: int
    since: float


@dataclass
class Maildir:
    """One folder in Maildir format: `new` and `cur` are read, `tmp` never (delivery is atomic)."""

    path: Path
    folder: str = "INBOX"
    sent: bool = False
    junk: bool = False

    @staticmethod
    def is_one(path: Path) -> bool:
        """Tell whether the path is a Maildir."""
        try:
            return all((path / part).is_dir() for part in ("cur", "new", "tmp"))
        except PermissionError:  # it may be one: whoever looks into it is told that it is closed
            return True

    def look(self, now: float | None = None) -> Look[Candidate]:
        """Return every delivered message."""
        root = _existing(self.path)
        found: list[Candidate] = []
        refused: list[Refused] = []
        for part in ("new", "cur"):
            for entry in _entries(root / part):
                facts = None if entry.name.startswith(".") else _facts(root, entry)
                if isinstance(facts, Refused):
                    refused.append(facts)
                elif facts is not None:
                    uid = printable(entry.name.partition(":")[0])
                    one = Candidate(self.folder, uid, Path(entry), facts.st_size, facts.st_mtime)
                    found.append(replace(one, sent=self.sent, junk=self.junk))
        return Look(tuple(found), tuple(refused))


@dataclass
class LocalMailbox:
    """A folder that may be both: dropped `.eml` files, a Maildir, and Maildirs in its subfolders.

    Of those whose names begin with a dot, as mail servers lay them (Maildir++), only the one for spam is read: mail in
    it has been received. `sent` names the subfolder with what people here sent by hand, if it is to be read.
    """

    path: Path
    sent: str = ""
    excluded: Collection[str] = NOT_INCOMING

    def __post_init__(self) -> None:
        self._dropped = DropFolder(self.path)

    def look(self, now: float | None = None) -> Look[Candidate]:
        """Return what all of them hold. Raises SourceError if the folder itself cannot be listed."""
        seen = self._dropped.look(now)
        for maildir in self._maildirs():
            try:
                seen += maildir.look(now)
            except SourceError as error:  # one folder that is closed to us must not hide the others
                seen += Look(refused=(Refused(maildir.path, "the folder cannot be read"),), fault=error)
        return seen

    def _maildirs(self) -> Iterator[Maildir]:
        if Maildir.is_one(self.path):
            yield Maildir(self.path)
        for entry in _entries(self.path):
            sent = entry.name == self.sent
            junk = entry.name.removeprefix(".") in JUNK_NAMES and not sent
            incoming = not entry.name.startswith(".") and entry.name not in self.excluded
            if (sent or junk or incoming) and entry.is_dir(follow_symlinks=False) and Maildir.is_one(Path(entry)):
                yield Maildir(Path(entry), printable(entry.name), sent, junk)


def read(candidate: Candidate, *, limit: int = MAX_BYTES) -> Content:
    """Return the bytes of a message, or its header block if it is bigger than `limit` bytes.

    A Maildir message that another program has moved to `cur` meanwhile is found again. Raises
    UnreadableFileError if the file is gone or may not be read.
    """
    try:
        return _read(candidate.path, limit)
    except FileNotFoundError:
        moved = _moved(candidate)
        if moved is None:
            raise UnreadableFileError("the file is gone") from None
    except OSError as error:
        raise UnreadableFileError(_why(error)) from error
    try:
        return _read(moved, limit)
    except OSError as error:
        raise UnreadableFileError(_why(error)) from error


def _read(path: Path, limit: int) -> Content:
    # Neither a link nor a pipe that took the file's place since it was looked at is followed or waited for.
    handle = os.open(path.parent.resolve() / path.name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with open(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise FileNotFoundError
        raw = file.read(limit + 1)
    if len(raw) <= limit:
        return Content(raw)
    return Content(cut_to_headers(raw), oversize=True)


def _moved(candidate: Candidate) -> Path | None:
    if not candidate.folder:
        return None
    root = candidate.path.parent.parent
    found = (Path(e) for part in ("cur", "new") for e in _entries(root / part) if _same_message(e.name, candidate))
    return next(found, None)


def _same_message(name: str, candidate: Candidate) -> bool:
    return printable(name.partition(":")[0]) == candidate.uid


def _existing(path: Path) -> Path:
    if not path.is_dir():
        raise SourceError(f"the mailbox folder {path} does not exist", MailboxFault.NO_FOLDER)
    return path.resolve()


def _entries(path: Path) -> list["os.DirEntry[str]"]:
    try:
        with os.scandir(path) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        why = f"the mailbox folder {path} cannot be read: {_why(error)}"
        raise SourceError(why, MailboxFault.NO_FOLDER) from error


def _is_mail_name(name: str) -> bool:
    return name.lower().endswith(".eml") and not name.startswith((".", "~", "#"))


def _facts(root: Path, entry: "os.DirEntry[str]") -> os.stat_result | Refused | None:
    """The file behind an entry; None for what is no file or has just gone."""
    path = Path(entry)
    try:
        if entry.is_symlink() and not path.resolve().is_relative_to(root):
            return Refused(path, "the link leads out of the mailbox folder")
        facts = entry.stat()
    except FileNotFoundError:
        return None
    except (OSError, RuntimeError) as error:  # RuntimeError: links in a circle
        return Refused(path, _why(error))
    if not stat.S_ISREG(facts.st_mode):
        return None
    return facts if os.access(path, os.R_OK) else Refused(path, "no permission to read the file")


def _dropped(entry: "os.DirEntry[str]", facts: os.stat_result) -> Candidate:
    # A file that is replaced under its old name is another message, so size and date belong to the identity.
    uid = f"{printable(entry.name)}:{facts.st_size}:{facts.st_mtime_ns}"
    path = Path(entry).resolve() if entry.is_symlink() else Path(entry)
    return Candidate("", uid, path, facts.st_size, facts.st_mtime)


def _why(error: BaseException) -> str:
    return (error.strerror or "cannot be read") if isinstance(error, OSError) else "the link leads nowhere"
