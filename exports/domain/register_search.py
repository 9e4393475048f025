"""Where to look for a person, and which activities concern the person that was found."""

from collections.abc import Collection
from dataclasses import dataclass

from requests_app.domain.enums import Right

from .register_model import OWN_SYSTEM, Activity, Register
from .register_values import TextValue, Unknown


@dataclass(frozen=True, slots=True)
class PlannedSearch:
    """One system to search, and the ids of the activities that keep data there."""

    system_id: str
    name: TextValue
    activities: tuple[str, ...]


def search_plan(register: Register, right: str) -> list[PlannedSearch]:
    """The systems of all activities that grant the right (also on a condition), in register order.

    The system of the cases themselves is left out: an answer states "this case" apart. An unknown system
    cannot be searched; `unsearchable` names the activities that have one. ValueError for a wrong right.
    """
    activities = _granting(register, right)
    planned = []
    for system in register.systems:
        users = tuple(activity.id for activity in activities if system.id in activity.source_systems)
        if users and system.id != OWN_SYSTEM:
            planned.append(PlannedSearch(system.id, system.name, users))
    return planned


def unsearchable(register: Register, right: str) -> list[str]:
    """The ids of the activities, among those that grant the right, with data in a system nobody has named."""
    return [activity.id for activity in _granting(register, right) if _has_unknown_system(activity)]


def activities_concerning(register: Register, system_ids_with_hits: Collection[str]) -> list[str]:
    """The ids of the activities that concern a person found in these systems, in register order.

    The activities that keep data in the case system always do: the person wrote to us. KeyError for a system
    that does not exist.
    """
    for system_id in system_ids_with_hits:
        register.system(system_id)
    found = {OWN_SYSTEM, *system_ids_with_hits}
    return [activity.id for activity in register.activities if not found.isdisjoint(activity.source_systems)]


def _granting(register: Register, right: str) -> list[Activity]:
    wanted = Right(right)
    return [activity for activity in register.activities if activity.grants(wanted)]


def _has_unknown_system(activity: Activity) -> bool:
    return any(isinstance(system, Unknown) for system in activity.source_systems)
