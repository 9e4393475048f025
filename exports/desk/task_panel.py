"""The panel of the case page that shows what is done in which system: searched, changed, and who is told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext_lazy

from exports import labels, registry
from exports.domain import register as domain
from exports.domain.enums import SILENT, TaskAction, TaskMode, TaskState
from exports.domain.erasure_order import CHANGES
from exports.domain.planning import PLANNED
from exports.models import SystemTask
from exports.services import otherwise, recipients, register, registers
from exports.services import tasks as service
from requests_app.domain.enums import Right, Stage
from requests_app.domain.snapshot import Reason
from requests_app.labels import right_label
from requests_app.models import Case, DataSubjectRequest
from requests_app.permissions import Permission, may, staff
from requests_app.reasons import sentence

from . import case_registers

_LEVELS = {
    TaskState.DONE: "done",
    TaskState.ACCEPTED: "done",
    TaskState.NOT_FOUND: "done",
    TaskState.KEPT: "done",
    TaskState.CALLED_OFF: "done",
    TaskState.FAILED: "red",
}
_GROUPS: tuple[tuple[Promise, frozenset[TaskAction]], ...] = (
    (pgettext_lazy("tasks", "Search"), frozenset({TaskAction.READ})),
    (pgettext_lazy("tasks", "Change"), frozenset(TaskAction) - {TaskAction.READ, TaskAction.NOTIFY}),
    (pgettext_lazy("tasks", "Tell recipients"), frozenset({TaskAction.NOTIFY})),
)
_BEFORE_THE_SEARCH = (Stage.RECEIVED, Stage.TRIAGED)


@dataclass(frozen=True)
class Line:
    """One task as the panel and its page show it."""

    task: SystemTask
    name: str
    action: Promise
    right: Promise | str
    mode: Promise
    state: Promise
    level: str
    fault: Promise | str
    otherwise: list[str]
    may_retry: bool


@dataclass(frozen=True)
class Group:
    """The tasks of one sort, in the order in which they are made."""

    title: Promise
    lines: list[Line]
    answered: int


def tasks(request: HttpRequest, case: Case) -> str:
    """Return the panel as HTML; empty when no system has anything to do."""
    searched = [dsr for dsr in case.dsrs.order_by("id") if dsr.right in PLANNED]
    rows = SystemTask.objects.filter(dsr__case=case).select_related("dsr", "done_by").order_by("dsr_id", "id")
    rows = rows.exclude(dsr__right=Right.ERASURE.value, action__in=CHANGES)  # they have a panel of their own
    names = system_names()
    lines = [line(task, names) for task in rows]
    if not searched and not lines:
        return ""
    works = may(staff(request), Permission.WORK_TASKS)
    return SafeString(
        render_to_string(
            "exports/desk/task_panel.html",
            {
                "groups": _grouped(lines),
                "several": len(searched) > 1,
                "works": works,
                "problems": registry.problems() if works else [],
                "planned": any(dsr.stage not in _BEFORE_THE_SEARCH for dsr in searched),
                "unsearchable": _unsearchable(searched) if lines else [],
                "registers": case_registers.shown(case) if works else None,
            },
            request=request,
        )
    )


def line(task: SystemTask, names: Mapping[str, str]) -> Line:
    """Return a task in the words of the reader; `names` as from `system_names`."""
    may_retry = task.state == TaskState.FAILED and task.mode == TaskMode.AUTOMATIC
    level = _level(task, timezone.localdate())
    return Line(
        task=task,
        name=names.get(task.system, task.system_name),
        action=labels.TASK_ACTIONS[task.action],
        right=right_label(task.dsr.right),
        mode=labels.TASK_MODES[task.mode],
        state=labels.OVERDUE if level == "overdue" else labels.task_state(task),
        level=level,
        fault=labels.fault(task.fault),
        otherwise=otherwise.sentences(task.otherwise),
        may_retry=may_retry and service.refusal(task) is None,
    )


def system_names() -> dict[str, str]:
    """Return what systems and recipients are called in the reader's language, by the register in force."""
    current = _register()
    if current is None:
        return {}
    systems = {system.id: register.system_name(system.name, system.id, language()) for system in current.systems}
    return systems | recipients.names(current, language())


def language() -> str:
    """Return the language of the reader, one of those the register speaks."""
    return "nb" if (get_language() or "nb").startswith("nb") else "en"


def why_not(task: SystemTask) -> str:
    """Return in words why nobody can work on a task now; nothing when one can."""
    reason: Reason | None = service.refusal(task)
    return str(sentence(reason)) if reason else ""


def why_not_reopen(task: SystemTask) -> str:
    """Return in words why nobody can take the answer to a task back now; nothing when one can."""
    reason: Reason | None = service.why_not_reopen(task)
    return str(sentence(reason)) if reason else ""


def _grouped(lines: Sequence[Line]) -> list[Group]:
    groups = []
    for title, actions in _GROUPS:
        chosen = [one for one in lines if one.task.action in actions]
        answered = sum(TaskState(one.task.state) not in SILENT for one in chosen)
        if chosen:
            groups.append(Group(title, chosen, answered))
    return groups


def _level(task: SystemTask, today: date) -> str:
    if (state := TaskState(task.state)) in _LEVELS:
        return _LEVELS[state]
    if task.due_on < today:
        return "overdue"
    return "paused" if task.fault else "neutral"


def _unsearchable(searched: Sequence[DataSubjectRequest]) -> list[str]:
    """The names of the activities whose data lies in a system that the register does not name."""
    if not searched:
        return []
    try:
        current = registers.concerning(searched[0].case)
    except register.NoRegister:
        return []
    ids = dict.fromkeys(one for dsr in searched for one in domain.unsearchable(current, dsr.right))
    found = [current.activity(name) for name in ids]
    return [register.system_name(activity.name, activity.id, language()) for activity in found]


def _register() -> domain.Register | None:
    try:
        return registers.everything()
    except register.NoRegister:
        return None
