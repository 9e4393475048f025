"""What two versions of a register differ in, field by field: what came, what went, what reads otherwise now."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from enum import StrEnum
from typing import TypeAlias, cast

from .register_model import Activity, Category, Register, RetentionDuty, RightRule, System
from .register_values import Text, Unknown

Said: TypeAlias = str | int | bool | Text | Unknown | RightRule
"""One thing that a register says; a list is several of them."""
_COLLECTIONS = ("activities", "data_categories", "systems", "retention_duties")


class Change(StrEnum):
    """What happened to a field, or to a whole part, between two versions."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that differs, or a part (`activities.PA12`) that came or went as a whole.

    Of a list only what differs stands in `before` and `after`; of a part its name.
    """

    path: str
    change: Change
    before: tuple[Said, ...]
    after: tuple[Said, ...]


def differences(before: Register, after: Register) -> list[Difference]:
    """Return what differs, in the order of the newer version, what went at the end.

    Another order of activities, systems, kinds of data or duties is no difference: everything finds them by their id.
    """
    old, new = dict(everything_said(before)), dict(everything_said(after))
    parts_before, parts_after = dict(_parts(before)), dict(_parts(after))
    found = [_part_came(path, name) for path, name in parts_after.items() if path not in parts_before]
    for path in [*new, *(path for path in old if path not in new)]:
        whole = ".".join(path.split(".")[:2])
        of_both = whole in parts_before and whole in parts_after
        if old.get(path, ()) != new.get(path, ()) and (of_both or path.split(".")[0] not in _COLLECTIONS):
            found.append(_difference(path, old.get(path, ()), new.get(path, ())))
    found += [
        Difference(path, Change.REMOVED, (name,), ()) for path, name in parts_before.items() if path not in parts_after
    ]
    return found


def _part_came(path: str, name: Said) -> Difference:
    return Difference(path, Change.ADDED, (), (name,))


def _difference(path: str, old: tuple[Said, ...], new: tuple[Said, ...]) -> Difference:
    gone = tuple(item for item in old if item not in new)
    came = tuple(item for item in new if item not in old)
    if not gone and not came:  # the same in another order
        return Difference(path, Change.CHANGED, old, new)
    change = Change.CHANGED if old and new else Change.ADDED if new else Change.REMOVED
    return Difference(path, change, gone, came)


def _parts(register: Register) -> Iterator[tuple[str, Said]]:
    """Yield the path and the name of everything that has an id."""
    for collection in _COLLECTIONS:
        for part in cast(tuple[Activity | Category | System | RetentionDuty, ...], getattr(register, collection)):
            yield f"{collection}.{part.id}", part.label if isinstance(part, Category) else part.name


def everything_said(register: Register) -> Iterator[tuple[str, tuple[Said, ...]]]:
    """Yield everything that a register says, with its path; what it leaves out does not come, nor do the ids."""
    for field in fields(register):
        value = getattr(register, field.name)
        if field.name in _COLLECTIONS:
            for part in value:
                yield from _of_part(f"{field.name}.{part.id}", part)
        else:
            yield from _of_field(field.name, value)


def _of_part(path: str, part: object) -> Iterator[tuple[str, tuple[Said, ...]]]:
    for field in fields(part):  # type: ignore[arg-type]  # a dataclass of the model
        if field.name != "id":
            yield from _of_field(f"{path}.{field.name}", getattr(part, field.name))


def _of_field(path: str, value: object) -> Iterator[tuple[str, tuple[Said, ...]]]:
    if isinstance(value, tuple):
        if value:
            yield path, value
    elif is_dataclass(value) and not isinstance(value, Text):
        yield from _of_part(path, value)
    elif value is not None:
        yield path, (cast(Said, value),)
