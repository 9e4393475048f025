"""Who is away, and who stands in."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

HOPS = 3  # how many deputies of deputies are asked


@dataclass(frozen=True, slots=True)
class Absence:
    """From a day to a day, both included; without a first day there is none, without a last it has no end yet."""

    first: date | None = None
    last: date | None = None

    def covers(self, day: date) -> bool:
        """Tell whether somebody is away on this day."""
        return self.first is not None and self.first <= day and (self.last is None or day <= self.last)


def stand_in(person: int, deputies: Mapping[int, int | None], there: Collection[int]) -> int | None:
    """Return who gets what is meant for somebody: that person or the nearest deputy who is there, else None.

    `deputies` has the deputy of each account, `there` who is at work. A circle ends where it began, with nobody.
    """
    current: int | None = person
    for _hop in range(HOPS + 1):
        if current is None or current in there:
            return current
        current = deputies.get(current)
    return None
