"""Small numbers that must not be told: whoever is one of few would be recognised, and could be found by subtraction.

A cell of 1 to 4 is hidden. If the rest of the table would still tell it, or would tell how many the hidden cells
hold together while that is few, the next larger cells are hidden, too (secondary suppression). A zero is shown: it
concerns nobody. What is guarded is one table with its total, tables that share a total, and a table that breaks down
a cell of another (`Table.untold`); whoever subtracts the reports of overlapping periods from each other is not
guarded against.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

LEAST = 5
"""From here on a number is told."""


@dataclass(frozen=True, slots=True)
class Table:
    """Counts that add up to a total; None stands for a number that is not told."""

    total: int | None
    cells: dict[str, int | None]

    def untold(self) -> "Table":
        """The same table with nothing told: of what another table hides, no breakdown may tell how many there are."""
        return Table(None, dict.fromkeys(self.cells))

    def sum_of(self, keys: Collection[str]) -> int | None:
        """The sum of some cells, as far as the table itself tells it: hidden cells all inside, or all outside."""
        inside = [self.cells[key] for key in keys]
        outside = [value for key, value in self.cells.items() if key not in keys]
        if None not in inside:
            return sum(value for value in inside if value is not None)
        if self.total is None or None in outside:
            return None
        return self.total - sum(value for value in outside if value is not None)

    def percent_of(self, keys: Collection[str]) -> float | None:
        """The share of some cells in percent, with one decimal; None if it is not told or there is nothing."""
        part = self.sum_of(keys)
        return None if part is None or not self.total else round(100 * part / self.total, 1)


def count(number: int) -> int | None:
    """A number that stands alone, or None for one that is too small to be told."""
    return None if 0 < number < LEAST else number


def protect(cells: Mapping[str, int]) -> Table:
    """The table of these counts with what must be hidden left out.

    A total that is small itself takes all its cells with it. The total of a larger one is always told, so that
    tables which share it agree; if nothing but the whole breakdown can be hidden, then all of it is, zeros included.
    """
    total = sum(cells.values())
    if 0 < total < LEAST:
        return Table(None, dict.fromkeys(cells))
    hidden = {key for key, value in cells.items() if 0 < value < LEAST}
    shown = sorted((value, key) for key, value in cells.items() if value >= LEAST)
    while hidden and _is_told([cells[key] for key in hidden]):
        if not shown:
            return Table(total, dict.fromkeys(cells))
        hidden.add(shown.pop(0)[1])
    return Table(total, {key: None if key in hidden else value for key, value in cells.items()})


def _is_told(hidden: Collection[int]) -> bool:
    """Whether the sum of the hidden cells, which anybody can compute, tells one of them or is small itself.

    Hidden cells are known to be at least 1, and small ones at most 4: a sum at either bound would tell them all.
    """
    together = sum(hidden)
    return together < LEAST or len(hidden) < 2 or together in (len(hidden), len(hidden) * (LEAST - 1))
