"""The apology for an answer that is late (letter T21): the cause and a new day, told once for each day.

It heals nothing: the time limit stays where it was, and the request stays overdue until it is answered.
"""

from datetime import date, timedelta

from django.db import transaction
from django.utils import translation

from requests_app import audit
from requests_app.domain.enums import Intent
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import Actor, Reason
from requests_app.labels import right_label
from requests_app.models import DataSubjectRequest, Message

from . import clock, collision, complaint_block, correspondence, portal_access, rows, waiting

TEMPLATE = "requests_app/mail/late"
LONGEST_CAUSE = 2000
LONGEST_WAIT = timedelta(days=366)


def tell(dsr_id: int, *, cause: str, new_date: date, actor: Actor, version: int | None = None) -> Message:
    """Write to the person that the answer is late, why, and when it comes. Raises ActionRefused.

    The status page can be read from the letter until the new day at least.
    """
    with transaction.atomic():
        dsr = rows.lock_request(dsr_id)
        collision.check(dsr.case, version)
        if reason := why_not(dsr) or why_not_so(dsr, cause, new_date):
            raise ActionRefused(reason)
        portal_access.keep_link_until(dsr.case, clock.calendar().end_of_day_utc(new_date))
        message = correspondence.queue(
            dsr.case, Intent.LATE, TEMPLATE, _context(dsr, cause, new_date), key=_key(dsr, new_date), dsr=dsr,
            secrets={"link": correspondence.status_link_secret(dsr.case)},
        )  # fmt: skip
        Message.objects.filter(pk=message.pk).update(author=actor.user_id)
        collision.touch(dsr.case_id)
        audit.record("late.told", f"dsr:{dsr.pk}", actor, message=message.pk, until=new_date.isoformat())
        return message


def why_not(dsr: DataSubjectRequest) -> Reason | None:
    """Return why nobody can be told by mail that a request is late, or None."""
    if not waiting.is_overdue(dsr):
        return Reason("late_not_overdue")
    if not dsr.case.person_email:
        return Reason("no_address")
    return None if "authority" in complaint_block.context(dsr.case) else Reason("answer_waits_authority")


def why_not_so(dsr: DataSubjectRequest, cause: str, new_date: date) -> Reason | None:
    """Return why this cause or this day cannot be told, or None."""
    if not cause.strip():
        return Reason("late_cause_missing")
    if len(cause) > LONGEST_CAUSE or "\0" in cause:
        return Reason("late_cause_too_long", {"most": str(LONGEST_CAUSE)})
    if not waiting.today() < new_date <= waiting.today() + LONGEST_WAIT:
        return Reason("late_date")
    return Reason("late_told") if Message.objects.filter(key=_key(dsr, new_date)).exists() else None


def words(dsr: DataSubjectRequest, cause: str, new_date: date) -> correspondence.Words:
    """Return the letter as it would be sent. Raises `wording.Unresolved`."""
    with translation.override(dsr.case.language):
        link = translation.gettext("[the personal link]")
    return correspondence.preview(dsr.case, TEMPLATE, _context(dsr, cause, new_date), secrets={"link": link})


def told(dsr: DataSubjectRequest) -> list[date]:
    """Return the days that the person was told of, in the order of the letters."""
    keys = dsr.messages.filter(intent=Intent.LATE.value).order_by("id").values_list("key", flat=True)
    return [date.fromisoformat(str(key).rpartition(":")[2]) for key in keys]


def _key(dsr: DataSubjectRequest, new_date: date) -> str:
    return f"late:{dsr.pk}:{new_date.isoformat()}"


def _context(dsr: DataSubjectRequest, cause: str, new_date: date) -> dict[str, object]:
    with translation.override(dsr.case.language):
        right = str(right_label(dsr.right))
    return {
        "received_on": clock.calendar().local_date(dsr.received_at),
        "right": right,
        "due_on": dsr.effective_due,
        "cause": cause.strip(),
        "new_date": new_date,
    } | complaint_block.context(dsr.case)
