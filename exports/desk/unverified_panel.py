"""The panel on which a request is proposed to end because nobody showed who asks, with the letter; and its one step."""

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from exports.services import endings, unverified_proposal
from requests_app.domain.enums import Outcome
from requests_app.domain.errors import ActionRefused, TransitionDenied
from requests_app.labels import right_label
from requests_app.models import Case, DataSubjectRequest
from requests_app.permissions import Permission, may, requires, staff
from requests_app.reasons import sentence
from requests_app.services import unverified, wording
from requests_app.services.correspondence import Words

from .decision_steps import back, find


@dataclass(frozen=True)
class Card:
    """One request that can end so: since when, the letter, and why it cannot be written."""

    dsr: DataSubjectRequest
    right: Promise | str
    since: date | None
    letter: Words | None
    problem: str

    @property
    def button_id(self) -> str:
        """The id of the button, to which the reason why it is barred belongs."""
        return f"unverified-{self.dsr.pk}"


def panel(request: HttpRequest, case: Case) -> str:
    """Return the panel as HTML; empty while nobody has waited long enough."""
    dsrs = case.dsrs.open().select_related("case").order_by("id")
    cards = [_card(dsr) for dsr in dsrs if unverified_proposal.is_due(dsr)]
    if not cards:
        return ""
    context = {"cards": cards, "case": case, "may_decide": may(staff(request), Permission.DECIDE)}
    return SafeString(render_to_string("exports/desk/unverified_panel.html", context, request=request))


@requires(Permission.DECIDE)
@require_POST
def propose(request: HttpRequest, dsr_id: int) -> HttpResponse:
    """Propose the ending; somebody else releases it."""
    dsr, version = find(dsr_id), request.POST.get("version", "")
    seen = int(version) if version.isascii() and version.isdigit() and len(version) < 10 else -1
    try:
        unverified_proposal.propose(dsr.pk, actor=staff(request).as_actor(), version=seen)
    except (ActionRefused, TransitionDenied) as refused:
        messages.error(request, sentence(refused.reason))
    else:
        messages.success(request, _("Proposed. Somebody else now looks at the letter and releases it."))
    return back(dsr)


def _card(dsr: DataSubjectRequest) -> Card:
    reason, letter = unverified_proposal.why_not_propose(dsr), None
    try:
        letter = endings.words(dsr, Outcome.CLOSED_UNVERIFIED)
    except wording.Unresolved as error:
        reason = error.reason
    return Card(dsr, right_label(dsr.right), unverified.closable_from(dsr), letter, sentence(reason) if reason else "")
