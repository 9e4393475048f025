"""How often a machine confirms a receipt: what is held back goes out later, and staff can send it before.

Without a brake anybody could have us write to anybody as often as they like. A brake never drops anything: after an
outage, or on a day when thousands write, everybody still gets a receipt.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import QuerySet
from django.utils import timezone

from requests_app.domain.enums import Intent
from requests_app.models import Inquiry, Message, Organisation

PER_ADDRESS = 3
ADDRESS_WINDOW = timedelta(hours=24)
IN_ALL = 100
IN_ALL_WINDOW = timedelta(hours=1)

_CONFIRMING = [Intent.ACKNOWLEDGEMENT.value, Intent.CONFIRMATION.value]
_ANSWER_MARKS = re.compile(r"(?:\s*(?:re|sv|aw|antw|ad|vs|fw|fwd|wg|vb)\s*:)+", re.IGNORECASE)


class Brake(StrEnum):
    """What holds a confirmation back; the words stand in `labels.NOT_ACKNOWLEDGED`."""

    IN_ALL = "confirmed_many"
    ADDRESS = "confirmed_often"
    SUBJECT = "confirmed_subject"


@dataclass(frozen=True)
class Hold:
    """Why a confirmation waits, and until when at least."""

    brake: Brake
    until: datetime


def one_at_a_time() -> Organisation:
    """Let nobody else count before this transaction has ended, so that all of them together keep the limits.

    Returns the organisation, which is locked meanwhile.
    """
    return Organisation.objects.select_for_update().get(pk=1)


def held(address: str, inquiry: Inquiry | None, intent: Intent = Intent.ACKNOWLEDGEMENT) -> Hold | None:
    """Return what holds back a confirmation of `inquiry` to `address` now, or None when it may go out.

    At most IN_ALL an hour leave this house. PER_ADDRESS a day go to one address, and one a day to an address for
    several mails with the same subject; there each `intent` counts for itself: of a receipt, or of what took effect at
    once.
    """
    now = timezone.now()
    confirmed = Message.objects.filter(intent__in=_CONFIRMING)
    if freed := _full(confirmed.filter(created_at__gt=now - IN_ALL_WINDOW), IN_ALL):
        return Hold(Brake.IN_ALL, freed + IN_ALL_WINDOW)
    lately = confirmed.filter(intent=intent.value, created_at__gt=now - ADDRESS_WINDOW, to_address__iexact=address)
    latest = list(lately.order_by("-created_at").values_list("created_at", "inquiry", "inquiry__subject")[:PER_ADDRESS])
    if len(latest) == PER_ADDRESS:
        return Hold(Brake.ADDRESS, latest[-1][0] + ADDRESS_WINDOW)
    subject = _bare(inquiry.subject) if inquiry else ""
    if inquiry and subject:
        for at, other, named in latest:
            if other != inquiry.pk and _bare(named or "") == subject:
                return Hold(Brake.SUBJECT, at + ADDRESS_WINDOW)
    return None


def _full(confirmed: QuerySet[Message], most: int) -> datetime | None:
    """Return when the oldest of the latest `most` was written; None while there are fewer."""
    latest = list(confirmed.order_by("-created_at").values_list("created_at", flat=True)[:most])
    return latest[-1] if len(latest) == most else None


def _bare(subject: str) -> str:
    """A subject without the marks of answers and forwards, spaces and capitals."""
    return "".join(_ANSWER_MARKS.sub("", subject, count=1).split()).casefold()
