"""Mails of ours that come back, or are late: tied to their message, shown on its case, told to the staff.

Only what carries a mark that we signed is about a mail of ours. Anything else that looks like a report stays an
ordinary inquiry, and so does a report that says neither.
"""

from typing import Any

from django.db import transaction
from django.utils import timezone

from requests_app import audit, outbox
from requests_app.domain import events
from requests_app.domain.enums import Direction, MessageState, Verdict
from requests_app.domain.snapshot import SYSTEM
from requests_app.keyring import ring
from requests_app.mailbox import returned
from requests_app.mailbox.parsed import Delivery, ParsedMail
from requests_app.models import DeliveryReport, Inquiry, Message

from . import rows

# A message in another state did not leave, or is on its way once more: what is said of it now is old.
_LEFT = (MessageState.SENT.value, MessageState.UNCERTAIN.value, MessageState.SENDING.value)


def about(mail: ParsedMail) -> tuple[Message, Delivery] | None:
    """Return the message of ours that a mail reports on, and what became of it; None for any other mail."""
    uuid = returned.own_message(ring().all("mail"), mail)
    message = Message.objects.filter(uuid=uuid, direction=Direction.OUT.value).first() if uuid else None
    told = returned.what_happened(mail, message.to_address) if message else None
    return (message, told) if message and told else None


def record(inquiry: Inquiry, fields: dict[str, Any], message: Message, told: Delivery) -> None:
    """Keep what a report says; `fields` are the columns read from it, as for any mail.

    It is no request and lies with what is none, from where a person can still fetch it. Of a message that belongs to
    no case and answers nobody, a notice to the staff, it waits in the inbox: no mail can tell of that one. A message
    that came back raises MessageFailed; one that is late stays as it is. The same report is kept once.
    """
    with transaction.atomic():
        if message.case_id:
            rows.lock_case(message.case_id)
        row = Inquiry.objects.select_for_update(of=("self",)).light().get(pk=inquiry.pk)
        if row.parsed_at is not None:
            return
        message = Message.objects.select_for_update(of=("self",)).get(pk=message.pk)
        now, back = timezone.now(), told.action == returned.FAILED
        fields |= {"parsed_at": now, "suggested_rights": [], "maybe_request": False}
        fields |= {"request_probability": None, "passages": []}  # the words of a machine: nothing to guess at
        shown_elsewhere = message.case_id or message.inquiry_id
        if shown_elsewhere and row.verdict == Verdict.UNSORTED and row.case_id is None:
            fields |= {"verdict": Verdict.NOT_A_REQUEST.value, "sorted_at": now}
        Inquiry.objects.filter(pk=row.pk).update(**fields)
        report = DeliveryReport.objects.create(
            message=message, inquiry=row, came_back=back, status=told.status, reported_at=row.received_at
        )
        if back and message.state in _LEFT:
            Message.objects.filter(pk=message.pk).update(state=MessageState.BOUNCED.value)
        audit.record("inquiry.read", f"inquiry:{row.pk}", SYSTEM, problems=list(fields["problems"]))
        audit.record(
            "message.bounced" if back else "message.delayed", f"case:{message.case_id or 0}", SYSTEM,
            message=message.pk, status=told.status,
        )  # fmt: skip
        if back and message.case_id:
            outbox.publish(events.MessageFailed(message.pk, message.attempts), key=f"bounced:{report.pk}")
