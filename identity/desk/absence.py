"""Absence and mails: what people say of themselves, and an administrator of somebody who fell ill."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from identity.models import User
from identity.services import absence
from requests_app.domain.errors import ActionRefused
from requests_app.permissions import Permission, requires
from requests_app.reasons import sentence

from . import account, staff
from .forms import AbsenceForm, MailsForm

# At which field a refusal is shown; at the last day where none is named.
_FIELDS = {
    "absence_first_missing": "away_from",
    "deputy_oneself": "deputy",
    "deputy_unfit": "deputy",
    "deputy_sees_no_cases": "deputy",
}


@require_POST
def own(request: HttpRequest) -> HttpResponse:
    """Say when oneself is away."""
    user = account.own(request)
    form = AbsenceForm(user, request.POST)
    if _saved(request, user, form, user):
        return redirect("identity:account")
    return account.show(request, user, absence=form)


@require_POST
@requires(Permission.MANAGE_STAFF)
def of_another(request: HttpRequest, pk: int) -> HttpResponse:
    """Say when somebody else is away."""
    user = get_object_or_404(User, pk=pk)
    form = AbsenceForm(user, request.POST)
    if _saved(request, user, form, account.own(request)):
        return redirect("identity:staff-person", pk)
    return staff.show_person(request, pk, absence=form)


@require_POST
def mails(request: HttpRequest) -> HttpResponse:
    """Choose which mails come at once, and whether one comes in the morning."""
    user = account.own(request)
    form = MailsForm(user, request.POST)
    if form.is_valid():
        chosen = form.cleaned_data
        try:
            absence.choose_mails(user, digest=chosen["digest"], only_in_digest=chosen["only_in_digest"])
            messages.success(request, _("Your mails are saved."))
            return redirect("identity:account")
        except ActionRefused as refusal:
            form.add_error("only_in_digest", sentence(refusal.reason))
    return account.show(request, user, mails=form)


def _saved(request: HttpRequest, user: User, form: AbsenceForm, who: User) -> bool:
    """Save a form of an absence; what cannot be stands at its field."""
    if not form.is_valid():
        return False
    given = form.cleaned_data
    try:
        absence.change(user.pk, given["away_from"], given["away_until"], given["deputy"], actor=who.as_actor())
    except ActionRefused as refusal:
        form.add_error(_FIELDS.get(refusal.reason.code, "away_until"), sentence(refusal.reason))
        return False
    messages.success(request, _("The absence is saved."))
    return True
