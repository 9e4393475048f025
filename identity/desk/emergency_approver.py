"""The page on which the decision-maker names the one approver outside the team."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from identity.services import emergency_approver as service
from requests_app.desk import approvers
from requests_app.domain.errors import ActionRefused
from requests_app.permissions import Permission, requires, staff
from requests_app.reasons import sentence
from requests_app.services import clock

INVALID = 422


class EmergencyApproverForm(forms.Form):
    """Whom to name."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        help_text=gettext_lazy("Of somebody outside the team, who prepares no answers."),
        max_length=320,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages=dict.fromkeys(
            ("required", "invalid"), gettext_lazy("Write an e-mail address in full, such as name@example.com.")
        ),
    )


@requires(Permission.NAME_EMERGENCY)
@require_http_methods(["GET", "HEAD", "POST"])
def name(request: HttpRequest) -> HttpResponse:
    """Show who is named, and name somebody."""
    form = EmergencyApproverForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            service.name(form.cleaned_data["email"], actor=staff(request).as_actor())
        except ActionRefused as refused:
            form.add_error("email", sentence(refused.reason))
        else:
            messages.success(request, _("Named. The link is on its way to them, and to nobody else."))
            return redirect("identity:emergency-approver")
    context = {
        "form": form,
        "approvers": approvers.warning(clock.calendar()),
        "active": service.active(),
        "invited": service.invited(),
    }
    return render(request, "identity/desk/emergency_approver.html", context, status=INVALID if form.errors else 200)


@requires(Permission.NAME_EMERGENCY)
@require_POST
def take_back(request: HttpRequest) -> HttpResponse:
    """Make the link that nobody has used yet worthless."""
    service.take_back(actor=staff(request).as_actor())
    messages.success(request, _("The link no longer works."))
    return redirect("identity:emergency-approver")
