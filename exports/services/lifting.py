"""The end of a restriction: proposed, approved by a second person, told to the person, and only then carried out.

Before data that was only stored is used again, the person is told (GDPR Art. 18(3), letter T19). The approval writes
the letter; the day comes by a sweep over what the database knows, so nothing is forgotten and nothing done twice.

`version` is the version of the case that the page was opened with: what somebody else did meanwhile stops the step.
"""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from exports.domain.enums import SILENT, TaskState
from exports.models import Lifting
from requests_app import audit
from requests_app.domain.enums import DeliveryWay, MessageState, Outcome, Right, Stage
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import Actor, Reason
from requests_app.models import DataSubjectRequest, Decision, Message
from requests_app.services import clock, collision, correspondence, emergency, readers
from requests_app.services.rows import lock_request

from . import lifting_letter, restriction_state

LONGEST_REASON = 2000
NOTICE = timedelta(days=7)
"""How long before data is used again the letter is written (our own milestone; the law says "before")."""
LONGEST_WAIT = timedelta(days=366)

_ANSWERED = (Stage.RELEASED, Stage.CLOSED)


def propose(dsr_id: int, *, reason: str, lifted_on: date, actor: Actor, version: int | None = None) -> Lifting:
    """Propose that a restriction ends, and why. Raises ActionRefused."""
    with transaction.atomic():
        dsr = _lock_request(dsr_id, version)
        if refused := why_not_propose(dsr):
            raise ActionRefused(refused)
        if not reason.strip() or actor.user_id is None:
            raise ActionRefused(Reason("lifting_reason_missing"))
        if len(reason) > LONGEST_REASON or "\0" in reason:
            raise ActionRefused(Reason("lifting_reason_too_long", {"most": str(LONGEST_REASON)}))
        if refused := _why_not_on(lifted_on):
            raise ActionRefused(refused)
        row = Lifting.objects.create(
            dsr=dsr, reason=reason.strip(), lifted_on=lifted_on, proposed_by_id=actor.user_id,
            proposed_at=timezone.now(),
        )  # fmt: skip
        collision.touch(dsr.case_id)
        audit.record("lifting.proposed", f"dsr:{dsr.pk}", actor, lifting=row.pk, until=lifted_on.isoformat())
        return row


def approve(lifting_id: int, *, actor: Actor, version: int | None = None) -> Lifting:
    """Approve a lifting as the second person, and owe the letter that tells of it. Raises ActionRefused.

    The database refuses one person alone, too. Without an address somebody tells the person (`told`).
    """
    with transaction.atomic():
        row = _lock(lifting_id, version)
        if refused := why_not_approve(row, actor):
            raise ActionRefused(refused)
        row.approved_by_id, row.approved_at = actor.user_id, timezone.now()
        row.save(update_fields=["approved_by", "approved_at"])
        lifting_letter.queue(row)
        collision.touch(row.dsr.case_id)
        audit.record("lifting.approved", f"dsr:{row.dsr_id}", actor, lifting=row.pk, until=row.lifted_on.isoformat())
        emergency.used(row.dsr.case, actor)
        return row


def take_back(lifting_id: int, *, actor: Actor, version: int | None = None) -> None:
    """Leave the restriction as it is; what was proposed or approved stays as a trace. Raises ActionRefused."""
    with transaction.atomic():
        row = _lock(lifting_id, version)
        row.taken_back_at = timezone.now()
        row.save(update_fields=["taken_back_at"])
        if row.told_on is None:
            correspondence.throw_away(lifting_letter.key_of(row))
        collision.touch(row.dsr.case_id)
        audit.record("lifting.taken_back", f"dsr:{row.dsr_id}", actor, lifting=row.pk)


def told(lifting_id: int, way: DeliveryWay, on: date, *, actor: Actor, version: int | None = None) -> Lifting:
    """Record that the letter was posted, handed over or read to a person whom no mail reaches. Raises ActionRefused."""
    with transaction.atomic():
        row = _lock(lifting_id, version)
        if row.approved_at is None:
            raise ActionRefused(Reason("lifting_not_approved"))
        if told_on(row) is not None:
            raise ActionRefused(Reason("lifting_told"))
        if not clock.calendar().local_date(row.approved_at) <= on <= today():
            raise ActionRefused(Reason("delivery_day"))
        row.told_on, row.told_way = on, way.value
        row.save(update_fields=["told_on", "told_way"])
        collision.touch(row.dsr.case_id)
        audit.record("lifting.told", f"dsr:{row.dsr_id}", actor, lifting=row.pk, way=way.value, until=on.isoformat())
        return row


