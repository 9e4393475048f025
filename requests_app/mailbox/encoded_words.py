"""Encoded words in headers (RFC 2047), read as real mails write them."""

import base64
import binascii
import quopri
import re

from . import charsets

_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
_BLANKS_BETWEEN = re.compile(r"(\?=)\s+(?==\?[^?\s]{1,60}\?[bBqQ]\?)")


def decode(text: str) -> str:
    """Return the text with its encoded words in clear; what cannot be decoded is left as it stands."""
    if "=?" not in text:
        return text
    text = _BLANKS_BETWEEN.sub(r"\1", text)
    out: list[str] = []
    run: list[bytes] = []  # neighbours in one charset may share a character cut in two
    charset, at = "", 0
    for word in _WORD.finditer(text):
        name = word[1].partition("*")[0].lower()
        if run and (word.start() != at or name != charset):
            out.append(charsets.decode(b"".join(run), charset, detect=False)[0])
            run = []
        out.append(text[at : word.start()])
        run.append(_payload(word[2].lower(), word[3]))
        charset, at = name, word.end()
    if run:
        out.append(charsets.decode(b"".join(run), charset, detect=False)[0])
    return "".join(out) + text[at:]


def _payload(encoding: str, data: str) -> bytes:
    raw = data.encode("utf-8", "surrogateescape")
    if encoding == "q":
        return quopri.decodestring(raw, header=True)
    raw = re.sub(rb"[^A-Za-z0-9+/]", b"", raw)
    try:
        return base64.b64decode(raw[: len(raw) // 4 * 4] + _tail(raw))
    except binascii.Error:
        return raw


def _tail(raw: bytes) -> bytes:
    """The last, unpadded group of base64; a single left-over digit carries no byte."""
    rest = raw[len(raw) // 4 * 4 :]
    return rest + b"=" * (4 - len(rest)) if len(rest) > 1 else b""
