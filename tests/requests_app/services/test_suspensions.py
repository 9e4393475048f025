"""What a suspension takes and what it refuses: its rows are facts, and a bad one would move a deadline."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from time_machine import travel

from requests_app.domain.clock import Ruling
from requests_app.domain.enums import Right, SuspensionKind
from requests_app.domain.errors import ActionRefused
from requests_app.domain.outcomes import AT_ONCE
from requests_app.domain.snapshot import SYSTEM
from requests_app.models import AuditEntry, DataSubjectRequest, DeadlineHistory, Suspension
from requests_app.services import clock
from tests import factories

pytestmark = pytest.mark.django_db

RECEIVED = datetime(2026, 9, 1, 8, tzinfo=UTC)  # due on 1 October
IDENTITY, CLARIFICATION = SuspensionKind.IDENTITY, SuspensionKind.CLARIFICATION


def at(day: int, month: int = 9) -> datetime:
    """Ten o'clock in Oslo on a day of 2026."""
    return datetime(2026, month, day, 8, tzinfo=UTC)


def ask(dsr: DataSubjectRequest, kind: SuspensionKind, now: datetime, asked_at: datetime | None = None) -> None:
    """Ask at `now`; `asked_at` is what somebody writes down as the time of asking."""
    with travel(now, tick=False), transaction.atomic():
        clock.suspend(dsr, kind, "mismatch", SYSTEM, asked_at=asked_at)


def answer(dsr: DataSubjectRequest, kind: SuspensionKind, now: datetime, answered_at: datetime | None = None) -> None:
    """Have the answer at `now`; `answered_at` is what somebody writes down as its time."""
    with travel(now, tick=False), transaction.atomic():
        clock.resume(dsr, kind, SYSTEM, answered_at=answered_at)


def facts(dsr: DataSubjectRequest) -> tuple[object, ...]:
    """Everything that a refusal must leave as it was."""
    stored = DataSubjectRequest.objects.values_list("effective_due", "act_by", "case__due_on").get(pk=dsr.pk)
    counts = (model.objects.count() for model in (DeadlineHistory, AuditEntry))
    return (*stored, *Suspension.objects.order_by("pk").values_list("asked_at", "answered_at"), *counts)


def refused(dsr: DataSubjectRequest, verb: Callable[..., None], *args: object) -> str:
    """Return why it was refused, once nothing has changed for it."""
    before = facts(dsr)
    with pytest.raises(ActionRefused) as refusal:
        verb(dsr, *args)
    assert facts(dsr) == before
    return refusal.value.reason.code


@pytest.mark.parametrize(
    "asked_at,why", [(RECEIVED - timedelta(minutes=1), "asked_before_receipt"), (at(3), "asked_in_future")]
)
def test_nobody_asked_before_the_receipt_or_tomorrow(asked_at: datetime, why: str) -> None:
    dsr = factories.dsr(received_at=RECEIVED)
    assert refused(dsr, ask, IDENTITY, at(2), asked_at) == why


@pytest.mark.parametrize(
    "answered_at,why", [(at(2) - timedelta(seconds=1), "answered_before_asked"), (at(6), "answered_in_future")]
)
def test_nobody_answered_before_the_question_or_tomorrow(answered_at: datetime, why: str) -> None:
    dsr = factories.dsr(received_at=RECEIVED)
    ask(dsr, IDENTITY, at(2))
    assert refused(dsr, answer, IDENTITY, at(5), answered_at) == why


@pytest.mark.parametrize("right", sorted(AT_ONCE))
def test_what_takes_effect_at_once_never_stands_still(right: Right) -> None:
    dsr = factories.dsr(right, received_at=RECEIVED)
    for kind in SuspensionKind:
        assert refused(dsr, ask, kind, at(2)) == "never_suspended"


@pytest.mark.parametrize("right", sorted(AT_ONCE))
def test_not_even_the_database_takes_a_suspension_of_what_takes_effect_at_once(right: Right) -> None:
    dsr, other = factories.dsr(right, received_at=RECEIVED), factories.dsr(received_at=RECEIVED)
    with pytest.raises(IntegrityError, match="never suspended"), transaction.atomic():
        Suspension.objects.create(dsr=dsr, kind=IDENTITY, ground="mismatch", asked_at=at(2))
    row = Suspension.objects.create(dsr=other, kind=IDENTITY, ground="mismatch", asked_at=at(2))
    with pytest.raises(IntegrityError, match="never suspended"), transaction.atomic():
        Suspension.objects.filter(pk=row.pk).update(dsr=dsr)


def test_days_on_which_two_questions_wait_count_once() -> None:
    dsr = factories.dsr(received_at=RECEIVED)
    ask(dsr, IDENTITY, at(2))
    ask(dsr, CLARIFICATION, at(4))
    answer(dsr, IDENTITY, at(7))
    answer(dsr, CLARIFICATION, at(9))
    dsr.refresh_from_db()
    assert dsr.effective_due == date(2026, 10, 8)  # from the 2nd to the 9th: seven days


def test_a_late_question_is_kept_and_said_not_to_count() -> None:
    dsr = factories.dsr(received_at=RECEIVED)
    ask(dsr, IDENTITY, at(2))
    answer(dsr, IDENTITY, at(3))
    ask(dsr, CLARIFICATION, at(20))
    (_, first), (late, second) = clock.judged(dsr)
    assert (first.ruling, first.days_added) == (Ruling.COUNTED, 1)
    assert (late.kind, second.ruling, second.latest_ask) == (CLARIFICATION, Ruling.ASKED_LATE, date(2026, 9, 10))
    assert not clock.derive(dsr).paused


@pytest.mark.parametrize("day,ruling", [(8, Ruling.COUNTED), (9, Ruling.ASKED_LATE)])
def test_it_is_known_before_asking_whether_the_clock_will_stop(day: int, ruling: Ruling) -> None:
    dsr = factories.dsr(received_at=RECEIVED)
    assert clock.foresee(dsr, at(day)).ruling is ruling
    ask(dsr, CLARIFICATION, at(day))
    ((_, asked),) = clock.judged(dsr)
    assert asked.ruling is ruling
    assert clock.derive(dsr).paused is (ruling is Ruling.COUNTED)
