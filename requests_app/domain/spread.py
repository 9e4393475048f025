"""How long things took: median and 90th percentile, told only of enough of them (`small_cells`)."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from statistics import median

from .small_cells import LEAST, count


@dataclass(frozen=True, slots=True)
class Spread:
    """Of how many, and how they lie; None stands for what is not told, or does not exist because there are none."""

    count: int | None
    median: float | None = None
    percentile_90: float | None = None
    largest: float | None = None


def spread(values: Iterable[float]) -> Spread:
    """The spread of durations, all in the same unit. Fewer than LEAST tell nothing but that there are few."""
    ordered = sorted(values)
    if len(ordered) < LEAST:
        return Spread(count(len(ordered)))
    return Spread(len(ordered), float(median(ordered)), percentile(ordered, 90), float(ordered[-1]))


def percentile(ordered: list[float], share: int) -> float:
    """The smallest of the values, in rising order, that at least `share` percent of them do not exceed."""
    return float(ordered[ceil(Fraction(share * len(ordered), 100)) - 1])
