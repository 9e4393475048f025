"""What a letter says about data that is stored and not used (GDPR Art. 18), also after an objection."""

from django.utils.translation import gettext as _

from exports.domain.enums import TaskAction, TaskState
from exports.domain.letter import Line, Section
from exports.models import SystemTask
from requests_app.models import DataSubjectRequest

from . import letters_recipients
from .letters_recipients import day
from .pdf_text import long_day


def standing(dsr: DataSubjectRequest) -> dict[str, object]:
    """Return what the words of the letter depend on: is something restricted, and is something only ordered."""
    states = set(dsr.tasks.filter(action=TaskAction.RESTRICT.value).values_list("state", flat=True))
    return {"done": TaskState.DONE.value in states, "ordered": TaskState.ACCEPTED.value in states}


def sections(dsr: DataSubjectRequest, language: str) -> tuple[Section, ...]:
    """Return what was restricted where and when, and who is told, in the active language, which is `language`."""
    tasks = dsr.tasks.filter(action=TaskAction.RESTRICT.value).order_by("id")
    lines = tuple(Line((task.system_name, _standing(task, language))) for task in tasks)
    shown = (Section(_("System by system"), (), (_("System"), _("How it stands")), lines),) if lines else ()
    return (*shown, *letters_recipients.sections(dsr))


def _standing(task: SystemTask, language: str) -> str:
    on = {"day": day(task.done_at, language)}
    match TaskState(task.state):
        case TaskState.DONE:
            return _("Only stored, since %(day)s") % on
        case TaskState.ACCEPTED if task.finishes_on:
            return _("Ordered on %(day)s; the vendor says by %(by)s") % (
                on | {"by": long_day(task.finishes_on, language)}
            )
        case TaskState.ACCEPTED:
            return _("Ordered on %(day)s") % on
        case TaskState.NOT_FOUND:
            return _("Nothing found")
        case TaskState.KEPT:
            return _("Still in use")
        case _:
            return _("Not done yet")
