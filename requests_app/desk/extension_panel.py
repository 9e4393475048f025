"""The panels of the case page on which an extension is proposed, approved and followed to the person.

There are two places for it: what is under way, or has to be decided soon, stands among the work; what is merely
possible stands folded at the foot of the page.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

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

from . import kept_letter
from .advice import Box, box
from .extension_forms import ExtensionForm, ExtensionToldForm

NEAR = timedelta(days=7)
"""How long before the decision is due the panel comes up among the work, until the month is over."""


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
    letter_pdf: str
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
    """Return as HTML what was proposed or extended, or has to be decided soon; empty where there is nothing of it."""
    return _html(request, case, [dsr for dsr in _extensible(case) if _at_hand(dsr)], folded=False)


def folded(request: HttpRequest, case: Case) -> str:
    """Return as HTML, folded, what could be extended and need not be decided yet; empty where there is nothing."""
    return _html(request, case, [dsr for dsr in _extensible(case) if not _at_hand(dsr)], folded=True)


def _extensible(case: Case) -> Iterator[DataSubjectRequest]:
    """Yield the requests of a case that can be or were extended."""
    for dsr in case.dsrs.exclude(right__in=[*AT_ONCE, ""]).order_by("id"):
        if service.is_open(dsr) or dsr.extensions.living().exists():
            yield dsr


def _at_hand(dsr: DataSubjectRequest) -> bool:
    if dsr.extensions.living().exists():
        return True
    return service.decide_by(dsr) - NEAR <= service.today() <= clock.latest_notice(dsr)


def _html(request: HttpRequest, case: Case, dsrs: list[DataSubjectRequest], *, folded: bool) -> str:
    if not dsrs:
        return ""
    user, several = staff(request), case.dsrs.count() > 1
    context = {"cards": [card(dsr, case, user) for dsr in dsrs], "case": case, "several": several, "folded": folded}
    return render_to_string("requests_app/desk/extension.html", context, request=request)


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
        letter_pdf=kept_letter.pdf(case, extension_letter.key_of(row)) if row else "",
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
    """The words of the letter, as written or as they would be; none where the approval is barred by them."""
    if kept := kept_letter.words(extension_letter.key_of(row)):
        return kept
    return "" if extension_letter.why_not(row) else extension_letter.words(row).body


def _said(reason: Reason | None) -> str:
    return sentence(reason) if reason else ""
