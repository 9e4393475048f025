"""The file of all passwords that leaked (Have I Been Pwned), asked offline: a line each, `SHA-1:how often`, sorted.

The operator fetches it (about 40 GB) and names it in DATARETT_LEAKED_PASSWORDS. Some forty short reads tell.
"""

import hashlib
import os
import re
from pathlib import Path
from typing import BinaryIO

_LINE = re.compile(rb"[0-9A-F]{40}:[0-9]+")
_LONGEST = 64  # bytes of a line, its end included


class NotTheList(ValueError):
    """The file is not the list, or not sorted by its hashes."""


def holds(path: Path, password: str) -> bool:
    """Tell whether a password is on the list. Raises OSError or NotTheList when the file cannot be read as one."""
    wanted = hashlib.sha1(password.encode("utf-8"), usedforsecurity=False).hexdigest().upper().encode()
    with path.open("rb") as file:
        low, high = 0, os.fstat(file.fileno()).st_size
        # The line that is looked for begins at low or later, and before high.
        while low < high:
            middle = (low + high) // 2
            start, line = _line_from(file, middle)
            if not line or start >= high:
                high = middle
            elif (found := line[:40]) == wanted:
                return True
            elif found < wanted:
                low = start + len(line)
            else:
                high = middle
    return False


def check(path: Path) -> None:
    """Raise OSError or NotTheList when the file does not begin like the list."""
    with path.open("rb") as file:
        first, second = (_line_from(file, 0)[1], file.readline(_LONGEST))
    if not _LINE.fullmatch(first.strip()) or (second and not first < second):
        raise NotTheList(path.name)


def _line_from(file: BinaryIO, place: int) -> tuple[int, bytes]:
    """Return the first line that begins at `place` or later, and where; no bytes at the end of the file."""
    file.seek(max(place - 1, 0))
    if place:
        file.readline(_LONGEST)
    start = file.tell()
    line = file.readline(_LONGEST)
    if line and not _LINE.fullmatch(line.strip()):
        raise NotTheList(file.name)
    return start, line
