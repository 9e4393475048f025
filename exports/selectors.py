"""Page-shaped reads across the three apps, without names and addresses."""

from collections.abc import Collection
from datetime import UTC, date, datetime
from typing import Any

from django.db.models import Max, Q

from exports.domain.enums import TaskAction, TaskMode, TaskState
from exports.models import ErasurePlan, Lifting, SystemTask
from identity import selectors as identity
from requests_app import audit
from requests_app.domain.enums import STAGE_ORDER, Stage
from requests_app.models import Case, DataSubjectRequest
from requests_app.permissions import Staff
from requests_app.services import clock


def audit_holds() -> bool:
    """Tell whether the whole audit chain still fits together; reads all of it."""
    return audit.verify()[1] is None


def stage_of(case: Case) -> Stage:
    """Return the stage a case shows: that of the least advanced of its requests."""
    return min((Stage(dsr.stage) for dsr in case.dsrs.all()), key=STAGE_ORDER.index)


def state_of(case: Case, *, audit_ok: bool) -> dict[str, Any]:
    """Return where a case stands as plain data: codes, dates in ISO 8601, instants in UTC with Z.

    `due` is that of the most urgent open request (of a closed case: of all), `binds` what makes it so.
    """
    dsrs = list(case.dsrs.order_by("id"))
    urgent = min((dsr for dsr in dsrs if case.closed_at or not dsr.closed_at), key=_due, default=None)
    deadline = clock.derive(urgent) if urgent else None
    sure = identity.assurance(case)
    return {
        "reference": case.reference,
        "received_at": _instant(case.received_at),
        "language": case.language,
        "channel": case.channel,
        "due": deadline and deadline.effective_due.isoformat(),
        "binds": deadline and deadline.binding,
        "requests": [_request(dsr) for dsr in dsrs],
        "tasks": [task for dsr in dsrs for task in _tasks(dsr)],
        "messages": list(case.messages.order_by("created_at", "id").values("direction", "intent", "state")),
        "identity": {"level": sure.level.value, "method": sure.method and sure.method.value},
        "audit_ok": audit_ok,
    }


def systems_told(dsr: DataSubjectRequest) -> tuple[list[str], date | None]:
    """Return which systems are told that the person said no, in the language of the case, and by when (None: none)."""
    tasks = dsr.tasks.filter(action=TaskAction.WITHDRAW.value).order_by("id")
    return list(tasks.values_list("system_name", flat=True)), tasks.aggregate(last=Max("due_on"))["last"]


def count_open_tasks(holders: Collection[int], reader: Staff) -> int:
    """Return how many tasks wait for a person in the open requests of these members of staff, as `reader` sees them."""
    by_hand = Q(state=TaskState.OPEN.value, mode=TaskMode.MANUAL.value) | Q(state=TaskState.FAILED.value)
    open_requests = SystemTask.objects.filter(dsr__closed_at__isnull=True, dsr__case__assignee__in=holders)
    open_requests = open_requests.filter(dsr__case__in=Case.objects.visible_to(reader))
    return open_requests.filter(by_hand).count()


def plans_to_approve(user_id: int) -> list[int]:
    """Return the requests in which a deletion or the end of a restriction waits for the approval of this person."""
    waiting = ErasurePlan.objects.current().filter(prepared_at__isnull=False, approved_by__isnull=True)
    plans = waiting.filter(dsr__closed_at__isnull=True).exclude(prepared_by=user_id)
    liftings = Lifting.objects.pending().filter(approved_by__isnull=True).exclude(proposed_by=user_id)
    return [*plans.values_list("dsr_id", flat=True), *liftings.values_list("dsr_id", flat=True)]


def _request(dsr: DataSubjectRequest) -> dict[str, Any]:
    return {
        "id": dsr.pk,
        "right": dsr.right or None,
        "stage": dsr.stage,
        "outcome": dsr.outcome or None,
        "deadline": clock.derive(dsr).effective_due.isoformat(),
    }


def _tasks(dsr: DataSubjectRequest) -> list[dict[str, Any]]:
    return [dict(row) for row in dsr.tasks.order_by("id").values("system", "action", "mode", "state", "attempts")]


def _due(dsr: DataSubjectRequest) -> tuple[str, int]:
    return clock.derive(dsr).effective_due.isoformat(), dsr.pk


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
