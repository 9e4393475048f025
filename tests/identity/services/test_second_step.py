"""The second step belongs to the question that was answered last, and a right code is never lost on the way."""

from datetime import UTC, datetime, timedelta

import pytest
from pytest_django import Settings
from time_machine import travel

from identity import selectors
from identity.domain.enums import CodeState, DoubtReason, Level, LinkState, Method
from identity.models import OneTimeCode, Verification
from identity.services import codes, proof, second_step, sms, verify
from requests_app.domain.enums import Right
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import PERSON
from tests import factories
from tests.identity import knowing, scenes
from tests.identity.together import together

pytestmark = pytest.mark.django_db

ASKED = datetime(2026, 9, 1, 8, tzinfo=UTC)


def test_it_is_open_for_a_day_from_when_the_link_was_pressed() -> None:
    with travel(ASKED, tick=False) as now:
        case = factories.case(Right.ACCESS)
        point = scenes.on_file(case)
        row = verify.ask(case.pk, DoubtReason.FRAUD_SIGN, point.pk, actor=factories.staff().as_actor())
        token = scenes.link_token(row)
        now.move_to(ASKED + timedelta(hours=23, minutes=59))
        assert verify.confirm(token) is LinkState.CONFIRMED
        now.move_to(ASKED + timedelta(hours=47, minutes=58))
        assert second_step.link_of(token) == row
        now.move_to(ASKED + timedelta(hours=47, minutes=59))
        assert second_step.link_of(token) is None


def test_an_earlier_link_answers_no_question_that_was_asked_at_another_address_since() -> None:
    link, token = knowing.linked()
    knowing.offered(link.case)
    assert second_step.link_of(token) == link
    point = scenes.on_file(link.case, "kari@home.example", "crm")
    verify.ask(link.case_id, DoubtReason.FRAUD_SIGN, point.pk, actor=factories.staff().as_actor())
    assert second_step.link_of(token) is None
    assert not second_step.wanted(link.case)


@pytest.fixture
def link(settings: Settings) -> Verification:
    """A confirmed link in a case whose person has asked for a code by SMS."""
    settings.SMS_URL = "https://gateway.example/"
    confirmed, _ = knowing.linked()
    knowing.phone(confirmed.case)
    sms.send(confirmed.case)
    return confirmed


def test_a_right_code_that_proves_nothing_is_not_used_up(link: Verification) -> None:
    row = OneTimeCode.objects.get()
    factories.close(link.case)
    with pytest.raises(ActionRefused, match="case_closed"):
        second_step.type_in(link, codes.reveal(row))
    row.refresh_from_db()
    assert (row.used_at, row.tries) == (None, 0)


def test_wrong_codes_are_counted_and_end_the_code(link: Verification) -> None:
    row = OneTimeCode.objects.get()
    wrong = "00000000" if codes.reveal(row) != "00000000" else "00000001"
    left = [second_step.type_in(link, wrong).tries_left for _ in range(codes.TRIES)]
    assert left == [4, 3, 2, 1, 0]
    assert second_step.type_in(link, codes.reveal(row)).state is CodeState.TOO_MANY
    assert not Verification.objects.filter(method=Method.SMS_CODE.value).exists()


@pytest.mark.parametrize("answered", [False, True])
def test_whoever_had_begun_by_an_earlier_link_draws_no_answer_back_there(link: Verification, answered: bool) -> None:
    """The page had let them in before the person was asked elsewhere."""
    code = codes.reveal(OneTimeCode.objects.get())
    point = scenes.on_file(link.case, "kari@home.example", "crm")
    row = verify.ask(link.case_id, DoubtReason.FRAUD_SIGN, point.pk, actor=factories.staff().as_actor())
    if answered:
        verify.confirm(scenes.link_token(row))
    with pytest.raises(ActionRefused, match="identity_asked_elsewhere"):
        proof.shown(link.case_id, Method.EID, Level.L3, actor=PERSON, second_to=link)
    assert not second_step.type_in(link, code).ok  # the number is not that of the address in question
    waiting = selectors.standing(link.case).waiting
    assert (waiting is None) is answered
    assert selectors.mailbox_shown(link.case) == (point.value if answered else link.sent_to)


@pytest.mark.django_db(transaction=True)
def test_a_code_that_is_typed_twice_at_once_is_one_proof(link: Verification) -> None:
    code = codes.reveal(OneTimeCode.objects.get())
    together(6, lambda: second_step.type_in(link, code))
    assert Verification.objects.filter(method=Method.SMS_CODE.value).count() == 1
    assert OneTimeCode.objects.get().tries == 1
