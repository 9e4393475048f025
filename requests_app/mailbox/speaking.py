"""Where in a mail the sentences stand that speak for a request, and for which right each of them speaks.

What is kept of them are places, not words: once the text is gone they say nothing any more.
"""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypedDict

from . import features, suggest, triage_model
from .suggest import Suggestion

_WORD = re.compile(r"\S+")
_HEADER = re.compile(r".*\b(?:emne|ämne|subject|betreff)\s*:\s+(?=\S)", re.IGNORECASE)
"""What a forward writes above the mail that it passes on, up to its subject: nobody's words."""
_WORTH_READING = 0.25
"""How much of what the strongest sentence says another one has to say, to be shown at all …"""
_NEARLY = 0.5
"""… and to be named for a right, too."""


class Passage(TypedDict):
    """Characters `start` to `end` of a part (`subject`, `text`, `inside`: the mail that is attached), as JSON."""

    part: str
    start: int
    end: int
    rights: list[str]


class _Word(NamedTuple):
    word: str
    start: int
    end: int


def passages(suggestion: Suggestion, parts: Mapping[str, str]) -> list[Passage]:
    """Return where the reasons of a suggestion stand in the parts of its mail, in their order.

    A sentence that a quotation or an address interrupts beyond recognition is left out.
    """
    rights = _spoken_for(suggestion)
    read = {part: _words(text) for part, text in parts.items()} if rights else {}
    found: list[Passage] = []
    for sentence in sorted(rights, key=len, reverse=True):  # a short one may stand inside a long one
        place = _place(sentence.split(), read, found)
        if place:
            found.append(Passage(part=place[0], start=place[1], end=place[2], rights=rights[sentence]))
    order = list(parts)
    return sorted(found, key=lambda one: (order.index(one["part"]), one["start"]))


def _spoken_for(suggestion: Suggestion) -> dict[str, list[str]]:
    """The sentences worth showing, each with those of the suggested rights that it speaks for.

    A single word, such as a greeting, is worth it only where it speaks for a right.
    """
    seen = {one: features.of(one, [one]) for one in suggestion.reasons}
    strength = {head: _strength(head, seen) for head in (triage_model.REQUEST, *suggestion.rights)}
    rights = {one: [code for code in suggestion.rights if strength[code][one] >= _NEARLY] for one in seen}
    worth = {one for one in seen if len(one.split()) > 1 and strength[triage_model.REQUEST][one] >= _WORTH_READING}
    return {_HEADER.sub("", one, count=1): rights[one] for one in seen if rights[one] or one in worth}


def _strength(head: str, seen: Mapping[str, features.Mail]) -> dict[str, float]:
    """What each sentence says for a head, the strongest 1; all 0 where none speaks for it."""
    model = triage_model.load()
    gains = {one: model.logits(mail, (head,))[head] - model.biases[head] for one, mail in seen.items()}
    most = max(gains.values(), default=0.0)
    return {one: gain / most if most > 0 else 0.0 for one, gain in gains.items()}


def _words(text: str) -> list[_Word]:
    """The words as `suggest.read` leaves them, with where they stand."""
    return [
        _Word(word, match.start(), match.end())
        for match in _WORD.finditer(text, 0, suggest.MAX_READ)
        for word in suggest.words(match.group())
    ]


def _place(
    sentence: Sequence[str], read: Mapping[str, Sequence[_Word]], taken: Sequence[Passage]
) -> tuple[str, int, int] | None:
    for part, words in read.items():
        for at, first in enumerate(words[: max(0, len(words) - len(sentence) + 1)]):
            if first.word == sentence[0] and _same(here := words[at : at + len(sentence)], sentence):
                start, end = first.start, here[-1].end
                if not any(one["part"] == part and one["start"] < end and start < one["end"] for one in taken):
                    return part, start, end
    return None


def _same(words: Sequence[_Word], sentence: Sequence[str]) -> bool:
    """Whether these words are the sentence, whose last word may have been cut."""
    *whole, last = zip(words, sentence, strict=True)
    return all(word.word == wanted for word, wanted in whole) and last[0].word.startswith(last[1])
