"""Somebody else's case lifts no block that the person wants elsewhere, by whatever spelling, and entry by entry."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from time_machine import travel

from requests_app.domain.enums import Outcome, Right, SuppressionState, Verdict
from requests_app.domain.snapshot import PERSON, SYSTEM
from requests_app.models import Case, DataSubjectRequest, Suppression
from requests_app.services import intake, suppression_lift, suppression_list, triage, undo
from requests_app.services.undo import Undone
from tests import factories

from .post import arrived, letter
from .test_provisional import ends
from .test_undo import LATER, NOW, link_of, typed

pytestmark = pytest.mark.django_db

KARI, OTHER = "kari.holm@example.com", "kari@example.net"
PHONE, ABROAD = "100 00 104", "+47 10000104"
DOTTED, PLAIN = "anna.vik@gmail.com", "annavik@gmail.com"
NEXT_DAY = datetime(2026, 7, 2, 10, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _organisation() -> None:
    factories.organisation()


def asked(right: Right, email: str, phone: str = "") -> Case:
    """A case by the form."""
    person = intake.Person(email=email, phone=phone)
    return intake.open_case(factories.inquiry(), [right], person, language="nb", scope="")


def take_back(case: Case) -> bool:
    """Whoever reads the mailbox of a case uses the link that is mailed now."""
    return suppression_lift.undo(case, timezone.now(), actor=PERSON)


def owners() -> set[Case | None]:
    """For whom something is blocked."""
    return {row.case for row in Suppression.objects.in_force()}


def test_the_number_stays_for_the_other_case_while_the_address_is_free_again() -> None:
    first, second = asked(Right.MARKETING_OBJECTION, KARI, PHONE), asked(Right.MARKETING_OBJECTION, OTHER, ABROAD)
    assert take_back(first)
    assert suppression_list.are_blocked([KARI, OTHER, PHONE]) == [False, True, True]
    assert (owners(), {row.state for row in Suppression.objects.in_force()}) == ({second}, {SuppressionState.STANDING})
    assert take_back(second)
    assert suppression_list.are_blocked([KARI, OTHER, PHONE]) == [False, False, False]


@pytest.mark.parametrize("outcome", [Outcome.WITHDRAWN_BY_REQUESTER, Outcome.NOT_A_REQUEST])
def test_a_second_request_that_is_taken_back_leaves_the_number_to_the_first(outcome: Outcome) -> None:
    first, second = asked(Right.ERASURE, KARI, ABROAD), asked(Right.ERASURE, OTHER, PHONE)
    ends(second, outcome)
    assert suppression_list.are_blocked([KARI, OTHER, PHONE]) == [True, False, True]
    assert owners() == {first}
    ends(first, outcome)
    assert suppression_list.are_blocked([KARI, OTHER, PHONE]) == [False, False, False]


def test_a_wish_that_ended_because_nobody_showed_who_asks_still_is_one() -> None:
    first, second = asked(Right.ERASURE, KARI, PHONE), asked(Right.ERASURE, OTHER, PHONE)
    ends(first, Outcome.CLOSED_UNVERIFIED)
    assert suppression_list.are_blocked([KARI, OTHER, PHONE]) == [True, True, True]
    ends(second, Outcome.WITHDRAWN_BY_REQUESTER)
    assert suppression_list.are_blocked([KARI, OTHER, PHONE]) == [True, False, True]


def test_a_first_request_that_is_taken_back_leaves_the_number_to_the_second() -> None:
    first, second = asked(Right.ERASURE, KARI, PHONE), asked(Right.ERASURE, OTHER, PHONE)
    ends(first, Outcome.NOT_A_REQUEST)
    assert suppression_list.are_blocked([KARI, OTHER, PHONE]) == [False, True, True]
    assert owners() == {second}


@pytest.mark.parametrize("spellings", [(DOTTED, PLAIN), (PLAIN, DOTTED), ("Anna.Vik+a@googlemail.com", DOTTED)])
@pytest.mark.parametrize("order", [1, -1])
def test_one_mailbox_under_two_names_is_free_when_both_are_taken_back(spellings: tuple[str, str], order: int) -> None:
    one, other = [asked(Right.MARKETING_OBJECTION, email) for email in spellings][::order]
    assert take_back(one)
    assert suppression_list.are_blocked(spellings) == [True, True]
    assert take_back(other)
    assert suppression_list.are_blocked(spellings) == [False, False]


@pytest.mark.parametrize(("mailed", "wanted"), [(DOTTED, PLAIN), (PLAIN, DOTTED)])
def test_a_wrong_guess_of_one_name_leaves_what_was_asked_for_under_the_other(mailed: str, wanted: str) -> None:
    guess = arrived(letter("Slutt å sende meg reklame, takk.", subject="Reklame", sender=f"Anna <{mailed}>"))
    asked(Right.ERASURE, wanted)
    triage.sort_as_other(guess.pk, Verdict.NOT_A_REQUEST, actor=factories.staff().as_actor())
    assert suppression_list.are_blocked([DOTTED, PLAIN]) == [True, True]


@pytest.mark.parametrize(("case", "mailed"), [(DOTTED, PLAIN), (PLAIN, DOTTED)])
def test_an_unsorted_message_under_another_name_holds_the_block(case: str, mailed: str) -> None:
    first = asked(Right.MARKETING_OBJECTION, case)
    waiting = arrived(letter("Slutt å sende meg reklame, takk.", subject="Reklame", sender=f"Anna <{mailed}>"))
    assert take_back(first)
    assert suppression_list.are_blocked([DOTTED, PLAIN]) == [True, True]
    assert {row.inquiry for row in Suppression.objects.in_force()} == {waiting}


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [(DOTTED, "annavik2@gmail.com"), ("kari@example.com", OTHER), (DOTTED, "anna.vik@example.com")],
)
def test_what_another_person_asks_for_keeps_nothing(mine: str, theirs: str) -> None:
    case, _ = asked(Right.MARKETING_OBJECTION, mine, "100 00 105"), asked(Right.MARKETING_OBJECTION, theirs, PHONE)
    assert take_back(case)
    assert suppression_list.are_blocked([mine, "100 00 105", theirs, PHONE]) == [False, False, True, True]


def test_a_domain_in_its_two_ways_of_writing_is_one() -> None:
    case, second = asked(Right.MARKETING_OBJECTION, "k@blå.example"), asked(Right.ERASURE, "K@xn--bl-yia.example")
    assert take_back(case)
    assert owners() == {second}


def says_no_again(case: Case, right: Right, at: datetime) -> None:
    """The person asks for one more right in a new message on a case."""
    message = factories.inquiry(received_at=at)
    triage.attach(message.pk, case.pk, actor=SYSTEM, confirmed=True)
    triage.add_right(case.pk, right, asked_in=case.messages.latest("id").pk, actor=SYSTEM)


def test_who_took_it_back_in_a_case_and_asks_there_anew_keeps_the_block_of_the_first() -> None:
    with travel(NOW, tick=False):
        first, second = asked(Right.ERASURE, KARI), asked(Right.ERASURE, KARI)
    with travel(LATER, tick=False):
        assert take_back(second)
    with travel(NEXT_DAY, tick=False):
        says_no_again(second, Right.OBJECTION, NEXT_DAY)
        ends(first, Outcome.NOT_A_REQUEST)
    assert owners() == {second}


def test_a_no_that_is_said_once_more_in_another_case_outlives_every_link_of_before() -> None:
    with travel(NOW, tick=False):
        cases = [typed(), typed()]
        old = [link_of(case) for case in cases]
    with travel(LATER, tick=False):
        says_no_again(cases[1], Right.ERASURE, LATER)
    with travel(NEXT_DAY, tick=False):
        assert [undo.take_back(link) for link in (old[1], old[0])] == [Undone.STAYS] * 2
    row = Suppression.objects.get()
    assert (row.renewed_at, row.state) == (LATER, SuppressionState.STANDING)


@pytest.mark.parametrize(("asked_at", "stays"), [(LATER, True), (NOW - timedelta(hours=1), False)])
def test_a_duplicate_keeps_what_it_asked_for_after_the_link_was_mailed(asked_at: datetime, stays: bool) -> None:
    with travel(NOW, tick=False):
        first = typed()
        old = link_of(first)
        second = asked(Right.ERASURE, KARI)
        DataSubjectRequest.objects.filter(case=second).update(received_at=asked_at)
    with travel(NEXT_DAY, tick=False):
        ends(second, Outcome.DUPLICATE)
        assert (undo.take_back(old) is Undone.STAYS) is stays
    assert suppression_list.is_blocked(KARI) is stays


def test_a_later_no_counts_although_it_blocks_a_number_for_the_first_time() -> None:
    with travel(NOW, tick=False):
        case = typed()
        old = link_of(case)
    with travel(LATER, tick=False):
        Case.objects.filter(pk=case.pk).update(person_phone=PHONE)
        asked_in = case.messages.earliest("id").pk
        triage.add_right(case.pk, Right.ERASURE, asked_in=asked_in, actor=SYSTEM)
    with travel(NEXT_DAY, tick=False):
        assert undo.take_back(old) is Undone.STAYS
    assert suppression_list.are_blocked([KARI, PHONE]) == [True, True]
