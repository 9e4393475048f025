"""The clock's rows, over the real database."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction
from time_machine import travel

from requests_app.domain.enums import SuspensionKind
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import SYSTEM
from requests_app.models import DataSubjectRequest, DeadlineHistory
from requests_app.services import clock
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
