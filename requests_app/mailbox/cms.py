"""S/MIME containers (CMS, RFC 5652): what kind one is, and what lies in one that is only signed.

A reader of the few elements that lead to the content, also with lengths that are not told in advance (BER, as
streaming programs write them). Linear, without recursion into what it does not need, and nothing is verified:
a signature proves an address to whoever checks it, never who asks.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

SIGNED, ENCRYPTED = "signed", "encrypted"

_LENGTH = rb"(?:[\x00-\x80]|\x81.|\x82..|\x83...|\x84....)"
_PKCS = rb"\x2a\x86\x48\x86\xf7\x0d\x01"
_SIGNED_DATA = b"\x07\x02"
_KINDS = re.compile(
    # id-signedData, id-envelopedData, id-encryptedData; id-ct-authEnvelopedData
    rb"\x30" + _LENGTH + rb"\x06(?:\x09" + _PKCS + rb"(\x07[\x02\x03\x06])|\x0b" + _PKCS + rb"(\x09\x10\x01\x17))",
    re.DOTALL,
)
_SEQUENCE, _OCTETS, _CHUNKED_OCTETS, _FIRST = 0x30, 0x04, 0x24, 0xA0
_INDEFINITE = 0x80
_CHUNKS_IN_CHUNKS = 3
_MOST_PIECES = 200_000  # of contents without a length; programs write pieces of a kilobyte or more


class _NotCmsError(ValueError):
    pass


@dataclass(frozen=True)
class _Element:
    """A tag and where its contents stand; `after` is where the next element begins."""

    tag: int
    start: int
    end: int
    after: int


def kind(data: bytes) -> str | None:
    """Return SIGNED, ENCRYPTED or None for bytes that begin with neither; the beginning is enough."""
    found = _KINDS.match(data)
    if found is None:
        return None
    return SIGNED if found[1] == _SIGNED_DATA else ENCRYPTED


def signed_content(data: bytes) -> bytes | None:
    """Return what was signed: b"" where the signature stands beside its text, None where it cannot be found."""
    try:
        (info,) = _elements(data, 0, len(data), at_most=1)
        _oid, wrapped = _children(data, info, 2)
        (signed,) = _children(data, wrapped, 1)
        _version, _algorithms, inside = _children(data, signed, 3)
        if len(list(_elements(data, inside.start, inside.end, at_most=2))) == 1:
            return b""
        _oid, wrapped = _children(data, inside, 2)
        (octets,) = _children(data, wrapped, 1)
        return b"".join(_octets(data, octets, _CHUNKS_IN_CHUNKS))
    except (ValueError, IndexError):
        return None


def _children(data: bytes, parent: _Element, count: int) -> list[_Element]:
    """The first `count` elements inside one. Raises ValueError if it holds fewer, or cannot hold any."""
    if parent.tag not in (_SEQUENCE, _FIRST):
        raise _NotCmsError
    found = list(_elements(data, parent.start, parent.end, at_most=count))
    if len(found) < count:
        raise _NotCmsError
    return found


def _octets(data: bytes, one: _Element, deeper: int) -> Iterator[bytes]:
    if one.tag == _OCTETS:
        yield data[one.start : one.end]
    elif one.tag == _CHUNKED_OCTETS and deeper:
        for chunk in _elements(data, one.start, one.end):
            yield from _octets(data, chunk, deeper - 1)
    else:
        raise _NotCmsError


def _elements(data: bytes, at: int, end: int, at_most: int | None = None) -> Iterator[_Element]:
    count = 0
    while at < end and count != at_most:
        one = _element(data, at)
        yield one
        at, count = one.after, count + 1


def _element(data: bytes, at: int) -> _Element:
    tag, start, length = _head(data, at)
    if length is not None:
        if start + length > len(data):
            raise _NotCmsError
        return _Element(tag, start, start + length, start + length)
    end = _end_of_contents(data, start)
    return _Element(tag, start, end, end + 2)


def _end_of_contents(data: bytes, at: int) -> int:
    """Where the mark stands that ends what began before `at` without a length."""
    opened = 1
    for _ in range(_MOST_PIECES):
        tag, start, length = _head(data, at)
        if length is None:
            opened, at = opened + 1, start
        elif tag == 0 and length == 0:
            opened -= 1
            if not opened:
                return at
            at = start
        else:
            at = start + length
    raise _NotCmsError


def _head(data: bytes, at: int) -> tuple[int, int, int | None]:
    """The tag, where the contents begin, and their length; None for a length that only the end tells."""
    tag, first = data[at], data[at + 1]
    if tag & 0x1F == 0x1F:  # tags of several bytes do not lead to the content
        raise _NotCmsError
    if first == _INDEFINITE:
        return tag, at + 2, None
    if first < _INDEFINITE:
        return tag, at + 2, first
    start = at + 2 + (first & 0x7F)
    return tag, start, int.from_bytes(data[at + 2 : start][:8], "big")
