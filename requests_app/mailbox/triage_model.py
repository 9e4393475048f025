"""The trained model of triage: how likely a mail asks for a right, and for which. Plain Python, no model to download.

Its weights are a file beside this one, made from the texts in `training/` by `make triage-model`.
"""

import gzip
import json
from array import array
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from math import exp, log, sqrt
from pathlib import Path
from typing import Any

from . import features
from .features import CONCEPT, PIECES, SIZE, WORDS, Mail, piece_numbers, word_number

PATH = Path(__file__).with_name("triage_weights.gz")
REQUEST = "request"
NAMED_FROM = 0.5
"""How likely a right must be to be named; of a request for which none is, the likeliest."""
PEAK = 0.3
"""What its likeliest sentence adds to what a whole mail says, since a wish may be one sentence of a long mail."""
NEAR = 2.0  # how far below `unsure_from` (as a logit) no sentence can lift a mail above it
_STEPS = 127


class Model:
    """The weights of each head, one byte a feature, in steps of `scales`.

    `rarity`: what each feature is worth in a mail, likewise. From `unsure_from` up to 0.5 nobody knows. `made_from`:
    the digest of what it was trained on.
    """

    def __init__(self, said: Mapping[str, Any], rarity: "array[int]", weights: Mapping[str, "array[int]"]) -> None:
        self.scales: Mapping[str, float] = said["scales"]
        self.biases: Mapping[str, float] = said["biases"]
        self.unsure_from: float = said["unsure_from"]
        self.near = log(self.unsure_from / (1 - self.unsure_from)) - NEAR
        self.made_from: str = said["made_from"]
        self.rarity, self.weights = rarity, weights
        self._worth_of = lru_cache(features.REMEMBERED)(self._worth)
        self._spoken_of = lru_cache(features.REMEMBERED)(self._spoken)

    def logits(self, mail: Mail, heads: tuple[str, ...]) -> dict[str, float]:
        """Return what speaks for (above 0) or against each of these heads."""
        worth = [self._worth_of(word) for word in mail.words]
        pairs = [(number, self.rarity[number]) for number in mail.pairs if self.rarity[number]]
        words = sum(word for word, _ in worth) + sum(rarity * rarity for _, rarity in pairs)
        word, piece = WORDS / sqrt(words or 1), PIECES / sqrt(sum(pieces for _, pieces in worth) or 1)
        found = {}
        spoken = [self._spoken_of(heads, one) for one in mail.words]
        for at, head in enumerate(heads):
            weights = self.weights[head]
            whole = sum([one[at][0] for one in spoken]) + sum([weights[number] * rarity for number, rarity in pairs])
            parts = sum([one[at][1] for one in spoken])
            meant = sum([weights[number] for number in mail.concepts])
            found[head] = (whole * word + parts * piece + meant * CONCEPT) * self.scales[head] + self.biases[head]
        return found

    def probability(self, mail: Mail, head: str) -> float:
        """Return how likely a head holds, 0 to 1."""
        return probable(self.logits(mail, (head,))[head])

    def rights(self, mail: Mail) -> list[str]:
        """Return the rights that a request asks for, in the order of the law."""
        logits = self.logits(mail, tuple(head for head in self.weights if head != REQUEST))
        return named({head: probable(logit) for head, logit in logits.items()})

    def _worth(self, word: str) -> tuple[int, int]:
        """What a word adds to the lengths (squared) of the words, and of the pieces, of a mail."""
        pieces = sum(self.rarity[number] ** 2 for number in piece_numbers(word))
        return self.rarity[word_number(word)] ** 2, pieces

    def _spoken(self, heads: tuple[str, ...], word: str) -> list[tuple[int, int]]:
        """What a word, and what its pieces, say for each of these heads."""
        rarity, number, pieces = self.rarity, word_number(word), piece_numbers(word)
        return [
            (weights[number] * rarity[number], sum([weights[one] * rarity[one] for one in pieces]))
            for weights in map(self.weights.__getitem__, heads)
        ]


def probable(logit: float) -> float:
    """Return the probability, 0 to 1, of what speaks for something."""
    return 1 / (1 + exp(-max(-30.0, min(30.0, logit))))


def named(likely: Mapping[str, float]) -> list[str]:
    """Return the rights to name, by how likely each is."""
    return [right for right, one in likely.items() if one >= NAMED_FROM] or [max(likely, key=lambda one: likely[one])]


@cache
def load() -> Model:
    """Return the model, read once."""
    head, _, body = gzip.decompress(PATH.read_bytes()).partition(b"\n")
    said = json.loads(head)
    rarity, body = array("B", body[:SIZE]), body[SIZE:]
    weights = {
        name: array("b", body[at * SIZE : (at + 1) * SIZE]) for at, name in enumerate(said["scales"])
    }  # fmt: skip
    return Model(said, rarity, weights)


def write(
    path: Path,
    rarity: "array[int]",
    heads: Mapping[str, tuple[Sequence[float], float]],
    *,
    unsure_from: float,
    made_from: str,
) -> None:
    """Write the weights of heads (a weight for each feature, and the bias); the same weights give the same bytes."""
    scales = {name: max(map(abs, weights)) / _STEPS for name, (weights, _) in heads.items()}
    said = {
        "scales": scales,
        "biases": {name: bias for name, (_, bias) in heads.items()},
        "unsure_from": unsure_from,
        "made_from": made_from,
    }
    body = rarity.tobytes() + b"".join(
        array("b", [round(weight / scales[name]) for weight in weights]).tobytes()
        for name, (weights, _) in heads.items()
    )
    path.write_bytes(gzip.compress(json.dumps(said).encode() + b"\n" + body, mtime=0))
