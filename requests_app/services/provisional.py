"""What blocks marketing for the time being ends with the request that made it.

A deletion or objection blocks on receipt, before anybody has looked. Where it turns out to be no such request, or the
person takes it back, marketing is allowed again. Where it was meant, the block stays whatever the outcome: that a
deletion was refused does not say that the person wants mailings. What is confirmed is never lifted here.
"""

from django.db import transaction

from requests_app.domain.enums import ActorKind, Outcome, Right
from requests_app.domain.outcomes import AT_ONCE, BLOCKS_MARKETING
from requests_app.domain.snapshot import SYSTEM, Actor
from requests_app.models import DataSubjectRequest, Decision

from . import rows, suppression, suppression_lift

_BLOCKING = BLOCKS_MARKETING - AT_ONCE
_NOT_MEANT = frozenset({Outcome.NOT_A_REQUEST, Outcome.WITHDRAWN_BY_REQUESTER})


def lift_unmeant(dsr_id: int) -> None:
    """Lift what a request blocked that ended as none, or was taken back, in the name of who released that.

    Running twice changes nothing. Where the case, or the same person in another, still asks for it, it stays.
    """
    with transaction.atomic():
        dsr = rows.lock_request(dsr_id)
        if dsr.right not in _BLOCKING or dsr.outcome not in _NOT_MEANT or _still_asks(dsr):
            return
        released_by = Decision.objects.values_list("released_by", flat=True).get(dsr=dsr)
        suppression_lift.lift_unmeant(dsr.case, actor=Actor(ActorKind.STAFF, released_by))


def block_again(dsr_id: int) -> None:
    """Block anew for a request that is worked on again, unless the person has taken the block back by the link."""
    with transaction.atomic():
        dsr = rows.lock_request(dsr_id)
        if dsr.right in _BLOCKING and dsr.closed_at is None and not suppression_lift.was_undone(dsr.case):
            suppression.settle(dsr.case, [Right(dsr.right)], actor=SYSTEM, again=True)


def _still_asks(dsr: DataSubjectRequest) -> bool:
    others = dsr.case.dsrs.exclude(pk=dsr.pk).filter(right__in=[right.value for right in BLOCKS_MARKETING])
    return others.exclude(outcome__in=[outcome.value for outcome in _NOT_MEANT]).exists()
