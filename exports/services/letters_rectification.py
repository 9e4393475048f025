"""What a letter says about corrected data (GDPR Art. 16): what it was, what it is now, where and since when."""

from django.utils.translation import gettext as _

from exports.domain.enums import TaskAction, TaskState
from exports.domain.letter import Line, Section
from exports.models import Correction, SystemTask
from requests_app.domain.snapshot import Reason
from requests_app.models import DataSubjectRequest

from . import correction_plan, letters_recipients
from .answer_problems import NotReady
from .correction_words import written
from .letters_recipients import day
from .pdf_text import long_day


def standing(dsr: DataSubjectRequest) -> dict[str, object]:
    """Return what the words of the letter depend on: was something corrected, and was something only ordered."""
    states = set(dsr.tasks.filter(action=TaskAction.RECTIFY.value).values_list("state", flat=True))
    corrected = Correction.objects.filter(dsr=dsr, done_at__isnull=False).exists()
    return {"done": corrected or TaskState.DONE.value in states, "ordered": TaskState.ACCEPTED.value in states}


def sections(dsr: DataSubjectRequest, language: str) -> tuple[Section, ...]:
    """Return what was corrected, what was ordered, what was not, and who is told.

    Needs the active language to be `language`. What a vendor has only been ordered to do is never called corrected,
    and what nobody has answered yet stays in no table: the letter promises it for a day. The same value in several
    rows of one system is one line, for the person sees no rows. Raises NotReady where the values are deleted.
    """
    orders = correction_plan.tasks_by_system(dsr)
    names, rows = letters_recipients.names(dsr), list(Correction.objects.filter(dsr=dsr))
    done, ordered, left = [], [], []
    for row in rows:
        order, where = orders.get(row.system), names.get(row.system, row.system)
        if not row.old_value and not row.new_value:
            raise NotReady(Reason("answer_data_gone", {"ids": where}))
        old, new = written(row.old_value) or "–", written(row.new_value) or "–"
        values = (row.label, old, new, where)
        if row.done_at:
            done.append(Line((*values, day(row.done_at, language))))
        elif order and order.state == TaskState.ACCEPTED and row.ordered_in == order.round:
            ordered.append(Line((*values, _ordered(order, language))))
        elif correction_plan.is_settled(row, order):
            left.append(Line((row.label, old, where)))
    columns = (_("What"), _("It was"), _("It is now"), _("Where"), _("When"))
    wanted = (_("What"), _("It is"), _("It becomes"), _("Where"), _("How it stands"))
    found = [
        Section(_("What we have corrected"), (), columns, _once(done)),
        Section(_("What we have ordered to be corrected"), (), wanted, _once(ordered)),
        Section(_("What stays as it is"), (), (_("What"), _("It is"), _("Where")), _once(left)),
        Section(_("Corrected by hand"), (), (_("System"), _("How it stands")), _by_hand(orders, rows, language)),
    ]
    return (*(section for section in found if section.lines), *letters_recipients.sections(dsr))


def _once(lines: list[Line]) -> tuple[Line, ...]:
    return tuple(dict.fromkeys(lines))


def _by_hand(orders: dict[str, SystemTask], rows: list[Correction], language: str) -> tuple[Line, ...]:
    """Systems in which somebody corrected something that has no row of its own."""
    alone = [task for system, task in orders.items() if system not in {row.system for row in rows}]
    words = {
        TaskState.DONE: lambda task: _("Corrected on %(day)s") % {"day": day(task.done_at, language)},
        TaskState.ACCEPTED: lambda task: _ordered(task, language),
        TaskState.KEPT: lambda task: _("Stays as it is"),
    }
    return tuple(Line((task.system_name, words[TaskState(task.state)](task))) for task in alone if task.state in words)


def _ordered(task: SystemTask, language: str) -> str:
    given = {"day": day(task.done_at, language)}
    if task.finishes_on is None:
        return _("Ordered on %(day)s") % given
    by = long_day(task.finishes_on, language)
    return _("Ordered on %(day)s; the vendor says by %(by)s") % (given | {"by": by})
