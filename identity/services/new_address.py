"""An address on file is to be changed: the old and the new one must be the person's, or anybody could move the answer.

The new one is asked by a link of its own, the old one by the link that confirms identity. Who can no longer read the
old one is helped by the decision-maker, with a reason.
"""

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from identity import selectors
from identity.domain.enums import DoubtReason, VerificationPurpose, VerificationState
from identity.models import Verification
from identity.models.user import normal_address
from requests_app import audit
from requests_app.domain.enums import Role
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import Actor, Reason
from requests_app.models import Case
from requests_app.services import rows

from . import delivery, verify

LONGEST_REASON = 500


def require(case_id: int, changes: Collection[tuple[str, str]], *, actor: Actor) -> bool:
    """Ask for every change (old address, new address) of these, and take back what was asked for any other.

    The link goes to the new address at once, and one to the old address unless it was confirmed before or is being
    asked about already. Doing it twice asks nothing twice. Returns whether a link was sent. Raises ActionRefused.
    """
    wanted = {(normal_address(old), normal_address(new)) for old, new in changes}
    with transaction.atomic():
        rows.lock_open_requests(case_id)
        case = Case.objects.get(pk=case_id)
        asked = {(one.row.replaces, one.row.sent_to) for one in selectors.address_changes(case)}
        for old, new in sorted(asked - wanted):
            _take_back(case, old, new)
        missing = sorted(wanted - asked)
        links = [_ask(case, old, new, actor) for old, new in missing]
        for old, _new in missing:
            _ask_old(case, old, actor)
        if asked != wanted:
            delivery.review(case)
        for link in links:
            audit.record("identity.new_address_asked", f"case:{case.pk}", actor, verification=link.pk)
        return bool(links)


def old_is_lost(verification_id: int, reason: str, *, actor: Actor) -> None:
    """Record why the person cannot confirm at the old address; by the decision-maker only. Raises ActionRefused.

    The question that was put there for the change is taken back; one that was put for another doubt waits for another
    proof, or for somebody who takes that doubt back.
    """
    if Role.DECISION_MAKER not in actor.roles:
        raise ActionRefused(Reason("decision_maker_only"))
    if not reason.strip() or len(reason) > LONGEST_REASON or "\0" in reason:
        raise ActionRefused(Reason("old_address_reason", {"most": str(LONGEST_REASON)}))
    with transaction.atomic():
        row = Verification.objects.select_related("case").get(pk=verification_id)
        rows.lock_open_requests(row.case_id)
        standing = selectors.standing(row.case)
        live = [one.row.pk for one in selectors.address_changes(row.case)]
        if row.pk not in live:
            raise ActionRefused(Reason("identity_nothing_asked"))
        if row.asked_by_id == actor.user_id:
            raise ActionRefused(Reason("old_address_second_person"))
        Verification.objects.filter(pk=row.pk).update(old_lost=reason.strip(), old_lost_by_id=actor.user_id)
        waiting, change = standing.waiting, DoubtReason.ADDRESS_CHANGE
        if waiting and waiting.sent_to == row.replaces and waiting.doubt_reason == change:
            verify.withdraw(row.case_id, actor=actor)
        delivery.review(row.case)
        audit.record("identity.old_address_lost", f"case:{row.case_id}", actor, verification=row.pk)


def _ask(case: Case, old: str, new: str, actor: Actor) -> Verification:
    if actor.user_id is None:
        raise ActionRefused(Reason("staff_only"))
    try:
        validate_email(new)
    except ValidationError:
        raise ActionRefused(Reason("bad_address")) from None
    if reason := verify.why_not_ask(case):
        raise ActionRefused(reason)
    link = verify.new_link(case, DoubtReason.ADDRESS_CHANGE, new, actor.user_id, replaces=old)
    verify.mail_link(case, link)
    return link


def _ask_old(case: Case, old: str, actor: Actor) -> None:
    """Ask at the old address, unless it was confirmed, is being asked about, or may not be asked about now."""
    change = next(one for one in selectors.address_changes(case) if one.row.replaces == old)
    point = next((p for p in selectors.addresses_on_file(case) if normal_address(p.value) == old), None)
    if change.old_shown or point is None or selectors.standing(case).waiting or verify.why_not_ask(case):
        return
    verify.ask(case.pk, DoubtReason.ADDRESS_CHANGE, point.pk, actor=actor)


def _take_back(case: Case, old: str, new: str) -> None:
    Verification.objects.filter(
        case=case, purpose=VerificationPurpose.NEW_ADDRESS, replaces=old, sent_to=new
    ).exclude(state=VerificationState.WITHDRAWN).update(
        state=VerificationState.WITHDRAWN, concluded_at=timezone.now()
    )  # fmt: skip
