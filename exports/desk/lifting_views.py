"""What the panel of a restriction can do; the steps are those of every proposal."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from exports.models import Lifting
from exports.services import lifting
from requests_app.desk.proposal_steps import Steps, Words
from requests_app.permissions import Permission, requires

from .decision_steps import find
from .lifting_forms import LiftingForm, LiftingToldForm
from .lifting_panel import anchor

STEPS = Steps(
    lifting, LiftingForm, LiftingToldForm, anchor, Permission.RELEASE,
    Words(
        title=_("Lift the restriction"),
        proposed=_("Proposed. Somebody else now looks at it and approves it."),
        approved=_("Approved. The person is told before anything is lifted."),
        taken_back=_("Taken back. The data stays restricted."),
    ),
)  # fmt: skip


@requires(Permission.DECIDE)
@require_POST
def propose(request: HttpRequest, dsr_id: int) -> HttpResponse:
    """Propose that the restriction ends."""
    return STEPS.propose(request, find(dsr_id))


@requires(Permission.RELEASE)
@require_POST
def approve(request: HttpRequest, lifting_id: int) -> HttpResponse:
    """Approve the lifting as the second person."""
    return STEPS.approve(request, _find(lifting_id))


@requires(Permission.VIEW_CASES)
@require_POST
def take_back(request: HttpRequest, lifting_id: int) -> HttpResponse:
    """Take the lifting back."""
    return STEPS.take_back(request, _find(lifting_id))


@requires(Permission.DECIDE)
@require_POST
def told(request: HttpRequest, lifting_id: int) -> HttpResponse:
    """Record that the person was told."""
    return STEPS.told(request, _find(lifting_id))


def _find(lifting_id: int) -> Lifting:
    return get_object_or_404(Lifting.objects.select_related("dsr__case"), pk=lifting_id)
