"""Which concepts a sentence holds: what people mean, whatever words they choose for it.

One walk over the words of a sentence, however many concepts there are: words and beginnings of words are looked up,
phrases are compared where their first word stands.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from itertools import combinations
from typing import NamedTuple

from .concept_words import WORDS

REMEMBERED = 20_000  # words whose concepts are kept, since most words of a mail are those of the last one
GAP = 7  # words that a `…` may skip, one less
_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
_PIECE = re.compile(r"(_|…)")


class _Rest(NamedTuple):
    """What follows the first word of a phrase: each word with whether others may stand before it."""

    concept: str
    words: tuple[tuple[str, bool], ...]


class Matcher:
    """Finds the concepts of lists such as `concept_words.WORDS`."""

    def __init__(self, lists: Mapping[str, str]) -> None:
        self._words: dict[str, list[_Rest]] = {}
        self._beginnings: dict[str, list[_Rest]] = {}
        for concept, listed in lists.items():
            for phrase in listed.split():
                (first, _), *rest = _parsed(phrase)
                known = self._beginnings if first.endswith("*") else self._words
                known.setdefault(first.removesuffix("*"), []).append(_Rest(concept, tuple(rest)))
        lengths = [len(one) for one in self._beginnings] or [0]
        self._shortest, self._longest = min(lengths), max(lengths)
        self._begun = lru_cache(REMEMBERED)(self._begun_by)

    def of(self, sentence: str) -> list[str]:
        """Return the concepts of a sentence, sorted."""
        words = _WORD.findall(sentence.lower())
        found: set[str] = set()
        for at, word in enumerate(words):
            for concept, rest in self._begun(word):
                if concept not in found and (not rest or _goes_on(words, at + 1, rest)):
                    found.add(concept)
        return sorted(found)

    def _begun_by(self, word: str) -> tuple[_Rest, ...]:
        lengths = range(self._shortest, min(len(word), self._longest) + 1)
        begun = (rest for length in lengths for rest in self._beginnings.get(word[:length], ()))
        return (*self._words.get(word, ()), *begun)


@cache
def matcher() -> Matcher:
    """Return the matcher of our own lists."""
    return Matcher(WORDS)


def of(sentences: Iterable[str]) -> set[tuple[str, ...]]:
    """Return the concepts of a mail, each alone, and every two that stand in one sentence."""
    found: set[tuple[str, ...]] = set()
    for sentence in sentences:
        concepts = matcher().of(sentence)
        found.update((one,) for one in concepts)
        found.update(combinations(concepts, 2))
    return found


def _parsed(phrase: str) -> list[tuple[str, bool]]:
    words: list[tuple[str, bool]] = []
    gap = False
    for piece in filter(None, _PIECE.split(phrase)):
        if piece in ("_", "…"):
            gap = piece == "…"
            continue
        words.append((piece.lower(), gap))
    return words


def _goes_on(words: list[str], at: int, rest: tuple[tuple[str, bool], ...]) -> bool:
    for wanted, gap in rest:
        stem = wanted.removesuffix("*")
        for here in range(at, min(len(words), at + (GAP if gap else 1))):
            if words[here] == wanted or (stem != wanted and words[here].startswith(stem)):
                at = here + 1
                break
        else:
            return False
    return True
