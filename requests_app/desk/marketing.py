"""Marketing to the person of a case: blocked since when and why, and the click that blocks it or allows it again."""

from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from requests_app.domain.enums import Requester, SuppressionState
from requests_app.domain.errors import ActionRefused
from requests_app.domain.suppression import ContactWay
from requests_app.labels import NOT_ACKNOWLEDGED, RIGHTS
from requests_app.models import Case, DataSubjectRequest, Suppression
from requests_app.permissions import Permission, may, requires, staff
from requests_app.reasons import sentence
from requests_app.services import acknowledgements, at_once, concerned, marketing, suppression_list

from . import case_page, form_again
from .case_forms import LONGEST_NOTE
from .text_errors import text_errors

WAYS: dict[str, Promise] = {
    ContactWay.EMAIL: gettext_lazy("E-mail"),
    ContactWay.PHONE: gettext_lazy("Phone"),
}
STATES: dict[str, Promise] = {
    SuppressionState.PROVISIONAL: pgettext_lazy("marketing", "Blocked for now"),
    SuppressionState.STANDING: pgettext_lazy("marketing", "Blocked"),
    SuppressionState.LIFTED: pgettext_lazy("marketing", "Allowed again"),
}


class LiftForm(forms.Form):
    """Why marketing is allowed again."""

    reason = forms.CharField(
        label=gettext_lazy("Why?"),
        help_text=gettext_lazy("Is kept as an internal note."),
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages=text_errors(gettext_lazy("Say why marketing is allowed again.")),
    )


class BlockForm(forms.Form):
    """Whom to block."""

    address = forms.CharField(
        label=gettext_lazy("E-mail address or phone number"),
        max_length=320,
        error_messages=text_errors(gettext_lazy("Write an e-mail address or a phone number.")),
    )


class NobodyForm(forms.Form):
    """Why nobody is blocked, although somebody writes for another person."""

    reason = forms.CharField(
        label=gettext_lazy("Why is nobody blocked?"),
        help_text=gettext_lazy("Is kept as an internal note."),
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages=text_errors(gettext_lazy("Say why nobody is blocked.")),
    )


@dataclass(frozen=True)
class Line:
    """One way to reach the person that is blocked."""

    way: Promise
    state: Promise
    since: datetime
    cause: Promise | str


def panel(request: HttpRequest, case: Case) -> str:
    """Return the panel as HTML."""
    user, lines = staff(request), _lines(case)
    context = {
        "case": case,
        "lines": lines,
        "untold": _untold(case),
        "nobody_found": concerned.is_open(case),
        "nobody_form": NobodyForm(auto_id="nobody-%s"),
        "may_lift": may(user, Permission.DECIDE),
        "may_block": may(user, Permission.SORT),
        "lift_form": LiftForm(auto_id="lift-%s"),
        "block_form": BlockForm(initial={"address": _whom(case)}, auto_id="block-%s"),
    }
    return render_to_string("requests_app/desk/marketing.html", context, request=request)


def why_held(dsr: DataSubjectRequest) -> str:
    """Return in words why the letter about what took effect at once is held back; nothing when it is on its way."""
    if reason := at_once.why_not_told(dsr):
        return sentence(reason)
    hold = at_once.held_back(dsr)
    code = acknowledgements.why_no_machine_answers(dsr.case) or (hold.brake if hold else None)
    return str(NOT_ACKNOWLEDGED.get(code, code)) if code else ""


@require_POST
@requires(Permission.DECIDE)
def lift(request: HttpRequest, reference: str) -> HttpResponse:
    """Allow marketing to the person again."""
    case, user, form = case_page.find(reference), staff(request), LiftForm(request.POST)
    if form.is_valid():
        try:
            lifted = marketing.lift(case.pk, form.cleaned_data["reason"], actor=user.as_actor(), user=user)
            messages.success(request, _("Marketing is allowed again.") if lifted else _("Marketing was not blocked."))
            return redirect("requests:desk:case", case.reference)
        except ActionRefused as refused:
            form.add_error("reason", sentence(refused.reason))
    words = _("Allow marketing again")
    return form_again.show(request, case, form, title=words, button=words, anchor="marketing")


@require_POST
@requires(Permission.SORT)
def block(request: HttpRequest, reference: str) -> HttpResponse:
    """Block an address or a number."""
    case, form = case_page.find(reference), BlockForm(request.POST)
    if form.is_valid():
        try:
            new = marketing.block(case.pk, form.cleaned_data["address"], actor=staff(request).as_actor())
            messages.success(request, _("Marketing is blocked.") if new else _("Marketing was blocked already."))
            return redirect("requests:desk:case", case.reference)
        except ActionRefused as refused:
            form.add_error("address", sentence(refused.reason))
    words = _("Block marketing")
    return form_again.show(request, case, form, title=words, button=words, anchor="marketing")


@require_POST
@requires(Permission.DECIDE)
def nobody(request: HttpRequest, reference: str) -> HttpResponse:
    """Write down why nobody is blocked for the person whom a case is about."""
    case, user, form = case_page.find(reference), staff(request), NobodyForm(request.POST)
    if form.is_valid():
        try:
            concerned.nobody(case.pk, form.cleaned_data["reason"], actor=user.as_actor(), user=user)
            messages.success(request, _("Recorded."))
            return redirect("requests:desk:case", case.reference)
        except ActionRefused as refused:
            form.add_error("reason", sentence(refused.reason))
    words = _("Nobody is to be blocked")
    return form_again.show(request, case, form, title=words, button=words, anchor="marketing")


def _whom(case: Case) -> str:
    """The address that is proposed: never that of somebody who writes for another."""
    if case.requester != Requester.SELF:
        return case.concerned_known_as
    return case.person_email or case.person_phone


def _lines(case: Case) -> list[Line]:
    """One line a way, the strongest entry of each: an address may be remembered in two spellings."""
    rows = sorted(suppression_list.entries_of(case), key=lambda row: row.state != SuppressionState.STANDING)
    first: dict[str, Suppression] = {}
    for row in rows:
        first.setdefault(row.channel, row)
    return [
        Line(WAYS[row.channel], STATES[row.state], row.created_at, RIGHTS.get(row.cause, _("Nobody has sorted it yet")))
        for row in first.values()
    ]


def _untold(case: Case) -> str:
    """Why the person was not told of what took effect at once; empty when they were, or nothing did."""
    waiting = (dsr for dsr in case.dsrs.select_related("case").order_by("id") if at_once.waits(dsr))
    return next((words for dsr in waiting if (words := why_held(dsr))), "")
