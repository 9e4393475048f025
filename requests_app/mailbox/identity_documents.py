"""Does this look like an identity document that nobody asked for?

We ask for none, so each is unasked. What is opened is nothing: names and words are enough. `suspects` is a hint for a
person; `to_hold` is stricter, since what it names is deleted where nobody says that it is none.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from requests_app.domain.national_numbers import mask_national_numbers

_WORDS = (
    r"reisepass|passet|pass(?:kopi|bilde|foto)|pass|legitimasjon(?:en|sbevis|skort)?|f[øo]r[ea]rkort(?:et)?|k[øo]rekort"
    r"|bankkort(?:et)?|id[ -]?kort(?:et)?|id[ -]?bevis|nasjonalt id|k[öo]rkort|leg\.|identitetskort"
    r"|passport|id[ -]?card|identity[ -]?card|identity document|driver'?s?[ -]licen[cs]e|driving[ -]licen[cs]e"
    r"|national id|proof of id(?:entity)?|personalausweis|reisepass|f[üu]hrerschein|ausweis|residence permit"
    r"|oppholdskort|oppholdstillatelse|passeport|pasaporte|paszport|paspoort|rijbewijs|ajokortti|carte d.identit[ée]"
    r"|sundhedskort|k[øo]rekortet|legitimation|identity"
)
_LETTER = r"[^\W\d_]"
_IN_NAME = re.compile(rf"(?<!{_LETTER})(?:{_WORDS}|leg|id|cpr|fnr|pas)(?!{_LETTER})", re.IGNORECASE)
# In a text "pass" is also a word for taking care: there it needs company.
_IN_TEXT = re.compile(
    r"(?:kopi|bilde|foto|scan|skann|vedl\w+|legger ved|her er|her kommer|sender|av|mitt"
    r"|copy|photo|picture|here is|attach\w*|enclos\w*|my|of)"
    rf"\W+(?:\w+\W+){{0,3}}?(?:{_WORDS})(?!{_LETTER})",
    re.IGNORECASE,
)
# What is called so and shows nobody's face: what we ask for ourselves (a cookie ID), and tickets.
_OTHER_IN_NAME = re.compile(
    rf"(?<!{_LETTER})(?:(?:cookie|client|customer|kunde|user|bruker|order|ordre|bestillings?|case|saks?|session|device"
    r"|tracking|ad|ticket|member|medlems?)[ -]?id"
    r"|(?:boarding|season|ski|press|guest|day|dags?|parking|visitor)[ -]?pass"
    r"|id[ -]?(?:number|nummer|porten)|identity[ -]?(?:theft|management|provider)"
    rf"|(?:brand|corporate|visual)[ -]?identity)(?!{_LETTER})",
    re.IGNORECASE,
)
# Names that cameras, scanners and mail programs give: they say nothing about what is in the file.
_SAYS_NOTHING = re.compile(
    r"(?:img|image|dsc[nf]?|pxl|scan(?:ned)?|skann(?:et)?|photo|foto|bilde|picture|screenshot|skjermbilde"
    r"|whatsapp image|document|dokument|vedlegg|attachment|file|fil|noname|doc|at|pm|am|front|back|foran|bak|side"
    r"|copy|kopi|[\W\d_])*",
    re.IGNORECASE,
)
# Names of papers that have to be kept: what the text says beside them is not enough to take them away.
_IS_A_PAPER = re.compile(
    rf"(?<!{_LETTER})(?:fullmakt|mandate|mandat|power of attorney|vollmacht|avtale|kontrakt"
    r"|contract|agreement|faktura|invoice|kvittering|receipt|cv|resume|søknad|application|klage|complaint|brev|letter"
    rf"|vedtak|decision|skjema|form)(?!{_LETTER})",
    re.IGNORECASE,
)
_MAY_BE_ONE = ("image/", "application/pdf", "application/octet-stream", "application/msword", "application/vnd.")
LONGEST_READ = 20_000  # characters of the text


def suspects(attachments: Sequence[dict[str, object]], text: str) -> list[int]:
    """Return the places of the attachments that may be one: by their own name, or by what the text says of them."""
    told = _told(text)
    return [place for place, one in enumerate(attachments) if _is_named(one) or (told and _fits(one))]


def to_hold(attachments: Sequence[dict[str, object]], text: str) -> list[int]:
    """Return the places of the pictures and scans that are to be hidden, and deleted unless somebody says otherwise.

    The text decides about those only whose names say nothing, or about the one that can be meant: a contract that lies
    beside the copy of a passport stays.
    """
    files = [(place, one) for place, one in enumerate(attachments) if _fits(one)]
    named = [place for place, one in files if _is_named(one)]
    if named or not _told(text):
        return named
    meant = [(place, _stem(_name(one))) for place, one in files if not _IS_A_PAPER.search(_name(one))]
    return [place for place, stem in meant if len(files) == 1 or _SAYS_NOTHING.fullmatch(stem)]


def numbers_in(*texts: str) -> int:
    """Return how many Norwegian identity numbers, their check digits right, stand in these texts."""
    return sum(mask_national_numbers(text)[1] for text in texts)


def numbers_attached(attachments: Sequence[dict[str, Any]]) -> int:
    """Return how many were found in attached texts and mails when their mail was read."""
    return sum(int(one.get("numbers", 0)) for one in attachments)


def _told(text: str) -> bool:
    return bool(_IN_TEXT.search(text[:LONGEST_READ]))


def _fits(one: dict[str, object]) -> bool:
    return str(one.get("content_type", "")).startswith(_MAY_BE_ONE)


def _is_named(one: dict[str, object]) -> bool:
    name = _name(one)
    return bool(numbers_in(name) or _IN_NAME.search(_OTHER_IN_NAME.sub("", name)))


def _name(one: dict[str, object]) -> str:
    """The name of a file as its letters are meant: a Mac writes é as two characters."""
    return unicodedata.normalize("NFC", str(one.get("name", ""))).replace("_", " ")


def _stem(name: str) -> str:
    return name.rpartition(".")[0] or name
