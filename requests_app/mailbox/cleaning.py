"""Characters that must not travel on: NUL and lone surrogates break databases, others deceive the reader."""

import re

# Lone surrogates cannot be written as UTF-8; PostgreSQL refuses NUL in text.
_UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\s]+")
# Invisible characters that turn the direction of what follows: `exe.fdp` read as `pdf.exe`.
_DECEIVING = re.compile(r"[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_OTHER_CONTROLS = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]")


def storable(text: str) -> str:
    """Return the text without NUL and with lone surrogates replaced."""
    return _UNSTORABLE.sub(lambda found: "" if found.group() == "\x00" else "\ufffd", text)


def one_line(text: str, limit: int) -> str:
    """Return the text as one visible line of at most `limit` characters."""
    return _CONTROLS.sub(" ", _DECEIVING.sub("", storable(text[: limit * 4]))).strip()[:limit]


def paragraphs(text: str) -> str:
    """Return running text with plain line ends, no trailing blanks and at most two empty lines in a row."""
    text = _OTHER_CONTROLS.sub("", storable(text)).replace("\r\n", "\n").replace("\r", "\n")
    lines = [line.rstrip() for line in text.split("\n")]
    return re.sub(r"\n{4,}", "\n\n\n", "\n".join(lines)).strip("\n")
