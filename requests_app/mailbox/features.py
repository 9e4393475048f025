"""What the model of triage sees of a mail: pieces of words, words, and concepts, as numbered weights.

Training and judging use this very code, so that a mail looks the same to both.
"""

import re
import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import log, sqrt

from . import concepts

SIZE = 2**17
"""How many numbers there are; two features that meet in one are told apart by their others."""
READ = 12_000  # characters
PIECES = (2, 3, 4)  # letters
CONCEPT = 0.15
"""What a concept weighs; the pieces of a mail weigh 1 together, as do its words."""

_ADDRESS = re.compile(r"\S{1,100}@\S+|https?://\S+")
_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"[^\W\d_]+")


def of(text: str, sentences: Iterable[str], *, concept: float = CONCEPT) -> dict[int, float]:
    """Return the weights of a mail by the numbers of its features (0 to SIZE - 1)."""
    plain = _ADDRESS.sub(" ", _DIGIT.sub("0", text[:READ].lower()))
    found: dict[int, float] = {}
    words = _WORD.findall(plain)
    _add(found, _share("w", Counter([*words, *map(" ".join, pairwise(words))])))
    _add(found, _share("c", _pieces(plain.split())))
    _add(found, ((_number(f"k{one}"), concept) for one in concepts.of(sentences)))
    return found


def _pieces(words: Sequence[str]) -> Counter[str]:
    """The pieces of words, with a blank at either end."""
    counted: Counter[str] = Counter()
    for word, times in Counter(words).items():
        padded = f" {word} "
        for length in PIECES:
            for at in range(max(1, len(padded) - length + 1)):
                counted[padded[at : at + length]] += times
    return counted


def _share(kind: str, counted: Counter[str]) -> Iterable[tuple[int, float]]:
    """Weights that make 1 together (Euclidean), those of frequent ones damped."""
    damped = {one: 1 + log(times) for one, times in counted.items()}
    length = sqrt(sum(weight * weight for weight in damped.values())) or 1.0
    return ((_number(kind + one), weight / length) for one, weight in damped.items())


def _add(found: dict[int, float], weights: Iterable[tuple[int, float]]) -> None:
    for number, weight in weights:
        found[number] = found.get(number, 0.0) + weight


def _number(feature: str) -> int:
    return zlib.crc32(feature.encode()) % SIZE
