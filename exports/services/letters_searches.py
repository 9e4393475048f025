"""What a letter says when nothing was found: where, how and when we looked."""

from django.utils.translation import gettext as _

from exports import vault
from exports.domain.answer import SearchOutcome
from exports.domain.enums import TaskAction
from exports.domain.letter import Line, Section
from exports.models import SystemTask
from requests_app.models import DataSubjectRequest
from requests_app.services import clock

from . import answer_systems, subject
from .pdf_text import long_day


def read_tasks(dsr: DataSubjectRequest) -> list[SystemTask]:
    """Return the searches of a request, in the order in which they were planned."""
    return list(dsr.tasks.filter(action=TaskAction.READ.value).order_by("id"))


def sections(dsr: DataSubjectRequest) -> tuple[Section, ...]:
    """Return the systems that were searched, and how."""
    language, binding = dsr.case.language, vault.binding_of(dsr.case)
    tasks = list(dsr.tasks.exclude(action=TaskAction.NOTIFY.value).order_by("id"))
    results = {SearchOutcome.CANNOT_IDENTIFY: _("Cannot be tied to you")}
    lines = []
    for search in answer_systems.searches(tasks, {}, subject.identifiers(dsr.case)):
        data = answer_systems.data_of(search, language, binding)
        when = long_day(clock.calendar().local_date(data.searched_at), language) if data.searched_at else "–"
        result = results.get(data.outcome, _("Nothing found"))
        lines.append(Line((data.name, data.how_searched, when, result)))
    columns = (_("System"), _("How we searched"), _("When"), _("Result"))
    return (Section(_("Systems we searched"), (), columns, tuple(lines)),) if lines else ()
