"""The letter about a new day for the answer (T01): the day that the person was told has moved since.

The clock moves a day where the person answered a question, a receipt is corrected, or the organisation reckons
otherwise; whoever was told the day of before is told the new one. What they were told follows from the letters and the
history of the deadline, so that nothing is told twice, and a worker that is killed leaves it owed.
"""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils import translation

from requests_app.domain.enums import Intent, MessageState
from requests_app.domain.outcomes import AT_ONCE
from requests_app.labels import right_label
from requests_app.models import DataSubjectRequest, DeadlineHistory

from . import clock, correspondence, portal_access, rows, waiting

TEMPLATE = "requests_app/mail/new_day"
NAMES_THE_DAY = (Intent.ACKNOWLEDGEMENT.value, Intent.CLARIFICATION.value, Intent.NEW_DAY.value)


def tell(case_id: int) -> None:
    """Write the new day of every request of a case that has one; requests with the same new day share a letter."""
    with transaction.atomic():
        dsrs = rows.lock_open_requests(case_id)
        moved = {dsr: since for dsr in dsrs if (since := moved_since(dsr))}
        for day in sorted({dsr.effective_due for dsr in moved if dsr.effective_due}):
            due = [dsr for dsr in moved if dsr.effective_due == day]
            _write(due, day, [moved[dsr] for dsr in due])


def moved_since(dsr: DataSubjectRequest) -> list[DeadlineHistory]:
    """Return what has moved the day since the person was told one; empty if nothing has, or nobody can be told.

    While the clock stands there is no day to tell. What is late has a letter of its own (T21), and what takes effect
    at once names no day.
    """
    if not dsr.case.person_email or dsr.right in AT_ONCE or dsr.answer_sent_at is not None:
        return []
    if clock.derive(dsr).paused or waiting.is_overdue(dsr):
        return []
    told = _told_by(dsr)
    if told is None or _day_of(told) == dsr.effective_due:
        return []
    return list(dsr.deadline_history.filter(pk__gt=told.pk).order_by("id"))


def holds(key: str) -> bool:
    """Tell whether a letter that waits still names the day of a request of its case that is open and does not wait."""
    _, case_id, _, day = key.split(":")
    dsrs = DataSubjectRequest.objects.open().filter(case=int(case_id), answer_sent_at=None, effective_due=day)
    return any(not clock.derive(dsr).paused for dsr in dsrs)


def _told_by(dsr: DataSubjectRequest) -> DeadlineHistory | None:
    """Return the dates that the person was told last: those of the newest letter, or of the notice of an extension."""
    letters = dsr.case.messages.filter(Q(dsr=dsr) | Q(dsr=None), intent__in=NAMES_THE_DAY)
    letter = letters.exclude(state=MessageState.DROPPED.value).order_by("-created_at").first()
    if letter is None:
        return None
    told = dsr.deadline_history.filter(Q(computed_at__lte=letter.created_at) | Q(cause="extended"))
    return told.order_by("-id").first()


def _day_of(row: DeadlineHistory) -> date:
    return date.fromisoformat(row.deadline["effective_due"])


def _write(dsrs: Sequence[DataSubjectRequest], day: date, since: Sequence[Sequence[DeadlineHistory]]) -> None:
    case, history = dsrs[0].case, [row for rows_of_one in since for row in rows_of_one]
    key = f"new-day:{case.pk}:{max(row.pk for row in history)}:{day.isoformat()}"
    with translation.override(case.language):
        rights = [str(right_label(dsr.right)) for dsr in dsrs if dsr.right]
    portal_access.keep_link_until(case, clock.calendar().end_of_day_utc(day))
    correspondence.queue(
        case, Intent.NEW_DAY, TEMPLATE,
        {
            "received_on": clock.calendar().local_date(min(dsr.received_at for dsr in dsrs)),
            "due_on": day,
            "rights": rights,
            "waited": any(row.cause.startswith("resumed:") for row in history),
        },
        key=key, dsr=dsrs[0] if len(dsrs) == 1 else None,
        secrets={"link": correspondence.status_link_secret(case)},
    )  # fmt: skip
