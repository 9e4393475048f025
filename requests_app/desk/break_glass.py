"""The page of emergency access to a shielded case.

It answers every well-formed reference alike, and its check digits can be reckoned by anybody, so it tells nothing; that
the case's own page is there afterwards, or is not, costs an entry in the audit and mails to those who watch.
"""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from requests_app.domain import reference as references
from requests_app.domain.errors import ActionRefused
from requests_app.permissions import Permission, requires, staff
from requests_app.reasons import sentence
from requests_app.services import break_glass

from .case_forms import LONGEST_NOTE
from .text_errors import text_errors

INVALID = 422


class EmergencyForm(forms.Form):
    """Which case, and why it cannot wait."""

    reference = forms.CharField(
        label=gettext_lazy("Reference of the case"),
        max_length=24,
        error_messages=text_errors(gettext_lazy("Write the reference.")),
    )
    reason = forms.CharField(
        label=gettext_lazy("Why it cannot wait for one of the readers"),
        help_text=gettext_lazy("At least 20 characters. The readers of the case see it."),
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages=text_errors(gettext_lazy("Write why.")),
    )

    def clean_reference(self) -> str:
        """Any capitals will do; a slip of the pen is found by the check digits."""
        given: str = self.cleaned_data["reference"].strip().upper()
        if not references.is_valid(given):
            raise forms.ValidationError(_("This is no reference. It looks like this: DR-2026-000123-45."))
        return given


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.VIEW_CASES)
def emergency(request: HttpRequest) -> HttpResponseBase:
    """Show the form; taken, lead to where the case would be."""
    form = EmergencyForm(request.POST if request.method == "POST" else None, auto_id="emergency-%s")
    if form.is_valid():
        given = form.cleaned_data
        try:
            break_glass.ask(given["reference"], given["reason"], user=staff(request))
        except ActionRefused as refused:
            form.add_error("reason", str(sentence(refused.reason)))
        else:
            messages.warning(request, _("Your emergency access is recorded, and those who watch over it are told."))
            return redirect("requests:desk:case", given["reference"])
    status = INVALID if form.is_bound else 200
    return render(request, "requests_app/desk/emergency.html", {"form": form}, status=status)
