"""Does this look like an identity document that nobody asked for? A hint for a person, never more.

We ask for none, so each is unasked. What is opened is nothing: names and words are enough for a hint.
"""

import re
from collections.abc import Sequence

from requests_app.domain.national_numbers import mask_national_numbers

_WORDS = (
    r"reisepass|passet|pass(?:kopi|bilde|foto)|pass|legitimasjon(?:en|sbevis|skort)?|f[øo]r[ea]rkort(?:et)?|k[øo]rekort"
    r"|bankkort(?:et)?|id[ -]?kort(?:et)?|id[ -]?bevis|nasjonalt id|k[öo]rkort|leg\.|identitetskort"
    r"|passport|id[ -]?card|identity card|identity document|driver'?s?[ -]licen[cs]e|driving[ -]licen[cs]e"
    r"|national id|proof of id(?:entity)?|personalausweis|reisepass|f[üu]hrerschein"
)
_IN_NAME = re.compile(rf"(?<![a-zæøåäöü])(?:{_WORDS}|leg|id|cpr|fnr)(?![a-zæøåäöü])", re.IGNORECASE)
# In a text "pass" is also a word for taking care: there it needs company.
_IN_TEXT = re.compile(
    r"(?:kopi|bilde|foto|scan|skann|vedl\w+|legger ved|her er|her kommer|sender|av|mitt"
    r"|copy|photo|picture|here is|attach\w*|enclos\w*|my|of)"
    rf"\W+(?:\w+\W+){{0,3}}?(?:{_WORDS})(?![a-zæøåäöü])",
    re.IGNORECASE,
)
_MAY_BE_ONE = ("image/", "application/pdf", "application/octet-stream", "application/msword", "application/vnd.")
LONGEST_READ = 20_000  # characters of the text


def suspects(attachments: Sequence[dict[str, object]], text: str) -> list[int]:
    """Return the places of the attachments that may be one: by their own name, or by what the text says of them."""
    told = bool(_IN_TEXT.search(text[:LONGEST_READ]))
    return [place for place, one in enumerate(attachments) if _is_suspect(one, told=told)]


def numbers_in(*texts: str) -> int:
    """Return how many Norwegian identity numbers, their check digits right, stand in these texts."""
    return sum(mask_national_numbers(text)[1] for text in texts)


def _is_suspect(one: dict[str, object], *, told: bool) -> bool:
    name = str(one.get("name", "")).replace("_", " ")
    if numbers_in(name) or _IN_NAME.search(name):
        return True
    return told and str(one.get("content_type", "")).startswith(_MAY_BE_ONE)
