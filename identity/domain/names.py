"""Whether two spellings are one person's name: what they typed, and what an electronic ID says.

Capitals, accents, hyphens, the order and middle names do not matter, and æ, ø, å may be written ae, oe, aa (or o, a).
The first given name and a family name have to be there on both sides. What is not sure is left to a person.
"""

import re
import unicodedata
from dataclasses import dataclass, field

_DIGRAPHS = str.maketrans({"æ": "ae", "ä": "ae", "ø": "oe", "ö": "oe", "å": "aa", "ü": "ue", "þ": "th"})
_LETTERS = str.maketrans({"æ": "ae", "ø": "o", "þ": "th", "đ": "d", "ð": "d", "ł": "l"})
_WORD = re.compile(r"[^\W\d_]+")
LONGEST = 400  # characters of a name that anybody has to look at


@dataclass(frozen=True)
class LegalName:
    """A name as a provider gives it: in parts, or as a `whole` only. It does not show in `repr`."""

    whole: str = field(default="", repr=False)
    given: str = field(default="", repr=False)
    family: str = field(default="", repr=False)

    def parts(self) -> tuple[list[str], list[str]]:
        """Return the words of given and family name; of a whole without a comma the last word is the family's."""
        if self.given and self.family:
            return _words(self.given), _words(self.family)
        family, comma, given = self.whole.partition(",")
        if comma:
            return _words(given), _words(family)
        words = _words(self.whole)
        return words[:-1], words[-1:]


def agree(asked: str, legal: LegalName) -> bool:
    """Tell whether `asked` is a way to write the name of this person."""
    given, family = legal.parts()
    words, full = _words(asked), given + family
    if not given or not family or len(words) < 2 or len(words) + len(full) > 40:
        return False
    pairs = _pairs(words, full)
    if len(pairs) < min(len(words), len(full)):
        return False
    return 0 in pairs and any(at >= len(given) for at in pairs)


def _pairs(words: list[str], full: list[str]) -> set[int]:
    """Return which words of `full` stand among `words`, each of which is used once."""
    found: set[int] = set()
    for word in words:
        at = next((i for i, other in enumerate(full) if i not in found and _forms(word) & _forms(other)), None)
        if at is not None:
            found.add(at)
    return found


def _words(name: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFKC", name[:LONGEST]).casefold())


def _forms(word: str) -> frozenset[str]:
    """Return the plain letters in which a word may be written."""
    return frozenset({_plain(word.translate(_DIGRAPHS)), _plain(word.translate(_LETTERS))})


def _plain(word: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", word.translate(_LETTERS)) if not unicodedata.combining(c))
