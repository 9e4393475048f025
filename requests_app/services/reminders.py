"""Reminders to the staff: what is due in 5 and in 2 days, and what is overdue, once each."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from requests_app import selectors
from requests_app.domain.enums import Role, StaffNotice, Stage
from requests_app.models import DataSubjectRequest, ReminderSent
from requests_app.permissions import Staff

from . import clock, rows, staff_notice

BATCH = 200
_ANSWERED = (Stage.RELEASED.value, Stage.CLOSED.value)


def kind_of(due: date, today: date) -> str | None:
    """Return which reminder is owed for a due date: only the most urgent one, None while there is time."""
    left = (due - today).days
    if left < 0:
        return "overdue"
    if left <= 2:
        return "due_2"
    return "due_5" if left <= 5 else None


def sweep() -> int:
    """Send every reminder that is owed and was not sent; return how many went out."""
    today = clock.calendar().local_date(timezone.now())
    due = (
        DataSubjectRequest.objects.open()
        .filter(effective_due__lte=today + timedelta(days=5))
        .exclude(stage__in=_ANSWERED)
        .order_by("effective_due", "id")
        .values_list("pk", flat=True)
    )
    return sum(_remind(pk, today) for pk in due.iterator(chunk_size=BATCH))


def _remind(dsr_id: int, today: date) -> bool:
    with transaction.atomic():
        dsr = rows.lock_request(dsr_id)
        if dsr.effective_due is None or dsr.closed_at is not None:
            return False
        kind = kind_of(dsr.effective_due, today)
        people = whom(dsr)
        if kind is None or not people:  # nobody yet: the next sweep looks again
            return False
        _, new = ReminderSent.objects.get_or_create(
            dsr=dsr, kind=kind, due_on=dsr.effective_due, defaults={"sent_at": timezone.now()}
        )
        if not new:
            return False
        staff_notice.tell(
            StaffNotice.DUE_SOON,
            people,
            "requests_app/mail/reminder",
            {
                "reference": dsr.case.reference,
                "due_on": dsr.effective_due,
                "days": abs((dsr.effective_due - today).days),
                "kind": kind,
            },
            key=f"reminder:{dsr.pk}:{kind}:{dsr.effective_due}",
        )
        return True


def whom(dsr: DataSubjectRequest) -> list[Staff]:
    """Return the assignee, or while nobody has the case, everybody who could take it."""
    if dsr.case.assignee and dsr.case.assignee.is_active:
        return [dsr.case.assignee]
    return selectors.staff_with(Role.HANDLER, Role.DECISION_MAKER)
