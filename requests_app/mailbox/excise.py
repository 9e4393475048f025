"""Cut one thing out of a stored mail: an attachment, or identity numbers; every other byte stays as it came.

The mail is split by its boundaries in one linear pass, without the parser of the standard library, and pieces are
replaced in place. Whoever calls reads the result anew, bounded, and believes nothing else.
"""

import base64
import binascii
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from email.header import Header
from email.message import Message
from email.utils import encode_rfc2231

from requests_app.domain.national_numbers import mask_national_numbers

from . import attached_texts, charsets, encoded_words, headers, structure
from .cleaning import one_line
from .parsed import Attachment

NAME = "removed.txt"
MAX_DEPTH = 25
MAX_PARTS = 1_000
MAX_NAME = 200  # characters

_TEXTS = ("text/plain", "text/html")
_MAILS = ("message/rfc822", "message/global")
_END_OF_HEADER = re.compile(rb"\A(?:\r?\n)|\r?\n\r?\n")
_BODY_FIELDS = ("content-type", "content-transfer-encoding", "content-disposition", "content-id", "content-description")
_SUBJECTS = ("subject", "thread-topic")  # Outlook writes it twice


class CannotCutError(Exception):
    """The mail is built so that the piece cannot be found for certain."""


@dataclass(frozen=True)
class Part:
    """A piece of a mail by its places in the bytes: the header block, the content after it, and its end."""

    start: int
    body_at: int
    end: int
    depth: int
    kind: str  # media type, in lower case
    charset: str | None
    encoding: str
    attached: bool
    name: str
    parts: "tuple[Part, ...]" = ()


def note(day: date, *, what: str = "An identity document") -> str:
    """Return what stands in the mail in place of what was cut out."""
    return f"{what} was removed here on {day.isoformat()}. It was received unasked and is not kept."


def hidden_note() -> str:
    """Return what stands in a copy for staff in place of a file that is hidden from them."""
    return "A file is hidden here: it looks like an identity document that nobody asked for."


def attachment(raw: bytes, position: int, day: date, *, said: str = "") -> bytes:
    """Return the mail with a note in place of one attachment, counted as `ParsedMail.attachments` lists them.

    The note says `said`, or that it was removed on this day. Raises CannotCutError.
    """
    found = list(_attachments(_root(raw)))
    if position >= len(found):
        raise CannotCutError
    part = found[position]
    words = (said or note(day)).encode()
    if part.depth == 0:
        return _head(raw[: part.body_at], "text/plain; charset=utf-8", b"7bit") + words + b"\r\n"
    fields = f'Content-Type: text/plain; charset=utf-8; name="{NAME}"\r\n'
    fields += f'Content-Disposition: attachment; filename="{NAME}"\r\n\r\n'
    return raw[: part.start] + fields.encode() + words + raw[part.end :]


def numbers(raw: bytes) -> bytes:
    """Return the mail with asterisks for every Norwegian identity number in its subject, its texts and attached texts.

    An attached text stays attached, under its name: the others are counted by their places. Raises CannotCutError when
    there is none that can be found.
    """
    changed = _spliced(raw, _masked_texts(raw, _root(raw)))
    changed = _without_numbers_in_subject(changed)
    if changed == raw:
        raise CannotCutError
    return changed


def all_but_text(raw: bytes, text: str, day: date) -> bytes:
    """Return the header block and the words of a mail, as they were read before, and nothing that was attached."""
    said = f"{note(day, what='What was attached')}\n\n{mask_national_numbers(text)[0]}"
    head = _head(raw[: headers.read(raw).body_at], "text/plain; charset=utf-8", b"base64")
    return _without_numbers_in_subject(head + base64.encodebytes(said.encode()).replace(b"\n", b"\r\n"))


def is_note(one: Attachment) -> bool:
    """Tell whether an attachment is what stands in place of one that was cut out."""
    return (one.name, one.content_type) == (NAME, "text/plain")


def _root(raw: bytes) -> Part:
    top = headers.read(raw)
    if not top:
        raise CannotCutError
    return _part(raw, 0, top.body_at, len(raw), 0, [MAX_PARTS])


def _part(raw: bytes, start: int, body_at: int, end: int, depth: int, left: list[int]) -> Part:
    left[0] -= 1
    if left[0] < 0 or depth > MAX_DEPTH:
        raise CannotCutError
    fields = _described(raw[start:body_at])
    try:
        kind, boundary, charset = fields.get_content_type(), fields.get_boundary(), fields.get_content_charset()
        encoding = str(fields.get("content-transfer-encoding", "")).strip().lower()
        name = _name(fields)
        attached = _is_attachment(kind, str(fields.get("content-disposition", "")), name)
    except structure.ERRORS:
        raise CannotCutError from None
    spans = [(body_at, end)] if kind in _MAILS else []
    if kind.startswith("multipart/") and boundary:
        spans = list(_between(raw, body_at, end, boundary.encode("latin-1", "replace")))
    inner = tuple(_part(raw, at, _body_at(raw, at, stop), stop, depth + 1, left) for at, stop in spans)
    return Part(start, body_at, end, depth, kind, charset, encoding, attached, name, inner)


def _described(block: bytes) -> "Message[str, str]":
    """The fields that describe what follows; of several the first, as `structure` reads them."""
    fields: Message[str, str] = Message()
    for field in _raw_fields(block[: headers.MAX_BLOCK]):
        name = field.partition(b":")[0].strip().lower().decode("latin-1")
        if name in _BODY_FIELDS and name not in fields:
            value = re.sub(rb"\r?\n", b"", field.partition(b":")[2]).strip()[: headers.MAX_VALUE]
            fields[name] = value.decode("latin-1")
    return fields


