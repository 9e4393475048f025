"""The box that asks, after a withdrawal of consent, whether the data has another basis (Art. 17(1)(b))."""

from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from requests_app.domain.enums import BasisAnswer
from requests_app.domain.errors import ActionRefused
from requests_app.labels import BASIS_ANSWERS
from requests_app.models import Case, DataSubjectRequest
from requests_app.permissions import Permission, may, requires, staff
from requests_app.reasons import sentence
from requests_app.services import basis

from . import form_again
from .case_forms import LONGEST_NOTE
from .text_errors import text_errors

_CHOOSE = gettext_lazy("Choose one of the answers.")


class BasisForm(forms.Form):
    """Whether another basis remains."""

    answer = forms.ChoiceField(
        label=gettext_lazy("Does the data have another basis than the consent?"),
        widget=forms.RadioSelect,
        choices=list(BASIS_ANSWERS.items()),
        error_messages={"required": _CHOOSE, "invalid_choice": _CHOOSE},
    )
    words = forms.CharField(
        label=gettext_lazy("Which basis, or why"),
        help_text=gettext_lazy("Is kept as an internal note."),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages=text_errors(gettext_lazy("Say which basis remains, or why there is nothing to delete.")),
    )
    option_help: ClassVar[dict[str, dict[str, Promise]]] = {
        "answer": {
            BasisAnswer.REMAINS.value: gettext_lazy("A contract, a legal duty, a claim: say which, and for what data."),
            BasisAnswer.DELETE.value: gettext_lazy("A request for deletion is opened in this case."),
            BasisAnswer.NOTHING.value: gettext_lazy("Nothing was kept by the consent, or it is gone already: say why."),
        }
    }

    def __init__(self, dsr: DataSubjectRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": f"basis-{dsr.pk}-%s"} | kwargs)


def panel(request: HttpRequest, case: Case) -> str:
    """Return the box as HTML; empty when nothing is asked, or the reader may not answer."""
    waiting = [dsr for dsr in case.dsrs.order_by("id") if basis.is_open(dsr)]
    if not waiting or not may(staff(request), Permission.DECIDE):
        return ""
    context = {"asked": [(dsr, BasisForm(dsr)) for dsr in waiting]}
    return render_to_string("requests_app/desk/basis.html", context, request=request)


@require_POST
@requires(Permission.DECIDE)
def answer(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Record whether another basis remains."""
    dsr = get_object_or_404(DataSubjectRequest.objects.select_related("case"), pk=pk, case__reference=reference)
    user, form = staff(request), BasisForm(dsr, request.POST)
    if form.is_valid():
        given = BasisAnswer(form.cleaned_data["answer"])
        try:
            basis.answer(dsr.pk, given, form.cleaned_data["words"], actor=user.as_actor(), user=user)
        except ActionRefused as refused:
            form.add_error("words", sentence(refused.reason))
        else:
            deleting = given is BasisAnswer.DELETE
            messages.success(request, _("A request for deletion is open in this case.") if deleting else _("Recorded."))
            return redirect("requests:desk:case", reference)
    return form_again.show(
        request, dsr.case, form, title=_("Another basis"), button=_("Save the answer"), anchor="basis"
    )
