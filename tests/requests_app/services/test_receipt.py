"""The receipt corrected: earlier by any handler, later by the decision-maker, both values kept, every date anew."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction
from time_machine import travel

from identity.models import User
from requests_app import selectors
from requests_app.domain.enums import Direction, Right, Role, SuspensionKind
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import SYSTEM
from requests_app.models import (
    AuditEntry,
    Case,
    DataSubjectRequest,
    DeadlineHistory,
    Inquiry,
    OutboxEvent,
    ReceiptCorrection,
)
from requests_app.services import clock, correspondence, receipt, triage
from tests import factories

pytestmark = pytest.mark.django_db

RECEIVED = datetime(2026, 9, 10, 8, tzinfo=UTC)  # due on 10 October, a Saturday: our promise is not rolled
EARLIER = datetime(2026, 9, 8, 7, 30, tzinfo=UTC)
NOW = datetime(2026, 9, 11, 9, tzinfo=UTC)
WHY = "Brevet lå i resepsjonen fra tirsdag, sier Nora Vik."


def correct(
    dsr: DataSubjectRequest,
    to: datetime = EARLIER,
    *,
    by: User | None = None,
    reason: str = WHY,
    version: int | None = None,
) -> list[DataSubjectRequest]:
    """Correct the receipt on the day after."""
    user = by or factories.staff(Role.HANDLER)
    with travel(NOW, tick=False):
        return receipt.correct(dsr.pk, to, reason, actor=user.as_actor(), user=user, version=version)


def refused(
    dsr: DataSubjectRequest, to: datetime, *, by: User | None = None, reason: str = WHY, version: int | None = None
) -> str:
    """Return why it was refused, once nothing was stored."""
    before = stored(dsr)
    with pytest.raises(ActionRefused) as refusal:
        correct(dsr, to, by=by, reason=reason, version=version)
    assert stored(dsr) == before
    return refusal.value.reason.code


def stored(dsr: DataSubjectRequest) -> tuple[object, ...]:
    """All that a correction changes."""
    case = Case.objects.values_list("received_at", "due_on", "version").get(pk=dsr.case_id)
    dates = DataSubjectRequest.objects.values_list("received_at", "effective_due").get(pk=dsr.pk)
    models = (ReceiptCorrection, DeadlineHistory, AuditEntry, OutboxEvent)
    return (*case, *dates, *(model.objects.count() for model in models))


def test_an_earlier_receipt_moves_every_date_and_both_values_stay() -> None:
    nora = factories.staff(Role.HANDLER)
    dsr = factories.dsr(received_at=RECEIVED)
    correct(dsr, by=nora)
    dsr.refresh_from_db()
    assert (dsr.received_at, dsr.effective_due) == (EARLIER, date(2026, 10, 8))
    assert dsr.case.due_on == date(2026, 10, 8)
    row = dsr.receipt_corrections.get()
    assert (row.before, row.after, row.reason, row.corrected_by_id) == (RECEIVED, EARLIER, WHY, nora.pk)
    causes = DeadlineHistory.objects.filter(dsr=dsr).values_list("cause", "deadline__effective_due")
    assert list(causes) == [("received", "2026-10-10"), ("receipt_corrected", "2026-10-08")]


def test_what_our_server_wrote_on_the_message_is_never_touched() -> None:
    case = factories.case(received_at=RECEIVED)
    before = Inquiry.objects.values().get(case=case)
    correct(case.dsrs.get())
    assert Inquiry.objects.values().get(case=case) == before


def test_the_message_stands_on_the_case_at_its_new_time_and_so_does_what_is_added_from_it() -> None:
    case = factories.case(received_at=RECEIVED)
    correct(case.dsrs.get())
    case.refresh_from_db()
    message = case.messages.get(direction=Direction.IN)
    assert message.created_at == case.received_at == EARLIER
    with travel(NOW, tick=False):
        added = triage.add_right(case.pk, Right.ERASURE, asked_in=message.pk, actor=factories.staff().as_actor())
    assert added.received_at == EARLIER


def test_every_request_of_the_message_is_corrected_and_no_other() -> None:
    case = factories.case(Right.ACCESS, Right.ERASURE, received_at=RECEIVED - timedelta(days=3))
    with travel(RECEIVED, tick=False):
        written = correspondence.receive(case, body="Rett telefonnummeret også.", at=RECEIVED)
        later = triage.add_right(case.pk, Right.RECTIFICATION, asked_in=written.pk, actor=factories.staff().as_actor())
    first = case.dsrs.get(right=Right.ACCESS)
    corrected = correct(first, RECEIVED - timedelta(days=5))
    assert {dsr.right for dsr in corrected} == {Right.ACCESS, Right.ERASURE}
    assert set(case.dsrs.values_list("right", "effective_due")) == {
        (Right.ACCESS, date(2026, 10, 5)),
        (Right.ERASURE, date(2026, 10, 5)),
        (Right.RECTIFICATION, date(2026, 10, 10)),
    }
    correct(later, RECEIVED - timedelta(days=1))
    later.refresh_from_db()
    case.refresh_from_db()
    assert later.effective_due == date(2026, 10, 9)
    assert case.received_at == RECEIVED - timedelta(days=5)
    assert case.unread_since == RECEIVED - timedelta(days=1)


def test_the_package_of_each_request_is_looked_at_anew() -> None:
    case = factories.case(Right.ACCESS, Right.ERASURE, received_at=RECEIVED)
    correct(case.dsrs.first() or case.dsrs.get())
    owed = OutboxEvent.objects.filter(name="ReceiptCorrected").values_list("payload__dsr_id", flat=True)
    assert set(owed) == set(case.dsrs.values_list("pk", flat=True))


def test_a_request_still_knows_its_message_after_the_correction() -> None:
    case = factories.case(received_at=RECEIVED - timedelta(days=3))
    later = factories.inquiry(received_at=RECEIVED)
    with travel(RECEIVED, tick=False):
        handler = factories.staff().as_actor()
        triage.attach(later.pk, case.pk, actor=handler)
        added = triage.add_right(
            case.pk, Right.ERASURE, asked_in=case.messages.get(inquiry=later, direction=Direction.IN).pk, actor=handler
        )
    correct(added, RECEIVED - timedelta(days=1))
    added.refresh_from_db()
    assert selectors.asked_in(added) == later
    reason = triage.why_stays(case, later)
    assert reason is not None
    assert reason.code == "inquiry_counts"


def test_later_is_the_decision_makers_to_say() -> None:
    dsr = factories.dsr(received_at=RECEIVED)
    later = RECEIVED + timedelta(hours=20)
    assert refused(dsr, later) == "receipt_later_decision_maker"
    correct(dsr, later, by=factories.staff(Role.DECISION_MAKER))
    dsr.refresh_from_db()
    assert dsr.effective_due == date(2026, 10, 11)
    assert receipt.provable_at(dsr) == RECEIVED


@pytest.mark.parametrize(
    "to,why",
    [
        (NOW + timedelta(minutes=1), "receipt_in_future"),
        (RECEIVED + timedelta(seconds=20), "receipt_unchanged"),
        (RECEIVED - timedelta(days=367), "receipt_too_old"),
    ],
)
def test_some_times_cannot_be_meant(to: datetime, why: str) -> None:
    assert refused(factories.dsr(received_at=RECEIVED), to, by=factories.staff(Role.DECISION_MAKER)) == why


def test_nothing_is_corrected_without_a_reason() -> None:
    assert refused(factories.dsr(received_at=RECEIVED), EARLIER, reason=" ") == "receipt_why_missing"


def test_it_was_not_received_after_we_had_asked_the_person() -> None:
    dsr = factories.dsr(received_at=RECEIVED)
    asked = RECEIVED + timedelta(hours=3)
    with travel(asked, tick=False), transaction.atomic():
        clock.suspend(dsr, SuspensionKind.IDENTITY, "mismatch", SYSTEM)
    maker = factories.staff(Role.DECISION_MAKER)
    assert refused(dsr, asked + timedelta(minutes=1), by=maker) == "receipt_after_our_word"
    correct(dsr, asked, by=maker)


def test_it_was_not_received_after_we_had_written_to_the_person() -> None:
    dsr = factories.dsr(received_at=RECEIVED)
    written = RECEIVED + timedelta(hours=3)
    with travel(written, tick=False):
        actor = factories.staff().as_actor()
        correspondence.write_to_person(dsr.case_id, subject="Hei", body="Vi ser på det.", actor=actor)
    assert refused(dsr, written + timedelta(minutes=1), by=factories.staff(Role.DECISION_MAKER)) == (
        "receipt_after_our_word"
    )


def test_what_was_decided_on_top_of_an_older_view_of_the_case_is_stopped() -> None:
    dsr = factories.dsr(received_at=RECEIVED)
    assert refused(dsr, EARLIER, version=dsr.case.version + 1) == "case_changed"


def test_a_closed_case_keeps_its_receipt() -> None:
    dsr = factories.dsr(received_at=RECEIVED)
    factories.close(dsr.case)
    assert refused(dsr, EARLIER) == "case_closed"


def test_the_audit_knows_both_times_and_nothing_of_the_person() -> None:
    nora = factories.staff(Role.HANDLER)
    dsr = factories.dsr(received_at=RECEIVED)
    correct(dsr, by=nora)
    entry = AuditEntry.objects.get(action="case.receipt_corrected")
    assert (entry.actor, entry.subject) == (f"user:{nora.pk}", f"case:{dsr.case_id}")
    assert entry.details == {
        "before": RECEIVED.isoformat(), "after": EARLIER.isoformat(), "received_on": "2026-09-08",
        "requests": [str(dsr.pk)],
    }  # fmt: skip


def test_questions_are_judged_anew_from_the_corrected_day() -> None:
    dsr = factories.dsr(received_at=RECEIVED)
    with travel(RECEIVED + timedelta(hours=30), tick=False), transaction.atomic():
        clock.suspend(dsr, SuspensionKind.IDENTITY, "mismatch", SYSTEM)
    assert clock.derive(dsr).paused
    correct(dsr, RECEIVED - timedelta(days=7), by=factories.staff(Role.HANDLER))
    dsr.refresh_from_db()
    assert not clock.derive(dsr).paused  # asked on the eighth day, it no longer stops the clock
    assert dsr.effective_due == date(2026, 10, 3)