def _name(fields: "Message[str, str]") -> str:
    """The name of a file; one that was written as bare UTF-8 came here byte by byte."""
    name = fields.get_filename() or ""
    with suppress(UnicodeError):
        name = name.encode("latin-1").decode()
    return name


def _body_at(raw: bytes, start: int, end: int) -> int:
    found = _END_OF_HEADER.search(raw[start:end])
    return start + found.end() if found else end


def _between(raw: bytes, start: int, end: int, boundary: bytes) -> Iterator[tuple[int, int]]:
    """The places between the lines of a boundary (RFC 2046 section 5.1.1); the last part may lack its end."""
    line = re.compile(rb"(?m)^--" + re.escape(boundary) + rb"(--)?[ \t]*\r?(?:\n|\Z)")
    begun = -1
    for found in line.finditer(raw, start, end):
        if begun >= 0:
            yield begun, _before_newline(raw, begun, found.start())
        begun = found.end()
        if found[1]:
            return
    if begun >= 0:
        yield begun, end


def _before_newline(raw: bytes, start: int, end: int) -> int:
    """The newline before a boundary belongs to it."""
    if end > start and raw[end - 1 : end] == b"\n":
        end -= 1
        end -= end > start and raw[end - 1 : end] == b"\r"
    return end


def _attachments(part: Part) -> Iterator[Part]:
    """The parts that `body` lists as attachments, in its order."""
    if part.kind.startswith("message/"):
        yield part
    elif part.parts:
        for inner in part.parts:
            yield from _attachments(inner)
    elif part.attached and not (part.depth == 0 and part.kind.startswith("text/")):
        yield part


def _is_attachment(kind: str, disposition: str, name: str) -> bool:
    if kind not in _TEXTS and not kind.startswith("multipart/"):
        return True
    disposition = disposition.strip().lower()
    return disposition.startswith("attachment") or (not disposition.startswith("inline") and bool(name))


def _masked_texts(raw: bytes, part: Part) -> Iterator[tuple[int, int, bytes]]:
    """The texts and subjects that hold a number, as (start, end, what stands there instead)."""
    for inner in part.parts:
        yield from _masked_texts(raw, inner)
    block = raw[part.start : part.body_at]
    top = _masked_block(block)  # of a mail inside the mail
    text = masked = ""
    if not part.parts and (part.kind in _TEXTS or attached_texts.is_one(part.kind, part.name)):
        text = attached_texts.words(_decoded(part, raw[part.body_at : part.end]), part.charset)
        masked, _ = mask_national_numbers(text)
    if masked != text:
        content = base64.encodebytes(masked.encode()).replace(b"\n", b"\r\n")
        kind = f"{part.kind}; charset=utf-8"
        yield part.start, part.end, _head(top, kind, b"base64", attached=_attached_as(part)) + content
    elif top != block:
        yield part.start, part.body_at, top


def _decoded(part: Part, data: bytes) -> bytes:
    if part.encoding == "base64":
        letters = re.sub(rb"[^A-Za-z0-9+/]", b"", data)
        return base64.b64decode(letters[: len(letters) - (len(letters) % 4 == 1)] + b"==")
    if part.encoding == "quoted-printable":
        return binascii.a2b_qp(data)
    return data


def _head(block: bytes, kind: str, encoding: bytes, *, attached: bytes = b"") -> bytes:
    """Return a header block with another description of what follows, ended by its empty line.

    `attached` is the field that says that it is attached, if it is.
    """
    kept = [field for field in _raw_fields(block) if not _is_named(field, _BODY_FIELDS)]
    described = b"Content-Type: " + kind.encode() + b"\r\nContent-Transfer-Encoding: " + encoding + b"\r\n"
    return b"".join(kept) + described + attached + b"\r\n"


def _attached_as(part: Part) -> bytes:
    """The field that says that a part is attached, and under which name (RFC 2183, RFC 2231)."""
    if not part.attached:
        return b""
    name = f"; filename*={encode_rfc2231(part.name[:MAX_NAME], 'utf-8')}" if part.name else ""
    return f"Content-Disposition: attachment{name}\r\n".encode()


def _raw_fields(block: bytes) -> list[bytes]:
    """The fields of a header block with their folded lines, each with its line end."""
    fields: list[bytes] = []
    for line in block.splitlines(keepends=True):
        if not line.strip():
            continue
        if line[:1] in b" \t" and fields:
            fields[-1] += line
        else:
            fields.append(line)
    return fields


def _is_named(field: bytes, names: tuple[str, ...]) -> bool:
    return field.partition(b":")[0].strip().lower().decode("ascii", "ignore") in names


def _without_numbers_in_subject(raw: bytes) -> bytes:
    body_at = headers.read(raw).body_at
    return _masked_block(raw[:body_at]) + raw[body_at:]


def _masked_block(block: bytes) -> bytes:
    """A header block without numbers in its subject; one that has none stays as it is."""
    fields = _raw_fields(block)
    masked = [_masked_subject(field) for field in fields]
    return block if masked == fields else b"".join(masked) + b"\r\n"


def _masked_subject(field: bytes) -> bytes:
    name, _, value = field.partition(b":")
    if not _is_named(field, _SUBJECTS):
        return field
    written, _ = charsets.decode(value, detect=False)
    masked, found = mask_national_numbers(one_line(encoded_words.decode(written), headers.MAX_VALUE))
    return name + b": " + Header(masked, "utf-8").encode(linesep="\r\n").encode() + b"\r\n" if found else field


def _spliced(raw: bytes, pieces: Iterator[tuple[int, int, bytes]]) -> bytes:
    for start, end, instead in sorted(pieces, reverse=True):
        raw = raw[:start] + instead + raw[end:]
    return raw
