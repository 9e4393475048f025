"""Questions about own data: how many, how long, and when two answers are the same.

Answers are compared in a plain form, so that capitals, blanks and the way to write a month do not matter. Nothing
here keeps one.
"""

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Collection
from datetime import timedelta
from enum import StrEnum

from requests_app.domain.keys import KeyRing

ASKED, ENOUGH = 3, 2
"""Three questions are asked, two right answers are enough (domain rule L2)."""
TRIES, PAUSE = 5, timedelta(hours=24)
KEPT = timedelta(days=30)
LONGEST_ANSWER = 200
PURPOSE = "knowledge"

_MONTHS = (
    ("jan", "januar", "january"),
    ("feb", "februar", "february"),
    ("mar", "mars", "march"),
    ("apr", "april"),
    ("mai", "may"),
    ("jun", "juni", "june"),
    ("jul", "juli", "july"),
    ("aug", "august"),
    ("sep", "sept", "september"),
    ("okt", "oct", "oktober", "october"),
    ("nov", "november"),
    ("des", "dec", "desember", "december"),
)
_NUMBER_OF = {name: number for number, names in enumerate(_MONTHS, 1) for name in names}


class OwnData(StrEnum):
    """What is asked, the least guessable first. Never a name, an address of mail or an employer: those are public."""

    FIRST_CONTACT = "first_contact"
    LAST_EVENT = "last_event"
    LAST_ORDER = "last_order"
    NEWSLETTER = "newsletter"
    CITY = "city"


MONTHS = frozenset({OwnData.FIRST_CONTACT, OwnData.LAST_ORDER})
"""Questions whose answer is a month of a year."""


def asked_of(known: Collection[OwnData]) -> tuple[OwnData, ...]:
    """Return the questions to ask, always the same ones for what is known, or none where they are too few."""
    fit = tuple(question for question in OwnData if question in known)[:ASKED]
    return fit if len(fit) == ASKED else ()


def plain(question: OwnData, answer: str) -> str:
    """Return an answer in the form in which it is compared; empty for what is no answer to the question."""
    text = unicodedata.normalize("NFKC", answer).casefold()
    words = re.sub(r"[^\w]+|_", " ", text).split()
    return _month(words) if question in MONTHS else " ".join(words)


def digest(ring: KeyRing, key_id: str, case_id: int, question: OwnData, form: str) -> str:
    """Return the keyed hash of a plain answer, bound to case and question. Raises KeyError for a key that is gone."""
    said = f"{case_id}\n{question.value}\n{form}".encode()
    return hmac.new(ring.key(PURPOSE, key_id), said, hashlib.sha256).hexdigest()


def _month(words: list[str]) -> str:
    """Return YYYY-MM for a month written as 2024-03, 03.2024, 3/2024, mars 2024, March 2024, with a day or not."""
    if len(words) == 3:
        words = words[:2] if re.fullmatch(r"[0-9]{4}", words[0]) else words[1:]
    if len(words) != 2:
        return ""
    year, other = sorted(words, key=lambda word: not re.fullmatch(r"[0-9]{4}", word))
    number = _NUMBER_OF.get(other) or (int(other) if re.fullmatch(r"[0-9]{1,2}", other) else 0)
    return f"{year}-{number:02d}" if re.fullmatch(r"[0-9]{4}", year) and 1 <= number <= 12 else ""
