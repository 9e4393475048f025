"""The panel of the case page on which the end of a restriction is proposed, approved and followed."""

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from exports.models import Lifting
from exports.services import lifting as service
from exports.services import lifting_letter, restriction_state
from requests_app.desk import kept_letter
from requests_app.domain.enums import Stage
from requests_app.domain.snapshot import Reason
from requests_app.models import Case, DataSubjectRequest
from requests_app.permissions import Permission, Staff, may, staff
from requests_app.reasons import sentence

from .lifting_forms import LiftingForm, LiftingToldForm

_ANSWERED = (Stage.RELEASED, Stage.CLOSED)


@dataclass(frozen=True)
class Card:
    """One restriction as the panel shows it to one member of staff; what is barred says why.

    `pending` is the lifting that is under way, `last` the one that has begun; `told_on` is when its letter went out.
    """

    dsr: DataSubjectRequest
    version: int
    stands: bool
    pending: Lifting | None
    last: Lifting | None
    told_on: date | None
    letter: str
    letter_pdf: str
    waits_for: str
    barred_propose: str
    barred_approve: str
    propose_form: LiftingForm | None
    told_form: LiftingToldForm | None
    may_decide: bool
    may_release: bool

    @property
    def anchor(self) -> str:
        """Where the card stands on the page."""
        return anchor(self.dsr)

    @property
    def approve_id(self) -> str:
        """The id of the button, to which the reason why it is barred belongs."""
        return f"{self.anchor}-approve"


def anchor(dsr: DataSubjectRequest) -> str:
    """Return where the card of a restriction stands on the page of its case."""
    return f"lifting-{dsr.pk}"


def lifting(request: HttpRequest, case: Case) -> str:
    """Return the panel as HTML; empty for a case in which nothing is restricted, or nothing is answered yet."""
    dsrs = case.dsrs.filter(right__in=restriction_state.RESTRICTING, stage__in=_ANSWERED).order_by("id")
    cards = [card(dsr, case, staff(request)) for dsr in dsrs]
    shown = [one for one in cards if one.stands or one.pending or one.last]
    if not shown:
        return ""
    context = {"cards": shown, "case": case}
    return SafeString(render_to_string("exports/desk/lifting_panel.html", context, request=request))


def card(dsr: DataSubjectRequest, case: Case, user: Staff) -> Card:
    """Return what is shown of one restriction."""
    dsr.case = case
    rows = Lifting.objects.filter(dsr=dsr).select_related("proposed_by", "approved_by")
    pending = rows.pending().first()
    if pending:
        pending.dsr = dsr
    told_on = service.told_on(pending) if pending else None
    may_decide = may(user, Permission.DECIDE)
    barred = service.why_not_propose(dsr)
    unreached = bool(pending and pending.approved_at and told_on is None and not lifting_letter.is_under_way(pending))
    return Card(
        dsr=dsr,
        version=case.version,
        stands=bool(restriction_state.standing(dsr)),
        pending=pending,
        last=rows.filter(begun_at__isnull=False).last(),
        told_on=told_on,
        letter=_letter(pending) if pending else "",
        letter_pdf=kept_letter.pdf(case, lifting_letter.key_of(pending)) if pending else "",
        waits_for=_said(service.why_not_begin(pending)) if pending and pending.approved_at else "",
        barred_propose=_said(barred),
        barred_approve=_said(service.why_not_approve(pending, user.as_actor())) if pending else "",
        propose_form=LiftingForm(dsr) if may_decide and barred is None else None,
        told_form=LiftingToldForm(dsr) if may_decide and unreached else None,
        may_decide=may_decide,
        may_release=may(user, Permission.RELEASE),
    )


def _letter(row: Lifting) -> str:
    """The words of the letter, as written or as they would be; none where the approval is barred by them."""
    if kept := kept_letter.words(lifting_letter.key_of(row)):
        return kept
    return "" if lifting_letter.why_not(row) else lifting_letter.words(row).body


def _said(reason: Reason | None) -> str:
    return sentence(reason) if reason else ""
