"""Whom we have told what was done (GDPR Art. 19), and how a letter names systems and days."""

from datetime import datetime

from django.utils.translation import gettext as _

from exports.domain.enums import TaskAction, TaskState
from exports.domain.letter import Line, Section
from exports.models import SystemTask
from requests_app.models import DataSubjectRequest
from requests_app.services import clock

from .pdf_text import long_day


def sections(dsr: DataSubjectRequest) -> tuple[Section, ...]:
    """Return who received the data and was told; nothing where there is nobody to tell."""
    notices = dsr.tasks.filter(action=TaskAction.NOTIFY.value).order_by("id")
    lines = tuple(Line((task.system_name, _told(task, dsr.case.language))) for task in notices)
    if not lines:
        return ()
    text = _("The law has us tell everybody who received the data from us what was done (GDPR Article 19).")
    return (Section(_("Who we tell"), (text,), (_("Recipient"), _("How it stands")), lines),)


def day(time: datetime | None, language: str) -> str:
    """Return the local day of a time as a letter writes it, or a dash."""
    return long_day(clock.calendar().local_date(time), language) if time else "–"


def names(dsr: DataSubjectRequest) -> dict[str, str]:
    """Return what the systems of a request are called, by id; they were named in the language of the case."""
    return dict(dsr.tasks.order_by("id").values_list("system", "system_name"))


def _told(task: SystemTask, language: str) -> str:
    match TaskState(task.state):
        case TaskState.DONE | TaskState.ACCEPTED:
            return _("Told on %(day)s") % {"day": day(task.done_at, language)}
        case TaskState.NOT_FOUND | TaskState.KEPT:
            return task.note.strip() or _("Could not be told")
        case _:
            return _("Will be told")
