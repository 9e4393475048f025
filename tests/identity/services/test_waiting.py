"""Day by day with somebody who does not answer: what they get, when, once each, and what nobody can learn from it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_django.fixtures import Settings
from time_machine import travel

from identity.domain.enums import DoubtReason, LinkState
from identity.models import User, Verification
from identity.services import delivery, question_reminders, verify
from requests_app.domain import tokens
from requests_app.domain.enums import Channel, Intent, MessageState, Right
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import Reason
from requests_app.keyring import ring
from requests_app.models import AuditEntry, Case, DataSubjectRequest, Inquiry, Message, OutboxEvent
from requests_app.models.inquiry import SENDER_UNPROVEN
from requests_app.selectors import CaseView, cases_in, requests_with_waits
from requests_app.services import (
    clock,
    correspondence,
    digest,
    milestones,
    reminders,
    sending,
    still_waiting,
    waiting,
)
from tests import factories
from tests.identity import scenes
from tests.identity.together import together

pytestmark = pytest.mark.django_db

RECEIVED = datetime(2026, 9, 1, 8, tzinfo=UTC)  # a Tuesday; the alarm is on Thursday 1 October
ASKED = datetime(2026, 9, 2, 8, tzinfo=UTC)
LETTERS = (Intent.WAITING_REMINDER, Intent.STILL_WAITING)


@pytest.fixture(autouse=True)
def sent_folder(tmp_path: Path, settings: Settings) -> None:
    """Mail becomes files."""
    settings.SMTP_URL = ""
    settings.SENT_FOLDER = tmp_path / "sent"


def asked(*rights: Right, email: str = "kari.holm@example.com", known: bool = True, language: str = "nb") -> Case:
    """A case of 1 September whose person was asked on the 2nd who they are."""
    with travel(RECEIVED, tick=False):
        case = factories.case(*rights, received_at=RECEIVED, email=email, language=language)
        point = scenes.on_file(case) if known else None
    with travel(ASKED, tick=False):
        actor = factories.staff().as_actor()
        verify.ask(case.pk, DoubtReason.UNKNOWN_ADDRESS, point.pk if point else None, actor=actor)
        deliver()
    return case


def deliver() -> None:
    """Everything that is queued leaves."""
    for pk in Message.objects.filter(state=MessageState.QUEUED).values_list("pk", flat=True):
        sending.send(pk)


def sweep() -> None:
    """What the timetable does again and again."""
    verify.expire()
    question_reminders.sweep()
    still_waiting.sweep()
    reminders.sweep()


def days(first: int, last: int) -> Iterator[date]:
    """Live through days after the receipt, with two sweeps on each at noon."""
    for day in range(first, last + 1):
        with travel(RECEIVED + timedelta(days=day, hours=2), tick=False):
            sweep()
            sweep()
            deliver()
            yield waiting.today()


def letters(case: Case) -> list[tuple[date, str, str]]:
    """On which day which letter went to whom."""
    rows = case.messages.filter(intent__in=LETTERS).order_by("id")
    return [(row.created_at.date(), row.intent, row.to_address) for row in rows]


def live(first: int, last: int) -> None:
    for _day in days(first, last):
        pass


def test_who_never_answers_is_reminded_twice_and_told_at_the_alarm() -> None:
    case = asked()
    live(2, 45)
    assert letters(case) == [
        (date(2026, 9, 7), "waiting_reminder", "kari.holm@example.com"),
        (date(2026, 9, 7), "waiting_reminder", scenes.ON_FILE),
        (date(2026, 9, 14), "waiting_reminder", "kari.holm@example.com"),
        (date(2026, 9, 14), "waiting_reminder", scenes.ON_FILE),
        (date(2026, 10, 1), "still_waiting", "kari.holm@example.com"),
    ]


def test_a_deletion_whose_link_nobody_uses_is_a_task_for_a_person_and_never_ends_by_itself() -> None:
    with travel(RECEIVED, tick=False):
        case = factories.case(Right.ERASURE, received_at=RECEIVED, email=scenes.ON_FILE, channel=Channel.MAIL)
        changes = {"sender_address": scenes.ON_FILE, "problems": [SENDER_UNPROVEN]}
        Inquiry.objects.filter(case=case).update(**changes)
        point = scenes.on_file(case)
        delivery.review(case)
    dsr = case.dsrs.get()

    def owed(day: date) -> set[str]:
        return {str(one.kind) for one in milestones.owed(dsr, day)}

    assert "ask" in owed(date(2026, 9, 3))  # nobody has asked yet, and later it would not stop the clock
    with travel(ASKED, tick=False):
        verify.ask(case.pk, DoubtReason.MISMATCH, point.pk, actor=factories.staff().as_actor())
        deliver()
    assert "ask" not in owed(date(2026, 9, 3))
    live(2, 4)
    assert "call" not in owed(date(2026, 9, 6))
    live(5, 6)
    assert "call" in owed(date(2026, 9, 7))  # five days after the question
    live(7, 60)
    dsr.refresh_from_db()
    assert (dsr.closed_at, dsr.outcome, Case.objects.get(pk=case.pk).closed_at) == (None, "", None)
    assert dsr.requirements.get(kind="identity").reason == "identity_link_expired"


def test_a_case_that_waits_is_late_on_no_day_once_the_person_was_told() -> None:
    case = asked()
    factories.staff()
    dsr = case.dsrs.get()
    for today in days(2, 45):
        late = cases_in(CaseView.OVERDUE, user_id=0, today=today)
        assert not late.exists(), today
        assert not waiting.is_overdue(dsr), today
        assert waiting.notice_given(dsr) is (today >= date(2026, 10, 1)), today
        assert requests_with_waits().get(pk=dsr.pk).told is waiting.notice_given(dsr)  # type: ignore[attr-defined]
    kinds = Message.objects.filter(intent=Intent.REMINDER).values_list("key", flat=True)
    assert {str(key).split(":")[2] for key in kinds} == {"alarm"}


def test_the_morning_mail_calls_a_case_that_waits_late_only_where_the_person_was_not_told() -> None:
    told, untold = asked(), asked()
    hanne = factories.staff()
    User.objects.update(date_joined=RECEIVED - timedelta(days=9), language="en")
    Case.objects.update(assignee=hanne)
    live(2, 30)
    untold.messages.filter(intent=Intent.STILL_WAITING).update(state=MessageState.FAILED)
    with travel(datetime(2026, 10, 2, 8, tzinfo=UTC), tick=False):
        reminders.sweep()
        digest.sweep()
    body = Message.objects.get(key=f"digest:{hanne.pk}:2026-10-02").body
    late, _, goals = body.partition("This should be done by now:")
    assert untold.reference in late
    assert told.reference not in late
    assert f"{told.reference}, Access: Can be closed: nobody has shown who is asking" in goals


def test_a_case_that_waits_is_late_where_the_notice_never_left() -> None:
    case = asked()
    dsr = case.dsrs.get()
    with travel(datetime(2026, 10, 1, 8, tzinfo=UTC), tick=False):
        assert still_waiting.sweep() == 1
    case.messages.filter(intent=Intent.STILL_WAITING).update(state=MessageState.FAILED)
    with travel(datetime(2026, 10, 2, 8, tzinfo=UTC), tick=False):
        assert still_waiting.sweep() == 0
        assert waiting.is_overdue(dsr)
        assert list(cases_in(CaseView.OVERDUE, user_id=0, today=waiting.today())) == [case]


def test_a_notice_that_left_too_late_heals_nothing() -> None:
    case = asked()
    dsr = case.dsrs.get()
    live(31, 31)
    assert letters(case)[-1] == (date(2026, 10, 2), "still_waiting", "kari.holm@example.com")
    assert not waiting.notice_given(dsr)
    with travel(datetime(2026, 10, 3, 8, tzinfo=UTC), tick=False):
        assert waiting.is_overdue(dsr)


def test_an_alarm_on_a_day_off_is_met_on_the_last_working_day_before() -> None:
    with travel(datetime(2026, 9, 3, 8, tzinfo=UTC), tick=False):  # thirty days later is Saturday 3 October
        row = scenes.doubted()
        deliver()
    with travel(datetime(2026, 10, 1, 21, tzinfo=UTC), tick=False):
        assert still_waiting.sweep() == 0
    with travel(datetime(2026, 10, 1, 22, 5, tzinfo=UTC), tick=False):  # five past midnight of Friday in Oslo
        assert still_waiting.sweep() == 1
    assert waiting.notice(row.case.dsrs.get()) is not None


def test_the_answer_on_day_six_ends_the_letters_and_adds_its_days() -> None:
    case = asked()
    live(2, 5)
    assert letters(case) == []  # the 6th is day 4 of waiting
    live(6, 6)
    assert len(letters(case)) == 2
    token = fresh_token(case)
    with travel(RECEIVED + timedelta(days=7), tick=False):
        assert verify.confirm(token) is LinkState.CONFIRMED
    live(8, 40)
    assert len(letters(case)) == 2
    dsr = case.dsrs.get()
    assert dsr.effective_due == date(2026, 10, 7)  # six days of waiting
    with travel(datetime(2026, 10, 7, 21, 59, tzinfo=UTC), tick=False):
        assert not waiting.is_overdue(dsr)
    with travel(datetime(2026, 10, 7, 22, tzinfo=UTC), tick=False):
        assert waiting.is_overdue(dsr)


def fresh_token(case: Case) -> str:
    """The token in the last link that was mailed."""
    message = case.messages.filter(to_address=scenes.ON_FILE).latest("id")
    secret = tokens.Secret(**message.secrets["link"])
    return tokens.reveal(ring(), secret).rpartition("/")[2]


def test_the_link_of_the_reminder_works_and_the_one_before_does_not() -> None:
    case = asked()
    first = fresh_token(case)
    live(6, 6)
    with travel(RECEIVED + timedelta(days=6, hours=4), tick=False):
        assert verify.look_up(first) is LinkState.DEAD
        assert verify.look_up(fresh_token(case)) is LinkState.OPEN
    assert AuditEntry.objects.filter(action="identity.link_renewed").count() == 1


def test_after_days_of_silence_only_the_newest_truth_is_written() -> None:
    case = asked()
    live(20, 20)
    assert [intent for _, intent, _ in letters(case)] == ["waiting_reminder", "waiting_reminder"]
    other = asked()
    live(30, 30)
    assert [intent for _, intent, _ in letters(other)] == ["still_waiting"]


@pytest.mark.parametrize(
    "day,letter", [(6, "waiting_reminder"), (30, "still_waiting")], ids=["reminder", "notice at the alarm"]
)
def test_a_letter_that_cannot_be_written_holds_up_nobody_elses(
    day: int, letter: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, whole = asked(), asked(email="ola.vik@example.com")
    queue = correspondence.queue

    def refuse(case: Case, *given: Any, **named: Any) -> Message:
        if case.pk == broken.pk:
            raise ActionRefused(Reason("words_unresolved"))
        return queue(case, *given, **named)

    monkeypatch.setattr(correspondence, "queue", refuse)
    live(day, day)
    assert letters(broken) == []
    assert {intent for _day, intent, _to in letters(whole)} == {letter}
    monkeypatch.undo()
    live(day, day)
    assert {intent for _day, intent, _to in letters(broken)} == {letter}


def test_nobody_is_reminded_whose_words_nobody_has_read() -> None:
    case = asked()
    Case.objects.filter(pk=case.pk).update(unread_since=RECEIVED + timedelta(days=4))
    live(6, 8)
    assert letters(case) == []
    Case.objects.filter(pk=case.pk).update(unread_since=None)
    live(9, 9)
    assert len(letters(case)) == 2


def test_no_reminder_goes_to_an_address_that_does_not_work() -> None:
    case = asked()
    case.messages.filter(to_address="kari.holm@example.com").update(state=MessageState.FAILED, sent_at=None)
    live(6, 6)
    assert [to for _, _, to in letters(case)] == [scenes.ON_FILE]
    case.messages.filter(to_address=scenes.ON_FILE).update(state=MessageState.FAILED, sent_at=None)
    live(13, 13)
    assert len(letters(case)) == 1


def test_a_letter_that_waited_for_the_mail_system_leaves_only_while_it_is_needed() -> None:
    """The mail system is away from the fifth day on; one of the two persons answers, the other never does."""
    answering, silent = asked(), asked(email="ola.vik@example.com")
    for day in (6, 13, 30):
        with travel(RECEIVED + timedelta(days=day, hours=2), tick=False):
            sweep()
        if day == 13:
            with travel(RECEIVED + timedelta(days=day, hours=3), tick=False):
                verify.confirm(fresh_token(answering))
    with travel(RECEIVED + timedelta(days=30, hours=4), tick=False):
        deliver()
    assert answering.messages.filter(intent__in=LETTERS, state=MessageState.SENT).count() == 0
    sent = silent.messages.filter(intent__in=LETTERS, state=MessageState.SENT).order_by("id")
    assert [row.intent for row in sent] == ["still_waiting"]
    kept = Message.objects.filter(case__in=[answering, silent], intent__in=LETTERS).exclude(pk__in=sent)
    assert {row.state for row in kept} == {MessageState.DROPPED}
    assert not OutboxEvent.objects.filter(name="MessageFailed").exists()  # nobody is told: nothing went wrong


def test_nobody_is_reminded_when_the_question_was_taken_back_or_the_case_ended() -> None:
    case, over = asked(), asked()
    with travel(RECEIVED + timedelta(days=3), tick=False):
        verify.withdraw(case.pk, actor=factories.staff().as_actor())
    factories.close(over)
    live(6, 45)
    assert (letters(case), letters(over)) == ([], [])


def test_one_letter_speaks_of_everything_that_waits() -> None:
    case = asked(Right.ACCESS, Right.ERASURE, Right.MARKETING_OBJECTION)
    live(2, 45)
    notice = case.messages.get(intent=Intent.STILL_WAITING)
    assert "innsyn, sletting" in notice.body.lower()
    assert len(letters(case)) == 5


def test_a_case_without_an_address_is_told_by_nobody_and_shows_as_late() -> None:
    with travel(RECEIVED, tick=False):
        case = factories.case(received_at=RECEIVED, email="", channel=Channel.LETTER)
        point = scenes.on_file(case)
        verify.ask(case.pk, DoubtReason.MISMATCH, point.pk, actor=factories.staff().as_actor())
    live(2, 31)
    assert [(intent, to) for _, intent, to in letters(case)] == [("waiting_reminder", scenes.ON_FILE)] * 2
    with travel(datetime(2026, 10, 3, 8, tzinfo=UTC), tick=False):
        assert waiting.is_overdue(case.dsrs.get())


@pytest.mark.parametrize("language", ["nb", "en"])
def test_the_letters_do_not_tell_whether_we_know_an_address(language: str) -> None:
    known, unknown = asked(language=language), asked(known=False, language=language)
    live(2, 45)

    def told(case: Case) -> list[str]:
        rows = case.messages.filter(intent__in=LETTERS, to_address="kari.holm@example.com").order_by("id")
        return [f"{row.subject}\n{row.body}".replace(case.reference, "") for row in rows]

    assert len(told(known)) == 3
    assert told(known) == told(unknown)
    assert letters(unknown) == [line for line in letters(known) if line[2] != scenes.ON_FILE]
    everything = "\n".join(known.messages.filter(intent__in=LETTERS).values_list("body", flat=True))
    assert scenes.ON_FILE not in everything
    link = known.messages.filter(to_address=scenes.ON_FILE, intent=Intent.WAITING_REMINDER).latest("id")
    assert known.person_name not in link.body
    assert known.person_email not in link.body


def test_the_person_with_one_address_gets_one_reminder_that_says_it_all() -> None:
    case = asked(email=scenes.ON_FILE)
    live(6, 6)
    reminder = case.messages.get(intent=Intent.WAITING_REMINDER)
    for said in ("Vi trenger fortsatt bekreftelsen din", "2. september 2026", "2. oktober 2026", "Hvorfor vi spør",
                 "{{secret:link}}", "når som helst ta den opp igjen"):  # fmt: skip
        assert said in reminder.body


def test_the_notice_says_what_we_asked_and_when_how_to_go_on_and_where_to_complain() -> None:
    case = asked()
    live(30, 30)
    body = case.messages.get(intent=Intent.STILL_WAITING).body
    for said in ("1. september 2026", "2. september 2026", "Vi kan ikke behandle henvendelsen før", "Datatilsynet",
                 "Postboks 458 Sentrum", "domstolene", "Dette er ikke et avslag"):  # fmt: skip
        assert said in body


@pytest.mark.django_db(transaction=True)
def test_sweeps_at_the_same_moment_write_each_letter_once() -> None:
    case = asked()
    with travel(RECEIVED + timedelta(days=6), tick=False):
        assert sum(together(4, question_reminders.sweep)) == 1
    with travel(RECEIVED + timedelta(days=30), tick=False):
        assert sum(together(4, still_waiting.sweep)) == 1
    assert len(letters(case)) == 3


def test_a_question_that_came_too_late_stops_no_clock_and_owes_an_answer_instead_of_a_notice() -> None:
    with travel(RECEIVED, tick=False):
        case = factories.case(received_at=RECEIVED)
        point = scenes.on_file(case)
    with travel(RECEIVED + timedelta(days=20), tick=False):
        verify.ask(case.pk, DoubtReason.UNKNOWN_ADDRESS, point.pk, actor=factories.staff().as_actor())
    live(21, 40)
    assert {intent for _, intent, _ in letters(case)} == {"waiting_reminder"}
    with travel(RECEIVED + timedelta(days=31), tick=False):
        assert waiting.is_overdue(case.dsrs.get())


def test_stored_and_derived_dates_agree_on_every_day() -> None:
    case = asked()
    for _day in days(2, 45):
        dsr = DataSubjectRequest.objects.get(case=case)
        assert dsr.effective_due == clock.derive(dsr).effective_due == date(2026, 10, 1)
    assert Verification.objects.filter(case=case).count() == 3
