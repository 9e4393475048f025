"""How soon a password is guessed that is made of well-known parts: a common word, a name, a year, a row of keys.

Whoever guesses begins with such parts and their usual disguises ("P@ssord2026!"), so they count little: what is left
decides. Nothing here is a measure of strength; it finds what is weak although it is long.
"""

import re
import unicodedata
from collections.abc import Collection
from functools import lru_cache

LEAST = 8  # points, below which a password is refused: as much as eight letters that nobody could foresee
WORD, NAME, PATTERN, OTHER = 2, 1, 1, 1  # what a part counts: a listed word, a name, a year or row, another character
SHORTEST_WORD, SHORTEST_NAME, LONGEST_PART = 4, 3, 24
LONGEST_READ = 64  # characters: what is longer than that is not refused for its beginning

_LETTERS = {"ø": "o", "æ": "ae", "å": "a", "ß": "ss"}
_DISGUISES = str.maketrans("0134578@$!€|", "oieastbasiel")
_DISGUISES_TOO = str.maketrans("1!", "ll")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_ROWS = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiopå", "asdfghjklø", "zxcvbnm", "1qaz2wsx3edc4rfv")
_SHORTEST_ROW = 3


def points(password: str, words: Collection[str], names: Collection[str]) -> int:
    """Return how many points a password has, at least LEAST for one that is not easy to foresee.

    `words` are common passwords, `names` those of the person and the organisation, both as `fold` writes them.
    """
    text = fold(password)
    return min(_points(reading, words, names) for reading in {text, _unit(text)})


def fold(text: str) -> str:
    """Return a text in small letters without accents: "Kjæreste" is "kjaereste", "Blåbær" "blabaer"."""
    plain = "".join(_LETTERS.get(letter, letter) for letter in unicodedata.normalize("NFKC", text).lower())
    return "".join(letter for letter in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(letter))


def name_parts(*texts: str) -> frozenset[str]:
    """Return the words of names and addresses that are long enough to be known by."""
    return frozenset(part for text in texts for part in re.split(r"[\W_\d]+", fold(text)) if len(part) >= SHORTEST_NAME)


def _points(text: str, words: Collection[str], names: Collection[str]) -> int:
    if len(text) > LONGEST_READ:
        return LEAST
    readings = {text, text.translate(_DISGUISES), text.translate(_DISGUISES_TOO).translate(_DISGUISES)}
    best = [0] * (len(text) + 1)  # best[i]: the fewest points for the first i characters
    for end in range(1, len(text) + 1):
        best[end] = best[end - 1] + OTHER
        for start in range(max(0, end - LONGEST_PART), end - 1):
            parts = {reading[start:end] for reading in readings}
            if (price := _price(text[start:end], parts, words, names)) is not None:
                best[end] = min(best[end], best[start] + price)
    return best[len(text)]


def _price(part: str, readings: set[str], words: Collection[str], names: Collection[str]) -> int | None:
    if _is_pattern(part):
        return PATTERN
    if any(reading in names for reading in readings):
        return NAME
    if len(part) >= SHORTEST_WORD and any(reading in words for reading in readings):
        return WORD
    return None


def _is_pattern(part: str) -> bool:
    if len(set(part)) == 1 or _YEAR.fullmatch(part):
        return True
    return len(part) >= _SHORTEST_ROW and any(part in row for row in _rows())


@lru_cache(maxsize=1)
def _rows() -> tuple[str, ...]:
    folded = [fold(row) for row in _ROWS]
    return (*folded, *(row[::-1] for row in folded))


def _unit(text: str) -> str:
    """Return what a text repeats: "abcabc" is "abc"; a text that repeats nothing is itself."""
    for length in range(1, len(text) // 2 + 1):
        if len(text) % length == 0 and text[:length] * (len(text) // length) == text:
            return text[:length]
    return text
