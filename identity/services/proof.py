"""Identity shown otherwise than by the link to the address on file: by phone, in person, by electronic ID.

What is kept is the result: level, method, doubt, time, who recorded it, the provider's number. Never the evidence: no
code, document, document number, national identity number or answer (EDPB 01/2022 paragraph 79).
"""

from django.db import transaction
from django.utils import timezone

from identity import selectors
from identity.domain.enums import DoubtReason, Level, Method, VerificationPurpose, VerificationState
from identity.models import Verification
from identity.models.user import normal_address
from requests_app.domain import tokens
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import Actor, Reason
from requests_app.keyring import ring
from requests_app.models import Case
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
) -> Verification:
    """Record that the person has shown who they are; the clock goes on, and the open link, if any, is dead.

    The doubt is that of the question that waits; without one, `doubt` says what it was (Art. 12(6)). From here on the
    answer may go to the address in the request. What is recorded twice stands there twice and does no harm. Raises
    ActionRefused for a case that is closed, and where neither a question waits nor a doubt is named.
    """
    with transaction.atomic():
        dsrs, now = rows.lock_requests(case_id), timezone.now()
        case = Case.objects.get(pk=case_id)
        waiting = selectors.standing(case).waiting
        asked_by = actor.user_id or (waiting.asked_by_id if waiting else None)
        reason = waiting.doubt_reason if waiting else doubt
        if reason is None or asked_by is None:
            raise ActionRefused(Reason("identity_nothing_asked"))
        if waiting is None and all(dsr.closed_at for dsr in dsrs):
            raise ActionRefused(Reason("case_closed"))
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
            sent_to=normal_address(case.person_email),
            asked_by_id=asked_by,
            asked_at=now,
            expires_at=now,
            concluded_at=now,
            provider_reference=provider_reference,
        )
        row.token_digest = tokens.digest(tokens.derive_token(ring(), verify.PURPOSE, str(row.uuid), 1))
        row.save()
        verify.go_on(row, dsrs, actor, now)
        return row
