"""Telling the person that the answer is late: the box of the case page, and the page of the letter."""

from dataclasses import dataclass
from datetime import date

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from requests_app.domain.errors import ActionRefused
from requests_app.labels import right_label
from requests_app.models import Case, DataSubjectRequest
from requests_app.permissions import Permission, may, requires, staff
from requests_app.reasons import sentence
from requests_app.services import late, waiting, wording

from .day_field import day_field
from .form_again import INVALID
from .refusable_form import RefusableForm
from .text_errors import text_errors


class LateForm(RefusableForm):
    """Why the answer is late, and when it comes."""

    field_of = {
        "late_cause_missing": "cause",
        "late_cause_too_long": "cause",
        "late_date": "new_date",
        "late_told": "new_date",
    }

    cause = forms.CharField(
        label=gettext_lazy("Why the answer is late"),
        help_text=gettext_lazy(
            "The person reads it in the letter: write it in the language of the case, without data from systems."
        ),
        max_length=late.LONGEST_CAUSE,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages=text_errors(gettext_lazy("Say why the answer is late. The person reads it in the letter.")),
    )
    new_date = day_field(
        gettext_lazy("The person has the answer by"),
        gettext_lazy("Stands in the letter as a promise. It moves no time limit."),
        required=True,
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


@dataclass(frozen=True)
class Line:
    """One overdue request, and by when the person was told to have the answer."""

    dsr: DataSubjectRequest
    right: Promise | str
    told: date | None
    why_not: str


def panel(request: HttpRequest, case: Case) -> str:
    """Return the box as HTML; empty while nothing is overdue."""
    dsrs = case.dsrs.open().select_related("case").order_by("id")
    lines = [_line(dsr) for dsr in dsrs if waiting.is_overdue(dsr)]
    if not lines:
        return ""
    context = {"lines": lines, "case": case, "may_decide": may(staff(request), Permission.DECIDE)}
    return render_to_string("requests_app/desk/late_panel.html", context, request=request)


@requires(Permission.DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
def letter(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Write the letter: first show what it says, then send it."""
    dsr = get_object_or_404(DataSubjectRequest.objects.select_related("case"), pk=pk, case__reference=reference)
    given = {"version": dsr.case.version}
    form = LateForm(request.POST) if request.method == "POST" else LateForm(initial=given)
    words = None
    if reason := late.why_not(dsr):
        messages.error(request, sentence(reason))
        return redirect("requests:desk:case", reference)
    if form.is_valid():
        cause, new_date = form.cleaned_data["cause"], form.cleaned_data["new_date"]
        try:
            if reason := late.why_not_so(dsr, cause, new_date):
                form.refuse(reason)
            elif "send" in request.POST:
                late.tell(dsr.pk, actor=staff(request).as_actor(), **form.cleaned_data)
                messages.success(request, _("The letter is on its way."))
                return redirect("requests:desk:case", reference)
            else:
                words = late.words(dsr, cause, new_date)
        except ActionRefused as refused:
            form = _again(request, dsr.case_id)
            form.refuse(refused.reason)
        except wording.Unresolved as error:
            form.refuse(error.reason)
    context = {"form": form, "case": dsr.case, "dsr": dsr, "right": right_label(dsr.right), "letter": words}
    return render(request, "requests_app/desk/late.html", context, status=INVALID if form.errors else 200)


def _again(request: HttpRequest, case_id: int) -> LateForm:
    """The form as it was filled in; sent once more, it holds in spite of what others did."""
    data = request.POST.copy()
    data["version"] = str(Case.objects.values_list("version", flat=True).get(pk=case_id))
    return LateForm(data)


def _line(dsr: DataSubjectRequest) -> Line:
    told, reason = late.told(dsr), late.why_not(dsr)
    return Line(dsr, right_label(dsr.right), told[-1] if told else None, sentence(reason) if reason else "")
