"""Several registers read as one: what an answer about more than one of them is made from."""

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from .register_model import Activity, Category, Register, RetentionDuty, System

_Part = TypeVar("_Part", Activity, Category, System, RetentionDuty)


def merged(first: Register, *others: Register) -> Register:
    """One register with everything that these say; who answers, and what backups hold, is that of the first.

    A system that several of them use is described by the first that does.
    """
    every = (first, *others)
    return replace(
        first,
        data_categories=_each_once(one.data_categories for one in every),
        systems=_each_once(one.systems for one in every),
        activities=_each_once(one.activities for one in every),
        retention_duties=_each_once(one.retention_duties for one in every),
    )


def shared_ids(one: Register, other: Register) -> list[str]:
    """The paths of what may not have the same id in two registers: activities, kinds of data and duties.

    An activity and a duty do not share one either, for a plan names both by it.
    """
    uses = {part.id for part in one.activities} | {part.id for part in one.retention_duties}
    kinds = {part.id for part in one.data_categories}
    return [
        *(f"activities.{part.id}" for part in other.activities if part.id in uses),
        *(f"data_categories.{part.id}" for part in other.data_categories if part.id in kinds),
        *(f"retention_duties.{part.id}" for part in other.retention_duties if part.id in uses),
    ]


def _each_once(lists: Iterable[tuple[_Part, ...]]) -> tuple[_Part, ...]:
    found: dict[str, _Part] = {}
    for parts in lists:
        for part in parts:
            found.setdefault(part.id, part)
    return tuple(found.values())
