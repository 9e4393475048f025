"""A plan of deletion in the reader's words: what goes, what stays and why, how each system stands."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import ngettext

from exports import labels
from exports.domain.enums import Measure, TaskAction, TaskState
from exports.domain.erasure_order import ACTIONS
from exports.models import ErasureLine, ErasurePlan, SystemTask
from exports.services import emptied, erasure, erasure_proposal, orders, recipients, uses
from requests_app.domain.grounds import Ground
from requests_app.ground_labels import cited
from requests_app.models import DataSubjectRequest
from requests_app.reasons import sentence

from .task_panel import Line, language, line, system_names

SHOWN = (Measure.DELETE, Measure.ANONYMISE, Measure.RESTRICT, Measure.KEEP)


@dataclass(frozen=True)
class PlanLine:
    """One line of the plan. `counted` is false where a person looked, who counts no rows; `gap`: what it lacks.

    `decided_by` are the other uses under which all rows of this one are counted; `changes_nothing` is true for a line
    that is to be deleted, made anonymous or only stored, and under which nothing would be.
    """

    row: ErasureLine
    system: str
    use: str
    measure: Promise
    ground: str
    counted: bool
    gap: str
    decided_by: str
    changes_nothing: bool


@dataclass(frozen=True)
class Group:
    """The lines with one measure, and how many rows they are about."""

    measure: Measure
    lines: list[PlanLine]
    rows: int

    @property
    def counted(self) -> int | None:
        """How many rows, or None where some may be there that nobody counted."""
        return self.rows if self.rows or all(line.counted for line in self.lines) else None


def groups(dsr: DataSubjectRequest, plan: ErasurePlan) -> list[Group]:
    """Return the plan by what becomes of the data, in the order in which one asks."""
    lines = plan_lines(dsr, plan)
    found = []
    for measure in SHOWN:
        theirs = [one for one in lines if one.row.measure == measure]
        if theirs:
            found.append(Group(measure, theirs, sum(one.row.rows for one in theirs)))
    return found


def plan_lines(dsr: DataSubjectRequest, plan: ErasurePlan | None, **only: object) -> list[PlanLine]:
    """Return the lines of a plan, or those `only` whose columns have these values."""
    if plan is None:
        return []
    known = _known(dsr, plan)
    return [_line(row, known) for row in plan.lines.filter(**only)]


def plan_line(dsr: DataSubjectRequest, row: ErasureLine) -> PlanLine:
    """Return one line by itself."""
    return _line(row, _known(dsr, row.plan))


def to_be_emptied(plan: ErasurePlan | None, system: str = "") -> list[tuple[str, emptied.Loss]]:
    """Return what rows that stay will do without, with the name of each system; of one system only, if it is named."""
    losses, names = emptied.planned(plan, language()) if plan else [], system_names()
    return [(names.get(one.system, one.system), one) for one in losses if system in ("", one.system)]


def carried_out(plan: ErasurePlan) -> list[tuple[Line, Promise]]:
    """Return how each system stands, with what was to be done there."""
    names, measures = system_names(), {action.value: measure for measure, action in ACTIONS.items()}
    tasks = plan.tasks.select_related("dsr", "done_by").order_by("id")
    return [(line(task, names), labels.MEASURES[measures[task.action]]) for task in tasks]


def ordered(dsr: DataSubjectRequest) -> list[Line]:
    """Return what vendors were ordered to do and nobody has seen done yet."""
    names = system_names()
    return [line(task, names) for task in orders.open_orders(dsr)]


def left_to_do(tasks: Iterable[SystemTask]) -> int:
    """Return how many tasks still owe an answer."""
    return sum(task.state in (TaskState.OPEN, TaskState.FAILED) for task in tasks)


def is_anything_left_out(dsr: DataSubjectRequest, plan: ErasurePlan) -> bool:
    """Tell whether something was found that the plan does not speak of."""
    spoken_of = set(plan.lines.values_list("activity", "system"))
    found = erasure_proposal.holdings(erasure_proposal.reads(dsr))
    return any((use, one.system) not in spoken_of for one in found for use in one.uses)


def to_be_told(plan: ErasurePlan) -> list[str]:
    """Return the recipients that will be told, by name."""
    changed = plan.lines.exclude(measure=Measure.KEEP.value).values_list("activity", flat=True)
    return recipients.of(set(changed), language())


def backups_gone_on(plan: ErasurePlan) -> date | None:
    """Return the day by which the last backup with the data is gone, or None if the register does not say."""
    return uses.backups_gone_on(plan.begun_at or plan.runs_at or timezone.now() + erasure.undo_window())


def undo_window() -> str:
    """Return how long an approval can be taken back: "24 hours", "1 minute"."""
    minutes = round(erasure.undo_window().total_seconds() / 60)
    hours, rest = divmod(minutes, 60)
    if hours and not rest:
        return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}
    return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}


@dataclass(frozen=True)
class _Known:
    """What the words of a line are made from: names of systems and uses, who counted, which lines are empty."""

    systems: Mapping[str, str]
    uses: Mapping[str, str]
    counted: frozenset[str]
    empty: Mapping[erasure_proposal.Use, erasure_proposal.Empty]


def _known(dsr: DataSubjectRequest, plan: ErasurePlan) -> _Known:
    searches = dsr.tasks.filter(action=TaskAction.READ.value, result_sha256__gt="")
    counted = frozenset(searches.values_list("system", flat=True))
    return _Known(system_names(), uses.names(language()), counted, erasure_proposal.empty_lines(plan))


def _line(row: ErasureLine, known: _Known) -> PlanLine:
    missing, empty = erasure.gap_of(row), known.empty.get((row.activity, row.system))
    return PlanLine(
        row=row,
        system=known.systems.get(row.system, row.system),
        use=known.uses.get(row.activity, row.activity),
        measure=labels.MEASURES[row.measure],
        ground=cited(Ground(row.ground)) if row.ground in set(Ground) else "",
        counted=row.system in known.counted,
        gap=sentence(missing) if missing else "",
        decided_by=", ".join(known.uses.get(use, use) for use in empty.decided_by) if empty else "",
        changes_nothing=empty is not None and not empty.done_elsewhere and row.measure != Measure.KEEP,
    )
