"""Having the systems make the corrections that were written down, and what their answers mean."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from django.db import transaction
from django.utils import timezone

from exports.domain import corrections as values
from exports.domain.changes import Affected, ChangeResult, FieldChange
from exports.domain.enums import TaskAction, TaskMode, TaskState
from exports.domain.records import FieldValue, Outcome, Scalar, Verb
from exports.models import Correction, SystemTask
from requests_app import audit, outbox
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import Actor, Reason
from requests_app.models import Case, DataSubjectRequest
from requests_app.services import clock, collision
from requests_app.services.rows import lock_request

from . import correction_plan, holdings, plan, requirements, rounds
from .due_days import due_on
from .holdings import Held

DONE_WITHIN = 5
"""Working days after the order by which a system is corrected (our own milestone)."""


def why_not_carry_out(dsr: DataSubjectRequest) -> Reason | None:
    """Return why the corrections cannot be made now, as far as it can be told beforehand, or None."""
    if reason := correction_plan.why_not(dsr):
        return reason
    if not correction_plan.open_rows(dsr):
        return Reason("corrections_nothing_open")
    return correction_plan.why_not_write(dsr)


def carry_out(dsr_id: int, *, actor: Actor, version: int | None = None) -> int:
    """Have the systems make every correction that is open; return how many were asked.

    A connector changes what it can, a person the rest. Systems that are at it are left alone, so pressing twice asks
    nothing twice; what was entered while a person is at it joins that order. Raises ActionRefused: it is doubted who
    asks, an address is not confirmed, a value has changed since it was looked at.
    """
    automatic = _automatic(Case.objects.get(dsrs=dsr_id))
    with transaction.atomic():
        dsr = lock_request(dsr_id)
        if reason := correction_plan.why_not(dsr):
            raise ActionRefused(reason)
        orders, rows = correction_plan.tasks_by_system(dsr), correction_plan.open_rows(dsr)
        waiting = [row for row in rows if not (row.ordered_in and correction_plan.is_under_way(orders.get(row.system)))]
        if rows and not waiting:
            return 0
        collision.check(dsr.case, version)
        if not rows:
            raise ActionRefused(Reason("corrections_nothing_open"))
        if reason := correction_plan.why_not_write(dsr):
            raise ActionRefused(reason)
        found = {one.task.system: one for one in holdings.of_request(dsr)}
        _refuse_outdated(waiting, list(found.values()))
        systems = sorted({row.system for row in waiting})
        for system in systems:
            mine = [row for row in waiting if row.system == system]
            by_machine = system in automatic and all(row.collection for row in mine)
            _order(dsr, found[system], mine, orders.get(system), automatic=by_machine, actor=actor)
        collision.touch(dsr.case_id)
        requirements.review(dsr)
        audit.record("correction.ordered", f"dsr:{dsr.pk}", actor, systems=systems)
        return len(systems)


def changes(task: SystemTask) -> list[FieldChange]:
    """Return what a connector is to change, in the kinds of value that it reads itself."""
    read = task.dsr.tasks.filter(system=task.system, action=TaskAction.READ.value).select_related("dsr__case").first()
    one = holdings.of_task(read) if read else None
    seen = {holdings.id_of(place.wanted("")): place.value for place in holdings.places([one] if one else [])}
    rows = correction_plan.ordered(task).exclude(collection="")
    return [_change(row, seen.get(holdings.id_of_row(row))) for row in rows]


def as_written(task: SystemTask, wanted: Sequence[FieldChange], result: ChangeResult) -> ChangeResult:
    """Return the answer of a system; where a run before wrote the rows and died, with those rows.

    `task.begun_at`, as it was read before this run, says that there was one. This one finds everything right already,
    and would tell of a change that nothing was changed.
    """
    if task.begun_at is None or result.rows or result.outcome is not Outcome.DONE:
        return result
    rows = Counter(collection for collection, _ in {(change.collection, change.key) for change in wanted})
    return replace(result, affected=tuple(Affected(collection, None, number) for collection, number in rows.items()))


def are_done(task: SystemTask) -> None:
    """A system holds the right values now. Needs the transaction of that answer, with the task locked."""
    correction_plan.ordered(task).update(done_at=task.done_at)


def are_open_again(task: SystemTask) -> None:
    """The answer of a system was taken back, and with it that the values are right."""
    if task.done_at:
        Correction.objects.filter(dsr=task.dsr_id, system=task.system, done_at=task.done_at).update(done_at=None)


def ask_anew(task: SystemTask, action: str, actor: Actor) -> None:
    """Put the same order once more: what was to be corrected in the last round is in this one. Needs a transaction.

    Raises ActionRefused where nothing is left for a connector to change.
    """
    same = [row.pk for row in correction_plan.ordered(task)]
    if task.mode == TaskMode.AUTOMATIC and not same:
        raise ActionRefused(Reason("corrections_not_ordered"))
    rounds.ask_anew(task, action, actor)
    _take_up(task, same)


def _take_up(task: SystemTask, rows: Sequence[int]) -> None:
    Correction.objects.filter(pk__in=rows).update(ordered_in=task.round)


def outdated(rows: Sequence[Correction], everything: Sequence[Held]) -> list[Correction]:
    """Return the corrections whose row is gone or holds another value than when they were entered."""
    seen = {
        holdings.id_of(place.wanted("")): values.as_text(place.value.value) for place in holdings.places(everything)
    }
    return [row for row in rows if row.collection and seen.get(holdings.id_of_row(row)) != row.old_value]


def _refuse_outdated(rows: Sequence[Correction], everything: Sequence[Held]) -> None:
    labels = [row.label for row in outdated(rows, everything)]
    searched = {one.task.system for one in everything}
    labels += [row.label for row in rows if row.system not in searched and row.label not in labels]
    if labels:
        raise ActionRefused(Reason("correction_outdated", {"ids": ", ".join(dict.fromkeys(labels))}))


def _order(
    dsr: DataSubjectRequest, one: Held, rows: Sequence[Correction], task: SystemTask | None, *, automatic: bool,
    actor: Actor,
) -> None:  # fmt: skip
    mode = TaskMode.AUTOMATIC if automatic else TaskMode.MANUAL
    concerned, wanted = _activities(one, rows), [row.pk for row in rows]
    if task is None:
        task = SystemTask.objects.create(
            dsr=dsr,
            system=one.task.system,
            system_name=one.task.system_name,
            action=TaskAction.RECTIFY.value,
            mode=mode.value,
            activities=concerned,
            due_on=min(
                due_on(timezone.now(), clock.calendar(), DONE_WITHIN),
                max(clock.derive(dsr).act_by, clock.today()),
            ),
        )
        _take_up(task, wanted)
        return rounds.ask(task)
    task.activities = list(dict.fromkeys([*task.activities, *concerned]))
    if correction_plan.is_under_way(task):
        _take_up(task, wanted)
        return task.save(update_fields=["activities"])
    if task.state == TaskState.ACCEPTED:  # what a vendor is at is not refused by an answer to the rest
        wanted += [row.pk for row in correction_plan.ordered(task)]
    task.mode = mode.value
    rounds.ask_anew(task, "task.retried", actor)
    return _take_up(task, wanted)


def _activities(one: Held, rows: Sequence[Correction]) -> list[str]:
    """The activities whose data is corrected; all of the system's where nobody knows which."""
    keys = {(row.collection, row.record_key) for row in rows}
    touched = [a for r in one.records or () if (r.collection, r.key) in keys for a in r.activities]
    return list(dict.fromkeys(touched)) or list(one.task.activities)


def _automatic(case: Case) -> frozenset[str]:
    try:
        return plan.automatic_systems(case, Verb.RECTIFY)
    except outbox.Later:
        raise ActionRefused(Reason("systems_unusable")) from None


def _change(row: Correction, seen: FieldValue | None) -> FieldChange:
    before: Scalar = row.old_value or None
    after: Scalar = row.new_value or None
    if seen is not None:
        after = values.parse(row.new_value, seen)
        if values.as_text(seen.value) == row.old_value:
            before = seen.value
    return FieldChange(row.collection, row.record_key, row.field, before, after)
