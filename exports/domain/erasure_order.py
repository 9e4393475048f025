"""Which tasks carry out a plan of deletion, and in which order the systems are asked."""

from collections.abc import Collection, Iterable
from typing import TypeVar

from .enums import Measure, TaskAction

ACTIONS: dict[Measure, TaskAction] = {
    Measure.DELETE: TaskAction.ERASE,
    Measure.ANONYMISE: TaskAction.ANONYMISE,
    Measure.RESTRICT: TaskAction.RESTRICT,
}
"""The task that a measure makes; what is kept makes none. A connector does all of a system at the first of them."""

CHANGES: tuple[TaskAction, ...] = tuple(ACTIONS.values())

_System = TypeVar("_System", bound=str)


def measures_that_change(measures: Iterable[Measure]) -> tuple[Measure, ...]:
    """Return the measures that make tasks, each once, the one that leads a system first."""
    wanted = set(measures)
    return tuple(measure for measure in ACTIONS if measure in wanted)


def next_systems(waiting: Iterable[_System], holding_ids: Collection[str]) -> list[_System]:
    """Return the systems to ask now: those that hold the addresses the others are searched by come last."""
    systems = list(waiting)
    return [system for system in systems if system not in holding_ids] or systems
