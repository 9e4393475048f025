"""What a letter says about deleted data (GDPR Art. 17): what went where and how, what stays and why, who is told.

It proves the deletion without repeating it: no deleted value ever stands here. What a vendor has only been ordered
to delete is never called deleted. What an earlier plan of the same request deleted is told with the rest; what it kept
was searched again and stands in the plan that followed.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from exports.domain.enums import SILENT, Measure, TaskAction, TaskMode, TaskState
from exports.domain.letter import Line, Section
from exports.models import ErasureLine, ErasurePlan, SystemTask
from requests_app.domain.grounds import Ground
from requests_app.ground_labels import cited_in_full
from requests_app.models import DataSubjectRequest
from requests_app.services import suppression_list

from . import emptied, erasure_proposal, letters_recipients, otherwise, uses
from .letters_recipients import day
from .pdf_text import long_day, number

_ACTIONS: dict[Measure, TaskAction] = {
    Measure.DELETE: TaskAction.ERASE,
    Measure.ANONYMISE: TaskAction.ANONYMISE,
    Measure.RESTRICT: TaskAction.RESTRICT,
}


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of the plan with the task that carries it out, and the words for both."""

    measure: Measure
    activity: str
    system: str
    task: SystemTask | None
    why: str
    until: str
    is_empty: bool = False
    decided_by: tuple[str, ...] = ()

    @property
    def state(self) -> TaskState:
        return TaskState(self.task.state) if self.task else TaskState.OPEN

    @property
    def is_nothing(self) -> bool:
        """Whether there was nothing to change: nothing was there, or other uses decide over all of it."""
        return self.state is TaskState.NOT_FOUND or (self.is_empty and self.state is not TaskState.KEPT)


def standing(dsr: DataSubjectRequest) -> dict[str, object]:
    """Return what the words of the letter depend on: was something deleted, ordered, kept."""
    tasks = dsr.tasks.filter(action__in=[TaskAction.ERASE.value, TaskAction.ANONYMISE.value])
    staying = [Measure.KEEP.value, Measure.RESTRICT.value]
    kept = ErasureLine.objects.filter(plan__dsr=dsr, plan__current=True, measure__in=staying)
    states = set(tasks.values_list("state", flat=True))
    return {
        "done": TaskState.DONE.value in states,
        "ordered": TaskState.ACCEPTED.value in states,
        "kept": kept.exists() or tasks.exclude(plan__current=False).filter(state=TaskState.KEPT.value).exists(),
    }


def sections(dsr: DataSubjectRequest, language: str) -> tuple[Section, ...]:
    """Return the plan as it was carried out, in the active language, which is `language`."""
    rows = _rows(dsr, language)
    there = [row for row in rows if not row.is_nothing]
    gone = [row for row in there if row.measure in (Measure.DELETE, Measure.ANONYMISE)]
    done = [row for row in gone if row.state is TaskState.DONE]
    ordered = [row for row in gone if row.state is TaskState.ACCEPTED]
    nothing = [row for row in rows if row.is_nothing]
    stays = [row for row in rows if row.measure is Measure.KEEP or row.state is TaskState.KEPT]
    stored = [row for row in there if row.measure is Measure.RESTRICT and row.state is not TaskState.KEPT]
    waiting = [row for row in gone if row.state in SILENT]
    found = (
        _deleted(done, language),
        _ordered(ordered, language),
        _nothing(nothing),
        _kept(stays),
        _emptied(dsr, language),
        _stored(stored, language),
        _table(_("Not done yet"), (_("System"), _("Use of data")), [(row.system, row.activity) for row in waiting]),
    )
    shown = [section for section in found if section.lines]
    return (
        *shown,
        *_otherwise(done),
        *_backups(done, ordered, language),
        *_suppression(dsr),
        *letters_recipients.sections(dsr),
    )


