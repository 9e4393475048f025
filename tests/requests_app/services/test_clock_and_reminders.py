"""The clock's rows and the reminders, over the real database."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction
from time_machine import travel

from requests_app.domain.enums import Intent, Role, Stage, SuspensionKind
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import SYSTEM
from requests_app.models import DataSubjectRequest, DeadlineHistory, Message, ReminderSent
from requests_app.services import clock, reminders
from tests import factories

pytestmark = pytest.mark.django_db

RECEIVED = datetime(2026, 9, 1, 8, tzinfo=UTC)  # due on 1 October


def at(day: int, month: int = 9) -> datetime:
    """Ten o'clock in Oslo on a day of 2026."""
    return datetime(2026, month, day, 8, tzinfo=UTC)


def suspended(dsr: DataSubjectRequest, asked: datetime, answered: datetime | None = None) -> None:
    """The person is asked who they are, and answers."""
    with travel(asked, tick=False), transaction.atomic():
        clock.suspend(dsr, SuspensionKind.IDENTITY, "mismatch", SYSTEM)
    if answered:
        with travel(answered, tick=False), transaction.atomic():
            clock.resume(dsr, SuspensionKind.IDENTITY, SYSTEM)
    dsr.refresh_from_db()


def test_asking_pauses_and_the_answer_adds_the_days_waited() -> None:
    dsr = factories.dsr(received_at=RECEIVED)
    suspended(dsr, at(2))
    assert clock.derive(dsr).paused
    assert dsr.effective_due == date(2026, 10, 1)  # the hard alarm never moves
    with travel(at(7), tick=False), transaction.atomic():
        clock.resume(dsr, SuspensionKind.IDENTITY, SYSTEM)
    dsr.refresh_from_db()
    assert dsr.effective_due == date(2026, 10, 6)
    assert dsr.case.due_on is not None
    causes = list(DeadlineHistory.objects.filter(dsr=dsr).values_list("cause", flat=True))
    assert causes == ["received", "suspended:identity", "resumed:identity"]


def test_asking_too_late_does_not_count() -> None:
    dsr = factories.dsr(received_at=RECEIVED)
    suspended(dsr, at(14), at(20))
    assert dsr.effective_due == date(2026, 10, 1)


@pytest.mark.parametrize("when", [RECEIVED - timedelta(minutes=1), at(3)])
def test_a_question_before_the_receipt_or_in_the_future_is_refused(when: datetime) -> None:
    dsr = factories.dsr(received_at=RECEIVED)
    with travel(at(2), tick=False), pytest.raises(ActionRefused), transaction.atomic():
        clock.suspend(dsr, SuspensionKind.IDENTITY, "mismatch", SYSTEM, asked_at=when)
    assert not dsr.suspensions.exists()


def test_one_question_at_a_time() -> None:
    dsr = factories.dsr(received_at=RECEIVED)
    suspended(dsr, at(2))
    with travel(at(3), tick=False), pytest.raises(ActionRefused), transaction.atomic():
        clock.suspend(dsr, SuspensionKind.IDENTITY, "mismatch", SYSTEM)


def test_resuming_what_does_not_wait_changes_nothing() -> None:
    dsr = factories.dsr(received_at=RECEIVED)
    with transaction.atomic():
        clock.resume(dsr, SuspensionKind.IDENTITY, SYSTEM)
    assert DeadlineHistory.objects.filter(dsr=dsr).count() == 1


@pytest.mark.parametrize(
    "left,kind", [(6, None), (5, "due_5"), (3, "due_5"), (2, "due_2"), (0, "due_2"), (-1, "overdue"), (-40, "overdue")]
)
def test_only_the_most_urgent_reminder_is_owed(left: int, kind: str | None) -> None:
    today = date(2026, 9, 20)
    assert reminders.kind_of(today + timedelta(days=left), today) == kind


def sweep_on(moment: datetime) -> list[tuple[str, str]]:
    """Run the sweep and return the reminders that lie there: to whom, which."""
    with travel(moment, tick=False):
        reminders.sweep()
    rows = Message.objects.filter(intent=Intent.REMINDER).order_by("pk").values_list("to_address", "key")
    return [(address, str(key).split(":")[2]) for address, key in rows]


def test_day_by_day_each_reminder_goes_once_to_the_assignee() -> None:
    hanne = factories.staff(Role.HANDLER)
    factories.staff(Role.HANDLER)
    dsr = factories.dsr(received_at=RECEIVED)
    dsr.case.assignee_id = hanne.pk
    dsr.case.save()
    sent: list[int] = []
    for day in (25, 26, 27, 28, 29, 30):
        sweep_on(at(day))
        sent.append(len(sweep_on(at(day))))
    assert sent == [0, 1, 1, 1, 2, 2]
    assert sweep_on(at(2, month=10)) == [(hanne.email, "due_5"), (hanne.email, "due_2"), (hanne.email, "overdue")]


def test_while_nobody_has_the_case_everybody_who_could_take_it_is_told() -> None:
    first, second = factories.staff(Role.HANDLER), factories.staff(Role.DECISION_MAKER)
    factories.staff(Role.APPROVER)
    factories.staff(Role.HANDLER, active=False)
    factories.dsr(received_at=RECEIVED)
    assert {address for address, _ in sweep_on(at(30))} == {first.email, second.email}


def test_a_reminder_waits_for_somebody_to_read_it() -> None:
    factories.dsr(received_at=RECEIVED)
    assert sweep_on(at(30)) == []
    late = factories.staff(Role.HANDLER)
    assert sweep_on(at(30)) == [(late.email, "due_2")]


def test_after_days_of_silence_only_the_newest_truth_is_sent() -> None:
    factories.staff(Role.HANDLER)
    factories.dsr(received_at=RECEIVED)
    assert [kind for _, kind in sweep_on(at(5, month=10))] == ["overdue"]


def test_a_moved_date_is_reminded_of_anew() -> None:
    factories.staff(Role.HANDLER)
    dsr = factories.dsr(received_at=RECEIVED)
    sweep_on(at(27))
    suspended(dsr, at(2), at(7))
    assert dsr.effective_due == date(2026, 10, 6)
    assert [kind for _, kind in sweep_on(at(2, month=10))] == ["due_5", "due_5"]
    assert ReminderSent.objects.filter(dsr=dsr).count() == 2


def test_a_reminder_names_the_case_and_nobody() -> None:
    factories.staff(Role.HANDLER)
    dsr = factories.dsr(received_at=RECEIVED)
    sweep_on(at(30))
    message = Message.objects.get(intent=Intent.REMINDER)
    assert dsr.case.reference in message.subject
    for secret in (dsr.case.person_name, dsr.case.person_email):
        assert secret not in message.subject + message.body


def test_an_answered_request_is_not_reminded_of() -> None:
    factories.staff(Role.HANDLER)
    dsr = factories.dsr(received_at=RECEIVED)
    factories.force(dsr, Stage.RELEASED)
    assert sweep_on(at(30)) == []
