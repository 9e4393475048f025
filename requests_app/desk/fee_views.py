"""What the panel of a fee can do; the steps are those of every proposal."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from requests_app.models import DataSubjectRequest, Fee
from requests_app.permissions import Permission, requires
from requests_app.services import fee

from .fee_forms import FeeForm, FeeToldForm
from .fee_panel import anchor
from .proposal_steps import Steps, Words

STEPS = Steps(
    fee, FeeForm, FeeToldForm, anchor, Permission.EXTEND,
    Words(
        title=_("Ask for a fee"),
        proposed=_("Proposed. The decision-maker now looks at it and approves it."),
        approved=_("Approved. The person is told before anything is charged."),
        taken_back=_("Taken back. The answer costs nothing."),
    ),
)  # fmt: skip


@requires(Permission.DECIDE)
@require_POST
def propose(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Propose a fee for a request."""
    found = DataSubjectRequest.objects.select_related("case")
    return STEPS.propose(request, get_object_or_404(found, pk=pk, case__reference=reference))


@requires(Permission.EXTEND)
@require_POST
def approve(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Approve the fee as the decision-maker."""
    return STEPS.approve(request, _find(reference, pk))


@requires(Permission.VIEW_CASES)
@require_POST
def take_back(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Take the fee back; where the person may know of it, say that they have to be told."""
    row = _find(reference, pk)
    said = _("Taken back. The answer costs nothing. The letter about the fee has gone out, so tell the person.")
    return STEPS.take_back(request, row, said=said if fee.may_be_known(row) else None)


@requires(Permission.DECIDE)
@require_POST
def told(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Record that the letter was posted or handed over."""
    return STEPS.told(request, _find(reference, pk))


def _find(reference: str, pk: int) -> Fee:
    return get_object_or_404(Fee.objects.select_related("dsr__case"), pk=pk, dsr__case__reference=reference)
