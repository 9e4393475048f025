"""From bytes to text when the declared charset is missing, unknown or wrong."""

import re

from charset_normalizer import from_bytes

# Not charsets of mail: slow on purpose-made input, or able to invent escapes.
REFUSED = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"})
# Declared by habit; the bytes are often UTF-8, and if not, windows-1252 (the WHATWG encoding standard agrees).
HABITUAL = frozenset({
    "", "ascii", "us_ascii", "iso_8859_1", "iso8859_1", "latin_1", "latin1", "windows_1252", "cp1252",
})  # fmt: skip
# What high bytes mean in western European text; anything else deserves a second opinion.
WESTERN = frozenset(
    "æøåÆØÅäöüÄÖÜßéèêëÉÈàáâãÀÁÂóòôõÓÒÔíìîïúùûñÑçÇýðþÐÞœŒ§°€£©®™¨½¼¾²³¿¡×·…•–—«»“”„‘’\u201a\u2039\u203a\xb4\xa0\xad"
)
SAMPLE = 4_000  # bytes shown to the detector: enough to tell, too few to be slow
_HIGH = re.compile(r"[^\x00-\x7f]")
_HIGH_RUN = re.compile(r"[^\x00-\x7f]{5}")  # a word of another alphabet, read as western letters


def decode(data: bytes, declared: str | None = None, *, detect: bool = True) -> tuple[str, bool]:
    """Return the text and whether every byte could be read with certainty.

    The ladder: UTF-8 where the declaration proves nothing, the declared charset, UTF-8 with a few broken
    characters, windows-1252 where it gives western text, detection (which is slow: `detect=False` leaves it
    out), and last windows-1252 with replacements.
    """
    name = _codec_name(declared)
    if name in HABITUAL or name in ("utf_8", "utf8"):
        text = _strict(data, "utf-8")
    else:
        text = _strict(data, name) if name not in REFUSED else None
        text = text if text is not None else _strict(data, "utf-8")
    if text is not None:
        return text, True
    guessed = _mostly_utf8(data) or _western(data) or (_detected(data) if detect else None)
    return guessed or (data.decode("cp1252", "replace"), False)


def _codec_name(declared: str | None) -> str:
    return re.sub(r"[^a-z0-9]+", "_", (declared or "").lower()[:60]).strip("_")


def _strict(data: bytes, name: str) -> str | None:
    try:
        return data.decode(name)
    except (LookupError, ValueError):  # unknown or not a text charset; not these bytes (UnicodeError)
        return None


def _mostly_utf8(data: bytes) -> tuple[str, bool] | None:
    """UTF-8 that was cut or damaged: more characters that fit than characters that do not."""
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    whole = len(_HIGH.findall(text)) - broken
    return (text, False) if whole > broken else None


def _western(data: bytes) -> tuple[str, bool] | None:
    text = _strict(data, "cp1252")
    if text is None:
        return None
    western = set(_HIGH.findall(text)) <= WESTERN and not _HIGH_RUN.search(text)
    return (text, True) if western else None


def _detected(data: bytes) -> tuple[str, bool] | None:
    first = next((at for at, byte in enumerate(data) if byte > 127), 0)
    best = from_bytes(data[max(0, first - 200) : first + SAMPLE]).best()
    text = _strict(data, best.encoding) if best else None
    return None if text is None else (text, False)
