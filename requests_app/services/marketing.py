"""What the staff do about marketing to a person: block it, allow it again. Either is on the case with its reason."""

from django.db import transaction

from requests_app import outbox
from requests_app.domain import events
from requests_app.domain.enums import Right, SuppressionState
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import Actor, Reason
from requests_app.permissions import Staff

from . import concerned, notes, rows, suppression, suppression_lift, suppression_list


def block(case_id: int, address: str, *, actor: Actor) -> bool:
    """Block an e-mail address or a phone number for a case, for good; return whether anything changed.

    It need not be the one of the case: a representative writes for somebody else. Raises ActionRefused for a text that
    is neither.
    """
    email, phone = (address, "") if "@" in address else ("", address)
    with transaction.atomic():
        case = rows.lock_case(case_id)
        if not suppression_list.hold(email, phone):
            raise ActionRefused(Reason("not_reachable"))
        cause = Right.MARKETING_OBJECTION.value
        state = SuppressionState.STANDING
        new = suppression.block(state, cause=cause, actor=actor, email=email, phone=phone, case=case)
        if not new:
            suppression.renew(email, phone, actor=actor)
        concerned.found(case)
        return new


def lift(case_id: int, reason: str, *, actor: Actor, user: Staff) -> bool:
    """Allow marketing to the person of a case again and keep why as a note; return whether anything was blocked.

    What the systems were told is taken back there, too. Raises ActionRefused without a reason.
    """
    if not reason.strip():
        raise ActionRefused(Reason("note_missing"))
    with transaction.atomic():
        case = rows.lock_case(case_id)
        lifted = suppression_lift.lift(case, actor=actor)
        if lifted:
            outbox.publish(events.BlockLifted(case.pk))
            concerned.found(case, met=False)
            notes.add_note(case.pk, reason, actor=actor, user=user)
        return lifted
