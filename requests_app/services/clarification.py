"""What exactly would you like to see? Asked where we process a large amount of data (recital 63; letter T03).

For access only. The person may have everything all the same, and the letter says so. Asking stops the clock, unless
it came too late for that (`domain.suspensions`); a reply starts it again, on the day it reached us, once somebody
has read that it is one.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from requests_app import audit
from requests_app.domain.clock import Interval, Ruling
from requests_app.domain.enums import Direction, Intent, Right, Stage, SuspensionKind
from requests_app.domain.errors import ActionRefused
from requests_app.domain.outcomes import AT_ONCE
from requests_app.domain.snapshot import Actor, Reason
from requests_app.models import DataSubjectRequest, Message, Suspension

from . import clock, collision, correspondence, rows

KIND = SuspensionKind.CLARIFICATION
GROUND = "large_amount"
TEMPLATE = "requests_app/mail/clarification"
_ANSWERED = (Stage.RELEASED, Stage.CLOSED)


@dataclass(frozen=True)
class Question:
    """What the letter says in our own words: what we may hold, by category, and what we want to know."""

    outline: str = field(repr=False)
    text: str = field(repr=False)


def ask(dsr_id: int, question: Question, *, large: bool, actor: Actor, key: str, version: int | None = None) -> Message:
    """Send the question and write down that we wait. The same `key` asks once, however often the form comes.

    `large`: somebody has confirmed that we process a large amount of data about the person. Raises ActionRefused
    without that, as `why_not_ask` says, without words, and when the case is not as it was seen (`version`).
    """
    with transaction.atomic():
        dsr = rows.lock_request(dsr_id)
        case, key = dsr.case, f"clarification:{dsr_id}:{key}"
        if asked := case.messages.filter(key=key).first():
            return asked
        collision.check(case, version)
        if reason := why_not_ask(dsr):
            raise ActionRefused(reason)
        if not large:
            raise ActionRefused(Reason("clarification_not_large"))
        if not (question.outline.strip() and question.text.strip()):
            raise ActionRefused(Reason("clarification_incomplete"))
        context = _context(dsr, question)
        clock.suspend(dsr, KIND, GROUND, actor)
        last = case.messages.filter(direction=Direction.IN.value).exclude(message_id="").order_by("-created_at").first()
        message = correspondence.queue(
            case, Intent.CLARIFICATION, TEMPLATE, context, key=key, dsr=dsr,
            secrets={"link": correspondence.status_link_secret(case)}, in_reply_to=last.message_id if last else "",
        )  # fmt: skip
        Message.objects.filter(pk=message.pk).update(author=actor.user_id)
        collision.touch(case.pk)
        audit.record("clarification.asked", f"dsr:{dsr.pk}", actor, message=message.pk)
        return message


def why_not_ask(dsr: DataSubjectRequest) -> Reason | None:
    """Return why nobody may ask now, or None."""
    if dsr.right in AT_ONCE:
        return Reason("never_suspended")
    if dsr.right != Right.ACCESS:
        return Reason("clarification_access_only")
    if Stage(dsr.stage) in _ANSWERED:
        return Reason("not_from_here", {"stage": dsr.stage})
    if not dsr.case.person_email:
        return Reason("no_address")
    return Reason("already_waiting") if waiting(dsr) else None


def stops(dsr: DataSubjectRequest) -> Interval:
    """Return whether a question asked now would stop the clock, and until when it would have."""
    return clock.foresee(dsr, timezone.now())


def preview(dsr: DataSubjectRequest, question: Question, *, link: str) -> correspondence.Words:
    """Return the letter as `ask` would send it now; `link` stands in for the personal one."""
    return correspondence.preview(dsr.case, TEMPLATE, _context(dsr, question), secrets={"link": link})


def waiting(dsr: DataSubjectRequest) -> Suspension | None:
    """Return the question that is not answered yet."""
    return dsr.suspensions.filter(kind=KIND.value, answered_at__isnull=True).first()


def replies(dsr: DataSubjectRequest) -> QuerySet[Message]:
    """Return what the person wrote since the question that waits for an answer, the first of it first."""
    asked = waiting(dsr)
    written = dsr.case.messages.filter(direction=Direction.IN.value).order_by("created_at", "id")
    return written.filter(created_at__gte=asked.asked_at) if asked else written.none()


def answered_by(dsr_id: int, message_id: int, *, actor: Actor) -> datetime:
    """Say that a message of the person is the answer: the clock runs again from when it reached us.

    Raises ActionRefused when we wait for no answer, or when the message was not written by the person since.
    """
    with transaction.atomic():
        dsr = _lock_waiting(dsr_id)
        reply = replies(dsr).filter(pk=message_id).first()
        if reply is None:
            raise ActionRefused(Reason("clarification_not_a_reply"))
        return _end(dsr, reply.created_at, actor)


def answered_on(dsr_id: int, day: date, *, actor: Actor) -> datetime:
    """Say on what day the answer came, by phone or in another way that left no message.

    Raises ActionRefused when we wait for no answer, and for a day before the question or in the future.
    """
    with transaction.atomic():
        dsr = _lock_waiting(dsr_id)
        asked, zone = waiting(dsr), clock.calendar().zone
        start = datetime.combine(day, time.min, tzinfo=zone)
        # An answer on the day of asking came after the question, whatever the hour.
        same_day = asked is not None and clock.calendar().local_date(asked.asked_at) == day
        return _end(dsr, asked.asked_at if asked and same_day else start, actor)


def _lock_waiting(dsr_id: int) -> DataSubjectRequest:
    dsr = rows.lock_request(dsr_id)
    if waiting(dsr) is None:
        raise ActionRefused(Reason("clarification_not_waiting"))
    return dsr


def _end(dsr: DataSubjectRequest, answered_at: datetime, actor: Actor) -> datetime:
    clock.resume(dsr, KIND, actor, answered_at=answered_at)
    collision.touch(dsr.case_id)
    day = clock.calendar().local_date(answered_at)
    audit.record("clarification.answered", f"dsr:{dsr.pk}", actor, received_on=day.isoformat())
    return answered_at


def _context(dsr: DataSubjectRequest, question: Question) -> dict[str, object]:
    deadline, today = clock.derive(dsr), clock.calendar().local_date(timezone.now())
    stopped = stops(dsr).ruling is Ruling.COUNTED
    return {
        "received_on": deadline.received_local_date,
        "outline": question.outline.strip(),
        "question": question.text.strip(),
        "due_on": None if stopped else deadline.effective_due,
        "alarm": deadline.unsuspended_due if stopped and deadline.unsuspended_due >= today else None,
    }
