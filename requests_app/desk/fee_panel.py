"""The panels of the case page on which a fee is proposed, approved and followed to the person.

A fee that there is stands among the work; the way to ask for one stands folded at the foot of the page.
"""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.functional import Promise

from requests_app.domain.outcomes import AT_ONCE
from requests_app.domain.snapshot import Reason
from requests_app.labels import DELIVERY_WAYS, FEE_KINDS, MESSAGE_STATES, right_label
from requests_app.models import Case, DataSubjectRequest, Fee
from requests_app.permissions import Permission, Staff, may, staff
from requests_app.reasons import sentence
from requests_app.services import fee as service
from requests_app.services import fee_letter

from . import kept_letter
from .fee_forms import FeeForm, FeeToldForm


@dataclass(frozen=True)
class Card:
    """One request as the panel shows it to one member of staff; `row` is the fee that was not taken back."""

    dsr: DataSubjectRequest
    title: Promise | str
    version: int
    row: Fee | None
    kind: Promise | str
    mail_state: Promise | str
    told_way: Promise | str
    letter: str
    letter_pdf: str
    barred_approve: str
    propose_form: FeeForm | None
    told_form: FeeToldForm | None
    may_propose: bool
    may_approve: bool

    @property
    def anchor(self) -> str:
        """Where the card stands on the page."""
        return anchor(self.dsr)


def anchor(dsr: DataSubjectRequest) -> str:
    """Return where the card of a request stands on the page of its case."""
    return f"fee-{dsr.pk}"


def panel(request: HttpRequest, case: Case) -> str:
    """Return as HTML the fees that were proposed or approved; empty where nothing costs anything."""
    return _html(request, case, _cards(request, case, has_fee=True))


def folded(request: HttpRequest, case: Case) -> str:
    """Return as HTML, folded, the form that proposes a fee; empty where nobody may or nothing can cost anything."""
    return _html(request, case, [one for one in _cards(request, case, has_fee=False) if one.propose_form])


def _cards(request: HttpRequest, case: Case, *, has_fee: bool) -> list[Card]:
    """Return the requests of a case that are not free in any event, with or without a fee."""
    user = staff(request)
    dsrs = case.dsrs.exclude(right__in=[*AT_ONCE, ""]).order_by("id")
    charged = Fee.objects.living().filter(dsr=OuterRef("pk"))
    return [card(dsr, case, user) for dsr in dsrs.filter(Exists(charged) if has_fee else ~Exists(charged))]


def _html(request: HttpRequest, case: Case, cards: list[Card]) -> str:
    if not cards:
        return ""
    context = {"cards": cards, "case": case, "several": case.dsrs.count() > 1}
    return render_to_string("requests_app/desk/fee.html", context, request=request)


def card(dsr: DataSubjectRequest, case: Case, user: Staff) -> Card:
    """Return what is shown of the fee of one request."""
    dsr.case = case
    row = Fee.objects.living().select_related("proposed_by", "approved_by").filter(dsr=dsr).first()
    if row:
        row.dsr = dsr
    mail = fee_letter.mail_of(row) if row else None
    may_propose = may(user, Permission.DECIDE)
    return Card(
        dsr=dsr,
        title=right_label(dsr.right),
        version=case.version,
        row=row,
        kind=FEE_KINDS[row.kind] if row else "",
        mail_state=MESSAGE_STATES[mail.state] if mail else "",
        told_way=DELIVERY_WAYS[row.told_way] if row and row.told_way else "",
        letter=_letter(row) if row else "",
        letter_pdf=kept_letter.pdf(case, fee_letter.key_of(row)) if row else "",
        barred_approve=_said(service.why_not_approve(row, user.as_actor())) if row else "",
        propose_form=FeeForm(dsr) if may_propose and service.why_not_propose(dsr) is None else None,
        told_form=FeeToldForm(dsr) if row and may_propose and service.why_not_told(row) is None else None,
        may_propose=may_propose,
        may_approve=may(user, Permission.EXTEND),
    )


def _letter(row: Fee) -> str:
    """The words of the letter, as written or as they would be; none where the approval is barred by them."""
    if kept := kept_letter.words(fee_letter.key_of(row)):
        return kept
    return "" if fee_letter.why_not(row) else fee_letter.words(row).body


def _said(reason: Reason | None) -> str:
    return sentence(reason) if reason else ""
