"""Requirements and refusals of an answer in words that name systems and fields, not their ids."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from exports.domain import register as domain
from exports.domain.enums import SILENT, TaskState
from exports.services import register, registers, requirements
from requests_app import selectors
from requests_app.domain.enums import RequirementKind
from requests_app.domain.snapshot import Reason
from requests_app.labels import REQUIREMENTS
from requests_app.models import DataSubjectRequest, Requirement
from requests_app.reasons import sentence

from .task_panel import language, system_names

_FIELDS_NAMED = 2


def refusal(reason: Reason, dsr: DataSubjectRequest) -> str:
    """Return why a step is barred; an open requirement in the words of `requirement`."""
    if reason.code != "requirement_open":
        return sentence(reason)
    row = dsr.requirements.filter(kind=reason.params["kind"]).first()
    return f"{REQUIREMENTS[row.kind]}: {requirement(row, dsr)}" if row else sentence(reason)


def requirement(row: Requirement, dsr: DataSubjectRequest) -> str:
    """Return in words what an open requirement waits for."""
    code, _colon, ids = row.reason.partition(":")
    if code == "register_unknown":
        return _register(dsr)
    names = system_names()
    named = ", ".join(names.get(one, one) for one in ids.split(","))
    return sentence(Reason(code, {"ids": named})) if code else _("not in place yet")


def missing(row: Requirement, dsr: DataSubjectRequest) -> str:
    """Return a proposal for what the letter says is missing, in the language of the case."""
    with override(dsr.case.language):
        if row.kind == RequirementKind.SYSTEMS:
            names, tasks = system_names(), dsr.tasks.order_by("id")
            lacking = [task for task in tasks if TaskState(task.state) in SILENT or task.truncated]
            listed = _listed([names.get(task.system, task.system_name) for task in lacking])
            return _("you in %(systems)s") % {"systems": listed}
        return _("some points of how we use your data")


def _register(dsr: DataSubjectRequest) -> str:
    """Name the first fields that nobody has filled, and count the others."""
    try:
        current = registers.concerning(dsr.case)
    except register.NoRegister:
        return _("no register is loaded")
    trial = selectors.organisation().trial
    unknown = requirements.unknown_fields(dsr, dsr.tasks.all(), current, trial=trial)
    named = "; ".join(_field(field) for field in unknown[:_FIELDS_NAMED])
    left = len(unknown) - _FIELDS_NAMED
    if left <= 0:
        return _("the register does not say %(fields)s") % {"fields": named}
    more = ngettext("and %(n)d more thing", "and %(n)d more things", left) % {"n": left}
    return _("the register does not say %(fields)s; %(more)s") % {"fields": named, "more": more}


def _field(field: domain.UnknownField) -> str:
    label = field.label.in_language(language())
    return f"{label} ({field.about.in_language(language())})" if field.about else label


def _listed(names: list[str]) -> str:
    if len(names) < 2:
        return "".join(names)
    return _("%(all)s and %(last)s") % {"all": ", ".join(names[:-1]), "last": names[-1]}
