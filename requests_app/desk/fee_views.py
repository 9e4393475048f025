"""What the panel of a fee can do: each step is a POST that leads back to the case."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from requests_app.domain.enums import DeliveryWay
from requests_app.domain.errors import ActionRefused
from requests_app.models import Case, DataSubjectRequest, Fee
from requests_app.permissions import Permission, may, requires, staff
from requests_app.reasons import sentence
from requests_app.services import fee as service

from . import form_again
from .fee_forms import ProposeForm, ToldForm
from .fee_panel import anchor


@requires(Permission.DECIDE)
@require_POST
def propose(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Propose a fee; what cannot be taken is shown again with its words."""
    dsr = get_object_or_404(DataSubjectRequest.objects.select_related("case"), pk=pk, case__reference=reference)
    form = ProposeForm(dsr, request.POST)
    if form.is_valid():
        try:
            service.propose(dsr.pk, actor=staff(request).as_actor(), **form.cleaned_data)
        except ActionRefused as refused:
            form.refuse(refused)
        else:
            return _done(request, dsr, _("Proposed. The decision-maker now looks at it and approves it."))
    return _again(request, dsr, form, _("Ask for a fee"), _("Propose it"))


@requires(Permission.EXTEND)
@require_POST
def approve(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Approve the fee as the decision-maker."""
    return _do(request, reference, pk, service.approve, _("Approved. The person is told before anything is charged."))


@requires(Permission.VIEW_CASES)
@require_POST
def take_back(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Take the fee back: whoever may propose or approve may also stop."""
    user = staff(request)
    if not (may(user, Permission.DECIDE) or may(user, Permission.EXTEND)):
        raise PermissionDenied
    return _do(request, reference, pk, service.take_back, _("Taken back. The answer costs nothing."))


@requires(Permission.DECIDE)
@require_POST
def told(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Record that the letter was posted or handed over, where no mail reaches the person."""
    row = _find(reference, pk)
    form = ToldForm(row.dsr, request.POST)
    if form.is_valid():
        given, actor = form.cleaned_data, staff(request).as_actor()
        try:
            service.told(row.pk, DeliveryWay(given["way"]), given["on"], actor=actor, version=given["version"])
        except ActionRefused as refused:
            form.refuse(refused)
        else:
            return _done(request, row.dsr, _("Recorded."))
    return _again(request, row.dsr, form, _("Tell the person"), _("Save"))


def _do(request: HttpRequest, reference: str, pk: int, act: Callable[..., object], said: str) -> HttpResponse:
    row = _find(reference, pk)
    try:
        act(row.pk, actor=staff(request).as_actor(), version=_version(request))
    except ActionRefused as refused:
        messages.error(request, sentence(refused.reason))
        return redirect(_url(row.dsr))
    return _done(request, row.dsr, said)


def _done(request: HttpRequest, dsr: DataSubjectRequest, said: str) -> HttpResponse:
    messages.success(request, said)
    return redirect(_url(dsr))


def _again(
    request: HttpRequest, dsr: DataSubjectRequest, form: ProposeForm | ToldForm, title: str, button: str
) -> HttpResponse:
    # Saving once more after having been told of a change is what the person then wants.
    again = request.POST.copy()
    again["version"] = str(Case.objects.values_list("version", flat=True).get(pk=dsr.case_id))
    form.data = again
    return form_again.show(request, dsr.case, form, title=title, button=button, anchor=anchor(dsr))


def _version(request: HttpRequest) -> int:
    """The version of the case that the page showed; one without it has shown none."""
    value = request.POST.get("version", "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else -1


def _find(reference: str, pk: int) -> Fee:
    return get_object_or_404(Fee.objects.select_related("dsr__case"), pk=pk, dsr__case__reference=reference)


def _url(dsr: DataSubjectRequest) -> str:
    return f"{reverse('requests:desk:case', args=[dsr.case.reference])}#{anchor(dsr)}"