def why_not_propose(dsr: DataSubjectRequest) -> Reason | None:
    """Return why the restriction of a request cannot end now, or None.

    An objection that was upheld has ended the use for good, so what it restricted is not used again.
    """
    if dsr.right not in restriction_state.RESTRICTING or not restriction_state.standing(dsr):
        return Reason("lifting_nothing")
    if dsr.stage not in _ANSWERED or dsr.answer_sent_at is None:
        return Reason("lifting_not_answered")
    if any(TaskState(task.state) in SILENT for task in restriction_state.standing(dsr)):
        return Reason("lifting_orders_open")
    if dsr.right == Right.OBJECTION and _outcome(dsr) == Outcome.FULFILLED:
        return Reason("lifting_upheld")
    return Reason("lifting_proposed_already") if Lifting.objects.pending().filter(dsr=dsr).exists() else None


def why_not_approve(row: Lifting, actor: Actor) -> Reason | None:
    """Return why this person cannot approve a lifting now, or None."""
    if row.approved_at is not None:
        return Reason("lifting_approved_already")
    if row.proposed_by_id == actor.user_id:
        return Reason("lifting_second_person")
    if aside := readers.why_stands_aside(row.dsr.case_id, actor):
        return aside
    if row.dsr.stage not in _ANSWERED:
        return Reason("lifting_not_answered")
    return _why_not_on(row.lifted_on) or lifting_letter.why_not(row)


def why_not_begin(row: Lifting) -> Reason | None:
    """Return why the systems cannot be asked to take the marks away now, or None."""
    if row.approved_at is None:
        return Reason("lifting_not_approved")
    on = told_on(row)
    if on is None:
        return Reason("lifting_not_told")
    if on >= row.lifted_on:  # the letter named a day that was over when it went out
        return Reason("lifting_told_late", {"date": on.isoformat()})
    if row.dsr.stage not in _ANSWERED:
        return Reason("lifting_not_answered")
    return Reason("lifting_not_yet", {"date": row.lifted_on.isoformat()}) if today() < row.lifted_on else None


def told_on(row: Lifting) -> date | None:
    """Return the day on which the letter went out, None before; a mail of which nobody knows has not gone out."""
    if row.told_on is not None:
        return row.told_on
    sent = Message.objects.filter(key=lifting_letter.key_of(row), state=MessageState.SENT.value).first()
    return clock.calendar().local_date(sent.sent_at) if sent and sent.sent_at else None


def earliest() -> date:
    """Return the first day from which data may be used again, were it proposed now."""
    return today() + NOTICE


def today() -> date:
    """Return the day by the organisation's clock."""
    return clock.calendar().local_date(timezone.now())


def _why_not_on(day: date) -> Reason | None:
    if day < earliest():
        return Reason("lifting_too_soon", {"date": earliest().isoformat()})
    return Reason("lifting_too_late") if day > today() + LONGEST_WAIT else None


def _outcome(dsr: DataSubjectRequest) -> str:
    return Decision.objects.filter(dsr=dsr).values_list("outcome", flat=True).first() or ""


def _lock_request(dsr_id: int, version: int | None) -> DataSubjectRequest:
    dsr = lock_request(dsr_id)
    collision.check(dsr.case, version)
    return dsr


def _lock(lifting_id: int, version: int | None) -> Lifting:
    """A lifting that has not begun, locked after its request. Raises ActionRefused."""
    dsr = _lock_request(Lifting.objects.values_list("dsr_id", flat=True).get(pk=lifting_id), version)
    row = Lifting.objects.select_for_update(of=("self",), no_key=True).get(pk=lifting_id)
    row.dsr = dsr
    if row.begun_at is not None:
        raise ActionRefused(Reason("lifting_begun"))
    if row.taken_back_at is not None:
        raise ActionRefused(Reason("lifting_taken_back"))
    return row
