"""Attached files that are plain text: read only to count the national identity numbers in them, and to take those out.

No page shows what stands in an attached file. A table of customers is no identity document and is not deleted for what
it holds; its numbers are no more needed than those in a mail (Art. 5(1)(c), personopplysningsloven section 12).
"""

import codecs

from requests_app.domain.national_numbers import mask_national_numbers

from . import charsets

MAX_BYTES = 2_000_000  # that are looked at in the files of one mail

_NAMES = (".csv", ".tsv", ".txt", ".htm", ".html")  # programs for tables call theirs by many types
_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def is_one(kind: str, name: str) -> bool:
    """Tell whether a file is text, by its media type or its name."""
    return kind.startswith("text/") or name.lower().endswith(_NAMES)


def words(data: bytes, charset: str | None) -> str:
    """Return what stands in a file, "" where its bytes are no text after all."""
    if data.startswith(_WIDE):
        return charsets.decode(data, "utf-16")[0]
    return "" if b"\0" in data else charsets.decode(data, charset)[0]


def numbers(data: bytes, charset: str | None) -> int:
    """Return how many Norwegian identity numbers, their check digits right, stand in a file."""
    return mask_national_numbers(words(data, charset))[1]
