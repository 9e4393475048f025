"""Takes out of a mail what tells who wrote it, as far as plain means go: rules and lists, no knowledge of the world.

A name in the middle of a sentence may stay, where nothing tells that it is one; a word too many may go.
"""

import re
from collections.abc import Iterable

from . import suggest

GONE = "…"
"""What stands where something was taken out; the model sees no word in it."""

_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"[^\W\d_]{3,}")
_LONGEST_SIGNATURE = 8  # lines
_LONGEST_CLOSING = 60  # characters of the line that it begins with

_CAPITAL = r"[A-ZÆØÅÄÖÜÉ]"
_NAME = rf"(?:{_CAPITAL}\.|{_CAPITAL}[\w'’-]*)"
_NAMES = rf"{_NAME}(?:[ \t]+(?:(?:van|von|de|af|av)[ \t]+)?{_NAME}){{0,4}}"
_TITLE = r"(?i:herr|hr\.?|fru|frk\.?|mr\.?|mrs\.?|ms\.?|dr\.?|frau)[ \t]+"
_TOLD = (
    # "Hei Kari," and "Dear Mr. Holm,"
    re.compile(
        r"(?m)^([ \t]*(?i:hei|heisann|hallo|hi|hello|dear|kjære|hej|sehr geehrte[rs]?|liebe[rs]?|god dag|til|att\.?:?)"
        rf"[ \t]+(?:{_TITLE})?)({_NAMES})"
    ),
    # "Jeg heter Kari Holm"
    re.compile(
        r"(\b(?i:jeg heter|eg heiter|mitt navn er|namnet mitt er|my name is|jag heter|mitt namn är|jeg hedder"
        rf"|mit navn er|mein name ist|ich heiße|undertegnede,?|the undersigned,?)[ \t]+)({_NAMES})"
    ),
    # "fru Holm"
    re.compile(rf"(\b{_TITLE})({_NAMES})"),
    # "Navn: Kari Holm", as forms write it
    re.compile(
        r"(?im)^([ \t]*(?:fullt |full |ditt |your )?(?:navn|namn|name|adresse|address|adress|telefon|phone|tlf|mobil"
        r"|født|fødselsdato|fødselsnummer|born|date of birth|e-?post|e-?mail|kundenummer|customer number)"
        r"[ \t]*:[ \t]*)(\S.*)$"
    ),
    # "6005 Ålesund"
    re.compile(rf"(\b\d{{4,5}}[ \t]+)({_NAME})"),
)
_STREET = re.compile(
    r"\b[\w.-]{0,40}(?i:gate|gata|gaten|gatan|gade|vei|veien|veg|vegen|vägen|vej|street|road|lane|avenue|straße|strasse)"
    r"[ \t]+\d+[ \t]?[A-Za-z]?\b"
)
_SIGN_OFF = re.compile(
    r"[ \t]*(?:med )?(?:\w+ )?(?:hilsen|helsing|hilsener|mvh|m\.v\.h\.|vh|regards|wishes|sincerely|faithfully|cheers"
    r"|greetings|hälsning|hälsningar|hilsner|grüße|grüßen|gruß)\b",
    re.IGNORECASE,
)
# Where nouns are written small, capitals in the middle of a sentence are names.
_SMALL_NOUNS = frozenset({"nb", "nn", "sv", "da"})
_PART = rf"(?:{_CAPITAL}[a-zæøåäöüé'’-]+|{GONE})"
_FULL_NAME = re.compile(rf"(?<=[a-zæøåäö,] ){_PART}(?:[ \t]+{_PART})+")


def masked(text: str, known: Iterable[str] = (), language: str = "") -> str:
    """Return a text without addresses, names and numbers; every digit is a 0.

    `known`: names and addresses of the people of this mail, whose parts are taken out wherever they stand. `language`
    is a code of `mailbox.language`.
    """
    text = suggest.ADDRESS.sub(GONE, text)
    parts = {part for one in known for part in _WORD.findall(one.partition("@")[0])}
    if parts:
        text = re.sub(rf"\b(?:{'|'.join(map(re.escape, sorted(parts)))})\b", GONE, text, flags=re.IGNORECASE)
    for told in _TOLD:
        text = told.sub(rf"\1{GONE}", text)
    text = _STREET.sub(GONE, text)
    if language in _SMALL_NOUNS:
        text = _FULL_NAME.sub(GONE, text)
    return _DIGIT.sub("0", _without_signature(text))


def _without_signature(text: str) -> str:
    """Take the capitalised words out of the lines from a closing formula on."""
    lines, left = [], 0
    for line in text.splitlines():
        closing = _SIGN_OFF.match(line) if len(line) <= _LONGEST_CLOSING else None
        left = _LONGEST_SIGNATURE if closing else left - bool(line.strip())
        if closing:
            lines.append(closing.group() + re.sub(rf"\b{_NAME}", GONE, line[closing.end() :]))
        else:
            lines.append(re.sub(rf"\b{_NAME}", GONE, line) if left > 0 else line)
    return "\n".join(lines)
