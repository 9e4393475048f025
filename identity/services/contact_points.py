"""Addresses on file: what the systems hold about how a person is reached, with where and since when."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from identity.domain.enums import ContactChannel
from identity.models import ContactPoint
from identity.models.user import normal_address
from requests_app import audit
from requests_app.domain.snapshot import SYSTEM, Actor
from requests_app.models import Case
from requests_app.services import collision, rows


def record(
    case: Case,
    channel: ContactChannel,
    value: str,
    system: str,
    since: datetime | None,
    *,
    found_by: str = "",
    reason: str = "",
    actor: Actor = SYSTEM,
) -> ContactPoint:
    """Write down that `system` holds this address or number of the person; the same one is written once.

    `since` is when the system got it, as far as it says, the earliest of several rows that hold it; `found_by` the
    e-mail address that was searched for, empty where it was a phone number or a person looked; `reason` why the
    address in the request may count as one on file. What a person writes down raises the version of the case: nobody
    releases an answer to an address that came after they looked. Call `delivery.review` when all are written.
    """
    text = normal_address(value) if channel is ContactChannel.EMAIL else "".join(value.split())
    said = {"reason": reason} if reason else {}
    key = normal_address(found_by)
    with transaction.atomic():
        rows.lock_case(case.pk)
        point, new = ContactPoint.objects.get_or_create(
            case=case,
            channel=channel.value,
            value=text,
            system=system,
            defaults={"since": since, "recorded_at": timezone.now(), "recorded_by_id": actor.user_id, **said},
        )
        if key and key not in point.found_by:
            point.found_by = [*point.found_by, key]
            point.save(update_fields=["found_by"])
        if new and actor.user_id:
            collision.touch(case.pk)
        if new:
            # What people call a system they type themselves, so it is no code, and the audit does without it.
            code = {} if actor.user_id else {"system": system}
            audit.record("contact_point.recorded", f"case:{case.pk}", actor, channel=channel.value, **code)
        elif since and (point.since is None or since < point.since):
            point.since = since
            point.save(update_fields=["since"])
    return point
