"""What the panel of a restriction can do: each step is a POST that leads back to the case."""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from exports.models import Lifting
from exports.services import lifting as service
from requests_app.desk import case_step, form_again
from requests_app.domain.enums import DeliveryWay
from requests_app.domain.errors import ActionRefused
from requests_app.permissions import Permission, may, requires, staff

from .decision_steps import find
from .lifting_forms import ProposeForm, ToldForm
from .lifting_panel import anchor


@requires(Permission.DECIDE)
@require_POST
def propose(request: HttpRequest, dsr_id: int) -> HttpResponse:
    """Propose that the restriction ends; what cannot be taken is shown again with its words."""
    dsr = find(dsr_id)
    form = ProposeForm(dsr, request.POST)
    if form.is_valid():
        try:
            service.propose(dsr.pk, actor=staff(request).as_actor(), **form.cleaned_data)
        except ActionRefused as refused:
            form.refuse(refused)
        else:
            return case_step.done(
                request, dsr.case, anchor(dsr), _("Proposed. Somebody else now looks at it and approves it.")
            )
    return form_again.show(
        request, dsr.case, form, title=_("Lift the restriction"), button=_("Propose it"), anchor=anchor(dsr)
    )


@requires(Permission.RELEASE)
@require_POST
def approve(request: HttpRequest, lifting_id: int) -> HttpResponse:
    """Approve the lifting as the second person."""
    return _attempt(request, lifting_id, service.approve, _("Approved. The person is told before anything is lifted."))


@requires(Permission.VIEW_CASES)
@require_POST
def take_back(request: HttpRequest, lifting_id: int) -> HttpResponse:
    """Take the lifting back: whoever may propose or approve may also stop."""
    user = staff(request)
    if not (may(user, Permission.DECIDE) or may(user, Permission.RELEASE)):
        raise PermissionDenied
    return _attempt(request, lifting_id, service.take_back, _("Taken back. The data stays restricted."))


@requires(Permission.DECIDE)
@require_POST
def told(request: HttpRequest, lifting_id: int) -> HttpResponse:
    """Record that the person was told, where no mail reaches them."""
    row = _find(lifting_id)
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


def _attempt(request: HttpRequest, lifting_id: int, act: Callable[..., object], said: str) -> HttpResponse:
    row, actor, version = _find(lifting_id), staff(request).as_actor(), case_step.version(request)
    return case_step.attempt(
        request, row.dsr.case, anchor(row.dsr), lambda: act(row.pk, actor=actor, version=version), said
    )


def _find(lifting_id: int) -> Lifting:
    return get_object_or_404(Lifting.objects.select_related("dsr__case"), pk=lifting_id)
