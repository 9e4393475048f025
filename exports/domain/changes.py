"""What a system is asked to change, and what it says it has done.

As in `records`, everything that can hold personal data hides it from `repr()`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TypeAlias

from .enums import Measure
from .records import Instruction, Label, Outcome, Scalar

Measures: TypeAlias = Mapping[str, Measure]
"""What becomes of the data, by activity of the processing register; activities that are not in it are kept."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """The right value of one field of one row; `key` is that of `records.Record`, `before` what was seen there.

    A system that finds something else than `before` has been changed meanwhile and refuses.
    """

    collection: str
    key: str = field(repr=False)
    name: str
    before: Scalar = field(repr=False)
    after: Scalar = field(repr=False)


@dataclass(frozen=True, slots=True)
class Affected:
    """How many rows of one collection were changed, and how; `activities` are those that the rows belong to."""

    collection: str
    measure: Measure | None
    rows: int
    activities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Emptied:
    """Fields that stay empty in the kept rows of one collection, and in how many rows they do."""

    collection: str
    label: Label
    fields: tuple[Label, ...]
    rows: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeResult:
    """What became of an order to change something, as of `at` (any zone, kept in UTC).

    `done` is said only when a second look-up proved it (`verified`); `accepted` when the vendor finishes later, by
    `finishes_on` as far as it says; `not_found` when there was nothing to change; `kept` when everything stays;
    `manual` carries the instruction for a person. `emptied` is what the rows that stay do without.
    """

    system: str
    outcome: Outcome
    at: datetime
    affected: tuple[Affected, ...] = ()
    emptied: tuple[Emptied, ...] = ()
    verified: bool = False
    finishes_on: date | None = None
    instruction: Instruction | None = None

    def __post_init__(self) -> None:
        if self.at.utcoffset() is None:
            raise ValueError("a time has no time zone")
        if self.outcome is Outcome.DONE and not self.verified:
            raise ValueError("nothing is done that a second look-up has not shown")
        object.__setattr__(self, "at", self.at.astimezone(UTC))

    @property
    def rows(self) -> int:
        """How many rows were changed in all; those that are kept were not."""
        return sum(one.rows for one in self.affected if one.measure is not Measure.KEEP)
