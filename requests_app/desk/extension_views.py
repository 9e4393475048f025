"""What the panel of an extension can do: each step is a POST that leads back to the case."""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from requests_app.domain.enums import DeliveryWay
from requests_app.domain.errors import ActionRefused
from requests_app.models import DataSubjectRequest, Extension
from requests_app.permissions import Permission, may, requires, staff
from requests_app.services import extension as service

from . import case_step, form_again
from .extension_forms import ProposeForm, ToldForm
from .extension_panel import anchor


@requires(Permission.DECIDE)
@require_POST
def propose(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Propose that the time is extended; what cannot be taken is shown again with its words."""
    dsr = get_object_or_404(DataSubjectRequest.objects.select_related("case"), pk=pk, case__reference=reference)
    form = ProposeForm(dsr, request.POST)
    if form.is_valid():
        try:
            service.propose(dsr.pk, actor=staff(request).as_actor(), **form.cleaned_data)
        except ActionRefused as refused:
            form.refuse(refused)
        else:
            return case_step.done(
                request, dsr.case, anchor(dsr), _("Proposed. The decision-maker now looks at it and approves it.")
            )
    return form_again.show(
        request, dsr.case, form, title=_("Extend the time"), button=_("Propose it"), anchor=anchor(dsr)
    )


@requires(Permission.EXTEND)
@require_POST
def approve(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Approve the extension as the decision-maker."""
    return _attempt(
        request, reference, pk, service.approve, _("Approved. The time is extended once the notice is out.")
    )


@requires(Permission.VIEW_CASES)
@require_POST
def take_back(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Take the extension back: whoever may propose or approve may also stop."""
    user = staff(request)
    if not (may(user, Permission.DECIDE) or may(user, Permission.EXTEND)):
        raise PermissionDenied
    return _attempt(request, reference, pk, service.take_back, _("Taken back. The time stays as it was."))


@requires(Permission.DECIDE)
@require_POST
def told(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Record that the notice was posted or handed over, where no mail reaches the person."""
    row = _find(reference, pk)
    form = ToldForm(row.dsr, request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            service.told(
                row.pk, DeliveryWay(given["way"]), given["on"], actor=staff(request).as_actor(),
                version=given["version"],
            )  # fmt: skip
        except ActionRefused as refused:
            form.refuse(refused)
        else:
            return case_step.done(request, row.dsr.case, anchor(row.dsr), _("Recorded."))
    return form_again.show(
        request, row.dsr.case, form, title=_("Tell the person"), button=_("Save"), anchor=anchor(row.dsr)
    )


def _attempt(request: HttpRequest, reference: str, pk: int, act: Callable[..., object], said: str) -> HttpResponse:
    row, actor, version = _find(reference, pk), staff(request).as_actor(), case_step.version(request)
    return case_step.attempt(
        request, row.dsr.case, anchor(row.dsr), lambda: act(row.pk, actor=actor, version=version), said
    )


def _find(reference: str, pk: int) -> Extension:
    return get_object_or_404(Extension.objects.select_related("dsr__case"), pk=pk, dsr__case__reference=reference)
