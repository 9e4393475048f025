"""Calling back a number that a system holds, and asking there what only the person knows (level L2).

The number in the request proves nothing: whoever writes it may be anybody. Nor does what a system holds under it, or
under another address of the request than the one in question: that may be the row of whoever writes. A number counts
if it lies under the address that the question is about; that the request names the same one does no harm then. One
that is on file for less than 30 days may have been changed to get here.
"""

from collections.abc import Mapping
from datetime import timedelta

from django.utils import timezone

from identity import selectors
from identity.domain.enums import ContactChannel, DoubtReason, Level, Method
from identity.domain.knowledge import OwnData
from identity.models import ContactPoint
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import Actor, Reason
from requests_app.models import Case

from . import delivery, knowledge, proof

SETTLED = timedelta(days=30)


def phones(case: Case) -> list[ContactPoint]:
    """Return the numbers on file of whose address is in question that have not changed lately.

    Of some, nobody knows since when.
    """
    newer, address = timezone.now() - SETTLED, delivery.address_in_question(case)
    points = [
        point
        for point in selectors.contact_points(case)
        if point.channel == ContactChannel.PHONE and address and address in point.found_by
    ]
    return [point for point in points if point.since is None or point.since <= newer]


def why_not(case: Case) -> Reason | None:
    """Return why nobody may be called back now, or None."""
    if reason := proof.why_not(case) or knowledge.why_not(case):
        return reason
    return None if phones(case) else Reason("identity_no_phone")


def answered(
    case: Case, phone_id: int, given: Mapping[OwnData, str], *, actor: Actor, doubt: DoubtReason | None
) -> knowledge.Tried:
    """Look at answers that the person gave on the phone. Raises ActionRefused, also for a number not on file."""
    if reason := why_not(case):
        raise ActionRefused(reason)
    if phone_id not in [point.pk for point in phones(case)]:
        raise ActionRefused(Reason("identity_no_phone"))
    if selectors.standing(case).waiting is None and doubt is None:
        raise ActionRefused(Reason("identity_nothing_asked"))
    tried = knowledge.check(case.pk, given, Method.CALL_BACK, actor=actor)
    if tried.enough:
        proof.shown(case.pk, Method.CALL_BACK, Level.L2, actor=actor, doubt=doubt)
    return tried
