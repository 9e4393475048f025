"""From a sorted request to its tasks: where the person has to be looked for, by whom and until when."""

from datetime import date, datetime, timedelta

import structlog
from django.db import transaction

from exports import registry
from exports.connectors.base import SEARCH_COMPLETE, ConnectorError
from exports.domain import register as domain
from exports.domain.enums import TaskAction, TaskMode, TaskState
from exports.domain.records import Hit, Verb
from exports.models import SystemTask
from identity.domain.enums import ContactChannel
from identity.services import contact_points, delivery
from requests_app import outbox
from requests_app.domain.calendars import Calendar
from requests_app.domain.enums import Action, RequirementKind, Right, Stage
from requests_app.domain.snapshot import SYSTEM
from requests_app.models import Case, DataSubjectRequest
from requests_app.services import clock, lifecycle
from requests_app.services.requirements import put
from requests_app.services.rows import lock_request

from . import asking, register, requirements, subject

log = structlog.get_logger(__name__)

_PLANNED_FROM = (Stage.TRIAGED, Stage.IN_PROGRESS)


@outbox.outside_transaction
def locate_and_plan(dsr_id: int) -> None:
    """Make the tasks of a request that was sorted or reopened, and start it.

    Only access is searched for so far; other rights start without tasks and say so in their requirement. Contact
    points are looked up first, outside any transaction; a system that is away cannot hold up the plan, as reading
    it later finds them too. Everything else is one transaction. Running twice changes nothing: tasks that exist
    stay as they are, also those a reopened request had answered, unless what was found was thrown away since.

    Raises `outbox.Later` while there is no register or the systems file cannot be read.
    """
    dsr = DataSubjectRequest.objects.select_related("case").get(pk=dsr_id)
    if dsr.stage not in _PLANNED_FROM:
        return
    searches = _searches(dsr)
    automatic = _automatic(dsr.case)
    hits = [hit for search in searches if search.system_id in automatic for hit in _located(search, dsr.case)]
    with transaction.atomic():
        dsr = lock_request(dsr_id)
        if dsr.stage not in _PLANNED_FROM:
            return
        if hits:
            record_contact_points(dsr.case, hits)
        delivery.review(dsr.case)
        for search in searches:
            _make_task(dsr, search, TaskMode.AUTOMATIC if search.system_id in automatic else TaskMode.MANUAL)
        if dsr.right == Right.ACCESS:
            requirements.review(dsr)
        else:
            put(dsr, RequirementKind.SYSTEMS, met=False, reason="right_not_planned")
        if dsr.stage == Stage.TRIAGED:
            lifecycle.advance(dsr_id, Action.START, SYSTEM)


def record_contact_points(case: Case, hits: list[Hit]) -> None:
    """Hand the addresses that systems hold of the person down to identity. Needs a transaction."""
    for hit in hits:
        channel = ContactChannel(hit.identity_channel.value)
        contact_points.record(case, channel, hit.identity_value, hit.system, hit.since)


def due_on(received_at: datetime, calendar: Calendar) -> date:
    """Return the day by which every system has been searched: ten working days after the day of receipt."""
    day = calendar.local_date(received_at)
    for _ in range(SEARCH_COMPLETE):
        day = calendar.roll_forward(day + timedelta(days=1))
    return day


def _searches(dsr: DataSubjectRequest) -> list[domain.PlannedSearch]:
    if dsr.right != Right.ACCESS:
        return []
    try:
        _, current = register.current()
    except register.NoRegister as error:
        raise outbox.Later(str(error)) from error
    return domain.search_plan(current, dsr.right)


def _automatic(case: Case) -> frozenset[str]:
    """The systems a connector may search for the person of this case."""
    try:
        known = registry.entries()
    except registry.SystemsError as error:
        raise outbox.Later(str(error.problems[0])) from error
    if not subject.is_writer(case):
        return frozenset()
    return frozenset(system for system in known if registry.is_automatic(system, known))


def _located(search: domain.PlannedSearch, case: Case) -> list[Hit]:
    try:
        connector = registry.connector_for(search.system_id)
        return list(connector.locate(subject.to_locate(case))) if Verb.LOCATE in connector.abilities else []
    except ConnectorError as error:
        log.warning("locate_failed", system=search.system_id, fault=error.fault.value)
        return []


def _make_task(dsr: DataSubjectRequest, search: domain.PlannedSearch, mode: TaskMode) -> None:
    task, _ = SystemTask.objects.get_or_create(
        dsr=dsr,
        system=search.system_id,
        action=TaskAction.READ.value,
        defaults={
            "system_name": register.system_name(search.name, search.system_id, dsr.case.language),
            "mode": mode.value,
            "activities": list(search.activities),
            "due_on": due_on(dsr.received_at, clock.calendar()),
        },
    )
    if task.state == TaskState.OPEN:
        asking.ask(task)
    elif (task.result_sha256 and not task.result_file) or (task.evidence_name and not task.evidence_file):
        asking.ask_anew(task, "task.retried", SYSTEM)
