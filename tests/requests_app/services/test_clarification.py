"""Asking what exactly the person wants to see: for access, of a lot of data, with the clock told the truth."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from pytest_django import Settings
from time_machine import travel

from requests_app.domain.enums import Direction, Intent, Right, Stage, SuspensionKind
from requests_app.domain.errors import ActionRefused
from requests_app.models import AuditEntry, Case, DataSubjectRequest, DeadlineHistory, Message, OutboxEvent, Suspension
from requests_app.services import clarification, clock, correspondence, intake
from requests_app.services.clarification import Question
from tests import factories

from .sent import delivered, words

pytestmark = pytest.mark.django_db

RECEIVED = datetime(2026, 9, 1, 8, tzinfo=UTC)  # due on 1 October
QUESTION = Question("Kontaktopplysninger, tilbud og e-post siden 2011.", "Gjelder det en bestemt tid?")


def at(day: int, hour: int = 8) -> datetime:
    """That hour, in UTC, of a day in September 2026."""
    return datetime(2026, 9, day, hour, tzinfo=UTC)


def ask(
    dsr: DataSubjectRequest, *, day: int = 2, question: Question = QUESTION, large: bool = True,
    version: int | None = None, key: str = "a" * 32,
) -> Message:  # fmt: skip
    """Ask at ten in the morning of a day."""
    actor = factories.staff().as_actor()
    with travel(at(day), tick=False):
        return clarification.ask(dsr.pk, question, large=large, actor=actor, key=key, version=version)


def reply(case: Case, day: int, hour: int = 8) -> Message:
    """The person writes on the case."""
    with travel(at(day, hour), tick=False):
        return correspondence.receive(case, body="Jeg vil ha alt.", at=at(day, hour))


def answered_on(dsr: DataSubjectRequest, day: date, *, now: int = 20) -> None:
    """Somebody says on a later day when the answer came."""
    with travel(at(now), tick=False):
        clarification.answered_on(dsr.pk, day, actor=factories.staff().as_actor())


def count() -> tuple[int, ...]:
    """How many rows there are of all that is written here."""
    return tuple(model.objects.count() for model in (Message, Suspension, DeadlineHistory, AuditEntry, OutboxEvent))


def refused(
    dsr: DataSubjectRequest, *, day: int = 2, question: Question = QUESTION, large: bool = True,
    version: int | None = None, key: str = "a" * 32,
) -> str:  # fmt: skip
    """Return why the question was refused, once nothing was stored and nothing is sent."""
    before = count()
    with pytest.raises(ActionRefused) as refusal:
        ask(dsr, day=day, question=question, large=large, version=version, key=key)
    assert count() == before
    return refusal.value.reason.code


def test_the_letter_and_the_wait_are_one_fact() -> None:
    dsr = factories.dsr(received_at=RECEIVED)
    message = ask(dsr)
    row = dsr.suspensions.get()
    assert (row.kind, row.ground, row.asked_at) == (SuspensionKind.CLARIFICATION, "large_amount", at(2))
    assert (message.intent, message.dsr_id, message.to_address) == (Intent.CLARIFICATION, dsr.pk, dsr.case.person_email)
    assert OutboxEvent.objects.filter(name="MessageQueued", payload__message_id=message.pk).exists()
    assert clock.derive(dsr).paused


@pytest.mark.parametrize(
    "language,everything,still",
    [
        ("nb", "Vil du ha alt, er det nok å si fra.", "Fristen for svaret vårt står stille fra i dag"),
        ("en", "If you want everything, just say so.", "The time limit for our answer stands still from today"),
    ],
)
def test_the_letter_says_what_we_ask_and_that_the_person_may_have_everything(
    language: str, everything: str, still: str
) -> None:
    dsr = factories.case(received_at=RECEIVED, language=language).dsrs.get()
    letter = ask(dsr)
    for said in (QUESTION.outline, QUESTION.text, everything, still, dsr.case.reference, "{{secret:link}}"):
        assert said in letter.body


def test_the_mail_that_leaves_has_the_link_and_does_not_call_itself_automatic(
    tmp_path: Path, settings: Settings
) -> None:
    settings.SMTP_URL, settings.SENT_FOLDER = "", tmp_path
    dsr = factories.dsr(received_at=RECEIVED)
    mail = delivered(ask(dsr), tmp_path)
    assert f"/s/{intake.link_token(dsr.case)}" in words(mail)
    assert "Auto-Submitted" not in mail


def test_asked_too_late_the_letter_promises_the_same_day_as_before() -> None:
    dsr = factories.dsr(received_at=RECEIVED)
    letter = ask(dsr, day=15)
    assert "Spørsmålet endrer ikke fristen: Du får svar senest 1. oktober 2026." in letter.body
    assert not clock.derive(dsr).paused
    dsr.refresh_from_db()
    assert dsr.effective_due == date(2026, 10, 1)


@pytest.mark.parametrize(
    "right,why",
    [
        (Right.ERASURE, "clarification_access_only"),
        (Right.PORTABILITY, "clarification_access_only"),
        (Right.CONSENT_WITHDRAWAL, "never_suspended"),
        (Right.MARKETING_OBJECTION, "never_suspended"),
    ],
)
def test_only_access_is_narrowed_down(right: Right, why: str) -> None:
    assert refused(factories.dsr(right, received_at=RECEIVED)) == why


def test_a_small_amount_of_data_is_simply_handed_out() -> None:
    assert refused(factories.dsr(received_at=RECEIVED), large=False) == "clarification_not_large"


@pytest.mark.parametrize("question", [Question(" ", "Hva?"), Question("E-post", "\n")])
def test_a_question_needs_words(question: Question) -> None:
    assert refused(factories.dsr(received_at=RECEIVED), question=question) == "clarification_incomplete"


def test_nobody_is_asked_without_an_address() -> None:
    case = factories.case(received_at=RECEIVED, email="")
    assert refused(case.dsrs.get()) == "no_address"


def test_one_question_at_a_time_but_the_same_click_twice_is_one() -> None:
    dsr = factories.dsr(received_at=RECEIVED)
    first = ask(dsr)
    before = count()
    assert ask(dsr) == first
    assert count() == before
    assert refused(dsr, key="b" * 32, day=3) == "already_waiting"


def test_what_is_answered_is_not_asked_about() -> None:
    dsr = factories.dsr(received_at=RECEIVED)
    factories.force(dsr, Stage.RELEASED)
    assert refused(dsr) == "not_from_here"


def test_a_case_that_changed_meanwhile_is_looked_at_first() -> None:
    dsr = factories.dsr(received_at=RECEIVED)
    assert refused(dsr, version=dsr.case.version + 1) == "case_changed"


def test_what_the_person_writes_afterwards_is_a_reply_until_somebody_says_it_is_the_answer() -> None:
    dsr = factories.dsr(received_at=RECEIVED)
    before = reply(dsr.case, 2, hour=7)
    ask(dsr)
    first, second = reply(dsr.case, 7), reply(dsr.case, 9)
    assert before not in clarification.replies(dsr)
    assert list(clarification.replies(dsr)) == [first, second]
    assert clock.derive(dsr).paused
    with travel(at(20), tick=False):
        clarification.answered_by(dsr.pk, first.pk, actor=factories.staff().as_actor())
    assert dsr.suspensions.get().answered_at == at(7)
    dsr.refresh_from_db()
    assert dsr.effective_due == date(2026, 10, 6)  # five days of waiting, however late somebody read it
    assert not clarification.replies(dsr).exists()


def test_only_what_the_person_wrote_since_can_be_the_answer() -> None:
    dsr, other = factories.dsr(received_at=RECEIVED), factories.dsr(received_at=RECEIVED)
    ours = ask(dsr)
    opening = dsr.case.messages.get(intent=Intent.INQUIRY)
    strange = reply(other.case, 7)
    before = count()
    for message in (ours, opening, strange):
        with travel(at(20), tick=False), pytest.raises(ActionRefused, match="clarification_not_a_reply"):
            clarification.answered_by(dsr.pk, message.pk, actor=factories.staff().as_actor())
    assert count() == before


@pytest.mark.parametrize("day,due", [(2, date(2026, 10, 1)), (5, date(2026, 10, 4)), (20, date(2026, 10, 19))])
def test_an_answer_by_phone_is_dated_by_hand(day: int, due: date) -> None:
    dsr = factories.dsr(received_at=RECEIVED)
    ask(dsr)
    answered_on(dsr, date(2026, 9, day))
    dsr.refresh_from_db()
    assert dsr.effective_due == due


@pytest.mark.parametrize(
    "day,why", [(date(2026, 9, 1), "answered_before_asked"), (date(2026, 9, 21), "answered_in_future")]
)
def test_a_day_that_cannot_be_is_refused(day: date, why: str) -> None:
    dsr = factories.dsr(received_at=RECEIVED)
    ask(dsr)
    before = count()
    with pytest.raises(ActionRefused, match=why):
        answered_on(dsr, day)
    assert count() == before
    assert clock.derive(dsr).paused


def test_nothing_is_ended_that_was_not_asked() -> None:
    dsr = factories.dsr(received_at=RECEIVED)
    with pytest.raises(ActionRefused, match="clarification_not_waiting"):
        answered_on(dsr, date(2026, 9, 5))
    ask(dsr)
    answered_on(dsr, date(2026, 9, 5))
    with pytest.raises(ActionRefused, match="clarification_not_waiting"):
        answered_on(dsr, date(2026, 9, 6))


def test_the_audit_tells_of_question_and_answer_without_a_word_of_them() -> None:
    dsr = factories.dsr(received_at=RECEIVED)
    message = ask(dsr)
    answered_on(dsr, date(2026, 9, 5))
    told = AuditEntry.objects.filter(subject=f"dsr:{dsr.pk}", action__startswith="clarification.").order_by("number")
    assert list(told.values_list("action", "details")) == [
        ("clarification.asked", {"message": message.pk}),
        ("clarification.answered", {"received_on": "2026-09-05"}),
    ]
    causes = DeadlineHistory.objects.filter(dsr=dsr).values_list("cause", flat=True)
    assert list(causes) == ["received", "suspended:clarification", "resumed:clarification"]


def test_the_letter_answers_the_mail_of_the_person() -> None:
    case = factories.case(received_at=RECEIVED)
    case.messages.filter(direction=Direction.IN).update(message_id="<spm@example.com>")
    assert ask(case.dsrs.get()).in_reply_to == "<spm@example.com>"
