"""A neutral receipt for whoever may have asked for something that nobody has sorted within a working day.

It names no right and no date, for a person has yet to say what was asked. What is surely no request gets none.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from requests_app.domain.calendars import Calendar
from requests_app.domain.enums import Channel, Intent
from requests_app.models import Inquiry, Message, Organisation

from . import acknowledgements, clock, confirmations, one_by_one, reading, triage

SHORTEST_WAIT = timedelta(days=1)
TOGETHER = 20
"""Receipts in one transaction: others wait for as long as it holds the lock of all that confirms."""
# What was long with us before we read it came with an old mailbox; a person looks at it first.
BACKLOG = timedelta(days=3)


def confirm() -> int:
    """Write every receipt that is owed and not held back; return how many.

    What is held back stays unsorted, where staff see it, and is looked at again.
    """
    now, written = timezone.now(), 0
    if not (waiting := list(_waiting(now).values_list("pk", flat=True))):
        return 0
    calendar = clock.calendar()
    for first in range(0, len(waiting), TOGETHER):
        states = _confirm(waiting[first : first + TOGETHER], now, calendar)
        written += states.count(None)
        if confirmations.Brake.IN_ALL in states:
            break
    return written


def why_held_back(inquiry: Inquiry) -> confirmations.Brake | None:
    """Return the brake that holds the receipt of an inquiry back now; None when none is owed, or nothing holds it."""
    now = timezone.now()
    if not _is_owed(_waiting(now).filter(pk=inquiry.pk).first(), now, clock.calendar()):
        return None
    hold = confirmations.held(_reaches(inquiry), inquiry)
    return hold.brake if hold else None


def _waiting(now: datetime) -> QuerySet[Inquiry]:
    """What may be a request, may be answered by a machine, and was neither sorted nor confirmed yet."""
    confirmed = Message.objects.filter(inquiry=OuterRef("pk"), intent=Intent.ACKNOWLEDGEMENT.value)
    mail_or_api = Q(channel=Channel.API.value) | Q(channel=Channel.MAIL.value, auto_reply_allowed=True)
    return (
        Inquiry.objects.unsorted()
        .filter(mail_or_api, maybe_request=True, parsed_at__isnull=False, received_at__lte=now - SHORTEST_WAIT)
        .filter(ingested_at__lte=F("received_at") + BACKLOG)
        .exclude(sender_address="")
        .exclude(auto_reply_reason__in=reading.LOOKED_AT_FIRST)
        .exclude(Exists(confirmed))
    )


def _confirm(pks: Sequence[int], now: datetime, calendar: Calendar) -> list[confirmations.Brake | None]:
    """Write what is owed; return of each None where it is written, or the brake that holds it back."""
    with transaction.atomic():
        organisation = confirmations.one_at_a_time()  # before any other row, as the acknowledgements do
        waiting = _waiting(now).select_for_update(of=("self",)).filter(pk__in=pks).order_by("id")
        owed = {inquiry.pk: inquiry for inquiry in waiting if _is_owed(inquiry, now, calendar)}
        states: list[confirmations.Brake | None] = []

        def work(pk: int) -> int:
            with transaction.atomic():
                states.append(_confirm_one(owed[pk], organisation))
            return 1

        one_by_one.each("receipt", sorted(owed, key=pks.index), work)
        return states


def _confirm_one(inquiry: Inquiry, organisation: Organisation) -> confirmations.Brake | None:
    to = _reaches(inquiry)
    if hold := confirmations.held(to, inquiry):
        return hold.brake
    language = triage.answer_language(inquiry.language)
    acknowledgements.confirm_receipt(inquiry, to, language, organisation)
    return None


def _is_owed(inquiry: Inquiry | None, now: datetime, calendar: Calendar) -> bool:
    """Tell whether an inquiry that waits has waited for its working day."""
    return inquiry is not None and calendar.a_working_day_after(inquiry.received_at) <= now


def _reaches(inquiry: Inquiry) -> str:
    return inquiry.reply_address or inquiry.sender_address
