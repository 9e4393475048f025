"""The plan of a deletion as the search and the register give it: one line for each use of data in each system.

What was found says how much there is of each use; the register says what becomes of it. Nobody has to agree with the
proposal: staff change it line by line (`erasure`) and a second person approves it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from exports import vault
from exports.domain import erasure_rules as rules
from exports.domain import register as domain
from exports.domain.enums import SILENT, Measure, TaskAction, TaskState
from exports.domain.records import Record
from exports.models import ErasureLine, ErasurePlan, SystemTask
from requests_app import audit
from requests_app.domain.enums import Right
from requests_app.domain.snapshot import SYSTEM
from requests_app.models import DataSubjectRequest
from requests_app.services import clock
from requests_app.services.rows import lock_request

from . import registers, requirements, task_files

Use = tuple[str, str]
"""Activity or duty, and system."""


@dataclass(frozen=True, slots=True)
class Holding:
    """What one system holds: the uses of each row, and the day of the newest row of each use; no rows if by hand."""

    system: str
    uses: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...] = ()
    newest: Mapping[str, date] | None = None


@dataclass(frozen=True, slots=True)
class Empty:
    """A line that decides over no row: which other uses decide over its rows, and whether one does the same to them."""

    decided_by: tuple[str, ...]
    done_elsewhere: bool


def propose(dsr_id: int) -> None:
    """Make the plan once every system has answered, if something was found. Running twice changes nothing."""
    with transaction.atomic():
        dsr = lock_request(dsr_id)
        if dsr.right != Right.ERASURE or ErasurePlan.objects.current().filter(dsr=dsr).exists():
            return
        tasks = reads(dsr)
        found = holdings(tasks) if answered(tasks) else []
        if not found:
            return
        plan = ErasurePlan.objects.create(dsr=dsr)
        include(plan, found)
        requirements.review(dsr)
        audit.record("erasure.proposed", f"dsr:{dsr.pk}", SYSTEM, lines=plan.lines.count())


def include(plan: ErasurePlan, found: Sequence[Holding]) -> None:
    """Add a proposed line for everything that was found and has none, and count anew. Needs a transaction."""
    current = registers.everything()
    known = set(plan.lines.values_list("activity", "system"))
    for holding in found:
        for use in in_order(holding.uses, current):
            if (use, holding.system) not in known:
                decided = _proposal(current, use, holding)
                ErasureLine.objects.create(
                    plan=plan, activity=use, system=holding.system, measure=decided.measure.value,
                    ground=decided.ground, kept_until=decided.kept_until,
                )  # fmt: skip
    recount(plan, found)


def recount(plan: ErasurePlan, found: Iterable[Holding]) -> None:
    """Write down how many rows each line decides over; a row that belongs to several counts once."""
    lines = list(plan.lines.all())
    for holding in found:
        theirs = [line for line in lines if line.system == holding.system]
        counted = rules.count(holding.rows, {line.activity: Measure(line.measure) for line in theirs})
        for line in theirs:
            line.rows = counted[line.activity]
            line.save(update_fields=["rows"])


def reads(dsr: DataSubjectRequest) -> list[SystemTask]:
    """Return the tasks of the search."""
    return list(dsr.tasks.filter(action=TaskAction.READ.value).select_related("dsr__case").order_by("id"))


def answered(tasks: Iterable[SystemTask]) -> bool:
    """Tell whether every system has answered."""
    return all(TaskState(task.state) not in SILENT for task in tasks)


def holdings(tasks: Iterable[SystemTask]) -> list[Holding]:
    """Return what the systems hold, in the order of their tasks; systems that hold nothing are left out."""
    return [_holding(task) for task in tasks if task.state == TaskState.DONE]


def empty_lines(plan: ErasurePlan) -> dict[Use, Empty]:
    """Return the lines under which no row is counted. Where a person looked nobody counted, and no line is empty."""
    lines = list(plan.lines.all())
    if all(line.rows for line in lines):
        return {}
    rows = {holding.system: holding.rows for holding in holdings(reads(plan.dsr)) if holding.rows}
    found: dict[Use, Empty] = {}
    for line in lines:
        if line.system in rows and not line.rows:
            measures = {one.activity: Measure(one.measure) for one in lines if one.system == line.system}
            deciding = rules.counted_with(line.activity, rows[line.system], measures)
            found[line.activity, line.system] = Empty(
                tuple(in_order(deciding, registers.everything())),
                done_elsewhere=any(measures.get(use) == line.measure for use in deciding),
            )
    return found


def computed_end(use: str, holding: Holding | None) -> date | None:
    """Return the end of a duty for what a system holds, or None for a use that is no duty."""
    duty = _duty(registers.everything(), use)
    newest = (holding.newest or {}).get(use) if holding else None
    return rules.end_of_duty(duty, newest, today()) if duty else None


def today() -> date:
    """Return the day, where the organisation is."""
    return clock.calendar().local_date(timezone.now())


def in_order(uses: Iterable[str], current: domain.Register) -> list[str]:
    """Return uses in the order of the register, activities before duties; what it does not know comes last."""
    order = [*(one.id for one in current.activities), *(one.id for one in current.retention_duties)]
    return sorted(set(uses), key=lambda use: (order.index(use) if use in order else len(order), use))


def _proposal(current: domain.Register, use: str, holding: Holding) -> rules.Decision:
    activity = next((one for one in current.activities if one.id == use), None)
    return rules.proposal(
        erasable=activity is None or activity.grants(Right.ERASURE),
        duty=_duty(current, use),
        newest=(holding.newest or {}).get(use),
        today=today(),
    )


def _duty(current: domain.Register, use: str) -> domain.RetentionDuty | None:
    return next((duty for duty in current.retention_duties if duty.id == use), None)


def _holding(task: SystemTask) -> Holding:
    """What one system holds; where a person looked, or the file is gone, only that there is something."""
    try:
        result = task_files.result(task)
    except vault.MissingFile:
        result = None
    if result is None:
        return Holding(task.system, tuple(task.activities))
    rows = tuple(record.activities for record in result.records)
    return Holding(task.system, tuple({use for uses in rows for use in uses}), rows, _newest(result.records))


def _newest(records: Iterable[Record]) -> dict[str, date]:
    calendar, newest = clock.calendar(), dict[str, date]()
    for record in records:
        if record.since is None:
            continue
        day = calendar.local_date(record.since)
        for use in record.activities:
            newest[use] = max(day, newest.get(use, day))
    return newest
