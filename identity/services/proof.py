"""Identity shown otherwise than by the link to the address on file: by phone, in person, by electronic ID.

What is kept is the result: level, method, doubt, time, who recorded it, the provider's number. Never the evidence: no
code, document, document number, national identity number or answer (EDPB 01/2022 paragraph 79).
"""

from django.db import transaction
from django.utils import timezone

from identity import selectors
from identity.domain.enums import DoubtReason, Level, Method, VerificationPurpose, VerificationState
from identity.domain.rights import ASKABLE
from identity.models import ExpectedAnswer, Verification
from identity.models.user import normal_address
from requests_app import audit
from requests_app.domain import tokens
from requests_app.domain.enums import Requester
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import Actor, Reason
from requests_app.keyring import ring
from requests_app.models import Case, DataSubjectRequest
from requests_app.services import rows

from . import verify


def shown(
    case_id: int,
    method: Method,
    level: Level,
    *,
    actor: Actor,
    doubt: DoubtReason | None = None,
    provider_reference: str = "",
    second_to: Verification | None = None,
) -> Verification:
    """Record that the person has shown who they are; the clock goes on, and the open link, if any, is dead.

    The doubt is that of the question that waits; without one, `doubt` says what it was (Art. 12(6)). From here on the
    answer may go to the address in the request; where this was reached by the link `second_to`, pressed before or not,
    it goes where that link went. Where somebody writes for another, the address in the request is not that of the
    person, and the proof goes with none. What is recorded twice stands there twice and does no harm. Raises
    ActionRefused for a case that is closed, for rights that are never asked about, where neither a question waits nor
    a doubt is named, and for a link after which the person was asked at another address: whoever had begun there
    would draw the answer back.
    """
    with transaction.atomic():
        dsrs, now = rows.lock_requests(case_id), timezone.now()
        case = Case.objects.get(pk=case_id)
        standing = selectors.standing(case)
        waiting = standing.waiting
        question = waiting or second_to
        asked_by = actor.user_id or (question.asked_by_id if question else None)
        reason = question.doubt_reason if question else doubt
        if reason is None or asked_by is None:
            raise ActionRefused(Reason("identity_nothing_asked"))
        if refused := _why_not(waiting, dsrs):
            raise ActionRefused(refused)
        newest = waiting or standing.confirmed
        if second_to and newest and normal_address(newest.sent_to) != normal_address(second_to.sent_to):
            raise ActionRefused(Reason("identity_asked_elsewhere"))
        open_link = Verification.objects.filter(
            case=case, purpose=VerificationPurpose.IDENTITY, state=VerificationState.ASKED
        )
        open_link.update(state=VerificationState.EXPIRED, concluded_at=now)
        row = Verification(
            case=case,
            method=method.value,
            level=level.value,
            doubt_reason=reason,
            state=VerificationState.CONFIRMED.value,
            sent_to=second_to.sent_to if second_to else _address_of_person(case),
            asked_by_id=asked_by,
            asked_at=now,
            expires_at=now,
            concluded_at=now,
            provider_reference=provider_reference,
        )
        row.token_digest = tokens.digest(tokens.derive_token(ring(), verify.PURPOSE, str(row.uuid), 1))
        row.save()
        if level > Level.L1:
            ExpectedAnswer.objects.filter(case=case).delete()
        verify.go_on(row, dsrs, actor, now)
        return row


def not_shown(case_id: int, method: Method, *, actor: Actor, doubt: DoubtReason | None = None) -> None:
    """Record that somebody tried to show who they are and it did not convince: a question stays open, nothing ends.

    Only the history tells of it. Raises ActionRefused like `shown`.
    """
    with transaction.atomic():
        dsrs = rows.lock_requests(case_id)
        waiting = selectors.standing(Case.objects.get(pk=case_id)).waiting
        reason = waiting.doubt_reason if waiting else doubt
        if reason is None:
            raise ActionRefused(Reason("identity_nothing_asked"))
        if refused := _why_not(waiting, dsrs):
            raise ActionRefused(refused)
        audit.record("identity.not_shown", f"case:{case_id}", actor, method=method.value, doubt=str(reason))


def why_not(case: Case) -> Reason | None:
    """Return why nobody may show anything in a case now, or None."""
    return _why_not(selectors.standing(case).waiting, list(case.dsrs.all()))


def _address_of_person(case: Case) -> str:
    return normal_address(case.person_email) if case.requester == Requester.SELF else ""


def _why_not(waiting: Verification | None, dsrs: list[DataSubjectRequest]) -> Reason | None:
    """A question that waits is answered also when its case has ended; without one there must be something to doubt."""
    if waiting:
        return None
    still_open = [dsr for dsr in dsrs if dsr.closed_at is None]
    if not still_open:
        return Reason("case_closed")
    if any(dsr.right in ASKABLE for dsr in still_open):
        return None
    known = [dsr for dsr in still_open if dsr.right]
    return verify.never_asked(known) if known else Reason("identity_never_asked")
