"""The marks that a restriction wrote into a system, kept encrypted for as long as they stand.

They lie in a file of the vault that is written before the system commits them: a worker that is killed in between has
remembered a mark that does not stand, which lifting leaves alone. The other way round nobody could ever take it away.
"""

import json
from collections.abc import Sequence

from exports import vault
from exports.domain.changes import FieldChange
from exports.models import SystemTask


def remember(task: SystemTask, marks: Sequence[FieldChange]) -> None:
    """Keep marks beside those that the task wrote earlier; of one field, the latest counts."""
    known = {_place(mark): mark for mark in (*(of(task) or ()), *marks)}
    plain = [[mark.collection, mark.key, mark.name, mark.before, mark.after] for mark in known.values()]
    data = json.dumps(plain, separators=(",", ":")).encode("ascii")
    vault.store(_name(task), data, binding=vault.binding_of(task.dsr.case))


def of(task: SystemTask) -> list[FieldChange] | None:
    """Return the marks that a task wrote; None where nobody kept any: a person did it, or an earlier version."""
    try:
        data = vault.load(_name(task), binding=vault.binding_of(task.dsr.case))
    except vault.MissingFile:
        return None
    return [FieldChange(*mark) for mark in json.loads(data)]


def forget(task: SystemTask) -> None:
    """Throw the marks of a task away: they stand no more."""
    vault.delete(_name(task))


def _place(mark: FieldChange) -> tuple[str, str, str]:
    return mark.collection, mark.key, mark.name


def _name(task: SystemTask) -> str:
    return f"tasks/{task.pk}/marks.json"
