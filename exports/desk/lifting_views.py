"""What the panel of a restriction can do: each step is a POST that leads back to the case."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from exports.models import Lifting
from exports.services import lifting as service
from requests_app.desk import form_again
from requests_app.domain.enums import DeliveryWay
from requests_app.domain.errors import ActionRefused
from requests_app.models import Case, DataSubjectRequest
from requests_app.permissions import Permission, may, requires, staff
from requests_app.reasons import sentence

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
            return _done(request, dsr, _("Proposed. Somebody else now looks at it and approves it."))
    return _again(request, dsr, form, _("Lift the restriction"), _("Propose it"))


@requires(Permission.RELEASE)
@require_POST
def approve(request: HttpRequest, lifting_id: int) -> HttpResponse:
    """Approve the lifting as the second person."""
    return _do(request, lifting_id, service.approve, _("Approved. The person is told before anything is lifted."))


@requires(Permission.VIEW_CASES)
@require_POST
def take_back(request: HttpRequest, lifting_id: int) -> HttpResponse:
    """Take the lifting back: whoever may propose or approve may also stop."""
    user = staff(request)
    if not (may(user, Permission.DECIDE) or may(user, Permission.RELEASE)):
        raise PermissionDenied
    return _do(request, lifting_id, service.take_back, _("Taken back. The data stays restricted."))


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
            return _done(request, row.dsr, _("Recorded."))
    return _again(request, row.dsr, form, _("Tell the person"), _("Save"))


def _do(request: HttpRequest, lifting_id: int, act: Callable[..., object], said: str) -> HttpResponse:
    row = _find(lifting_id)
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
    version = Case.objects.values_list("version", flat=True).get(pk=dsr.case_id)
    form.data = {**request.POST.dict(), "version": version}
    return form_again.show(request, dsr.case, form, title=title, button=button, anchor=anchor(dsr))


def _version(request: HttpRequest) -> int:
    """The version of the case that the page showed; one without it has shown none."""
    value: Any = request.POST.get("version", "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else -1


def _find(lifting_id: int) -> Lifting:
    return get_object_or_404(Lifting.objects.select_related("dsr__case"), pk=lifting_id)


def _url(dsr: DataSubjectRequest) -> str:
    return f"{reverse('requests:desk:case', args=[dsr.case.reference])}#{anchor(dsr)}"
