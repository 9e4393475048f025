"""One more proof after the link (level L2): who needs it, and by which link it is given."""

from django.db import transaction
from django.utils import timezone

from identity import selectors
from identity.domain.enums import Level, Method, VerificationPurpose, VerificationState
from identity.domain.knowledge import OwnData
from identity.models import Verification
from requests_app.domain import tokens
from requests_app.domain.snapshot import PERSON, Reason
from requests_app.models import Case
from requests_app.services import rows

from . import codes, delivery, knowledge, proof, sms, verify


def wanted(case: Case) -> bool:
    """Tell whether the person has confirmed by the link, and the table asks for more than a mailbox shows.

    Not while a later question waits: that one was put because the first answer was not enough, maybe elsewhere.
    """
    standing = selectors.standing(case)
    confirmed = standing.confirmed
    if standing.waiting or confirmed is None or confirmed.method != Method.EMAIL_LINK or case.closed_at:
        return False
    return any(delivery.missing(dsr) for dsr in case.dsrs.open())


def link_of(token: str) -> Verification | None:
    """Return the confirmed link by which the second step is open, or None: for 24 hours from when it was pressed."""
    row = Verification.objects.select_related("case").filter(token_digest=tokens.digest(token)).first()
    if row is None or row.purpose != VerificationPurpose.IDENTITY or row.state != VerificationState.CONFIRMED:
        return None
    if row.concluded_at is None or row.concluded_at + verify.LIFETIME <= timezone.now():
        return None
    if selectors.standing(row.case).confirmed != row or not wanted(row.case):
        return None
    return row


def why_not(case: Case) -> Reason | None:
    """Return why no second step is open in a case, or None."""
    return None if wanted(case) else Reason("identity_link_first")


def open_ways(case: Case) -> tuple[Method, ...]:
    """Return the ways to give one more proof that are open in a case."""
    reasons = {Method.SMS_CODE: sms.why_not(case), Method.KNOWLEDGE: knowledge.why_not(case)}
    return tuple(method for method, reason in reasons.items() if reason is None)


def answer(link: Verification, given: dict[OwnData, str]) -> knowledge.Tried:
    """Look at answers that the person gave on the page behind `link`. Raises ActionRefused."""
    tried = knowledge.check(link.case_id, given, Method.KNOWLEDGE, actor=PERSON)
    if tried.enough:
        proof.shown(link.case_id, Method.KNOWLEDGE, Level.L2, actor=PERSON, second_to=link)
    return tried


def type_in(link: Verification, given: str) -> codes.CodeResult:
    """Look at a code that the person got by SMS and typed in on the page behind `link`.

    It is used up and counts as the proof in one transaction: a right code is never lost on the way.
    """
    with transaction.atomic():
        rows.lock_requests(link.case_id)
        result = sms.check(link.case, given)
        if result.ok:
            proof.shown(link.case_id, Method.SMS_CODE, Level.L2, actor=PERSON, second_to=link)
    return result
