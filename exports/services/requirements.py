"""What the systems and the register still owe an answer, written down where the lifecycle reads it.

Reasons are codes with ids: `systems_silent:website,dynamics`, `systems_incomplete:website` (there is more than a
search may fetch at once), `register_unknown:controller.org_number`. What does not fit is counted: `…,+12`.
"""

from collections.abc import Iterable, Sequence

from exports.domain import register as domain
from exports.domain.enums import SILENT, TaskAction, TaskState
from exports.domain.planning import PLANNED
from exports.models import SystemTask
from identity.services import delivery
from requests_app import selectors
from requests_app.domain.enums import RequirementKind, Right, Stage
from requests_app.models import DataSubjectRequest
from requests_app.services import rows
from requests_app.services.requirements import put

from . import correction_plan, erasure_state, rebuild, register, registers

_LONGEST_REASON = 500
_WITH_PACKAGE = (Stage.DECISION_DRAFT, Stage.IN_REVIEW)
_AFTER_THE_ANSWER = (TaskAction.NOTIFY, TaskAction.UNRESTRICT)
_UNDER_WORK = (Stage.IN_PROGRESS, *_WITH_PACKAGE)


def review(dsr: DataSubjectRequest) -> None:
    """Look anew whether every system has answered and the register says all that an answer prints.

    Recipients are told after the answer, so what is owed to them (`notify`) is a requirement of its own, of closure.
    The end of a restriction (`unrestrict`) comes after the answer, and no answer waits for it.

    Called after each change of a task or of the register, in its transaction; a package that was built already
    is asked for again.
    """
    erasure_state.review(dsr, dsr.tasks.order_by("id"))
    tasks = list(dsr.tasks.order_by("id"))
    _review_systems(dsr, tasks)
    correction_plan.review(dsr)
    by_hand = SystemTask.objects.found_by_hand().filter(dsr__case=dsr.case)
    delivery.found_by_hand(dsr.case, set(by_hand.values_list("system", flat=True)))
    trial, current = selectors.organisation().trial, registers.concerning(dsr.case)
    unknown = [field.path for field in unknown_fields(dsr, tasks, current, trial=trial)]
    put(dsr, RequirementKind.REGISTER, met=not unknown, reason=_reason("register_unknown", unknown))
    if dsr.stage in _WITH_PACKAGE:
        rebuild.request(dsr)


def review_open_requests(version: int) -> None:
    """The register or the organisation is another now: look anew at every request that is being worked on."""
    stages = [stage.value for stage in _UNDER_WORK]
    working = DataSubjectRequest.objects.open().filter(stage__in=stages)
    for case in rows.lock_cases(working.values_list("case", flat=True)):
        for dsr in working.filter(case=case):
            review(dsr)


def activities_of(current: domain.Register, tasks: Iterable[SystemTask]) -> list[str]:
    """Return the ids of the activities that concern the person: those of systems that hold something, and the case."""
    known = {system.id for system in current.systems}
    found = {task.system for task in tasks if task.state == TaskState.DONE}
    return domain.activities_concerning(current, found & known)


def unknown_fields(
    dsr: DataSubjectRequest, tasks: Iterable[SystemTask], current: domain.Register, *, trial: bool
) -> list[domain.UnknownField]:
    """Return what a register still lacks for an answer to this request with these tasks."""
    if dsr.right != Right.ACCESS:
        return []
    return domain.unknowns(current, activities_of(current, tasks), dsr.right, trial=trial)


def _review_systems(dsr: DataSubjectRequest, tasks: Sequence[SystemTask]) -> None:
    notices = [task for task in tasks if task.action == TaskAction.NOTIFY]
    tasks = [task for task in tasks if task.action not in _AFTER_THE_ANSWER]
    if notices:
        untold = [task.system_name for task in notices if TaskState(task.state) in SILENT]
        put(dsr, RequirementKind.RECIPIENTS, met=not untold, reason=_reason("recipients_untold", untold))
    silent = [task.system for task in tasks if TaskState(task.state) in SILENT]
    incomplete = [task.system for task in tasks if task.truncated]
    if not tasks and _has_to_be_planned(dsr):
        # Nobody has asked any system yet: that must never look as if nothing had been found.
        return put(dsr, RequirementKind.SYSTEMS, met=False, reason="right_not_planned")
    reason = _reason("systems_silent", silent) if silent else _reason("systems_incomplete", incomplete)
    return put(dsr, RequirementKind.SYSTEMS, met=not silent and not incomplete, reason=reason)


def _has_to_be_planned(dsr: DataSubjectRequest) -> bool:
    if not dsr.right or Right(dsr.right) not in PLANNED:
        return False
    try:
        current = registers.concerning(dsr.case)
    except register.NoRegister:
        return True
    return bool(domain.search_plan(current, dsr.right))


def _reason(code: str, ids: Sequence[str]) -> str:
    """The code with as many ids as have room beside the number of those left out."""
    shown = len(ids)
    while len(text := _listed(code, ids, shown)) > _LONGEST_REASON:
        shown -= 1
    return text


def _listed(code: str, ids: Sequence[str], shown: int) -> str:
    left_out = [f"+{len(ids) - shown}"] if shown < len(ids) else []
    return f"{code}:{','.join([*ids[:shown], *left_out])}"
