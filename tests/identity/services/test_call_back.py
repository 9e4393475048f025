"""Which numbers count as on file: never one that only the request itself led to."""

import pytest

from identity import selectors
from identity.domain.enums import ContactChannel, DoubtReason
from identity.services import call_back, contact_points, delivery, sms, verify
from requests_app.domain.enums import Right
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import Reason
from requests_app.models import Case
from tests import factories
from tests.identity import knowing, scenes

pytestmark = pytest.mark.django_db

TYPED = "+47 911 11 111"
THEIRS = "+47 900 00 000"


def values(case: Case) -> list[str]:
    return [point.value for point in call_back.phones(case)]


def asked_at(case: Case, address: str) -> str:
    """Ask at an address on file, and return the token of the link."""
    point = next(one for one in selectors.addresses_on_file(case) if one.value == address)
    asked = verify.ask(case.pk, DoubtReason.FRAUD_SIGN, point.pk, actor=factories.staff().as_actor())
    return scenes.link_token(asked)


@pytest.mark.parametrize("pressed", [False, True])
def test_a_number_that_only_the_request_led_to_is_none_on_file(pressed: bool) -> None:
    case = factories.case(Right.ACCESS)
    scenes.on_file(case)
    knowing.phone(case, TYPED, found_by="")
    token = asked_at(case, scenes.ON_FILE)
    if pressed:
        verify.confirm(token)
    knowing.offered(case)
    assert values(case) == []
    assert sms.number_of(case) == ""
    assert call_back.why_not(case) == Reason("identity_no_phone")


def test_the_number_of_another_address_in_the_request_is_not_theirs() -> None:
    case = factories.case(Right.ACCESS)
    scenes.on_file(case)
    scenes.on_file(case, case.person_email, "hubspot")
    knowing.phone(case, TYPED, found_by=case.person_email)
    knowing.phone(case, THEIRS, found_by=scenes.ON_FILE)
    assert values(case) == [TYPED.replace(" ", "")]  # unasked, the address in the request is the one in question
    verify.confirm(asked_at(case, scenes.ON_FILE))
    assert values(case) == [THEIRS.replace(" ", "")]
    assert sms.number_of(case) == THEIRS.replace(" ", "")


def test_one_that_lies_under_the_address_counts_though_the_request_names_it_too() -> None:
    case = factories.case(Right.ACCESS)
    scenes.on_file(case, case.person_email)
    knowing.phone(case, TYPED, found_by="")
    assert values(case) == []
    point = knowing.phone(case, TYPED, found_by=case.person_email.upper())
    assert point.found_by == [case.person_email]
    assert values(case) == [TYPED.replace(" ", "")]


def by_number(case: Case) -> str:
    """Let the number in the request lead to the row of whoever typed it; return the address in it."""
    mine = "somebody@thief.example"
    contact_points.record(case, ContactChannel.EMAIL, mine, "website", scenes.SINCE)
    return mine


def test_nobody_is_asked_at_what_the_number_led_to_if_the_address_in_the_request_is_on_file() -> None:
    case = factories.case(Right.ACCESS)
    Case.objects.filter(pk=case.pk).update(person_phone=TYPED)
    case.refresh_from_db()
    mine = by_number(case)
    assert [point.value for point in selectors.addresses_to_ask_at(case)] == [mine]
    scenes.on_file(case, case.person_email)
    assert [point.value for point in selectors.addresses_to_ask_at(case)] == [case.person_email]
    with pytest.raises(ActionRefused, match="contact_point_missing"):
        asked_at(case, mine)


def test_the_answer_does_not_follow_the_number_to_somebody_else() -> None:
    case = factories.case(Right.ACCESS)
    Case.objects.filter(pk=case.pk).update(person_phone=TYPED)
    case.refresh_from_db()
    mine = by_number(case)
    verify.confirm(asked_at(case, mine))
    assert delivery.address_for(case) == mine
    scenes.on_file(case, case.person_email, "hubspot")  # a system that was away holds the address in the request
    contact_points.record(case, ContactChannel.EMAIL, mine, "website", scenes.SINCE, found_by=mine)  # read once more
    assert getattr(delivery.why_none(case), "code", "") == "delivery_two_people"
    another = "also@thief.example"  # in the same row
    contact_points.record(case, ContactChannel.EMAIL, another, "website", scenes.SINCE, found_by=mine)
    assert another not in [point.value for point in selectors.addresses_to_ask_at(case)]
    verify.confirm(asked_at(case, case.person_email))
    assert delivery.address_for(case) == case.person_email
