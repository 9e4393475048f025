"""The pages of a deletion: the plan with its counts, one line of it, what is done by hand, a legal hold."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from exports.models import ErasureLine, ErasurePlan
from exports.services import erasure as service
from exports.services import erasure_proposal, erasure_suppression, uses
from identity import selectors as identity
from identity.domain.enums import Level
from requests_app.desk import case_step
from requests_app.domain.enums import Right
from requests_app.domain.errors import ActionRefused
from requests_app.models import DataSubjectRequest, LegalHold
from requests_app.permissions import Permission, may, requires, staff
from requests_app.reasons import sentence
from requests_app.services import holds

from . import erasure_words as words
from .erasure_forms import HoldForm, LineForm
from .erasure_panel import card
from .task_panel import language

INVALID = 422


@requires(Permission.VIEW_CASES)
@require_safe
def plan(request: HttpRequest, dsr_id: int) -> HttpResponse:
    """Show the plan with its counts, and all that follows from it, before anybody approves."""
    return _show(request, _find(dsr_id))


@requires(Permission.VIEW_CASES)
@require_safe
def earlier(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Show a plan that was carried out before the request was opened again, and what became of it."""
    row = get_object_or_404(ErasurePlan.objects.earlier().select_related("dsr__case"), pk=plan_id)
    shown = card(row.dsr, row.dsr.case, staff(request), row)
    context = {"card": shown, "case": row.dsr.case, "case_url": _case_url(row.dsr, shown.anchor)}
    return render(request, "exports/desk/erasure_earlier.html", context)


@requires(Permission.DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
def line(request: HttpRequest, line_id: int) -> HttpResponse:
    """Decide what becomes of one line."""
    row = get_object_or_404(ErasureLine.objects.select_related("plan__dsr__case"), pk=line_id)
    dsr = row.plan.dsr
    holding = next((one for one in _holdings(dsr) if one.system == row.system), None)
    end = erasure_proposal.computed_end(row.activity, holding)
    form = LineForm(
        row, request.POST or None, end_is_computed=end is not None, lang=dsr.case.language,
        initial={"version": dsr.case.version},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        version, actor = form.cleaned_data["version"], staff(request).as_actor()
        try:
            if form.is_outside:
                service.leave_out(row.pk, actor=actor, version=version)
            else:
                service.change(row.pk, form.decision(), actor=actor, version=version)
        except ActionRefused as refused:
            form.refuse(refused.reason)
        else:
            messages.success(request, _("The plan is changed. It has to be submitted and approved as it is now."))
            return redirect(_url(dsr))
    if form.is_bound:  # saving once more after having been told of a change is what the person then wants
        form.data = {**request.POST.dict(), "version": dsr.case.version}
    context = {
        "form": form,
        "line": words.plan_line(dsr, row),
        "end": end,
        "duty": uses.why_of_duty(row.activity, language()),
        "case": dsr.case,
        "plan_url": _url(dsr),
        "why_not": _said(service.why_not_change(dsr, row.plan)),
    }
    return render(request, "exports/desk/erasure_line.html", context, status=INVALID if form.errors else 200)


@requires(Permission.DECIDE)
@require_POST
def include(request: HttpRequest, dsr_id: int) -> HttpResponse:
    """Put everything that was found into the plan again."""
    return _do(request, dsr_id, service.include_all, _("Everything that was found is in the plan."))


@requires(Permission.DECIDE)
@require_POST
def submit(request: HttpRequest, dsr_id: int) -> HttpResponse:
    """Hand the plan over to a second person."""
    return _do(request, dsr_id, service.submit, _("Submitted. Somebody else now looks at the plan and approves it."))


@requires(Permission.RELEASE)
@require_POST
def approve(request: HttpRequest, dsr_id: int) -> HttpResponse:
    """Approve the plan as the second person."""
    return _do(request, dsr_id, service.approve, _("Approved. The deletion begins when the time to undo it is over."))


@requires(Permission.VIEW_CASES)
@require_POST
def cancel(request: HttpRequest, dsr_id: int) -> HttpResponse:
    """Take the approval back: whoever may prepare or approve may also stop."""
    user = staff(request)
    if not (may(user, Permission.DECIDE) or may(user, Permission.RELEASE)):
        raise PermissionDenied
    return _do(request, dsr_id, service.cancel, _("Taken back. Nothing is deleted."))


@requires(Permission.DECIDE)
@require_POST
def hold(request: HttpRequest, dsr_id: int) -> HttpResponse:
    """Put a legal hold on the case."""
    dsr = _find(dsr_id)
    form = HoldForm(request.POST)
    if form.is_valid():
        try:
            holds.put(dsr.case_id, actor=staff(request).as_actor(), **form.cleaned_data)
        except ActionRefused as refused:
            form.refuse(refused.reason)
        else:
            messages.success(request, _("There is a legal hold on the case. Nothing is deleted until it is lifted."))
            return redirect(_url(dsr))
    form.data = {**request.POST.dict(), "version": dsr.case.version}
    return _show(request, dsr, form)


@requires(Permission.DECIDE)
@require_POST
def lift(request: HttpRequest, dsr_id: int) -> HttpResponse:
    """Lift the legal hold."""

    def act(dsr_id: int, **who: Any) -> None:
        holds.lift(_find(dsr_id).case_id, **who)

    return _do(request, dsr_id, act, _("The legal hold is lifted."))


def _show(request: HttpRequest, dsr: DataSubjectRequest, hold_form: HoldForm | None = None) -> HttpResponse:
    shown = card(dsr, dsr.case, staff(request))
    standing = LegalHold.objects.standing().select_related("set_by").filter(case=dsr.case_id).first()
    context = {
        "card": shown,
        "case": dsr.case,
        "case_url": _case_url(dsr, shown.anchor),
        "emptied": words.to_be_emptied(shown.plan),
        "told": words.to_be_told(shown.plan) if shown.plan else [],
        "backups_gone_on": words.backups_gone_on(shown.plan) if shown.plan else None,
        "suppression": erasure_suppression.concerned(dsr),
        "nobody_confirmed": identity.assurance(dsr.case).level == Level.L0,
        "undo": words.undo_window(),
        "hold": standing,
        "form": hold_form,
        "hold_form": hold_form or HoldForm(initial={"version": dsr.case.version}),
    }
    status = INVALID if hold_form else 200
    return render(request, "exports/desk/erasure_plan.html", context, status=status)


def _do(request: HttpRequest, dsr_id: int, act: Callable[..., object], done: str) -> HttpResponse:
    dsr = _find(dsr_id)
    try:
        act(dsr.pk, actor=staff(request).as_actor(), version=case_step.version(request))
    except ActionRefused as refused:
        messages.error(request, sentence(refused.reason))
    else:
        messages.success(request, done)
    return redirect(_url(dsr))


def _holdings(dsr: DataSubjectRequest) -> list[erasure_proposal.Holding]:
    return erasure_proposal.holdings(erasure_proposal.reads(dsr))


def _said(reason: Any) -> str:
    return sentence(reason) if reason else ""


def _find(dsr_id: int) -> DataSubjectRequest:
    return get_object_or_404(DataSubjectRequest.objects.select_related("case"), pk=dsr_id, right=Right.ERASURE.value)


def _url(dsr: DataSubjectRequest) -> str:
    return reverse("exports:desk:erasure", args=[dsr.pk])


def _case_url(dsr: DataSubjectRequest, anchor: str) -> str:
    return f"{reverse('requests:desk:case', args=[dsr.case.reference])}#{anchor}"
