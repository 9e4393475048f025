"""What the page of corrections shows: what was entered and how it stands, and the rows to correct."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from exports import labels
from exports.domain import corrections as values
from exports.domain.enums import TaskState
from exports.domain.records import FieldValue, Record, Scalar
from exports.models import Correction, SystemTask
from exports.services import correction_plan, correction_run
from exports.services.holdings import Held
from requests_app.models import DataSubjectRequest
from requests_app.templatetags.ui import day, moment

from .task_panel import language, system_names

ROWS_A_PAGE = 20
_ALL_OR_NONE = _("Not changed, because another field of the system could not be.")


@dataclass(frozen=True)
class Line:
    """One correction and how it stands; `search` is the task to search anew where the system holds another value.

    `kind` is what the row is called that the field stands in; nothing for a system that was searched by hand.
    """

    row: Correction
    kind: str
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
    label: str
    fields: list[Shown]
    may_be_corrected: bool


def lines(dsr: DataSubjectRequest, everything: Sequence[Held]) -> list[Line]:
    """Return the corrections of a request, oldest first."""
    rows, tasks, names = list(dsr.corrections.all()), correction_plan.tasks_by_system(dsr), system_names()
    searches = {one.task.system: one.task.pk for one in everything}
    stale = {row.pk for row in correction_run.outdated([row for row in rows if not row.done_at], everything)}
    called = kinds(everything)
    return [
        _line(row, tasks.get(row.system), called.get(row.collection, ""), names, row.pk in stale, searches)
        for row in rows
    ]


def kinds(everything: Sequence[Held]) -> dict[str, str]:
    """Return what the rows of each collection are called in the reader's language."""
    return {one.collection: one.label.in_language(language()) for held in everything for one in held.records or ()}


def rows(everything: Sequence[Held], page: int) -> tuple[list[Row], int]:
    """Return the rows of one page, counted from 1, and how many pages there are."""
    found = [(one, record, n) for one in everything for n, record in enumerate(one.records or ())]
    pages = max(1, -(-len(found) // ROWS_A_PAGE))
    start = (min(max(page, 1), pages) - 1) * ROWS_A_PAGE
    names = system_names()
    return [row_of(one, record, n, names) for one, record, n in found[start : start + ROWS_A_PAGE]], pages


def row_of(one: Held, record: Record, number: int, names: dict[str, str]) -> Row:
    """Return a row in the reader's language."""
    return Row(
        held=one,
        record=record,
        number=number,
        system=names.get(one.task.system, one.task.system_name),
        label=record.label.in_language(language()),
        fields=[shown(value) for value in record.fields],
        may_be_corrected=any(one.may_be_corrected(record, value) for value in record.fields),
    )


def shown(value: FieldValue) -> Shown:
    """Return a field as it is read; what is kept back has no text."""
    text = "" if value.withheld else in_words(value.value)
    return Shown(value.label.in_language(language()), text, value.withheld is not None)


def in_words(value: Scalar) -> str:
    """Return a value as people read it: yes and no, a day, a moment, anything else as it stands there."""
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    time = values.as_time(value)
    if time is None:
        return values.as_text(value)
    return moment(time) if isinstance(time, datetime) else day(time)


def by_hand(everything: Sequence[Held]) -> list[tuple[str, str]]:
    """Return id and name of the systems that were searched by hand and hold something."""
    names = system_names()
    return [(h.task.system, names.get(h.task.system, h.task.system_name)) for h in everything if h.records is None]


def _line(
    row: Correction, task: SystemTask | None, kind: str, names: dict[str, str], stale: bool, searches: dict[str, int]
) -> Line:
    under_way = task is not None and task.state == TaskState.OPEN
    state, level, trouble = _standing(row, task)
    if stale and not under_way:
        state, level = _("The system holds another value now"), "yellow"
    return Line(
        row=row,
        kind=kind,
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
    if task is None or (task.done_at and row.created_at > task.done_at):
        return _("Entered"), "neutral", ""
    if task.state == TaskState.FAILED:
        mine = not task.fault_place or task.fault_place in (f"{row.collection}.{row.field}", row.collection)
        return labels.TASK_STATES[TaskState.FAILED], "red", labels.fault(task.fault) if mine else _ALL_OR_NONE
    if task.state == TaskState.OPEN:
        return _("Is being corrected"), "paused", labels.fault(task.fault)
    return labels.task_state(task), "done", ""
