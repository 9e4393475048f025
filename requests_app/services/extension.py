"""Two further months for an answer: proposed, approved by the decision-maker, and valid once the person is told.

The law allows it where the request is complex, if the person hears of it, with reasons, within the first month
(GDPR Art. 12(3)). An approval extends nothing: all that the clock knows is the day on which the notice went out.

`version` is the version of the case that the page was opened with: what somebody else did meanwhile stops the step.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from requests_app import audit
from requests_app.domain.enums import (
    DeliveryWay,
    ExtensionReason,
    Intent,
    MessageState,
    NoExtensionReason,
    Role,
    Stage,
)
from requests_app.domain.errors import ActionRefused
from requests_app.domain.outcomes import AT_ONCE
from requests_app.domain.snapshot import SYSTEM, Actor, Reason
from requests_app.models import DataSubjectRequest, Extension, Message

from . import clock, collision, extension_letter, readers, rows

LONGEST_TEXT = 2000
DECIDED_BEFORE = 5
"""Working days between the decision and the day on which the person must hear of it (our own milestone)."""

_NONE = {
    NoExtensionReason.EFFORT: Reason("extension_reason_effort"),
    NoExtensionReason.COMPANY_SIZE: Reason("extension_reason_company_size"),
    NoExtensionReason.HOLIDAYS: Reason("extension_reason_holidays"),
    NoExtensionReason.SHORT_HANDED: Reason("extension_reason_short_handed"),
}
_ANSWERED = (Stage.RELEASED, Stage.CLOSED)


def propose(
    dsr_id: int, *, reasons: Sequence[str], explanation: str, what_comes: str, actor: Actor, version: int | None = None
) -> Extension:
    """Propose that the time is extended, and why. Raises ActionRefused; what is no reason is refused with the cause."""
    with transaction.atomic():
        dsr = _lock_request(dsr_id, version)
        if refused := why_not_propose(dsr) or next(iter(why_not_these(reasons)), None):
            raise ActionRefused(refused)
        if not (explanation.strip() and what_comes.strip()) or actor.user_id is None:
            raise ActionRefused(Reason("extension_words_missing"))
        if any(len(text) > LONGEST_TEXT or "\0" in text for text in (explanation, what_comes)):
            raise ActionRefused(Reason("extension_words_too_long", {"most": str(LONGEST_TEXT)}))
        row = Extension.objects.create(
            dsr=dsr, reasons=[code for code in ExtensionReason if code in reasons], explanation=explanation.strip(),
            what_comes=what_comes.strip(), answer_by=clock.if_extended(dsr).effective_due,
            proposed_by_id=actor.user_id, proposed_at=timezone.now(),
        )  # fmt: skip
        collision.touch(dsr.case_id)
        audit.record("extension.proposed", f"dsr:{dsr.pk}", actor, extension=row.pk, until=row.answer_by.isoformat())
        return row


def approve(extension_id: int, *, actor: Actor, version: int | None = None) -> Extension:
    """Approve an extension as the decision-maker and second person, and owe the notice. Raises ActionRefused.

    The database refuses one person alone, too. Without an address somebody posts the letter (`told`).
    """
    with transaction.atomic():
        row = _lock(extension_id, version)
        if refused := why_not_approve(row, actor):
            raise ActionRefused(refused)
        row.approved_by_id, row.approved_at = actor.user_id, timezone.now()
        row.save(update_fields=["approved_by", "approved_at"])
        extension_letter.queue(row)
        collision.touch(row.dsr.case_id)
        audit.record("extension.approved", f"dsr:{row.dsr_id}", actor, extension=row.pk)
        return row


def take_back(extension_id: int, *, actor: Actor, version: int | None = None) -> None:
    """Leave the time as it is; what was proposed or approved stays as a trace. Raises ActionRefused.

    A notice that has gone out, or still may, stands. One that failed is never sent again.
    """
    with transaction.atomic():
        row = _lock(extension_id, version)
        if refused := why_not_take_back(row):
            raise ActionRefused(refused)
        row.taken_back_at = timezone.now()
        row.save(update_fields=["taken_back_at"])
        extension_letter.withdraw(row)
        collision.touch(row.dsr.case_id)
        audit.record("extension.taken_back", f"dsr:{row.dsr_id}", actor, extension=row.pk)


def told(extension_id: int, way: DeliveryWay, on: date, *, actor: Actor, version: int | None = None) -> Extension:
    """Record that the notice was posted or handed over to a person whom no mail reaches. Raises ActionRefused.

    A day after the first month is recorded as well: it is a fact, and the clock says that it came too late.
    """
    with transaction.atomic():
        row = _lock(extension_id, version)
        if refused := why_not_told(row):
            raise ActionRefused(refused)
        first, now = row.approved_at or timezone.now(), timezone.now()
        if not clock.calendar().local_date(first) <= on <= clock.calendar().local_date(now):
            raise ActionRefused(Reason("extension_told_day"))
        if way is DeliveryWay.PHONE:
            raise ActionRefused(Reason("extension_told_way"))
        # Of a day that is over nobody knows the hour; the clock looks at the day alone.
        at = max(first, min(now, clock.calendar().end_of_day_utc(on) - timedelta(minutes=1)))
        extension_letter.drop_failed(row)  # it must not tell of it a second time
        collision.touch(row.dsr.case_id)
        _went_out(row, at, actor, way)
        return row


def note_sent(message_id: int) -> None:
    """When the notice has gone, extend the time. Running twice extends once."""
    message = Message.objects.get(pk=message_id)
    if message.intent != Intent.EXTENSION or message.dsr_id is None:
        return
    with transaction.atomic():
        dsr = rows.lock_request(message.dsr_id)
        living = Extension.objects.living().select_for_update(of=("self",), no_key=True)
        row = next((one for one in living.filter(dsr=dsr) if extension_letter.key_of(one) == message.key), None)
        if row is None or row.notice_sent_at is not None:
            return
        row.dsr = dsr
        _went_out(row, message.sent_at or timezone.now(), SYSTEM)


def is_over(message: Message) -> bool:
    """Tell whether a notice that has not gone yet must not go any more.

    It was told in another way or taken back, the request is answered, or the day that it names is later than the law
    allows: the receipt, or a setting of the organisation, was corrected since the approval.
    """
    living = Extension.objects.living().select_related("dsr__case").filter(dsr=message.dsr_id)
    row = next((one for one in living if extension_letter.key_of(one) == message.key), None)
    if row is None or row.notice_sent_at is not None:
        return True
    return bool(_why_not_now(row.dsr) or extension_letter.why_not_day(row))


def why_not_propose(dsr: DataSubjectRequest) -> Reason | None:
    """Return why the time of a request cannot be extended now, or None."""
    if dsr.right in AT_ONCE:
        return Reason("extension_at_once")
    if not dsr.right:
        return Reason("right_unknown")
    if Extension.objects.living().filter(dsr=dsr).exists():
        return Reason("extension_exists")
    return _why_not_now(dsr)


def why_not_these(reasons: Sequence[str]) -> list[Reason]:
    """Return what speaks against these reasons: for each that is none, why the law does not count it."""
    if wrong := [reason for code, reason in _NONE.items() if code in reasons]:
        return wrong
    known = {code.value for code in ExtensionReason}
    return [] if reasons and known.issuperset(reasons) else [Reason("extension_reason_missing")]


def why_not_approve(row: Extension, actor: Actor) -> Reason | None:
    """Return why this person cannot approve an extension now, or None."""
    if row.approved_at is not None:
        return Reason("extension_approved_already")
    if row.proposed_by_id == actor.user_id:
        return Reason("extension_second_person")
    if aside := readers.why_stands_aside(row.dsr.case_id, actor):
        return aside
    if Role.DECISION_MAKER not in actor.roles:
        return Reason("decision_maker_only")
    return _why_not_now(row.dsr) or extension_letter.why_not(row)


def why_not_take_back(row: Extension) -> Reason | None:
    """Return why an extension cannot be taken back any more, or None."""
    if row.notice_sent_at is not None:
        return Reason("extension_told")
    mail = extension_letter.mail_of(row)
    return Reason("extension_mail_out") if mail and mail.state != MessageState.FAILED else None


def why_not_told(row: Extension) -> Reason | None:
    """Return why nobody can record that the notice was posted or handed over, or None."""
    if row.approved_at is None:
        return Reason("extension_not_approved")
    if row.notice_sent_at is not None:
        return Reason("extension_told")
    return Reason("extension_mail_under_way") if extension_letter.is_under_way(row) else None


def is_open(dsr: DataSubjectRequest) -> bool:
    """Tell whether the answer of a request is still owed."""
    return dsr.stage not in _ANSWERED and dsr.answer_sent_at is None


def decide_by(dsr: DataSubjectRequest) -> date:
    """Return the day by which somebody should have decided, so that the notice is out before the promise ends."""
    return clock.calendar().working_days_before(clock.derive(dsr).unsuspended_due, DECIDED_BEFORE)


def today() -> date:
    """Return the day by the organisation's clock."""
    return clock.calendar().local_date(timezone.now())


