"""What the page of corrections shows: what was entered and how it stands, and the rows to correct."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from exports import labels
from exports.domain.enums import TaskState
from exports.domain.records import FieldValue, Record
from exports.models import Correction, SystemTask
from exports.services import correction_plan, correction_run
from exports.services.correction_words import in_words
from exports.services.holdings import Held
from requests_app.models import DataSubjectRequest

from .row_words import Name, Names
from .task_panel import language, system_names

ROWS_A_PAGE = 20
_ALL_OR_NONE = _("Not changed, because another field of the system could not be.")


@dataclass(frozen=True)
class Line:
    """One correction and how it stands; `search` is the task to search anew where the system holds another value.

    `name` is what the row is called that the field stands in; empty for a system that was searched by hand.
    """

    row: Correction
    name: Name
    system: str
    state: Promise | str
    level: str
    trouble: Promise | str
    task: SystemTask | None
    search: int | None
    may_remove: bool


@dataclass(frozen=True)
class Shown:
    """One field of a row."""

    label: str
    text: str
    withheld: bool


@dataclass(frozen=True)
class Row:
    """One row of a system, with its place in the result it was read from."""

    held: Held
    record: Record
    number: int
    system: str
    name: Name
    fields: list[Shown]
    may_be_corrected: bool


def lines(dsr: DataSubjectRequest, everything: Sequence[Held]) -> list[Line]:
    """Return the corrections of a request, oldest first."""
    rows, tasks, names = list(dsr.corrections.all()), correction_plan.tasks_by_system(dsr), system_names()
    searches = {one.task.system: one.task.pk for one in everything}
    stale = {row.pk for row in correction_run.outdated([row for row in rows if not row.done_at], everything)}
    called = Names(everything)
    return [
        _line(
            row, tasks.get(row.system), called.of(row.system, row.collection, row.record_key), names,
            row.pk in stale, searches,
        )
        for row in rows
    ]  # fmt: skip


def rows(everything: Sequence[Held], page: int) -> tuple[list[Row], int]:
    """Return the rows of one page, counted from 1, and how many pages there are."""
    found = [(one, record, n) for one in everything for n, record in enumerate(one.records or ())]
    pages = max(1, -(-len(found) // ROWS_A_PAGE))
    start = (min(max(page, 1), pages) - 1) * ROWS_A_PAGE
    names, called = system_names(), Names(everything)
    return [_row(one, record, n, names, called) for one, record, n in found[start : start + ROWS_A_PAGE]], pages


def row_of(everything: Sequence[Held], one: Held, number: int) -> Row:
    """Return one of the rows in the reader's language; `one` is the search that found it."""
    return _row(one, (one.records or ())[number], number, system_names(), Names(everything))


def _row(one: Held, record: Record, number: int, names: dict[str, str], called: Names) -> Row:
    return Row(
        held=one,
        record=record,
        number=number,
        system=names.get(one.task.system, one.task.system_name),
        name=called.of(one.task.system, record.collection, record.key),
        fields=[shown(value) for value in record.fields],
        may_be_corrected=any(one.may_be_corrected(record, value) for value in record.fields),
    )


def shown(value: FieldValue) -> Shown:
    """Return a field as it is read; what is kept back has no text."""
    text = "" if value.withheld else in_words(value.value)
    return Shown(value.label.in_language(language()), text, value.withheld is not None)


def by_hand(everything: Sequence[Held]) -> list[tuple[str, str]]:
    """Return id and name of the systems that were searched by hand and hold something."""
    names = system_names()
    return [(h.task.system, names.get(h.task.system, h.task.system_name)) for h in everything if h.records is None]


def _line(
    row: Correction, task: SystemTask | None, name: Name, names: dict[str, str], stale: bool, searches: dict[str, int]
) -> Line:
    under_way = task is not None and task.state == TaskState.OPEN and row.ordered_in == task.round
    state, level, trouble = _standing(row, task)
    if stale and not under_way:
        state, level = _("The system holds another value now"), "yellow"
    return Line(
        row=row,
        name=name,
        system=names.get(row.system, task.system_name if task else row.system),
        state=state,
        level=level,
        trouble=trouble,
        task=task,
        search=searches.get(row.system) if stale or trouble else None,
        may_remove=not row.done_at and not under_way,
    )


def _standing(row: Correction, task: SystemTask | None) -> tuple[Promise | str, str, Promise | str]:
    """State, level of its badge, and what is in the way."""
    if row.done_at:
        return _("Corrected"), "done", ""
    if task is None or row.ordered_in is None:
        return _("Entered"), "neutral", ""
    if row.ordered_in < task.round:
        return _("Stays as it is"), "done", ""
    if task.state == TaskState.FAILED:
        mine = not task.fault_place or task.fault_place in (f"{row.collection}.{row.field}", row.collection)
        return labels.TASK_STATES[TaskState.FAILED], "red", labels.fault(task.fault) if mine else _ALL_OR_NONE
    if task.state == TaskState.OPEN:
        return _("Is being corrected"), "paused", labels.fault(task.fault)
    return labels.task_state(task), "done", ""
