"""The header block of a mail, read in one linear pass with caps.

The parser of the standard library is not used for header values: `policy.default` raises on real mails and
needs 20 seconds for a `To:` with 20,000 addresses; this reader skips what it cannot understand.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from . import charsets, encoded_words
from .cleaning import one_line

MAX_BLOCK = 256 * 1024  # bytes of header read; what follows is not looked at
MAX_FIELDS = 1_000
MAX_VALUE = 16 * 1024  # bytes kept of one field

_FIELD = re.compile(rb"([!-9;-~]{1,100})[ \t]*:(.*)", re.DOTALL)
_END = re.compile(rb"\r?\n\r?\n")
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{3,500}>")
_BARE_ID = re.compile(r"[!-;=?-~]{1,250}@[!-;=?-~]{1,250}")
# A block without any of these is no header block: the "header" is already the text of the mail.
_TELLING = frozenset({
    "from", "to", "subject", "date", "received", "message-id", "return-path", "mime-version", "content-type",
    "delivered-to", "reply-to", "sender", "cc", "bcc",
})  # fmt: skip


@dataclass(frozen=True)
class Headers:
    """The fields in their order (names in lower case, values unfolded) and where the body begins."""

    fields: tuple[tuple[str, bytes], ...]
    body_at: int = 0
    too_long: bool = False

    def __bool__(self) -> bool:
        return bool(self.fields)

    def all(self, name: str) -> tuple[bytes, ...]:
        """Return every value of a field, the topmost first."""
        return tuple(value for key, value in self.fields if key == name)

    def first(self, name: str) -> bytes | None:
        """Return the topmost value of a field, or None if the mail lacks the field."""
        return next((value for key, value in self.fields if key == name), None)

    def text(self, name: str, limit: int = 1_000) -> str:
        """Return the topmost value of a field as one readable line, "" if the mail lacks the field."""
        return unstructured(self.first(name) or b"", limit)

    def plain(self, name: str, limit: int = 1_000, count: int = 20) -> tuple[str, ...]:
        """Return up to `count` values of a field that a machine reads: one line each, encoded words left as they are.

        Decoded, what a stranger chose in one of them could look like a part of the field.
        """
        return tuple(plain(value, limit) for value in self.all(name)[:count])

    def texts(self, name: str, limit: int = 1_000, count: int = 20) -> tuple[str, ...]:
        """Return up to `count` values of a field as readable lines."""
        return tuple(unstructured(value, limit) for value in self.all(name)[:count])


def read(raw: bytes) -> Headers:
    """Return the headers of a mail; without fields and with `body_at` 0 if there is no header block."""
    start = len(raw) - len(raw[:MAX_BLOCK].lstrip(b"\r\n")) if raw[:1] in (b"\r", b"\n") else 0
    start = min(start, len(raw))
    end = _END.search(raw, start)
    stop, body_at = (end.start(), end.end()) if end else (len(raw), len(raw))
    fields = tuple(_fields(raw[start : min(stop, start + MAX_BLOCK)]))
    if not any(name in _TELLING for name, _ in fields):
        return Headers(())
    return Headers(fields, body_at, stop - start > MAX_BLOCK)


def from_items(items: Iterable[tuple[str, object]]) -> Headers:
    """Return the headers of a part that was parsed already (values with surrogate escapes)."""
    fields = []
    for name, value in items:
        data = str(value).encode("utf-8", "surrogateescape")[:MAX_VALUE]
        fields.append((name.lower()[:100], data.replace(b"\r", b"").replace(b"\n", b"")))
        if len(fields) == MAX_FIELDS:
            break
    return Headers(tuple(fields))


def unstructured(value: bytes, limit: int = 1_000) -> str:
    """Return a value as one readable line: encoded words (RFC 2047) and raw 8-bit characters decoded."""
    text, _ = charsets.decode(value[:MAX_VALUE], detect=False)
    return one_line(encoded_words.decode(text), limit)


def plain(value: bytes, limit: int = 1_000) -> str:
    """Return a value as one line, as it was written."""
    return one_line(charsets.decode(value[:MAX_VALUE], detect=False)[0], limit)


def message_ids(value: bytes, limit: int = 100) -> tuple[str, ...]:
    """Return the Message-IDs of a value, with their angle brackets; the last `limit` if there are more."""
    text = value[:MAX_VALUE].decode("ascii", "ignore")
    found = _MESSAGE_ID.findall(text) or [f"<{word}>" for word in _BARE_ID.findall(text)]
    return tuple(found[-limit:])


def _fields(block: bytes) -> list[tuple[str, bytes]]:
    fields: list[tuple[str, bytes]] = []
    for line in block.split(b"\n"):
        line = line.rstrip(b"\r")
        if line[:1] in (b" ", b"\t"):
            if fields and len(fields[-1][1]) < MAX_VALUE:
                name, value = fields[-1]
                fields[-1] = (name, (value + line)[:MAX_VALUE])
            continue
        found = _FIELD.match(line)
        if found is None:
            continue  # garbage between fields, or the "From " line of an mbox
        if len(fields) == MAX_FIELDS:
            break
        fields.append((found[1].decode("ascii").lower(), found[2].strip()[:MAX_VALUE]))
    return fields