def _rows(dsr: DataSubjectRequest, language: str) -> list[_Row]:
    tasks = {(task.plan_id, task.system, task.action): task for task in dsr.tasks.order_by("id")}
    names, used = letters_recipients.names(dsr), uses.names(language)
    plan = ErasurePlan.objects.current().filter(dsr=dsr).first()
    empty = erasure_proposal.empty_lines(plan) if plan else {}
    rows = []
    for line in ErasureLine.objects.filter(plan__dsr=dsr).select_related("plan").order_by("plan_id", "id"):
        measure = Measure(line.measure)
        task = tasks.get((line.plan_id, line.system, _ACTIONS[measure].value)) if measure in _ACTIONS else None
        if not line.plan.current and not _is_gone(task):
            continue
        nothing = empty.get((line.activity, line.system)) if line.plan.current else None
        ground, end = (
            line.ground or (task.ground if task else ""),
            line.kept_until or (task.kept_until if task else None),
        )
        rows.append(
            _Row(
                measure=measure,
                activity=used.get(line.activity, line.activity),
                system=names.get(line.system, line.system),
                task=task,
                why=_why(ground, _duty(line, task, language), line.reason, *_note_of_kept(task)),
                until=long_day(end, language) if end else "–",
                is_empty=nothing is not None and not nothing.done_elsewhere,
                decided_by=tuple(used.get(use, use) for use in nothing.decided_by) if nothing else (),
            )
        )
    return rows + _without_plan(dsr, used, {row.task.pk for row in rows if row.task}, language)


def _duty(line: ErasureLine, task: SystemTask | None, language: str) -> str:
    """What the duty rests on for which the data of a line is kept; nothing without a duty."""
    return uses.why_of_duty(task.duty if task and task.duty else line.activity, language)


def _note_of_kept(task: SystemTask | None) -> tuple[str, ...]:
    """Why somebody kept by hand what was to go; they wrote it for the person."""
    return (task.note,) if task and task.state == TaskState.KEPT else ()


def _is_gone(task: SystemTask | None) -> bool:
    """Whether a task deleted something or made it anonymous, or a vendor was ordered to."""
    gone = (TaskAction.ERASE, TaskAction.ANONYMISE)
    return task is not None and task.action in gone and task.state in (TaskState.DONE, TaskState.ACCEPTED)


def _without_plan(
    dsr: DataSubjectRequest, used: Mapping[str, str], planned: Collection[int], language: str
) -> list[_Row]:
    """What was done in systems that no line of a plan speaks of: tasks that somebody answered by hand."""
    measures = {action.value: measure for measure, action in _ACTIONS.items()}
    answered = dsr.tasks.filter(action__in=measures).exclude(state=TaskState.OPEN.value).exclude(pk__in=planned)
    return [
        _Row(
            measure=measures[task.action],
            activity=", ".join(used.get(one, one) for one in task.activities),
            system=task.system_name,
            task=task,
            why=_why(task.ground, uses.why_of_duty(task.duty, language), task.note),
            until=long_day(task.kept_until, language) if task.kept_until else "–",
        )
        for task in answered.exclude(plan__current=False).order_by("id")
    ]


def _deleted(rows: Iterable[_Row], language: str) -> Section:
    head = (_("System"), _("Use of data"), _("What we did"), _("When"), _("How"), _("Rows"))
    # A row that serves several uses is counted with one of them; what is said of all of them is said once.
    alike: dict[int, list[_Row]] = {}
    for row in rows:
        if row.task and row.task.otherwise and not row.task.rows:
            continue  # every row became something else, which is said below
        alike.setdefault(row.task.pk if row.task else 0, []).append(row)
    lines = [
        (
            some[0].system,
            ", ".join(row.activity for row in some),
            _what(some[0]),
            _when(some[0], language),
            _how(some[0]),
            _counted(some[0]),
        )
        for some in alike.values()
    ]
    return _table(_("What we have deleted"), head, lines)


def _nothing(rows: Iterable[_Row]) -> Section:
    """Where nothing was changed although it was planned; data that is somebody else's to decide is not called gone."""
    head = (_("System"), _("Use of data"), _("Why"))
    lines = [(row.system, row.activity, _why_nothing(row)) for row in rows]
    return _table(_("Where there was nothing to delete"), head, lines)


def _why_nothing(row: _Row) -> str:
    if row.decided_by and row.is_empty:
        return _("The data is also used for %(uses)s, and that decides what becomes of it.") % {
            "uses": ", ".join(row.decided_by)
        }
    return _("Nothing was there any more.")


def _otherwise(rows: Iterable[_Row]) -> tuple[Section, ...]:
    """What could not be deleted as planned, because data that stays refers to it."""
    told = dict.fromkeys(
        (row.system, said) for row in rows if row.task for said in otherwise.sentences(row.task.otherwise)
    )
    said = tuple(f"{system}: {sentence}" for system, sentence in told)
    return (Section(_("What we did otherwise"), said),) if said else ()


