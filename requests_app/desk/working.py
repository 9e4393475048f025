"""Working on a case: who has it, which rights it is about, and the steps that are not part of the decision."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from requests_app.domain.enums import Action, Right
from requests_app.domain.errors import ActionRefused, TransitionDenied
from requests_app.domain.lifecycle import TRANSITIONS
from requests_app.labels import ACTIONS
from requests_app.models import DataSubjectRequest
from requests_app.permissions import Permission, requires, staff
from requests_app.reasons import sentence
from requests_app.services import notes, roster, triage

from . import absence_words, case_page
from .case_forms import AddRightForm, AssignForm, RightForm, WhyForm
from .request_cards import HERE, slot

WITH_NOTE = frozenset(transition.action for transition in TRANSITIONS if transition.needs_note)


@require_POST
@requires(Permission.ASSIGN)
def assign(request: HttpRequest, reference: str) -> HttpResponse:
    """Give the case to somebody, to oneself, or to nobody."""
    case = case_page.find(reference)
    form = AssignForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose somebody who works with cases."))
        return redirect("requests:desk:case", case.reference)
    given = form.cleaned_data
    try:
        case = notes.assign(case.pk, given["assignee"], actor=staff(request).as_actor(), version=given["version"])
        messages.success(request, _("The handler is changed."))
        if hint := absence_words.hint(case.assignee, roster.today()):
            messages.warning(request, hint)
    except ActionRefused as refused:
        messages.error(request, sentence(refused.reason))
    return redirect("requests:desk:case", case.reference)


@require_POST
@requires(Permission.SORT)
def set_right(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Say what a request that came in as "not sure" is about."""
    dsr = _of_case(reference, pk)
    form = RightForm(request.POST, auto_id=f"right-{pk}-%s")
    if form.is_valid():
        try:
            triage.set_right(dsr.pk, Right(form.cleaned_data["right"]), actor=staff(request).as_actor())
            messages.success(request, _("The request is sorted."))
            return redirect("requests:desk:case", reference)
        except (ActionRefused, TransitionDenied) as refused:
            form.add_error("right", sentence(refused.reason))
    return case_page.show(request, case_page.find(reference), bound={slot(pk, "right"): form}, code=case_page.INVALID)


@require_POST
@requires(Permission.SORT)
def add_right(request: HttpRequest, reference: str) -> HttpResponse:
    """Add a request for something else that the person asks for."""
    case = case_page.find(reference)
    form = AddRightForm(case, request.POST)
    if form.is_valid():
        right, asked_in = Right(form.cleaned_data["right"]), form.cleaned_data["asked_in"]
        try:
            triage.add_right(case.pk, right, asked_in=asked_in, actor=staff(request).as_actor())
            messages.success(request, _("The request is added, with a clock of its own."))
            return redirect("requests:desk:case", case.reference)
        except (ActionRefused, TransitionDenied) as refused:
            form.add_error("right", sentence(refused.reason))
    return case_page.show(request, case, bound={"add": form}, code=case_page.INVALID)


@require_POST
@requires(Permission.VIEW_CASES)
def act(request: HttpRequest, reference: str, pk: int, action: str) -> HttpResponse:
    """Move a request a step. Who may, and from where, stands in the one table (`domain.lifecycle`)."""
    if action not in set(HERE):
        raise Http404
    dsr, user, wanted = _of_case(reference, pk), staff(request), Action(action)
    form = WhyForm(request.POST, auto_id=f"{action}-{pk}-%s")
    if wanted in WITH_NOTE and not form.is_valid():
        return case_page.show(
            request, case_page.find(reference), bound={slot(pk, action): form}, code=case_page.INVALID
        )
    note = form.cleaned_data["note"] if wanted in WITH_NOTE else ""
    try:
        notes.advance(dsr.pk, wanted, actor=user.as_actor(), user=user, note=note)
        messages.success(request, _("Done: %(action)s.") % {"action": ACTIONS[wanted]})
    except TransitionDenied as refused:
        messages.error(request, sentence(refused.reason))
    return redirect("requests:desk:case", reference)


def _of_case(reference: str, pk: int) -> DataSubjectRequest:
    return get_object_or_404(DataSubjectRequest, pk=pk, case__reference=reference)
