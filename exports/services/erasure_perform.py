"""Carrying out a plan of deletion in one system, and what its answer means.

One call of the connector does all that the plan says of a system: deleting, anonymising and restricting hang
together. The task that leads asks; the others of the same system are answered with it. Systems that hold the
addresses by which others are searched come last.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import cast

from exports.connectors.base import Connector, Eraser
from exports.domain import erasure_rules as rules
from exports.domain.changes import Affected, ChangeResult, Measures
from exports.domain.enums import LEFT_OVER, NOTHING_TO_SEARCH_BY, Measure, TaskMode, TaskState
from exports.domain.erasure_order import ACTIONS, next_systems
from exports.domain.records import Outcome, Subject
from exports.models import ErasureLine, SystemTask
from requests_app.models import DataSubjectRequest

from . import emptied, erasure_state, rounds

_NOTHING_LEFT = (Outcome.DONE, Outcome.NOT_FOUND)
_LONGEST_LINE = 300


def erase(connector: Connector, task: SystemTask, subject: Subject) -> ChangeResult:
    """Have a system do what the plan says of it. Raises ConnectorError.

    A run that finds nothing where another one had announced something looks once more: if nothing is left, the other
    one did what it had announced, and died before it could say so or is about to say the same.
    """
    eraser, measures = cast(Eraser, connector), measures_of(_lines(task))
    result = eraser.erase(subject, measures, partial(_announce, task))
    if result.rows or result.outcome not in _NOTHING_LEFT:
        return result
    task.refresh_from_db(fields=["announced"])
    if not task.announced:
        return result
    seen = eraser.verify(subject, measures)
    if seen.outcome not in _NOTHING_LEFT:
        return seen
    return replace(seen, outcome=Outcome.DONE, verified=True, affected=_announced(task))


def _announce(task: SystemTask, affected: Sequence[Affected]) -> None:
    told = [[one.collection, one.measure, one.rows, one.activities] for one in affected]
    SystemTask.objects.filter(pk=task.pk).update(announced=told)


def _announced(task: SystemTask) -> tuple[Affected, ...]:
    return tuple(
        Affected(collection, Measure(measure) if measure else None, rows, tuple(activities))
        for collection, measure, rows, activities in task.announced
    )


def measures_of(lines: Sequence[ErasureLine]) -> Measures:
    """Return what the plan says of each use of data in one system; what stands outside the plan is kept."""
    return {line.activity: Measure(line.measure) for line in lines}


def after(task: SystemTask, result: ChangeResult) -> None:
    """Say of the task that led how many rows it was about, and of the others of its system the same as of it.

    A task under which nothing happened says that nothing was there, whatever was done under another one of its system.
    """
    wanted = {action.value: measure for measure, action in ACTIONS.items()}
    if task.state == TaskState.FAILED:
        _say_why(task, result)
    task.otherwise = {} if task.state == TaskState.FAILED else _otherwise(task, result)
    task.emptied = emptied.to_data(result.emptied)
    state, verified_at = task.state, task.verified_at
    for one in [task, *_others(task)]:
        one.state, one.verified_at, one.done_at = state, verified_at, task.done_at
        one.extracted_at, one.finishes_on, one.begun_at = task.extracted_at, task.finishes_on, task.begun_at
        one.fault, one.error = task.fault, task.error
        if state != TaskState.FAILED:
            one.rows = sum(part.rows for part in result.affected if part.measure is wanted[one.action])
            if state == TaskState.DONE and not one.rows and not one.otherwise:
                one.state, one.verified_at = TaskState.NOT_FOUND.value, None
        one.save()
    go_on(task.dsr)


def go_on(dsr: DataSubjectRequest) -> None:
    """Ask the systems whose turn it is. Running twice asks nobody twice. Needs a transaction."""
    automatic = dsr.tasks.filter(mode=TaskMode.AUTOMATIC.value).order_by("id")
    waiting = {
        task.system: task for task in reversed(erasure_state.changes(automatic)) if erasure_state.is_silent(task)
    }
    holding_ids = set(dsr.case.contact_points.values_list("system", flat=True))
    for system in next_systems(waiting, holding_ids):
        if waiting[system].state == TaskState.OPEN:
            rounds.ask(waiting[system])


def _lines(task: SystemTask) -> list[ErasureLine]:
    return list(ErasureLine.objects.filter(plan=task.plan_id, system=task.system))


def _others(task: SystemTask) -> list[SystemTask]:
    """The tasks of the same system that a connector does together with this one."""
    same = task.dsr.tasks.filter(plan=task.plan_id, system=task.system, mode=TaskMode.AUTOMATIC.value)
    others = same.exclude(pk=task.pk).order_by("id")
    return [one for one in erasure_state.changes(others) if erasure_state.is_silent(one)]


def _say_why(task: SystemTask, result: ChangeResult) -> None:
    if result.outcome is Outcome.FAILED:
        task.fault, task.error = LEFT_OVER, _listed(result.affected)
    else:
        task.fault = NOTHING_TO_SEARCH_BY
        task.error = (result.instruction.text.en if result.instruction else "")[:_LONGEST_LINE]


def _otherwise(task: SystemTask, result: ChangeResult) -> dict[str, int]:
    """How many rows became something else than the plan says, by what they became: what has to stay refers to them.

    Rows that the plan does not speak of stay as planned, be it that the person did not ask for them.
    """
    measures = measures_of(_lines(task))
    instead: Counter[str] = Counter()
    for part in result.affected:
        use = rules.deciding(part.activities, measures)
        if part.measure is not None and part.measure is not (measures[use] if use else Measure.KEEP):
            instead[part.measure.value] += part.rows
    return dict(instead)


def _listed(affected: Sequence[Affected]) -> str:
    """Counts by collection, one technical line: no values."""
    parts = (f"{one.collection}: {one.rows} ({one.measure.value if one.measure else 'changed'})" for one in affected)
    return ", ".join(parts)[:_LONGEST_LINE]
