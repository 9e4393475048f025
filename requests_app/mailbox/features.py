"""What the model of triage sees of a mail: its words, pieces of them, neighbours, and concepts, as numbered weights.

What a word is worth follows from the word alone, so that it is worked out once for all mails that hold it.
"""

import re
import zlib
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from math import sqrt
from typing import NamedTuple

from . import concepts

SIZE = 2**18
"""How many numbers there are; two features that meet in one are told apart by their others."""
PIECE = 4  # letters, anywhere in a word with a blank at either end
BEGINNINGS = (3, 5, 6)  # letters
WORDS, PIECES, CONCEPT = 1.5, 1.0, 0.15
"""What the words and neighbours of a mail weigh together (Euclidean), the pieces together, each concept alone."""
REMEMBERED = 20_000  # words

_ADDRESS = re.compile(r"\S{1,100}@\S+|https?://\S+")
_DIGITS = re.compile(r"\d+")
_WORD = re.compile(r"[^\W\d_]{1,60}|\d|[?!]")


class Mail(NamedTuple):
    """What a mail holds, each once: its words, and the numbers (0 to SIZE - 1) of neighbours and of concepts."""

    words: tuple[str, ...]
    pairs: tuple[int, ...]
    concepts: tuple[int, ...]

    @property
    def numbers(self) -> set[int]:
        """The numbers of everything."""
        words = (number for word in self.words for number in (word_number(word), *piece_numbers(word)))
        return {*words, *self.pairs, *self.concepts}


def of(text: str, sentences: Iterable[str]) -> Mail:
    """Return what a mail holds: that of its text, and the concepts of its sentences."""
    words = _WORD.findall(_ADDRESS.sub(" ", _DIGITS.sub("0", text.lower())))
    pairs = dict.fromkeys(_number(f"w{one} {other}") for one, other in pairwise(words))
    meant = dict.fromkeys(map(_concept, sorted(concepts.of(sentences))))
    return Mail(tuple(dict.fromkeys(words)), tuple(pairs), tuple(meant))


def weights(mail: Mail, rarity: Sequence[float]) -> dict[int, float]:
    """Return the weights of a mail by number, given what each number is worth; for training (see `Model.logits`)."""
    words = [*map(word_number, mail.words), *mail.pairs]
    pieces = [number for word in mail.words for number in piece_numbers(word)]
    found: dict[int, float] = {}
    for numbers, together in ((words, WORDS), (pieces, PIECES)):
        length = sqrt(sum(rarity[number] ** 2 for number in numbers)) or 1.0
        for number in numbers:
            found[number] = found.get(number, 0.0) + rarity[number] * together / length
    for number in mail.concepts:
        found[number] = found.get(number, 0.0) + CONCEPT * bool(rarity[number])
    return found


def word_number(word: str) -> int:
    """Return the number of a word."""
    return _number(f"w{word}")


def piece_numbers(word: str) -> tuple[int, ...]:
    """Return the numbers of the pieces of a word."""
    padded = f" {word} "
    pieces = (f"c{padded[at : at + PIECE]}" for at in range(max(1, len(padded) - PIECE + 1)))
    begun = (f"p{word[:length]}" for length in BEGINNINGS if len(word) > length)
    return tuple(dict.fromkeys(map(_number, (*pieces, *begun))))


@lru_cache(REMEMBERED)
def _concept(names: tuple[str, ...]) -> int:
    return _number("k" + "+".join(names))


def _number(feature: str) -> int:
    return zlib.crc32(feature.encode()) % SIZE
