"""What the identity panel of the case page can do."""

from datetime import datetime, time

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from identity import selectors
from identity.domain.enums import ContactChannel, DoubtReason
from identity.models import Verification
from identity.services import contact_points, delivery, new_address, verify
from requests_app.desk import form_again
from requests_app.domain.errors import ActionRefused
from requests_app.models import Case
from requests_app.permissions import Permission, requires, staff
from requests_app.reasons import sentence

from .question_forms import ASK_PREFIX, AskForm, ContactPointForm, OldAddressLostForm


@requires(Permission.ASK_IDENTITY)
@require_POST
def ask(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask the person to confirm who they are."""
    case = get_object_or_404(Case, reference=reference)
    form = AskForm(request.POST, addresses=selectors.addresses_to_ask_at(case), prefix=ASK_PREFIX)
    if not form.is_valid():
        for error in [text for errors in form.errors.values() for text in errors]:
            messages.error(request, str(error))
        return _back(case)
    try:
        verify.ask(
            case.pk,
            DoubtReason(form.cleaned_data["doubt"]),
            form.cleaned_data.get("contact_point"),
            actor=staff(request).as_actor(),
        )
        messages.success(request, _("We have asked the person to confirm who they are."))
    except ActionRefused as refusal:
        messages.error(request, sentence(refusal.reason))
    return _back(case)


@requires(Permission.ASK_IDENTITY)
@require_POST
def withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    """Take the question back."""
    case = get_object_or_404(Case, reference=reference)
    try:
        verify.withdraw(case.pk, actor=staff(request).as_actor())
        messages.success(request, _("The question is withdrawn, and the clock runs again."))
    except ActionRefused as refusal:
        messages.error(request, sentence(refusal.reason))
    return _back(case)


@requires(Permission.ASK_IDENTITY)
@require_http_methods(["GET", "HEAD", "POST"])
def address(request: HttpRequest, reference: str) -> HttpResponse:
    """Write down an address that a system without a connector holds."""
    case = get_object_or_404(Case, reference=reference)
    form = ContactPointForm(request.POST if request.method == "POST" else None, asked_from=case.person_email)
    if not form.is_valid():
        return render(request, "identity/desk/address.html", {"form": form, "case": case})
    given = form.cleaned_data
    since = timezone.make_aware(datetime.combine(given["since"], time())) if given["since"] else None
    contact_points.record(
        case, ContactChannel.EMAIL, given["value"], given["system"], since, reason=given["reason"],
        actor=staff(request).as_actor(),
    )  # fmt: skip
    delivery.review(case)
    messages.success(request, _("The address is written down."))
    return _back(case)


@requires(Permission.OVERRIDE)
@require_POST
def old_address_lost(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Record that the person can no longer confirm at the address that is to be replaced."""
    row = get_object_or_404(Verification, pk=pk, case__reference=reference)
    form = OldAddressLostForm(request.POST)
    if form.is_valid():
        try:
            new_address.old_is_lost(row.pk, form.cleaned_data["reason"], actor=staff(request).as_actor())
            messages.success(request, _("The reason is recorded. The old address need not be confirmed."))
            return _back(row.case)
        except ActionRefused as refusal:
            form.add_error("reason", sentence(refusal.reason))
    title, button = _("The old address is lost"), _("Record the reason")
    return form_again.show(request, row.case, form, title=title, button=button, anchor="identity")


def _back(case: Case) -> HttpResponse:
    return redirect("requests:desk:case", case.reference)
