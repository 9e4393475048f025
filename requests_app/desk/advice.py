"""The place on the desk for the advice of the data protection officer, and the step that writes it down."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from requests_app.domain.enums import AdviceSubject
from requests_app.domain.errors import ActionRefused
from requests_app.models import Advice, DataSubjectRequest
from requests_app.permissions import Permission, Staff, may, requires, staff
from requests_app.reasons import sentence
from requests_app.services import advice as service

from . import form_again
from .text_errors import text_errors


class AdviceForm(forms.Form):
    """What the officer advises."""

    text = forms.CharField(
        label=gettext_lazy("What the data protection officer advises"),
        help_text=gettext_lazy("Kept with the case, and shown to whoever decides. Is not sent to the person."),
        max_length=service.LONGEST_ADVICE,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages=text_errors(gettext_lazy("Write down what the data protection officer advises.")),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, dsr: DataSubjectRequest, subject: AdviceSubject, *args: Any, **kwargs: Any) -> None:
        given = {"version": dsr.case.version}
        super().__init__(*args, **{"auto_id": f"advice-{subject}-{dsr.pk}-%s", "initial": given} | kwargs)


@dataclass(frozen=True)
class Box:
    """What was advised on one subject of a request; `form` is None for whoever may not write it down."""

    subject: str
    rows: list[Advice]
    has_officer: bool
    form: AdviceForm | None


def box(dsr: DataSubjectRequest, subject: AdviceSubject, user: Staff) -> Box:
    """Return what is shown of the advice on one subject; the case of the request should be loaded."""
    officer = service.has_officer()
    writes = officer and dsr.closed_at is None and may(user, Permission.ADVISE)
    return Box(
        subject=subject.value,
        rows=list(dsr.advice.filter(subject=subject.value).select_related("recorded_by")),
        has_officer=officer,
        form=AdviceForm(dsr, subject) if writes else None,
    )


@requires(Permission.ADVISE)
@require_POST
def record(request: HttpRequest, reference: str, pk: int, subject: str) -> HttpResponse:
    """Write down what the officer advises; what cannot be taken is shown again with its words."""
    if subject not in set(AdviceSubject):
        raise Http404
    about = AdviceSubject(subject)
    dsr = get_object_or_404(DataSubjectRequest.objects.select_related("case"), pk=pk, case__reference=reference)
    form = AdviceForm(dsr, about, request.POST)
    if form.is_valid():
        try:
            service.record(dsr.pk, about, actor=staff(request).as_actor(), **form.cleaned_data)
        except ActionRefused as refused:
            form.add_error(None, sentence(refused.reason))
        else:
            messages.success(request, _("Recorded."))
            return redirect(f"{reverse('requests:desk:case', args=[reference])}#{_anchor(dsr, about)}")
    return form_again.show(
        request, dsr.case, form, title=_("Advice"), button=_("Save the advice"), anchor=_anchor(dsr, about)
    )


def _anchor(dsr: DataSubjectRequest, about: AdviceSubject) -> str:
    return f"advice-{about}-{dsr.pk}"