def _why_not_now(dsr: DataSubjectRequest) -> Reason | None:
    if not is_open(dsr):
        return Reason("extension_answered")
    latest = clock.latest_notice(dsr)
    return Reason("extension_month_over", {"date": latest.isoformat()}) if today() > latest else None


def _went_out(row: Extension, at: datetime, actor: Actor, way: DeliveryWay | None = None) -> None:
    """Write down when the notice went out, and what follows from it for the clock."""
    row.notice_sent_at, row.notice_way = at, way.value if way else ""
    row.save(update_fields=["notice_sent_at", "notice_way"])
    deadline = clock.recompute(row.dsr, "extended")
    audit.record(
        "extension.notice_sent", f"dsr:{row.dsr_id}", actor, extension=row.pk, way=row.notice_way,
        until=clock.calendar().local_date(at).isoformat(), valid=bool(deadline.extension_valid),
    )  # fmt: skip


def _lock_request(dsr_id: int, version: int | None) -> DataSubjectRequest:
    dsr = rows.lock_request(dsr_id)
    collision.check(dsr.case, version)
    return dsr


def _lock(extension_id: int, version: int | None) -> Extension:
    """An extension that was not taken back, locked after its request. Raises ActionRefused."""
    dsr = _lock_request(Extension.objects.values_list("dsr_id", flat=True).get(pk=extension_id), version)
    row = Extension.objects.select_for_update(of=("self",), no_key=True).get(pk=extension_id)
    row.dsr = dsr
    if row.taken_back_at is not None:
        raise ActionRefused(Reason("extension_taken_back"))
    return row