def _ordered(rows: Iterable[_Row], language: str) -> Section:
    lines = []
    for row in rows:
        by = row.task.finishes_on if row.task else None
        promise = (
            _("The vendor says by %(by)s") % {"by": long_day(by, language)} if by else _("The vendor names no day")
        )
        lines.append((row.system, row.activity, _when(row, language), promise))
    text = _("The vendor of the system carries it out. Until then the data may still exist there.")
    head = (_("System"), _("Use of data"), _("Ordered on"), _("Done by"))
    return _table(_("What we have ordered to be deleted"), head, lines, text)


def _kept(rows: Iterable[_Row]) -> Section:
    head = (_("System"), _("Use of data"), _("Why"), _("Until"))
    return _table(_("What we keep"), head, [(r.system, r.activity, r.why, r.until) for r in rows])


def _emptied(dsr: DataSubjectRequest, language: str) -> Section:
    head = (_("System"), _("Kind of data"), _("Emptied"), _("Rows"))
    names, losses = letters_recipients.names(dsr), emptied.done(dsr.tasks.order_by("id"), language)
    lines = [(names.get(one.system, one.system), one.kind, one.fields, number(one.rows)) for one in losses]
    text = _("Of the data that stays we keep no more than the duty needs. These fields of it are empty now.")
    return _table(_("What we have emptied in the data that stays"), head, lines, text)


def _stored(rows: Iterable[_Row], language: str) -> Section:
    head = (_("System"), _("Use of data"), _("Why"), _("Since"))
    text = _("This data is locked: it is only stored, and used for nothing but the reason given here.")
    return _table(
        _("What we only store"), head, [(r.system, r.activity, r.why, _when(r, language)) for r in rows], text
    )


def _backups(done: list[_Row], ordered: list[_Row], language: str) -> tuple[Section, ...]:
    if not done and not ordered:
        return ()
    last = max((row.task.done_at for row in done if row.task and row.task.done_at), default=None)
    gone_on = uses.backups_gone_on(last) if last and not ordered else None
    ends = (
        _("The last copy in a backup is gone by %(day)s.") % {"day": long_day(gone_on, language)}
        if gone_on
        else _("Copies in backups go when the backups expire.")
    )
    text = _("Until then we do not use them. If we ever have to restore a backup, we delete the data again.")
    return (Section(_("Backups"), (f"{ends} {text}",)),)


def _suppression(dsr: DataSubjectRequest) -> tuple[Section, ...]:
    """Why something about the person stays after a deletion: the block that keeps marketing away from them."""
    if not suppression_list.entries_of(dsr.case).exists():
        return ()
    text = _(
        "So that you get no marketing from us again, we keep a code that is made from your e-mail address or phone"
        " number. Nobody can read the address from the code; we can only compare it with addresses that are about to"
        " be used. If you do not want this, write to us, and we will lift the block. Then marketing can reach you again"
        " if your address comes to us once more."
    )
    return (Section(_("The block on marketing"), (text,)),)


def _table(heading: str, columns: tuple[str, ...], rows: Iterable[tuple[str, ...]], text: str = "") -> Section:
    return Section(heading, (text,) if text else (), columns, tuple(Line(row) for row in rows))


def _what(row: _Row) -> str:
    return _("Made anonymous") if row.measure is Measure.ANONYMISE else _("Deleted")


def _when(row: _Row, language: str) -> str:
    return day(row.task.verified_at or row.task.done_at, language) if row.task else "–"


def _counted(row: _Row) -> str:
    """How many rows the connector said went; where a person did it, nobody counted."""
    return number(row.task.rows) if row.task and not _is_by_hand(row.task) else "–"


def _how(row: _Row) -> str:
    if row.task is None or _is_by_hand(row.task):
        return _("By hand, confirmed by a member of our staff")
    return _("Automatically, proved by a second look-up") if row.task.verified_at else _("Automatically")


def _is_by_hand(task: SystemTask) -> bool:
    """Whether a person did it, be it because the connector failed."""
    return task.mode == TaskMode.MANUAL or task.done_by_id is not None


def _why(ground: str, *reasons: str) -> str:
    try:
        named = cited_in_full(Ground(ground)) if ground else ""
    except ValueError:
        named = ""
    parts = [part for part in (named, *(reason.strip() for reason in reasons)) if part]
    return ". ".join(part[0].upper() + part[1:] for part in parts) or "–"
