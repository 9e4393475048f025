"""How far a deletion has come, written down where the lifecycle reads it: no answer before the plan is carried out."""

from collections.abc import Iterable

from django.utils import timezone

from exports.domain.enums import SILENT, Measure, TaskAction, TaskState
from exports.domain.erasure_order import CHANGES
from exports.domain.events import ErasureDone, SearchFinished
from exports.models import ErasurePlan, SystemTask
from requests_app import outbox
from requests_app.domain.enums import RequirementKind, Right
from requests_app.domain.snapshot import Reason
from requests_app.models import DataSubjectRequest
from requests_app.services.requirements import put

from . import correction_plan, recipients, rounds


def review(dsr: DataSubjectRequest, tasks: Iterable[SystemTask]) -> None:
    """Look anew how a deletion stands after a task of it changed, in the transaction of that change.

    A plan rests on what every system said. While one of them is asked again, there is no plan; what has begun stays
    until it is over. A request that was opened again then gets a new plan, once somebody has a system searched again;
    the one that was carried out is kept beside it.
    """
    if dsr.right != Right.ERASURE:
        return
    tasks = list(tasks)
    searches = [task for task in tasks if task.action == TaskAction.READ]
    plan = ErasurePlan.objects.current().filter(dsr=dsr).first()
    if plan is not None and any(map(is_silent, searches)) and (plan.begun_at is None or plan.done_at is not None):
        if plan.begun_at is None:
            plan.delete()
        else:
            _search_anew(plan, searches)
            plan.current = False
            plan.save(update_fields=["current"])
        plan = None
    if plan is None and searches and not any(map(is_silent, searches)) and any(map(_found, searches)):
        # Once for each time that the systems were asked.
        rounds = "-".join(str(task.round) for task in searches)
        outbox.publish(SearchFinished(dsr.pk), key=f"erasure-plan:{dsr.pk}:{rounds}")
    if plan is not None:
        _review_end(dsr, plan, [task for task in tasks if task.plan_id == plan.pk])
    missing = None if correction_plan.nothing_changes(dsr) else _missing(plan, searches, tasks)
    put(dsr, RequirementKind.PLAN, met=missing is None, reason=missing.code if missing else "")


def _search_anew(plan: ErasurePlan, searches: Iterable[SystemTask]) -> None:
    """What a deletion that is over has changed is not there any more: those systems are asked for the next one, too."""
    changed = set(plan.lines.exclude(measure=Measure.KEEP.value).values_list("system", flat=True))
    for task in searches:
        if task.system in changed and not is_silent(task):
            rounds.forget_answer(task)
            rounds.ask(task)


def changes(tasks: Iterable[SystemTask]) -> list[SystemTask]:
    """Return the tasks that carry a plan out."""
    return [task for task in tasks if task.action in set(CHANGES)]


def is_silent(task: SystemTask) -> bool:
    """Tell whether a task still owes an answer."""
    return TaskState(task.state) in SILENT


def _missing(plan: ErasurePlan | None, searches: list[SystemTask], tasks: list[SystemTask]) -> Reason | None:
    """What still has to happen; nothing where nothing was found."""
    if any(map(is_silent, searches)):
        return Reason("erasure_waits_search")
    if plan is None:
        return Reason("erasure_no_plan") if any(map(_found, searches)) else None
    if plan.prepared_at is None:
        return Reason("erasure_not_submitted")
    if plan.approved_at is None:
        return Reason("erasure_not_approved")
    if plan.begun_at is None:
        return Reason("erasure_not_begun")
    return Reason("erasure_running") if any(map(is_silent, changes(tasks))) else None


def _review_end(dsr: DataSubjectRequest, plan: ErasurePlan, tasks: list[SystemTask]) -> None:
    """When all is done, the recipients have to be told (Art. 19) and what the person was promised is kept.

    Whoever was told of an earlier deletion of this request does not know of this one, and is told again.
    """
    is_over = plan.begun_at is not None and not any(map(is_silent, changes(tasks)))
    if is_over == (plan.done_at is not None):
        return
    plan.done_at = timezone.now() if is_over else None
    plan.save(update_fields=["done_at"])
    if is_over:
        kept = {task.system for task in changes(tasks) if task.state == TaskState.KEPT}
        changed = plan.lines.exclude(measure=Measure.KEEP.value).exclude(system__in=kept).order_by("id")
        told = dsr.tasks.filter(action=TaskAction.NOTIFY.value, done_at__lt=plan.begun_at)
        recipients.plan(dsr, list(dict.fromkeys(changed.values_list("activity", flat=True))), again=told.exists())
        outbox.publish(ErasureDone(dsr.pk))


def _found(task: SystemTask) -> bool:
    return task.state == TaskState.DONE
