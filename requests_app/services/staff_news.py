"""News of a case for whoever has it: it is theirs now, the person wrote, a mail did not arrive.

Each is told once, whatever runs twice, and not at all when it is no news any more.
"""

from django.db import transaction

from requests_app.domain.enums import StaffNotice
from requests_app.models import Message

from . import rows, staff_notice

MAILS = "requests_app/mail/"


def tell_assigned(case_id: int, user_id: int, version: int) -> None:
    """Tell somebody that a colleague gave them a case; `version` of the case tells two such times apart."""
    with transaction.atomic():
        case = rows.lock_case(case_id)
        if case.assignee_id != user_id or case.closed_at is not None:
            return
        staff_notice.tell_of_case(
            StaffNotice.ASSIGNED, case, f"{MAILS}case_assigned", {"due_on": case.due_on},
            key=f"assigned:{case.pk}:{user_id}:{version}",
        )  # fmt: skip


def tell_replied(message_id: int) -> None:
    """Tell that the person of a case wrote, unless somebody has read it already."""
    with transaction.atomic():
        case_id = Message.objects.values_list("case_id", flat=True).filter(pk=message_id).first()
        case = rows.lock_case(case_id) if case_id else None
        if case is None or case.unread_since is None:
            return
        staff_notice.tell_of_case(StaffNotice.REPLIED, case, f"{MAILS}person_replied", {}, key=f"replied:{message_id}")


def tell_bounced(message_id: int, attempt: int) -> None:
    """Tell that a mail of a case did not reach the person, or perhaps not; `attempt` tells two such times apart.

    Of a mail to the staff nobody is told by mail: it could fail the same way, without end.
    """
    with transaction.atomic():
        case_id = Message.objects.values_list("case_id", flat=True).filter(pk=message_id).first()
        if case_id is None:
            return
        staff_notice.tell_of_case(
            StaffNotice.BOUNCED, rows.lock_case(case_id), f"{MAILS}mail_failed", {},
            key=f"bounced:{message_id}:{attempt}",
        )  # fmt: skip
