"""Waiting for a clarification: reminded twice, told at the alarm, and never closed for it."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.db import transaction
from pytest_django.fixtures import Settings
from time_machine import travel

from requests_app.domain.enums import Intent, MessageState, SuspensionKind
from requests_app.domain.snapshot import SYSTEM
from requests_app.models import Case, Message
from requests_app.services import clock, sending, still_waiting, waiting, waiting_reminders
from tests import factories

pytestmark = pytest.mark.django_db

RECEIVED = datetime(2026, 9, 1, 8, tzinfo=UTC)  # the alarm is on 1 October


@pytest.fixture(autouse=True)
def sent_folder(tmp_path: Path, settings: Settings) -> None:
    """Mail becomes files."""
    settings.SMTP_URL = ""
    settings.SENT_FOLDER = tmp_path / "sent"


def unclear(*kinds: SuspensionKind, language: str = "nb") -> Case:
    """A case of 1 September whose person was asked on the 3rd."""
    with travel(RECEIVED, tick=False):
        case = factories.case(received_at=RECEIVED, language=language)
    with travel(RECEIVED + timedelta(days=2), tick=False), transaction.atomic():
        for kind in kinds or (SuspensionKind.CLARIFICATION,):
            clock.suspend(case.dsrs.get(), kind, "large_amount", SYSTEM)
    return case


def live(first: int, last: int) -> None:
    """Sweep twice on each of these days after the receipt, and have everything leave."""
    for day in range(first, last + 1):
        with travel(RECEIVED + timedelta(days=day), tick=False):
            for _ in range(2):
                waiting_reminders.sweep(SuspensionKind.CLARIFICATION, waiting_reminders.remind_of_clarification)
                still_waiting.sweep()
            for pk in Message.objects.filter(state=MessageState.QUEUED).values_list("pk", flat=True):
                sending.send(pk)


def letters(case: Case) -> list[tuple[date, str]]:
    rows = case.messages.filter(intent__in=[Intent.WAITING_REMINDER, Intent.STILL_WAITING]).order_by("id")
    return [(row.created_at.date(), row.intent) for row in rows]


def test_reminded_on_day_five_and_twelve_and_told_at_the_alarm() -> None:
    case = unclear()
    live(2, 45)
    assert letters(case) == [
        (date(2026, 9, 8), "waiting_reminder"),
        (date(2026, 9, 15), "waiting_reminder"),
        (date(2026, 10, 1), "still_waiting"),
    ]
    assert waiting.notice_given(case.dsrs.get())


@pytest.mark.parametrize(
    "language,said", [("nb", "Vil du ha alt, er det nok å si fra."), ("en", "If you want everything, just say so")]
)
def test_every_letter_says_that_everything_may_be_asked_for(language: str, said: str) -> None:
    case = unclear(language=language)
    live(2, 45)
    bodies = case.messages.filter(intent__in=[Intent.WAITING_REMINDER, Intent.STILL_WAITING])
    assert all(said in body and "{{secret:link}}" in body for body in bodies.values_list("body", flat=True))


def test_the_notice_names_both_questions_where_both_are_open() -> None:
    case = unclear(SuspensionKind.IDENTITY, SuspensionKind.CLARIFICATION)
    live(30, 30)
    body = case.messages.get(intent=Intent.STILL_WAITING).body
    assert "ba vi deg bekrefte" in body
    assert "spurte vi hva du vil se" in body


def test_without_an_authority_to_name_no_notice_is_written() -> None:
    case = unclear()
    factories.organisation(supervisory_authority={})
    live(30, 30)
    assert letters(case) == []
    reason = still_waiting.why_not(case.dsrs.get())
    assert reason is not None
    assert reason.code == "answer_waits_authority"


def test_told_once_however_often_it_is_asked_and_answered_before_the_alarm() -> None:
    case = unclear()
    live(30, 30)
    dsr = case.dsrs.get()
    with travel(RECEIVED + timedelta(days=33), tick=False), transaction.atomic():
        clock.resume(dsr, SuspensionKind.CLARIFICATION, SYSTEM)
    with travel(RECEIVED + timedelta(days=35), tick=False), transaction.atomic():
        clock.suspend(dsr, SuspensionKind.CLARIFICATION, "large_amount", SYSTEM)
    live(35, 36)
    assert clock.derive(dsr).paused
    assert [intent for _, intent in letters(case)] == ["still_waiting"]
    with travel(RECEIVED + timedelta(days=37), tick=False):
        assert not waiting.is_overdue(dsr)
