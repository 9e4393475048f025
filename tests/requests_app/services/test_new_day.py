"""A promised day that moves needs a new letter (T01), once, and only while there is a day to tell."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from time_machine import travel

from requests_app import outbox
from requests_app.domain.enums import Intent, MessageState, Right, Role, SuspensionKind
from requests_app.domain.snapshot import SYSTEM
from requests_app.models import Case, DataSubjectRequest, Message, Organisation, OutboxEvent
from requests_app.services import acknowledgements, clock, new_day, organisation_dates, receipt, still_news
from tests import factories
from tests.identity.together import together

pytestmark = pytest.mark.django_db

RECEIVED = datetime(2026, 9, 1, 8, tzinfo=UTC)  # due on 1 October


def told(*rights: Right, language: str = "nb", email: str = "kari.holm@example.com") -> Case:
    """A case whose person was told on the day of the receipt that the answer comes by 1 October."""
    with travel(RECEIVED, tick=False):
        case = factories.case(*rights, received_at=RECEIVED, language=language, email=email)
        acknowledgements.acknowledge(case.pk)
    return case


def wait(case: Case, first: int, last: int) -> None:
    """Wait for the person from one day after the receipt to another, with all requests."""
    for day, act in ((first, _suspend), (last, _resume)):
        with travel(RECEIVED + timedelta(days=day), tick=False), transaction.atomic():
            for dsr in case.dsrs.order_by("id"):
                act(dsr)


def _suspend(dsr: DataSubjectRequest) -> None:
    clock.suspend(dsr, SuspensionKind.IDENTITY, "mismatch", SYSTEM)


def _resume(dsr: DataSubjectRequest) -> None:
    clock.resume(dsr, SuspensionKind.IDENTITY, SYSTEM)


def tell(case: Case, day: int) -> list[Message]:
    """Run what is owed, twice, on a day after the receipt; return the letters about a new day."""
    with travel(RECEIVED + timedelta(days=day), tick=False):
        new_day.tell(case.pk)
        new_day.tell(case.pk)
    return list(case.messages.filter(intent=Intent.NEW_DAY).order_by("id"))


@pytest.mark.parametrize(
    "language, said",
    [
        ("nb", ("Du får svar senest 5. oktober 2026.", "Dagene vi ventet på deg, regnes ikke med.", "- Innsyn")),
        ("en", ("no later than 5 October 2026.", "days on which we waited for you do not count", "- Access")),
    ],
)
def test_whoever_answers_our_question_is_told_the_new_day_once(language: str, said: tuple[str, ...]) -> None:
    case = told(language=language)
    wait(case, 3, 7)
    [letter] = tell(case, 7)
    assert all(words in letter.body for words in said)
    assert "{{secret:link}}" in letter.body
    assert letter.state == MessageState.QUEUED


def test_the_letter_is_owed_by_whatever_moves_the_clock() -> None:
    case = told()
    OutboxEvent.objects.update(done_at=RECEIVED)
    wait(case, 3, 7)
    owed = OutboxEvent.objects.filter(done_at=None, name="DeadlineMoved")
    assert [row.payload for row in owed] == [{"case_id": case.pk}]  # none for the beginning of the wait


def test_a_request_that_is_new_has_not_moved() -> None:
    told()
    assert not OutboxEvent.objects.filter(name="DeadlineMoved").exists()


def test_dates_reckoned_anew_that_stay_owe_nobody_a_letter() -> None:
    told()
    with travel(RECEIVED + timedelta(days=2), tick=False):
        organisation_dates.recompute(2, 0)
    assert not OutboxEvent.objects.filter(name="DeadlineMoved").exists()


def test_an_answer_on_the_day_of_the_question_moves_nothing_and_is_no_news() -> None:
    case = told()
    wait(case, 3, 3)
    assert tell(case, 3) == []


def test_while_we_wait_there_is_no_day_to_tell() -> None:
    case = told()
    with travel(RECEIVED + timedelta(days=3), tick=False), transaction.atomic():
        _suspend(case.dsrs.get())
    assert tell(case, 4) == []


def test_a_second_wait_has_a_letter_of_its_own() -> None:
    case = told()
    wait(case, 3, 7)
    tell(case, 7)
    wait(case, 9, 12)
    letters = tell(case, 12)
    assert [f"senest {day}. oktober" in letter.body for day, letter in zip((5, 8), letters, strict=True)] == [True] * 2


def test_of_two_letters_that_wait_only_the_newest_leaves() -> None:
    case = told()
    wait(case, 3, 7)
    tell(case, 7)
    wait(case, 9, 12)
    with travel(RECEIVED + timedelta(days=12), tick=False):
        assert [still_news.holds(letter) for letter in tell(case, 12)] == [False, True]


def test_requests_with_different_new_days_have_a_letter_each_and_both_leave() -> None:
    with travel(RECEIVED + timedelta(days=2), tick=False), transaction.atomic():
        case = factories.case(Right.ACCESS, Right.RECTIFICATION, received_at=RECEIVED)
        later = case.dsrs.get(right=Right.RECTIFICATION)
        later.received_at = RECEIVED + timedelta(days=2)
        later.save(update_fields=["received_at"])
        clock.recompute(later, "receipt")
        acknowledgements.acknowledge(case.pk)
    wait(case, 3, 7)
    letters = tell(case, 7)
    assert [f"senest {day}. oktober" in letter.body for day, letter in zip((5, 7), letters, strict=True)] == [True] * 2
    with travel(RECEIVED + timedelta(days=7), tick=False):
        assert [still_news.holds(letter) for letter in letters] == [True, True]


def test_a_letter_that_waits_while_we_wait_again_names_no_day_any_more() -> None:
    case = told()
    wait(case, 3, 7)
    [letter] = tell(case, 7)
    with travel(RECEIVED + timedelta(days=9), tick=False), transaction.atomic():
        _suspend(case.dsrs.get())
        assert not still_news.holds(letter)


def test_requests_with_the_same_new_day_share_a_letter() -> None:
    case = told(Right.ACCESS, Right.RECTIFICATION)
    wait(case, 3, 7)
    [letter] = tell(case, 7)
    assert "- Innsyn" in letter.body
    assert "- Retting" in letter.body
    assert letter.dsr is None


def test_a_receipt_that_was_earlier_names_an_earlier_day() -> None:
    case, handler = told(), factories.staff(Role.HANDLER)
    with travel(RECEIVED + timedelta(days=2), tick=False):
        earlier = RECEIVED - timedelta(days=4)
        receipt.correct(case.dsrs.get().pk, earlier, "Lå i resepsjonen.", actor=handler.as_actor(), user=handler)
    [letter] = tell(case, 2)
    assert "Vi mottok henvendelsen din 28. august 2026." in letter.body
    assert "ventet på deg" not in letter.body


def test_another_promise_of_the_organisation_is_told_to_whoever_has_the_old_one() -> None:
    case = told()
    Organisation.objects.update(policy_days=20)
    with travel(RECEIVED + timedelta(days=2), tick=False):
        organisation_dates.recompute(2, 0)
    [letter] = tell(case, 2)
    assert "senest 21. september 2026" in letter.body


def test_who_was_told_no_day_is_told_none_that_moved() -> None:
    with travel(RECEIVED, tick=False):
        case = factories.case(received_at=RECEIVED)
    wait(case, 3, 7)
    assert tell(case, 7) == []


def test_without_an_address_nobody_can_be_told() -> None:
    case = told()
    Case.objects.update(person_email="")
    wait(case, 3, 7)
    assert tell(case, 7) == []


def test_an_answer_that_is_late_has_a_letter_of_its_own() -> None:
    case = told()
    wait(case, 3, 7)
    assert tell(case, 40) == []


def test_the_outbox_brings_it_to_the_person() -> None:
    case = told()
    wait(case, 3, 7)
    with travel(RECEIVED + timedelta(days=7), tick=False):
        for row in OutboxEvent.objects.filter(name="DeadlineMoved", done_at=None):
            assert outbox.run(row)
    assert case.messages.filter(intent=Intent.NEW_DAY).count() == 1


@pytest.mark.django_db(transaction=True)
def test_workers_at_the_same_moment_write_it_once() -> None:
    case = told()
    wait(case, 3, 7)
    with travel(RECEIVED + timedelta(days=7), tick=False):
        together(4, lambda: new_day.tell(case.pk))
    assert case.messages.filter(intent=Intent.NEW_DAY).count() == 1
