"""Mail that somebody hands over in one go: an mbox file, a Maildir, a folder of `.eml` files, or one file."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import structlog

from . import received
from .files import Candidate, Maildir, read
from .sources import NOT_INCOMING, Content, SourceError, cut_to_headers

log = structlog.get_logger(__name__)

MBOX = "mbox"
# The line between two mails of an mbox file ends with a date; a sentence that begins with "From " does not.
_SEPARATOR = re.compile(rb"From \S{0,320} .{0,40}\d\d:\d\d.{0,40}\d{4}(?: [+-]\d{4})?\r?\n")
_LONGEST_LINE = 64 * 1024


@dataclass(frozen=True)
class Handed:
    """One mail of a backlog; `received_at` is what the mbox says of it. It may fail to be read."""

    candidate: Candidate
    content: Content | None
    received_at: datetime | None = None

    def load(self, *, limit: int) -> Content:
        """Return the content. Raises UnreadableFileError."""
        return self.content if self.content is not None else read(self.candidate, limit=limit)


def backlog(path: Path, *, limit: int, now: datetime) -> Iterator[Handed]:
    """Return every mail below a path, one at a time. Raises SourceError when there is nothing to read.

    Above `limit` bytes only the headers of a mail are kept in memory. Links are not followed. Folders below the path
    that hold no mail which reached us (`NOT_INCOMING`) are left out, which the log says.
    """
    if path.is_dir():
        yield from (Handed(candidate, None) for candidate in _in_folder(path))
        return
    try:
        with path.open("rb") as file:
            first = file.readline(_LONGEST_LINE)
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror}") from None
    if _SEPARATOR.match(first):
        yield from _in_mbox(path, limit, now)
    else:
        yield Handed(_file(path), None)


def _in_folder(root: Path) -> Iterator[Candidate]:
    for folder, below, names in os.walk(root):
        here = Path(folder)
        for name in filter(_is_not_incoming, below):
            log.info("folder_not_imported", folder=name)
        below[:] = sorted(name for name in below if not _is_not_incoming(name))
        if Maildir.is_one(here):
            below[:] = [name for name in below if name not in ("cur", "new", "tmp")]
            yield from Maildir(here, here.name[:300]).look().candidates
        for name in sorted(names):
            path = here / name
            if name.lower().endswith(".eml") and not name.startswith(".") and not path.is_symlink():
                yield _file(path)


def _is_not_incoming(name: str) -> bool:
    """Tell it by the name of a folder; mail servers (Maildir++) put a dot before it."""
    return name.removeprefix(".") in NOT_INCOMING


def _file(path: Path) -> Candidate:
    try:
        facts = path.stat()
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror}") from None
    uid = os.fsencode(path.name).decode("utf-8", "backslashreplace")[-200:]
    return Candidate("", f"{uid}:{facts.st_size}:{facts.st_mtime_ns}", path, facts.st_size, facts.st_mtime)


def _in_mbox(path: Path, limit: int, now: datetime) -> Iterator[Handed]:
    """Cut a file at its separators: a line of the form `From address date` at the start or below an empty line."""
    mtime = path.stat().st_mtime
    number, size, blank = 0, 0, True
    separator, lines = b"", [b""]
    with path.open("rb") as file:
        while line := file.readline(_LONGEST_LINE):
            if blank and _SEPARATOR.match(line):
                if separator:
                    number += 1
                    yield _cut(path, number, separator, lines, size, limit, mtime, now)
                separator, lines, size = line, [], 0
            else:
                if size <= limit:  # of a bigger mail only the beginning is needed
                    lines.append(line)
                size += len(line)
            blank = not line.strip(b"\r\n")
    yield _cut(path, number + 1, separator, lines, size, limit, mtime, now)


def _cut(
    path: Path, number: int, separator: bytes, lines: list[bytes], size: int, limit: int, mtime: float, now: datetime
) -> Handed:
    # The empty line above the next separator belongs to the file and not to the mail.
    if lines and not lines[-1].strip(b"\r\n"):
        size -= len(lines.pop())
    raw = b"".join(lines)
    content = Content(cut_to_headers(raw), oversize=True) if size > limit else Content(raw)
    candidate = Candidate(MBOX, f"{path.name[:200]}:{number}", path, size, mtime)
    return Handed(candidate, content, received.from_line_time(separator, now=now))
