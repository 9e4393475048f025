"""The MIME structure of a mail: parts, found with a cap on their number and on their headers.

The standard library reads it under its old policy (`compat32`), which raises on none of 2,383 fixtures where
`policy.default` raises on ten. It sees only the few header fields that describe the body.
"""

import binascii
import re
from email._policybase import Compat32
from email.errors import MessageError
from email.message import Message
from email.parser import BytesFeedParser
from typing import TypeAlias

from . import headers
from .parsed import MALFORMED, NESTED_TOO_DEEP, TOO_MANY_PARTS

MAX_PARTS = 300

Part: TypeAlias = "Message[str, str]"
# What the standard library has been seen to raise on broken mail; MemoryError is not for us to survive.
ERRORS = (LookupError, ValueError, TypeError, AttributeError, AssertionError, RecursionError, MessageError)

_DESCRIBING = ("content-type", "content-transfer-encoding", "content-disposition")


class _TooManyPartsError(Exception):
    pass


class _Policy(Compat32):
    """compat32 that caps the fields of inner parts and hands them out as they came."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse([line[: headers.MAX_VALUE] for line in sourcelines[:200]])
        return name, value[: headers.MAX_VALUE]

    def header_fetch_parse(self, name: str, value: str) -> str:
        return value


def read(raw: bytes, top: headers.Headers) -> tuple[Part, str | None]:
    """Return the root of the parts and what went wrong, if anything: what was read until then is kept."""
    made: list[Part] = []

    def make(policy: _Policy) -> Part:
        if len(made) > MAX_PARTS:
            raise _TooManyPartsError
        made.append(Message(policy=policy))
        return made[-1]

    parser = BytesFeedParser(make, policy=_Policy())  # type: ignore[arg-type]  # the stub lacks `policy`
    made.clear()  # the parser tries its factory once before it begins
    problem = None
    try:
        parser.feed(_describing(top) + b"\n\n")
        parser.feed(raw[top.body_at :])
        parser.close()
    except _TooManyPartsError:
        problem = TOO_MANY_PARTS
    except RecursionError:
        problem = NESTED_TOO_DEEP
    except ERRORS:
        problem = MALFORMED
    return (made[0] if made else Message(policy=_Policy())), problem


def children(part: Part) -> list[Part]:
    """Return the parts of a part."""
    payload = part.get_payload() if part.is_multipart() else []
    return [child for child in payload if not isinstance(child, str)] if isinstance(payload, list) else []


def leaf_bytes(part: Part) -> bytes:
    """Return the contents of a part without children, transfer encoding removed as far as it goes."""
    try:
        data = part.get_payload(decode=True)
    except ERRORS:
        data = _as_it_stands(part)
    return data if isinstance(data, bytes) else b""


def leaf_start(part: Part, count: int) -> bytes:
    """Return the first `count` bytes of a part as decoded, without decoding all of a big one."""
    if not _in_base64(part):
        return leaf_bytes(part)[:count]
    digits = re.sub(rb"[^A-Za-z0-9+/]", b"", _as_it_stands(part)[: count * 2])
    return binascii.a2b_base64(digits[: len(digits) // 4 * 4])[:count]


def leaf_size(part: Part) -> int:
    """Return the size of a part in bytes as decoded, without decoding base64 (an attachment may be big)."""
    if not _in_base64(part):
        return len(leaf_bytes(part))
    payload = _as_it_stands(part)
    return (len(payload) - payload.count(b"\n") - payload.count(b"\r") - payload.count(b"=")) * 3 // 4


def _in_base64(part: Part) -> bool:
    return str(part.get("content-transfer-encoding", "")).strip().lower() == "base64"


def _as_it_stands(part: Part) -> bytes:
    try:
        payload = part.get_payload()
    except ERRORS:  # the library decodes by the declared charset, whatever that is
        return b""
    return payload.encode("utf-8", "surrogateescape") if isinstance(payload, str) else b""


def _describing(top: headers.Headers) -> bytes:
    values = ((name, top.first(name)) for name in _DESCRIBING)
    return b"\n".join(name.encode() + b": " + value for name, value in values if value is not None)
