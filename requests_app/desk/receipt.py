"""The page on which somebody corrects when a request was received."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from requests_app.domain.enums import Role
from requests_app.domain.errors import ActionRefused
from requests_app.labels import right_label
from requests_app.models import Case, DataSubjectRequest
from requests_app.permissions import Permission, requires, staff
from requests_app.services import clock, receipt
from requests_app.templatetags.ui import long_day

from . import case_page
from .case_forms import LONGEST_NOTE
from .refusable_form import RefusableForm
from .text_errors import text_errors


class ReceiptForm(RefusableForm):
    """When the request was received, in the time zone of the organisation, and how we know."""

    field_of = {
        "receipt_in_future": "received_on",
        "receipt_too_old": "received_on",
        "receipt_unchanged": "received_on",
        "receipt_after_our_word": "received_on",
        "receipt_later_decision_maker": "received_on",
        "receipt_why_missing": "reason",
    }

    received_on = forms.DateField(
        label=gettext_lazy("Received on"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "short"}),
        error_messages={
            "required": gettext_lazy("Give the day."),
            "invalid": gettext_lazy("Write the day like this: 2026-12-31."),
        },
    )
    received_time = forms.TimeField(
        label=gettext_lazy("Time of day"),
        help_text=gettext_lazy("Nobody knows? The earliest time that can be: the day is what counts."),
        input_formats=["%H:%M", "%H.%M", "%H:%M:%S"],
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time", "class": "short"}),
        error_messages={
            "required": gettext_lazy("Give the time of day."),
            "invalid": gettext_lazy("Write the time like this: 14:30."),
        },
    )
    reason = forms.CharField(
        label=gettext_lazy("How do we know?"),
        help_text=gettext_lazy("Is kept with both times, for colleagues and the authority."),
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages=text_errors(gettext_lazy("Say why it was received at another time.")),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    @classmethod
    def blank(cls, dsr: DataSubjectRequest) -> "ReceiptForm":
        """Return the form with the receipt as it stands."""
        local = dsr.received_at.astimezone(clock.calendar().zone)
        given = {"received_on": local.date(), "received_time": local.time(), "version": dsr.case.version}
        return cls(initial=given)

    def moment(self) -> datetime:
        """Return the instant of a valid form; the first of two where the clocks are put back."""
        given = self.cleaned_data
        return datetime.combine(given["received_on"], given["received_time"], tzinfo=clock.calendar().zone)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.KEEP_CLOCK)
def correct(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Show the form, or correct the receipt of the request and of all that came with it."""
    dsr = get_object_or_404(DataSubjectRequest.objects.select_related("case"), pk=pk, case__reference=reference)
    if request.method != "POST":
        return _page(request, dsr, ReceiptForm.blank(dsr))
    form = ReceiptForm(request.POST)
    if not form.is_valid():
        return _page(request, dsr, form, code=case_page.INVALID)
    user, given = staff(request), form.cleaned_data
    try:
        receipt.correct(
            dsr.pk, form.moment(), given["reason"], actor=user.as_actor(), user=user, version=given["version"]
        )
    except ActionRefused as refused:
        return _refused(request, dsr, form, refused)
    before, dsr = dsr.effective_due, DataSubjectRequest.objects.get(pk=dsr.pk)
    messages.success(request, _told(dsr, moved=dsr.effective_due != before))
    return redirect("requests:desk:case", reference)


def _told(dsr: DataSubjectRequest, *, moved: bool) -> str:
    if not moved:
        return _("The receipt is corrected. The due date stays.")
    words = _("The receipt is corrected, and the due date is now %(due)s. Tell the person if we named another day.")
    if dsr.case.person_email:
        words = _(
            "The receipt is corrected, and the due date is now %(due)s. If we named another day, the person gets a"
            " letter."
        )
    return words % {"due": long_day(dsr.effective_due)}


def _refused(request: HttpRequest, dsr: DataSubjectRequest, form: ReceiptForm, refused: ActionRefused) -> HttpResponse:
    """Show the form as it was filled in, on top of the case as it is now; whoever still means it sends it again."""
    case = Case.objects.get(pk=dsr.case_id)
    data = request.POST.copy()
    data["version"] = str(case.version)
    fresh = ReceiptForm(data)
    fresh.refuse(refused.reason)
    changed = refused.reason.code == "case_changed"
    news = case_page.news_since(case, form.cleaned_data["version"]) if changed else []
    code = case_page.REFUSED if changed else case_page.INVALID
    return _page(request, dsr, fresh, code=code, news=news)


def _page(
    request: HttpRequest, dsr: DataSubjectRequest, form: ReceiptForm, *, code: int = 200, news: list[str] | None = None
) -> HttpResponse:
    alike = list(dsr.case.dsrs.filter(received_at=dsr.received_at).order_by("pk"))
    context: Mapping[str, Any] = {
        "case": dsr.case,
        "form": form,
        "news": news or [],
        "dsr": dsr,
        "rights": [right_label(one.right) for one in alike],
        "provable_at": receipt.provable_at(dsr),
        "latest": receipt.latest(alike),
        "later": Role.DECISION_MAKER in staff(request).roles,
        "corrections": dsr.receipt_corrections.select_related("corrected_by").order_by("-id"),
    }
    return render(request, "requests_app/desk/receipt.html", context, status=code)
