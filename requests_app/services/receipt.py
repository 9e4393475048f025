"""The receipt corrected: the one instant from which a clock runs (GDPR Art. 12(3); EDPB 01/2022 paragraphs 157-161).

The time that our own server put on a message is never touched. What a person finds out beside it (a colleague had
the letter two days before, the clock of the server was wrong) changes the receipt of the requests, for a reason, and
both values stay. An earlier receipt never harms the person; a later one is the decision-maker's to answer for.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from requests_app import audit, outbox
from requests_app.domain import events
from requests_app.domain.enums import Direction, Role
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import Actor, Reason
from requests_app.models import Case, DataSubjectRequest, Message, ReceiptCorrection
from requests_app.permissions import Staff

from . import clock, collision, rows
from .intake import LONGEST_UNNOTICED

CAUSE = "receipt_corrected"


def correct(
    dsr_id: int, received_at: datetime, reason: str, *, actor: Actor, user: Staff, version: int | None = None
) -> list[DataSubjectRequest]:
    """Say when the message with which a request came was received; return every request that came with it.

    Their dates are computed anew, and the message stands on the case at its new time. Raises ActionRefused for a
    receipt in the future, more than a year before the provable one, or later than what we wrote or asked since; for
    a later one by anybody but the decision-maker; without a reason; when nothing would change; when the case is
    closed or not as it was seen (`version`).
    """
    with transaction.atomic():
        dsrs = rows.lock_requests_alike(dsr_id)
        case, before = dsrs[0].case, dsrs[0].received_at
        collision.check(case, version)
        if why_not := _why_not(dsrs, received_at, actor) or (None if reason.strip() else Reason("receipt_why_missing")):
            raise ActionRefused(why_not)
        corrections = [_correct(dsr, received_at, reason.strip(), user.pk) for dsr in dsrs]
        _redate(case, before, received_at)
        collision.touch(case.pk)
        audit.record(
            "case.receipt_corrected",
            f"case:{case.pk}",
            actor,
            before=before.isoformat(),
            after=received_at.isoformat(),
            received_on=clock.calendar().local_date(received_at).isoformat(),
            requests=[str(dsr.pk) for dsr in dsrs],
        )
        for row in corrections:
            outbox.publish(events.ReceiptCorrected(row.dsr_id), key=f"receipt-corrected:{row.pk}")
        return dsrs


def begin_with(case: Case, dsrs: Sequence[DataSubjectRequest], received_at: datetime, *, actor: Actor) -> bool:
    """Let the requests a case began with count from an earlier message that was put on it; tell whether that changed.

    The earliest receipt counts whenever two messages are one matter. `dsrs` are the open requests of the case, all
    locked. What was asked for later has a message of its own and keeps it; a message from more than a year before is
    no beginning of this case, and only a member of staff moves one. Needs the transaction of that fact; the caller
    records it.
    """
    first = case.received_at
    if not first - LONGEST_UNNOTICED <= received_at < first or actor.user_id is None:
        return False
    if actor.user_id is None:
        raise ValueError("only a person says that two messages are one matter")
    begun = [dsr for dsr in dsrs if dsr.received_at == first]
    for dsr in begun:
        row = _correct(
            dsr, received_at, gettext("An earlier message about the same was put on the case."), actor.user_id
        )
        outbox.publish(events.ReceiptCorrected(dsr.pk), key=f"receipt-corrected:{row.pk}")
    if begun:
        Case.objects.filter(pk=case.pk).update(received_at=received_at)
        collision.touch(case.pk)
    return bool(begun)


def provable_at(dsr: DataSubjectRequest) -> datetime:
    """Return the earliest time that the message with which a request came proves by itself: its arrival here."""
    message = _messages(dsr.case, dsr.received_at).select_related("inquiry").first()
    if message is None:
        return dsr.received_at
    return message.inquiry.received_at if message.inquiry else message.created_at


def latest(dsrs: Sequence[DataSubjectRequest]) -> datetime | None:
    """Return the first time that we wrote to the person or asked them after the receipt: it cannot be later."""
    case, before = dsrs[0].case, dsrs[0].received_at
    written = case.messages.filter(direction=Direction.OUT.value, created_at__gte=before).values_list("created_at")
    asked = [at for dsr in dsrs for at in dsr.suspensions.values_list("asked_at", flat=True)]
    notices = [at for dsr in dsrs for at in dsr.extensions.living().values_list("notice_sent_at", flat=True) if at]
    return min([*(at for (at,) in written), *asked, *notices], default=None)


def _why_not(dsrs: Sequence[DataSubjectRequest], received_at: datetime, actor: Actor) -> Reason | None:
    before, first_word = dsrs[0].received_at, latest(dsrs)
    if dsrs[0].case.closed_at is not None:
        return Reason("case_closed")
    if received_at > timezone.now():
        return Reason("receipt_in_future")
    if _minute(received_at) == _minute(before):
        return Reason("receipt_unchanged")
    if first_word is not None and received_at > first_word:
        return Reason("receipt_after_our_word")
    if received_at < provable_at(dsrs[0]) - LONGEST_UNNOTICED:
        return Reason("receipt_too_old")
    if received_at > before and Role.DECISION_MAKER not in actor.roles:
        return Reason("receipt_later_decision_maker")
    return None


def _minute(moment: datetime) -> datetime:
    """Forms know no seconds."""
    return moment.replace(second=0, microsecond=0)


def _correct(dsr: DataSubjectRequest, received_at: datetime, reason: str, user_id: int) -> ReceiptCorrection:
    row = ReceiptCorrection.objects.create(
        dsr=dsr, before=dsr.received_at, after=received_at, reason=reason, corrected_by_id=user_id,
        corrected_at=timezone.now(),
    )  # fmt: skip
    dsr.received_at = received_at
    dsr.save(update_fields=["received_at"])
    clock.recompute(dsr, CAUSE)
    return row


def _redate(case: Case, before: datetime, after: datetime) -> None:
    """Date the message on the case anew; the inquiry keeps the time of its arrival."""
    _messages(case, before).update(created_at=after)
    Case.objects.filter(pk=case.pk, received_at=before).update(received_at=after)
    Case.objects.filter(pk=case.pk, unread_since=before).update(unread_since=after)


def _messages(case: Case, received_at: datetime) -> QuerySet[Message]:
    return case.messages.filter(direction=Direction.IN.value, created_at=received_at)
