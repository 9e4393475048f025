"""How often a machine confirms a receipt: what is held back is listed, can be sent by hand, and goes out later."""

from datetime import UTC, datetime, timedelta

import pytest
from time_machine import travel

from requests_app import outbox, selectors
from requests_app.domain.enums import Intent, Right
from requests_app.models import Case, Message, OutboxEvent
from requests_app.selectors import CaseView
from requests_app.services import acknowledgements, confirmations, triage
from tests import factories

from .post import KARI, arrived, letter

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _organisation() -> None:
    factories.organisation()


def mailed(subject: str, *, sender: str = KARI, **headers: str) -> Case:
    """A case made of a mail with this subject that arrived now."""
    inquiry = arrived(letter(sender=sender, subject=subject, **headers), at=MONDAY)
    return triage.sort_as_request(inquiry.pk, [Right.ACCESS], actor=factories.staff().as_actor())


def work() -> None:
    """Do what the outbox owes by now."""
    outbox.relay(limit=500)


def confirmed() -> int:
    """How many confirmations were written."""
    return Message.objects.filter(intent=Intent.ACKNOWLEDGEMENT.value).count()


def unconfirmed() -> set[Case]:
    """The cases that staff see as not confirmed."""
    return set(selectors.cases_in(CaseView.UNCONFIRMED, user_id=0, today=MONDAY.date()))


def test_twenty_five_requests_of_one_address_get_three_confirmations_a_day_until_all_have_theirs() -> None:
    with travel(MONDAY, tick=False) as clock:
        cases = [factories.case() for _ in range(25)]
        work()
        assert confirmed() == 3
        assert unconfirmed() == set(cases[3:])
        for day in range(2, 10):
            clock.shift(DAY)
            work()
            assert confirmed() == min(3 * day, 25)
    assert unconfirmed() == set()
    assert not OutboxEvent.objects.filter(name="CaseOpened", done_at__isnull=True).exists()


def test_what_is_held_back_is_owed_with_its_reason_and_no_address() -> None:
    with travel(MONDAY, tick=False):
        cases = [factories.case() for _ in range(4)]
        work()
        assert acknowledgements.why_held_back(cases[3]) == confirmations.Brake.ADDRESS
        owed = OutboxEvent.objects.get(name="CaseOpened", done_at__isnull=True)
        assert (owed.error, owed.run_at) == ("confirmed_often", MONDAY + DAY)


def test_other_addresses_are_not_held_back_with_one() -> None:
    with travel(MONDAY, tick=False):
        for _ in range(4):
            factories.case()
        other = factories.case(email="per.strand@example.net")
        work()
    assert other.messages.filter(intent=Intent.ACKNOWLEDGEMENT.value).exists()


def test_a_person_sends_what_is_held_back_and_it_is_not_sent_again() -> None:
    with travel(MONDAY, tick=False) as clock:
        held = [factories.case() for _ in range(4)][3]
        work()
        acknowledgements.acknowledge_anyway(held.pk, actor=factories.staff().as_actor())
        assert unconfirmed() == set()
        clock.shift(2 * DAY)
        work()
    assert held.messages.filter(intent=Intent.ACKNOWLEDGEMENT.value).count() == 1


def test_the_same_subject_is_confirmed_once_a_day() -> None:
    with travel(MONDAY, tick=False) as clock:
        first, same, other = mailed("Innsyn"), mailed("Re: SV:  innsyn"), mailed("Sletting")
        work()
        assert unconfirmed() == {same}
        assert acknowledgements.why_held_back(same) == confirmations.Brake.SUBJECT
        clock.shift(DAY)
        work()
    assert {case.messages.filter(intent=Intent.ACKNOWLEDGEMENT.value).count() for case in (first, same, other)} == {1}


def test_on_the_day_of_a_breach_a_hundred_an_hour_go_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confirmations, "IN_ALL", 5)
    with travel(MONDAY, tick=False) as clock:
        for number in range(12):
            factories.case(email=f"person{number}@example.com")
        work()
        assert confirmed() == 5
        for expected in (10, 12):
            clock.shift(timedelta(hours=1))
            work()
            assert confirmed() == expected


def test_the_hourly_brake_counts_what_took_effect_at_once_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confirmations, "IN_ALL", 2)
    with travel(MONDAY, tick=False):
        for number in range(2):
            case = factories.case(email=f"person{number}@example.com")
            case.messages.create(
                direction="out", intent=Intent.CONFIRMATION.value, state="queued", created_at=MONDAY, key=f"c:{number}"
            )
        held = confirmations.held("other@example.com", None)
    assert held
    assert held.brake is confirmations.Brake.IN_ALL


def test_the_breaker_of_this_house_is_a_hundred_an_hour() -> None:
    assert (100, timedelta(hours=1)) == (confirmations.IN_ALL, confirmations.IN_ALL_WINDOW)


def test_it_goes_to_the_return_path() -> None:
    case = mailed("Innsyn", Return_Path="<kari@post.example.com>")
    acknowledgements.acknowledge(case.pk)
    assert case.person_email == "kari.holm@example.com"
    assert case.messages.get(intent=Intent.ACKNOWLEDGEMENT.value).to_address == "kari@post.example.com"


def test_who_writes_in_the_name_of_somebody_else_gets_no_link_to_their_case() -> None:
    case = mailed("Innsyn", Return_Path="<per.strand@example.net>")
    acknowledgements.acknowledge(case.pk)
    assert case.messages.get(intent=Intent.ACKNOWLEDGEMENT.value).to_address == case.person_email


def test_our_own_contact_form_is_answered_at_its_reply_to() -> None:
    headers = {"Reply_To": KARI, "Return_Path": "<info@optimar.no>"}
    case = mailed("Kontaktskjema", sender="Optimar <info@optimar.no>", **headers)
    acknowledgements.acknowledge(case.pk)
    assert case.messages.get(intent=Intent.ACKNOWLEDGEMENT.value).to_address == "kari.holm@example.com"


@pytest.mark.parametrize("language", ["nb", "en"])
def test_it_says_how_we_use_what_is_written(language: str) -> None:
    first, second = factories.case(language=language), factories.case(language=language)
    acknowledgements.acknowledge(first.pk)
    assert f"http://localhost:8000/{language}/\n" in first.messages.get(intent="acknowledgement").body
    pages = {"nb": "https://optimar.example/personvern", "en": "https://optimar.example/privacy"}
    factories.organisation(privacy_page=pages)
    acknowledgements.acknowledge(second.pk)
    assert f"{pages[language]}\n" in second.messages.get(intent="acknowledgement").body
