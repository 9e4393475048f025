"""The pages of a rectification: what the systems hold, what is right, and having it changed."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from exports.domain.enums import SILENT, TaskAction, TaskState
from exports.models import Correction
from exports.services import correction_plan, correction_run, holdings
from exports.services import corrections as service
from exports.services.holdings import Held, Place
from identity.services import delivery
from requests_app import audit
from requests_app.desk import case_step
from requests_app.domain.enums import Right
from requests_app.domain.errors import ActionRefused
from requests_app.models import Case, DataSubjectRequest
from requests_app.permissions import Permission, may, requires, staff
from requests_app.reasons import sentence

from . import correction_page as page
from .correction_forms import ByHandForm, RowForm
from .task_panel import language

INVALID = 422


@requires(Permission.WORK_TASKS)
@require_safe
def overview(request: HttpRequest, dsr_id: int) -> HttpResponse:
    """Show what was entered, and the rows to correct; the look is written down."""
    return _overview(request, _find(dsr_id), None)


@requires(Permission.WORK_TASKS)
@require_http_methods(["GET", "HEAD", "POST"])
def row(request: HttpRequest, dsr_id: int, task_id: int, round_: int, number: int) -> HttpResponse:
    """Show one row with its fields to correct, and take the right values."""
    dsr = _find(dsr_id)
    everything = holdings.of_request(dsr)
    one = next((h for h in everything if h.task.pk == task_id), None)
    if one is None or one.task.round != round_ or not one.records or number >= len(one.records):
        messages.error(request, _("The system was searched anew meanwhile. Choose the row again."))
        return _back(dsr)
    form, places = _row_form(request, dsr, everything, one, number)
    if form.is_bound and form.is_valid():
        try:
            changed = service.enter(
                dsr.pk, form.wanted(), actor=staff(request).as_actor(), version=form.cleaned_data["version"]
            )
        except ActionRefused as refused:
            form.add_error(None, sentence(refused.reason))
            _see_anew(dsr, form)
        else:
            _say(request, dsr, changed)
            return _back(dsr)
    record = one.records[number]
    editable = {place.value.name for place in places}
    _look(request, dsr)
    context = {
        "form": form,
        "case": dsr.case,
        "dsr": dsr,
        "row": page.row_of(everything, one, number),
        "others": [page.shown(value) for value in record.fields if value.name not in editable],
        "why_not": _why_not(dsr),
    }
    status = INVALID if form.errors else 200
    return render(request, "exports/desk/correction_row.html", context, status=status)


@requires(Permission.WORK_TASKS)
@require_POST
def by_hand(request: HttpRequest, dsr_id: int) -> HttpResponse:
    """Take a correction for a system that was searched by hand."""
    dsr = _find(dsr_id)
    form = ByHandForm(page.by_hand(holdings.of_request(dsr)), request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            service.enter_by_hand(
                dsr.pk, given["system"], given["name"], given["wrong"], given["right"],
                actor=staff(request).as_actor(), version=given["version"],
            )  # fmt: skip
        except ActionRefused as refused:
            form.add_error(None, sentence(refused.reason))
            _see_anew(dsr, form)
        else:
            _say(request, dsr, 1)
            return _back(dsr)
    return _overview(request, dsr, form)


@requires(Permission.WORK_TASKS)
@require_POST
def remove(request: HttpRequest, dsr_id: int, correction_id: int) -> HttpResponse:
    """Take a correction back."""
    dsr = _find(dsr_id)
    if Correction.objects.filter(pk=correction_id).exclude(dsr=dsr).exists():
        raise Http404
    actor, version = staff(request).as_actor(), case_step.version(request)
    _do(request, lambda: service.remove(correction_id, actor=actor, version=version), _("The correction is removed."))
    return _back(dsr)


@requires(Permission.DECIDE)
@require_POST
def carry_out(request: HttpRequest, dsr_id: int) -> HttpResponse:
    """Have the systems make what is open."""
    dsr = _find(dsr_id)
    actor, version = staff(request).as_actor(), case_step.version(request)
    _do(
        request, lambda: correction_run.carry_out(dsr.pk, actor=actor, version=version),
        _("The systems are being corrected. What a person has to do is a task now."),
    )  # fmt: skip
    return _back(dsr)


def _overview(request: HttpRequest, dsr: DataSubjectRequest, form: ByHandForm | None) -> HttpResponse:
    everything = holdings.of_request(dsr)
    number = _number(request.GET.get("page", ""))
    rows, pages = page.rows(everything, number)
    number, systems = min(max(number, 1), pages), page.by_hand(everything)
    lines = page.lines(dsr, everything)
    _look(request, dsr)
    context = {
        "case": dsr.case,
        "dsr": dsr,
        "lines": lines,
        "rows": rows,
        "summary": _("Page %(page)s of %(pages)s") % {"page": number, "pages": pages} if pages > 1 else "",
        "previous_url": f"?page={number - 1}" if number > 1 else "",
        "next_url": f"?page={number + 1}" if number < pages else "",
        "form": form or (ByHandForm(systems, initial={"version": dsr.case.version}) if systems else None),
        "searching": any(TaskState(task.state) in SILENT for task in dsr.tasks.filter(action=TaskAction.READ.value)),
        "why_not": _why_not(dsr),
        "why_not_now": _why_not_carry_out(dsr) if lines else "",
        "decides": may(staff(request), Permission.DECIDE),
    }
    return render(request, "exports/desk/corrections.html", context, status=INVALID if form else 200)


def _row_form(
    request: HttpRequest, dsr: DataSubjectRequest, everything: list[Held], one: Held, number: int
) -> tuple[RowForm, list[Place]]:
    record = (one.records or ())[number]
    places = [Place(one, record, value) for value in record.fields if one.may_be_corrected(record, value)]
    entered = {
        (c.system, c.collection, c.record_key, c.field): c.new_value for c in dsr.corrections.filter(done_at=None)
    }
    form = RowForm(
        places, holdings.alike(everything, places), entered,
        request.POST if request.method == "POST" else None, language=language(), spoken=dsr.case.language,
        initial={"version": dsr.case.version},
    )  # fmt: skip
    return form, places


def _say(request: HttpRequest, dsr: DataSubjectRequest, changed: int) -> None:
    said = ngettext("%(n)d correction is saved.", "%(n)d corrections are saved.", changed) % {"n": changed}
    if delivery.why_not_change(dsr.case):
        said += " " + _("An address on file is to change: the person is asked to confirm the old and the new one.")
    messages.success(request, said if changed else _("Nothing was changed."))


def _why_not(dsr: DataSubjectRequest) -> str:
    reason = correction_plan.why_not(dsr)
    return sentence(reason) if reason else ""


def _why_not_carry_out(dsr: DataSubjectRequest) -> str:
    reason = correction_run.why_not_carry_out(dsr)
    return sentence(reason) if reason else ""


def _look(request: HttpRequest, dsr: DataSubjectRequest) -> None:
    with transaction.atomic():
        audit.record("correction.looked", f"dsr:{dsr.pk}", staff(request).as_actor())


def _do(request: HttpRequest, act: Callable[[], Any], done: str) -> None:
    try:
        act()
    except ActionRefused as refused:
        messages.error(request, sentence(refused.reason))
    else:
        messages.success(request, done)


def _see_anew(dsr: DataSubjectRequest, form: forms.Form) -> None:
    """Let whoever was told that the case has changed save what they see now."""
    form.data = form.data.copy()  # type: ignore[attr-defined]  # a QueryDict
    form.data["version"] = Case.objects.values_list("version", flat=True).get(pk=dsr.case_id)  # type: ignore[index]


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _find(dsr_id: int) -> DataSubjectRequest:
    dsrs = DataSubjectRequest.objects.select_related("case").filter(right=Right.RECTIFICATION)
    return get_object_or_404(dsrs, pk=dsr_id)


def _back(dsr: DataSubjectRequest) -> HttpResponse:
    return redirect(reverse("exports:desk:corrections", args=[dsr.pk]))
