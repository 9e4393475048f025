"""The trained model of triage: how likely a mail asks for a right, and for which. Plain Python, no model to download.

Its weights are a file beside this one, made from the texts in `training/` by `make triage-model`.
"""

import gzip
import json
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import exp
from pathlib import Path

from .features import SIZE

PATH = Path(__file__).with_name("triage_weights.gz")
REQUEST = "request"
NAMED_FROM = 0.5
"""How likely a right must be to be named; of a request for which none is, the likeliest."""
_STEPS = 127


@dataclass(frozen=True)
class Model:
    """The weights of each head, one byte a feature, in steps of `scales`; `unsure_from` up to 0.5 nobody knows.

    `made_from`: the digest of what it was trained on.
    """

    weights: Mapping[str, "array[int]"]
    scales: Mapping[str, float]
    biases: Mapping[str, float]
    unsure_from: float
    made_from: str

    def logit(self, head: str, features: Mapping[int, float]) -> float:
        """Return what speaks for (above 0) or against a head."""
        weights = self.weights[head]
        spoken = sum(weights[number] * weight for number, weight in features.items())
        return spoken * self.scales[head] + self.biases[head]

    def probability(self, head: str, features: Mapping[int, float]) -> float:
        """Return how likely a head holds, 0 to 1."""
        return 1 / (1 + exp(-max(-30.0, min(30.0, self.logit(head, features)))))

    def rights(self, features: Mapping[int, float]) -> list[str]:
        """Return the rights that a request asks for, in the order of the law."""
        return named({head: self.probability(head, features) for head in self.weights if head != REQUEST})


def named(likely: Mapping[str, float]) -> list[str]:
    """Return the rights to name, by how likely each is."""
    return [right for right, one in likely.items() if one >= NAMED_FROM] or [max(likely, key=lambda one: likely[one])]


@cache
def load() -> Model:
    """Return the model, read once."""
    head, _, body = gzip.decompress(PATH.read_bytes()).partition(b"\n")
    said = json.loads(head)
    weights = {
        name: array("b", body[at * SIZE : (at + 1) * SIZE]) for at, name in enumerate(said["scales"])
    }  # fmt: skip
    return Model(weights, said["scales"], said["biases"], said["unsure_from"], said["made_from"])


def write(
    path: Path, heads: Mapping[str, tuple[Sequence[float], float]], *, unsure_from: float, made_from: str
) -> None:
    """Write the weights of heads (a weight for each feature, and the bias); the same weights give the same bytes."""
    scales = {name: max(map(abs, weights)) / _STEPS for name, (weights, _) in heads.items()}
    said = {
        "scales": scales,
        "biases": {name: bias for name, (_, bias) in heads.items()},
        "unsure_from": unsure_from,
        "made_from": made_from,
    }
    body = b"".join(
        array("b", [round(weight / scales[name]) for weight in weights]).tobytes()
        for name, (weights, _) in heads.items()
    )
    path.write_bytes(gzip.compress(json.dumps(said).encode() + b"\n" + body, mtime=0))
