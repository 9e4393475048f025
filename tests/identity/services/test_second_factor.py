"""The authenticator app: set up once, each code once, guessing is slow."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from identity.domain import totp
from identity.domain.backoff import SECOND_FACTOR
from identity.models import SecondFactor
from identity.services import second_factor
from requests_app.models import AuditEntry
from tests import factories
from tests.identity.together import together

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def code_of(factor: SecondFactor, at: datetime = NOW) -> str:
    return totp.code(factor.secret, totp.step_at(at.timestamp()))


def test_beginning_twice_shows_the_same_secret() -> None:
    user = factories.staff()
    assert second_factor.begin(user).secret == second_factor.begin(user).secret
    assert second_factor.begin(user).secret != second_factor.begin(factories.staff()).secret


def test_the_secret_does_not_stand_in_the_database() -> None:
    factor = second_factor.begin(factories.staff())
    assert len(factor.secret) == 20
    assert factor.secret not in bytes(factor.sealed_secret)


@time_machine.travel(NOW, tick=False)
def test_the_first_right_code_confirms() -> None:
    user = factories.staff()
    factor = second_factor.begin(user)
    assert second_factor.check(user, "000000") == second_factor.Check()
    assert not SecondFactor.objects.get(user=user).confirmed
    shown = code_of(factor)
    assert second_factor.check(user, f" {shown[:3]} {shown[3:]} ").right
    assert SecondFactor.objects.get(user=user).confirmed
    actions = list(AuditEntry.objects.filter(subject=f"user:{user.pk}").values_list("action", flat=True))
    assert actions == ["staff.second_factor_enrolled", "staff.logged_in"]


def test_a_code_works_once() -> None:
    user = factories.staff()
    factor = second_factor.begin(user)
    with time_machine.travel(NOW, tick=False) as clock:
        shown = code_of(factor)
        assert second_factor.check(user, shown).right
        assert not second_factor.check(user, shown).right
        clock.shift(timedelta(seconds=30))
        assert not second_factor.check(user, shown).right
        assert second_factor.check(user, code_of(factor, NOW + timedelta(seconds=30))).right


@time_machine.travel(NOW, tick=False)
def test_without_a_factor_nothing_is_right() -> None:
    assert second_factor.check(factories.staff(), "000000") == second_factor.Check()


@time_machine.travel(NOW, tick=False)
def test_guessing_becomes_slow_and_the_right_code_has_to_wait_too() -> None:
    user = factories.staff()
    factor = second_factor.begin(user)
    for _ in range(SECOND_FACTOR.free):
        assert second_factor.check(user, "000000").wait == timedelta()
    assert second_factor.check(user, code_of(factor)) == second_factor.Check(wait=timedelta(seconds=1))


@pytest.mark.django_db(transaction=True)
def test_the_same_code_at_the_same_time_works_once() -> None:
    user = factories.staff()
    factor = second_factor.begin(user)
    with time_machine.travel(NOW, tick=False):
        shown = code_of(factor)
        checks = together(4, lambda: second_factor.check(user, shown))
    assert [check.right for check in checks].count(True) == 1


@pytest.mark.django_db(transaction=True)
def test_beginning_at_the_same_time_makes_one_secret() -> None:
    user = factories.staff()
    assert len(set(together(4, lambda: second_factor.begin(user).secret))) == 1


@time_machine.travel(NOW, tick=False)
def test_the_code_for_a_trial_is_always_one_that_works() -> None:
    user = factories.staff()
    for _ in range(2):
        assert second_factor.check(user, second_factor.begin(user).current_code()).right
