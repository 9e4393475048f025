"""The panel of the case page on which an extension is proposed, approved and followed to the person."""

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.functional import Promise

from requests_app.domain.enums import AdviceSubject
from requests_app.domain.outcomes import AT_ONCE
from requests_app.domain.snapshot import Reason
from requests_app.labels import DELIVERY_WAYS, EXTENSION_REASONS, MESSAGE_STATES, right_label
from requests_app.models import Case, DataSubjectRequest, Extension
from requests_app.permissions import Permission, Staff, may, staff
from requests_app.reasons import sentence
from requests_app.services import clock, extension_letter
from requests_app.services import extension as service

from .advice import Box, box
from .extension_forms import ExtensionForm, ExtensionToldForm


@dataclass(frozen=True)
class Card:
    """One request as the panel shows it to one member of staff; what is barred says why.

    `row` is the extension that was not taken back. `latest` is the last day for its notice, `decide_by` the hint of
    when to decide, `extended_to` the day it leads to. `breaks_promise`: the notice goes, or went, out after the day
    that the person was promised.
    """

    dsr: DataSubjectRequest
    title: Promise | str
    version: int
    row: Extension | None
    reasons: list[Promise]
    latest: date
    decide_by: date
    extended_to: date
    paused: bool
    breaks_promise: bool
    valid: bool
    notice_on: date | None
    notice_way: Promise | str
    mail_state: Promise | str
    letter: str
    advice: Box
    barred_propose: str
    barred_approve: str
    barred_back: str
    propose_form: ExtensionForm | None
    told_form: ExtensionToldForm | None
    may_propose: bool
    may_approve: bool

    @property
    def anchor(self) -> str:
        """Where the card stands on the page."""
        return anchor(self.dsr)


def anchor(dsr: DataSubjectRequest) -> str:
    """Return where the card of a request stands on the page of its case."""
    return f"extension-{dsr.pk}"


def panel(request: HttpRequest, case: Case) -> str:
    """Return the panel as HTML; empty for a case in which there is nothing to extend and nothing was extended."""
    dsrs = case.dsrs.exclude(right__in=[*AT_ONCE, ""]).order_by("id")
    user = staff(request)
    shown = [card(dsr, case, user) for dsr in dsrs if service.is_open(dsr) or dsr.extensions.living().exists()]
    if not shown:
        return ""
    return render_to_string("requests_app/desk/extension.html", {"cards": shown, "case": case}, request=request)


def card(dsr: DataSubjectRequest, case: Case, user: Staff) -> Card:
    """Return what is shown of the extension of one request."""
    dsr.case = case
    row = Extension.objects.living().select_related("proposed_by", "approved_by").filter(dsr=dsr).first()
    if row:
        row.dsr = dsr
    told = bool(row and row.notice_sent_at)
    mail = extension_letter.mail_of(row) if row else None
    deadline = clock.derive(dsr) if told else clock.if_extended(dsr)
    may_propose, barred = may(user, Permission.DECIDE), service.why_not_propose(dsr)
    return Card(
        dsr=dsr,
        title=right_label(dsr.right),
        version=case.version,
        row=row,
        reasons=[EXTENSION_REASONS[code] for code in row.reasons] if row else [],
        latest=clock.latest_notice(dsr),
        decide_by=service.decide_by(dsr),
        extended_to=deadline.effective_due,
        paused=deadline.paused,
        breaks_promise=deadline.policy_breach,
        valid=bool(deadline.extension_valid),
        notice_on=clock.calendar().local_date(row.notice_sent_at) if row and row.notice_sent_at else None,
        notice_way=DELIVERY_WAYS[row.notice_way] if row and row.notice_way else "",
        mail_state=MESSAGE_STATES[mail.state] if mail else "",
        letter=_letter(row) if row and not told else "",
        advice=box(dsr, AdviceSubject.EXTENSION, user),
        barred_propose=_said(barred),
        barred_approve=_said(service.why_not_approve(row, user.as_actor())) if row else "",
        barred_back=_said(service.why_not_take_back(row)) if row else "",
        propose_form=ExtensionForm(dsr) if may_propose and barred is None else None,
        told_form=ExtensionToldForm(dsr) if row and may_propose and service.why_not_told(row) is None else None,
        may_propose=may_propose,
        may_approve=may(user, Permission.EXTEND),
    )


def _letter(row: Extension) -> str:
    """The words of the letter; none where it cannot be written, which the approval is barred by."""
    return "" if extension_letter.why_not(row) else extension_letter.words(row).body


def _said(reason: Reason | None) -> str:
    return sentence(reason) if reason else ""
