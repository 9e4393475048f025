"""What a person takes along to another service (GDPR Art. 20): which data, out of which searches, in which files."""

from django.utils.translation import gettext as _

from exports.domain import portability
from exports.domain import register as domain
from exports.domain.answer import SearchOutcome
from exports.domain.bundle import TABLES
from exports.domain.letter import Line, Section
from exports.domain.portability import FIELD_GUIDE, PORTABILITY_JSON, PortableTable
from exports.domain.records import Origin
from requests_app.domain.enums import Right
from requests_app.domain.snapshot import Reason
from requests_app.models import Case, DataSubjectRequest

from . import answer_systems, register, registers
from .answer_problems import NotReady
from .answer_systems import Search


def sections(dsr: DataSubjectRequest, language: str) -> tuple[Section, ...]:
    """Return what the files are, in the active language, which is `language`."""
    lines = (
        Line((PORTABILITY_JSON, _("All the data in one file for programs, with a description of itself"))),
        Line((f"{TABLES}/", _("The same data as tables, one file each, for spreadsheets"))),
        Line((FIELD_GUIDE, _("What each field means, and whether you gave the data or it came about by your use"))),
    )
    text = _(
        "The files hold the data that you gave us and the data that came about by your use, as far as we use it by"
        " your consent or for a contract with you. Assessments of our own are not part of it; you get those when you"
        " ask for access."
    )
    return (Section(_("The files"), (text,), (_("File"), _("What it holds")), lines),)


def activities(case: Case) -> dict[str, list[str]]:
    """Return the activities of a case in which the right applies (use by consent or for a contract), by system.

    Raises NotReady while there is no register.
    """
    try:
        current = registers.concerning(case)
    except register.NoRegister:
        raise NotReady(Reason("answer_waits_register")) from None
    found: dict[str, list[str]] = {}
    for activity in current.activities:
        if activity.grants(Right.PORTABILITY):
            for system in activity.source_systems:
                if not isinstance(system, domain.Unknown):
                    found.setdefault(system, []).append(activity.id)
    return found


def tables(searches: tuple[Search, ...], language: str, binding: str) -> tuple[PortableTable, ...]:
    """Return the data of the searches that may be taken along.

    Raises NotReady when a file cannot be read, and when nothing is left: that is no request met in full.
    """
    found: list[PortableTable] = []
    for search in searches:
        result = answer_systems.result_of(search, binding) if search.outcome is SearchOutcome.FOUND else None
        if result is not None:
            found += portability.tables(
                search.system, search.name, result.extracted_at, result.records, frozenset(search.activities), language
            )
    if not found and not any(search.document for search in searches):
        raise NotReady(Reason("portability_empty"))
    return tuple(found)


def field_guide(found: tuple[PortableTable, ...]) -> bytes:
    """Return the guide to the fields in the active language."""
    heads = (_("File"), _("Field"), _("Name"), _("Kind of data"), _("Where it came from"))
    return portability.field_guide(found, heads, {Origin.GIVEN: _("You"), Origin.OBSERVED: _("Your use")})
