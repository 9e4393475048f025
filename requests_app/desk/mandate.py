"""The box of the case page about somebody who writes for another: asked to show that they may, and what was shown."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from requests_app.domain.enums import MandateCheck, Requester
from requests_app.domain.errors import ActionRefused
from requests_app.labels import MANDATE_CHECKS, MANDATE_KINDS, right_label
from requests_app.models import Case, Mandate
from requests_app.permissions import Permission, may, requires, staff
from requests_app.reasons import sentence
from requests_app.services import mandate, mandate_record, wording

from . import case_page, case_step, form_again
from .mandate_form import MandateForm

ANCHOR = "mandate"


@dataclass(frozen=True)
class Recorded:
    """The mandate as the box shows it; `faults`: why it opens nothing, or not everything, today."""

    row: Mandate
    kind: Promise
    checks: list[Promise]
    rights: list[Promise | str]
    faults: list[str]


def panel(request: HttpRequest, case: Case) -> str:
    """Return the box as HTML; empty where nobody writes for another."""
    if case.requester == Requester.SELF:
        return ""
    reason, words = mandate.why_not(case), None
    try:
        words = mandate.words(case) if reason is None else None
    except wording.Unresolved as error:
        reason = error.reason
    may_ask = may(staff(request), Permission.ASK_IDENTITY)
    context = {
        "case": case,
        "by_mandate": mandate.concerns(case),
        "asked": mandate.asked(case),
        "letter": words,
        "why_not": sentence(reason) if reason else "",
        "may_ask": may_ask,
        "recorded": _recorded(case),
        "form": MandateForm(case) if may_ask and case.closed_at is None else None,
    }
    return render_to_string("requests_app/desk/mandate.html", context, request=request)


def _recorded(case: Case) -> Recorded | None:
    row = mandate_record.current(case)
    if row is None:
        return None
    faults = (mandate_record.why_not(dsr) for dsr in case.dsrs.open().select_related("case").order_by("id"))
    return Recorded(
        row,
        kind=MANDATE_KINDS[row.kind],
        checks=[MANDATE_CHECKS[one] for one in MandateCheck if one in row.checks],
        rights=[right_label(code) for code in row.rights],
        faults=list(dict.fromkeys(str(sentence(reason)) for reason in faults if reason)),
    )


@require_POST
@requires(Permission.ASK_IDENTITY)
def ask(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask for the mandate."""
    case, version = case_page.find(reference), request.POST.get("version", "")
    seen = int(version) if version.isascii() and version.isdigit() and len(version) < 10 else -1
    try:
        mandate.ask(case.pk, actor=staff(request).as_actor(), version=seen)
        messages.success(request, _("The letter is on its way."))
    except ActionRefused as refused:
        messages.error(request, sentence(refused.reason))
    return redirect("requests:desk:case", case.reference)


@require_POST
@requires(Permission.ASK_IDENTITY)
def record(request: HttpRequest, reference: str) -> HttpResponse:
    """Write down what the mandate covers and what was looked at."""
    case = case_page.find(reference)
    form = MandateForm(case, request.POST)
    if form.is_valid():
        try:
            mandate_record.record(case.pk, actor=staff(request).as_actor(), **form.given())
            return case_step.done(request, case, ANCHOR, _("The mandate is recorded."))
        except ActionRefused as refused:
            form.refuse(refused.reason)
    title, button = _("Record the mandate"), _("Record it")
    return form_again.show(request, case, form, title=title, button=button, anchor=ANCHOR)


@require_POST
@requires(Permission.ASK_IDENTITY)
def take_back(request: HttpRequest, reference: str) -> HttpResponse:
    """Say that the mandate does not hold any more."""
    case, actor = case_page.find(reference), staff(request).as_actor()
    version = case_step.version(request)
    return case_step.attempt(
        request, case, ANCHOR, lambda: mandate_record.take_back(case.pk, actor=actor, version=version),
        _("The mandate is taken back. Nothing is given out on it any more."),
    )  # fmt: skip
