"""One-time codes: five tries, fifteen minutes, once, and a pause after five of them."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from identity import selectors
from identity.domain.enums import CodeState, Level, Method
from identity.models import OneTimeCode
from identity.services import codes, verify
from requests_app.domain.errors import ActionRefused
from requests_app.models import AuditEntry, Case, Message
from tests import factories
from tests.identity import scenes
from tests.identity.together import together

pytestmark = pytest.mark.django_db

PURPOSE = "download"
ADDRESS = "kari.holm@example.com"


def sent(case: Case, address: str = ADDRESS) -> str:
    """Send a code and return it as the person reads it."""
    codes.send(case, PURPOSE, address)
    row = OneTimeCode.objects.latest("id")
    return scenes.revealed(Message.objects.get(key=f"code:{row.uuid}"))["code"]


def other(code: str) -> str:
    return f"{(int(code) + 1) % 10**8:08d}"


def test_the_code_goes_to_the_address_it_was_released_to() -> None:
    code = sent(factories.case(), scenes.ON_FILE)
    message = Message.objects.get(intent="one_time_code")
    assert message.to_address == scenes.ON_FILE
    assert "{{secret:code}}" in message.body
    assert code not in message.body
    assert code.isdigit()
    assert len(code) == 8


def test_the_right_code_works_once() -> None:
    case = factories.case()
    code = sent(case)
    assert codes.check(case, PURPOSE, f" {code[:4]} {code[4:]} ", ADDRESS).ok
    assert codes.check(case, PURPOSE, code, ADDRESS) == codes.CodeResult(CodeState.NONE)
    assert (selectors.assurance(case).level, selectors.assurance(case).method) == (Level.L1, Method.ONE_TIME_CODE)


def test_wrong_ones_are_counted_and_after_five_the_right_one_is_too_late() -> None:
    case = factories.case()
    code = sent(case)
    left = [codes.check(case, PURPOSE, other(code), ADDRESS) for _ in range(5)]
    assert [(r.state, r.tries_left) for r in left] == [
        (CodeState.WRONG, 4), (CodeState.WRONG, 3), (CodeState.WRONG, 2), (CodeState.WRONG, 1), (CodeState.TOO_MANY, 0),
    ]  # fmt: skip
    assert codes.check(case, PURPOSE, code, ADDRESS) == codes.CodeResult(CodeState.TOO_MANY)


@pytest.mark.parametrize("typed", ["", "1234", "abcdefgh", "١٢٣٤٥٦٧٨", "123456789", "1234\x005678"])
def test_what_cannot_be_a_code_uses_up_no_try(typed: str) -> None:
    case = factories.case()
    sent(case)
    assert codes.check(case, PURPOSE, typed, ADDRESS) == codes.CodeResult(CodeState.WRONG, 5)


def test_a_code_lasts_fifteen_minutes() -> None:
    case = factories.case()
    code = sent(case)
    with time_machine.travel(timezone.now() + timedelta(minutes=14, seconds=50)):
        assert codes.check(case, PURPOSE, other(code), ADDRESS).state is CodeState.WRONG
    with time_machine.travel(timezone.now() + timedelta(minutes=15, seconds=1)):
        assert codes.check(case, PURPOSE, code, ADDRESS) == codes.CodeResult(CodeState.EXPIRED)


def test_only_the_newest_code_counts_and_only_for_its_purpose_and_case() -> None:
    case, other_case = factories.case(), factories.case()
    first = sent(case)
    second = sent(case)
    assert codes.check(case, PURPOSE, first, ADDRESS).state is CodeState.WRONG
    assert codes.check(case, "other", second, ADDRESS).state is CodeState.NONE
    assert codes.check(other_case, PURPOSE, second, ADDRESS).state is CodeState.NONE
    assert codes.check(case, PURPOSE, second, ADDRESS).ok


def test_a_code_dies_with_the_address_it_went_to() -> None:
    case = factories.case()
    code = sent(case, scenes.ON_FILE)
    assert codes.check(case, PURPOSE, code, ADDRESS) == codes.CodeResult(CodeState.NONE)


def test_nobody_gets_a_code_without_an_address_or_while_we_ask_who_it_is() -> None:
    row = scenes.doubted()
    with pytest.raises(ActionRefused, match="code_no_address"):
        codes.send(row.case, PURPOSE, ADDRESS)
    verify.confirm(scenes.link_token(row))
    with pytest.raises(ActionRefused, match="code_no_address"):
        codes.send(row.case, PURPOSE, "")
    assert not OneTimeCode.objects.exists()


def test_after_five_codes_there_is_a_day_of_pause() -> None:
    case = factories.case()
    for _ in range(5):
        codes.send(case, PURPOSE, ADDRESS)
    until = codes.paused_until(case)
    assert until == OneTimeCode.objects.latest("id").created_at + timedelta(hours=24)
    with pytest.raises(ActionRefused, match="code_pause"):
        codes.send(case, PURPOSE, ADDRESS)
    with time_machine.travel(until - timedelta(seconds=1)), pytest.raises(ActionRefused, match="code_pause"):
        codes.send(case, PURPOSE, ADDRESS)
    with time_machine.travel(until + timedelta(seconds=1)):
        codes.send(case, PURPOSE, ADDRESS)


def test_five_codes_on_five_days_bring_no_pause() -> None:
    case, now = factories.case(), timezone.now()
    for day in range(8):
        with time_machine.travel(now + timedelta(hours=12 * day)):
            codes.send(case, PURPOSE, ADDRESS)
    assert OneTimeCode.objects.count() == 8


@pytest.mark.django_db(transaction=True)
def test_guesses_at_the_same_time_get_five_answers() -> None:
    case = factories.case()
    code = sent(case)
    results = together(12, lambda: codes.check(case, PURPOSE, other(code), ADDRESS))
    assert OneTimeCode.objects.get().tries == 5
    assert AuditEntry.objects.filter(action="code.wrong").count() == 5
    assert not any(result.ok for result in results)
    assert codes.check(case, PURPOSE, code, ADDRESS).state is CodeState.TOO_MANY


@pytest.mark.django_db(transaction=True)
def test_the_right_code_at_the_same_time_works_once() -> None:
    case = factories.case()
    code = sent(case)
    results = together(4, lambda: codes.check(case, PURPOSE, code, ADDRESS).ok)
    assert results.count(True) == 1


@pytest.mark.django_db(transaction=True)
def test_asking_at_the_same_time_gets_five_codes() -> None:
    case = factories.case()

    def one() -> bool:
        try:
            codes.send(case, PURPOSE, ADDRESS)
        except ActionRefused:
            return False
        return True

    assert together(9, one).count(True) == 5
    assert OneTimeCode.objects.count() == 5
