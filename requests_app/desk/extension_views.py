"""What the panel of an extension can do; the steps are those of every proposal."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from requests_app.models import DataSubjectRequest, Extension
from requests_app.permissions import Permission, requires
from requests_app.services import extension

from .extension_forms import ExtensionForm, ExtensionToldForm
from .extension_panel import anchor
from .proposal_steps import Steps, Words

STEPS = Steps(
    extension, ExtensionForm, ExtensionToldForm, anchor, Permission.EXTEND,
    Words(
        title=_("Extend the time"),
        proposed=_("Proposed. The decision-maker now looks at it and approves it."),
        approved=_("Approved. The time is extended once the notice is out."),
        taken_back=_("Taken back. The time stays as it was."),
    ),
)  # fmt: skip


@requires(Permission.DECIDE)
@require_POST
def propose(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Propose that the time of a request is extended."""
    found = DataSubjectRequest.objects.select_related("case")
    return STEPS.propose(request, get_object_or_404(found, pk=pk, case__reference=reference))


@requires(Permission.EXTEND)
@require_POST
def approve(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Approve the extension as the decision-maker."""
    return STEPS.approve(request, _find(reference, pk))


@requires(Permission.VIEW_CASES)
@require_POST
def take_back(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Take the extension back."""
    return STEPS.take_back(request, _find(reference, pk))


@requires(Permission.DECIDE)
@require_POST
def told(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Record that the notice was posted or handed over."""
    return STEPS.told(request, _find(reference, pk))


def _find(reference: str, pk: int) -> Extension:
    return get_object_or_404(Extension.objects.select_related("dsr__case"), pk=pk, dsr__case__reference=reference)
