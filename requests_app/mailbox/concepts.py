"""Which concepts a sentence holds: what people mean, whatever words they choose for it.

One walk over the words of a sentence, however many concepts there are: words and beginnings of words are looked up,
phrases are compared where their first word stands.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from itertools import combinations
from typing import NamedTuple

from .concept_words import WORDS

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

    def of(self, sentence: str) -> list[str]:
        """Return the concepts of a sentence, sorted."""
        words = _WORD.findall(sentence.lower())
        found: set[str] = set()
        for at, word in enumerate(words):
            for rest in self._begun_by(word):
                if rest.concept not in found and _goes_on(words, at + 1, rest.words):
                    found.add(rest.concept)
        return sorted(found)

    def _begun_by(self, word: str) -> Iterable[_Rest]:
        yield from self._words.get(word, ())
        for length in range(self._shortest, min(len(word), self._longest) + 1):
            yield from self._beginnings.get(word[:length], ())


@cache
def matcher() -> Matcher:
    """Return the matcher of our own lists."""
    return Matcher(WORDS)


def of(sentences: Iterable[str]) -> set[str]:
    """Return the concepts of a mail, and every two that stand in one sentence (`a+b`)."""
    found: set[str] = set()
    for sentence in sentences:
        concepts = matcher().of(sentence)
        found.update(concepts)
        found.update(f"{one}+{other}" for one, other in combinations(concepts, 2))
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
