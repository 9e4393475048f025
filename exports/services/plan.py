"""From a sorted request to its tasks: where the person has to be looked for, by whom and until when."""

import structlog
from django.db import transaction

from exports import registry
from exports.connectors.base import SEARCH_COMPLETE, ConnectorError
from exports.domain import register as domain
from exports.domain.enums import TaskAction, TaskMode, TaskState
from exports.domain.planning import PLANNED, WORKING_DAYS
from exports.domain.records import Verb
from exports.models import SystemTask
from identity.services import delivery
from requests_app import outbox
from requests_app.domain.enums import Action, Right, Stage
from requests_app.domain.snapshot import SYSTEM
from requests_app.models import Case, DataSubjectRequest
from requests_app.services import clock, lifecycle, rows, suppression_list
from requests_app.services.rows import lock_request

from . import located, register, registers, requirements, rounds, subject
from .due_days import due_on

log = structlog.get_logger(__name__)

LONGEST_NAME = 200
"""Characters of what a system is called that its task has room for."""
_PLANNED_FROM = (Stage.TRIAGED, Stage.IN_PROGRESS)
_UNTIL_RELEASE = (Stage.IN_PROGRESS, Stage.DECISION_DRAFT, Stage.IN_REVIEW)
_DONE_WHEN_DRAFTED = frozenset({Right.RECTIFICATION, Right.ERASURE})
"""What was found has been corrected or deleted by then: the answer tells of that plan, not of a new search."""


@outbox.outside_transaction
def locate_and_plan(dsr_id: int) -> None:
    """Make the tasks of a request that was sorted or reopened, and start it.

    What each right asks of the systems stands in `exports.domain.planning`; a right that needs none starts without
    tasks. Contact points are looked up first, outside any transaction; a system that is away cannot hold up the plan,
    as reading it later finds them too. Everything else is one transaction. Running twice changes nothing: tasks that
    exist stay as they are, also those a reopened request had answered, unless what was found was thrown away since.

    Raises `outbox.Later` while there is no register or the systems file cannot be read.
    """
    dsr = DataSubjectRequest.objects.select_related("case").get(pk=dsr_id)
    if dsr.stage not in _PLANNED_FROM:
        return
    searches = _searches(dsr)
    automatic = automatic_systems(dsr.case, Verb(PLANNED[Right(dsr.right)])) if searches else frozenset()
    hits = [hit for search in searches if search.system_id in automatic for hit in _located(search, dsr.case)]
    with transaction.atomic():
        dsr = lock_request(dsr_id)
        if dsr.stage not in _PLANNED_FROM:
            return
        if hits:
            located.record(dsr.case, hits)
        delivery.review(dsr.case)
        for search in searches:
            make_task(dsr, search, PLANNED[Right(dsr.right)], automatic=search.system_id in automatic)
        requirements.review(dsr)
        if dsr.stage == Stage.TRIAGED:
            lifecycle.advance(dsr_id, Action.START, SYSTEM)


def ask_new_systems(version: int) -> None:
    """The register may name systems now that nobody has asked: ask them for every request that is not released.

    The tasks are there before anything else of the new register counts, so no answer can go without them. Contact
    points are found when a system is read. Raises `outbox.Later` while the systems file cannot be read.
    """
    working = DataSubjectRequest.objects.open().filter(stage__in=_UNTIL_RELEASE, right__in=PLANNED)
    for case in rows.lock_cases(working.values_list("case", flat=True)):
        for dsr in working.filter(case=case).select_related("case").order_by("id"):
            if _has_its_searches(dsr) and _ask_new(dsr):
                requirements.review(dsr)


def _has_its_searches(dsr: DataSubjectRequest) -> bool:
    return dsr.stage == Stage.IN_PROGRESS or Right(dsr.right) not in _DONE_WHEN_DRAFTED


def _ask_new(dsr: DataSubjectRequest) -> bool:
    """Make the tasks that are lacking, and say of the others for which further activities they look; tell if any.

    Nobody is asked for what the person has taken back.
    """
    action = PLANNED[Right(dsr.right)]
    asked = {task.system: task for task in dsr.tasks.filter(action=action.value)}
    if asked and all(task.state == TaskState.CALLED_OFF for task in asked.values()):
        return False
    searches = _searches(dsr)
    for search in searches:
        if search.system_id in asked:
            _look_for(asked[search.system_id], search.activities)
    new = [search for search in searches if search.system_id not in asked]
    automatic = automatic_systems(dsr.case, Verb(action)) if new else frozenset()
    for search in new:
        make_task(dsr, search, action, automatic=search.system_id in automatic)
    return bool(new)


def _look_for(task: SystemTask, activities: tuple[str, ...]) -> None:
    further = [one for one in activities if one not in task.activities]
    if further:
        task.activities = [*task.activities, *further]
        task.save(update_fields=["activities"])


def _searches(dsr: DataSubjectRequest) -> list[domain.PlannedSearch]:
    if not dsr.right or Right(dsr.right) not in PLANNED:
        return []
    try:
        current = registers.concerning(dsr.case)
    except register.NoRegister as error:
        raise outbox.Later(str(error)) from error
    return domain.search_plan(current, dsr.right)


def automatic_systems(case: Case, verb: Verb) -> frozenset[str]:
    """Return the systems whose connector can do `verb` for the person of this case. Raises `outbox.Later`."""
    try:
        known = registry.entries()
    except registry.SystemsError as error:
        raise outbox.Later(str(error.problems[0])) from error
    if not subject.is_writer(case):
        return frozenset()
    return frozenset(system for system in known if registry.is_automatic(system, known) and _is_able(system, verb))


def _is_able(system: str, verb: Verb) -> bool:
    try:
        return verb in registry.connector_for(system).abilities
    except ConnectorError:
        return True  # it is meant to; the task will say what is wrong with its settings


def _located(search: domain.PlannedSearch, case: Case) -> list[located.Located]:
    try:
        return located.search(registry.connector_for(search.system_id), case)
    except ConnectorError as error:
        log.warning("locate_failed", system=search.system_id, fault=error.fault.value)
        return []


def make_task(
    dsr: DataSubjectRequest, search: domain.PlannedSearch, action: TaskAction, *, automatic: bool
) -> SystemTask:
    """Make the task of a request in a system, or find it; a connector is asked. Needs a transaction.

    An answered task stays as it is, unless what was found was thrown away since. What was called off is asked for anew
    when the person wants it again.
    """
    days = WORKING_DAYS.get(action, SEARCH_COMPLETE)
    task, _ = SystemTask.objects.get_or_create(
        dsr=dsr,
        system=search.system_id,
        action=action.value,
        defaults={
            "system_name": register.system_name(search.name, search.system_id, dsr.case.language)[:LONGEST_NAME],
            "mode": (TaskMode.AUTOMATIC if automatic else TaskMode.MANUAL).value,
            "activities": list(search.activities),
            "due_on": due_on(dsr.received_at, clock.calendar(), days),
        },
    )
    if task.state == TaskState.OPEN:
        rounds.ask(task)
    elif _was_called_off(task) or _was_thrown_away(task):
        rounds.ask_anew(task, "task.retried", SYSTEM)
    return task


def _was_called_off(task: SystemTask) -> bool:
    return task.state == TaskState.CALLED_OFF and suppression_list.blocks(task.dsr.case)


def _was_thrown_away(task: SystemTask) -> bool:
    return bool((task.result_sha256 and not task.result_file) or (task.evidence_name and not task.evidence_file))
