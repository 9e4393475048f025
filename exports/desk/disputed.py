"""What an answer tells of although the register contradicts itself about it: to be settled, and by whom."""

from dataclasses import dataclass

from exports.domain import register as domain
from exports.domain.enums import TaskState
from exports.services import register, registers, requirements
from requests_app.domain.enums import Right
from requests_app.models import DataSubjectRequest

from .register_page import title_of
from .task_panel import language


@dataclass(frozen=True)
class Disputed:
    """An activity or a system, by the key of its register and its path there."""

    register: str
    anchor: str
    title: str


def of(dsr: DataSubjectRequest) -> list[Disputed]:
    """Return what the answer to an access request tells of and nobody has settled; other answers say nothing of it."""
    if dsr.right != Right.ACCESS:
        return []
    try:
        return [one for key in registers.keys_of(dsr.case) for one in _in(key, register.current(key)[1], dsr)]
    except register.NoRegister:
        return []


def _in(key: str, current: domain.Register, dsr: DataSubjectRequest) -> list[Disputed]:
    tasks = list(dsr.tasks.all())
    told = set(requirements.activities_of(current, tasks))
    searched = {task.system for task in tasks if task.state == TaskState.DONE}
    paths = [
        *(f"activities.{one.id}" for one in current.activities if one.seed_conflict and one.id in told),
        *(f"systems.{one.id}" for one in current.systems if one.seed_conflict and one.id in searched),
    ]
    return [Disputed(key, path, title_of(current, path, language())) for path in paths]
