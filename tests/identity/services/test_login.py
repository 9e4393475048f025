"""Address and password: right or not, and never more than that."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest
import time_machine
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import connection
from django.test.utils import CaptureQueriesContext

from identity.domain.backoff import ACCOUNT, ACCOUNT_AND_NETWORK, KNOWN_BROWSER, NETWORK
from identity.services import login
from tests import factories
from tests.identity.together import at_once, together

pytestmark = pytest.mark.django_db

HERE, THERE = "192.0.2.0/24", "198.51.100.0/24"
NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def test_the_right_password_lets_in_whatever_the_capitals_of_the_address() -> None:
    user = factories.staff()
    for address in (user.email, user.email.upper(), f"  {user.email} "):
        assert login.attempt(address, factories.PASSWORD, network=HERE).user == user


def test_a_wrong_password_an_unknown_and_a_closed_account_are_told_alike() -> None:
    user, closed = factories.staff(), factories.staff(active=False)
    answers = {
        login.attempt(user.email, "wrong", network=HERE),
        login.attempt("nobody@optimar.example", "wrong", network=HERE),
        login.attempt(closed.email, factories.PASSWORD, network=HERE),
    }
    assert answers == {login.Attempt()}


@contextmanager
def counted_hashes() -> Iterator[list[str]]:
    """Count how often the hasher works; it still does its work."""
    seen: list[str] = []
    real = Argon2PasswordHasher.encode, Argon2PasswordHasher.verify

    def encode(self: Argon2PasswordHasher, password: str, salt: str) -> str:
        seen.append("encode")
        return real[0](self, password, salt)

    def verify(self: Argon2PasswordHasher, password: str, encoded: str) -> bool:
        seen.append("verify")
        return real[1](self, password, encoded)

    with patch.object(Argon2PasswordHasher, "encode", encode), patch.object(Argon2PasswordHasher, "verify", verify):
        yield seen


def test_every_try_costs_one_hash_whether_or_not_the_account_exists() -> None:
    user, closed, unusable = factories.staff(), factories.staff(active=False), factories.staff()
    unusable.set_unusable_password()
    unusable.save()
    for address in (user.email, closed.email, unusable.email, "nobody@optimar.example"):
        with counted_hashes() as seen:
            login.attempt(address, "wrong", network=HERE)
        assert len(seen) == 1, address


@pytest.mark.parametrize("known", [True, False])
def test_known_and_unknown_accounts_become_slow_alike(known: bool) -> None:
    address = factories.staff().email if known else "nobody@optimar.example"
    with time_machine.travel(NOW, tick=False):
        waits = [login.attempt(address, "wrong", network=HERE).wait for _ in range(6)]
    assert waits == [timedelta()] * ACCOUNT_AND_NETWORK.free + [timedelta(seconds=1)]


@time_machine.travel(NOW, tick=False)
def test_while_it_is_slow_nothing_is_compared_not_even_the_right_password() -> None:
    user = factories.staff()
    for _ in range(ACCOUNT_AND_NETWORK.free):
        login.attempt(user.email, "wrong", network=HERE)
    with counted_hashes() as seen:
        assert login.attempt(user.email, factories.PASSWORD, network=HERE).user is None
    assert seen == []


@time_machine.travel(NOW, tick=False)
def test_a_guesser_elsewhere_does_not_keep_the_owner_out() -> None:
    user = factories.staff()
    for _ in range(9):
        login.attempt(user.email, "wrong", network=THERE)
    assert login.attempt(user.email, factories.PASSWORD, network=HERE).user == user


def test_many_networks_together_are_slowed_down_too() -> None:
    user = factories.staff()
    with time_machine.travel(NOW, tick=False):
        waits = [
            login.attempt(user.email, "wrong", network=f"192.0.{number}.0/24").wait
            for number in range(ACCOUNT.free + 2)
        ]
    assert waits[: ACCOUNT.free] == [timedelta()] * ACCOUNT.free
    assert all(waits[ACCOUNT.free :])


@pytest.mark.django_db(transaction=True)
def test_guesses_at_the_same_time_get_no_more_answers() -> None:
    user = factories.staff()
    with time_machine.travel(NOW, tick=False), counted_hashes() as seen:
        together(12, lambda: login.attempt(user.email, "wrong", network=HERE))
    assert len(seen) == ACCOUNT_AND_NETWORK.free


@pytest.mark.django_db(transaction=True)
def test_guesses_from_many_networks_at_the_same_time_stay_under_the_limit_of_the_account() -> None:
    user = factories.staff()

    def guess(number: int) -> Callable[[], object]:
        return lambda: login.attempt(user.email, f"guess {number}", network=f"198.51.{number}.0/24")

    with time_machine.travel(NOW, tick=False), counted_hashes() as seen:
        for start in range(0, 36, 12):
            at_once(*(guess(number) for number in range(start, start + 12)))
    assert len(seen) == ACCOUNT.free


@pytest.mark.parametrize("browser", ["", "n7"])
def test_the_queries_are_the_same_whether_or_not_the_account_exists(browser: str) -> None:
    user, closed, unusable = factories.staff(), factories.staff(active=False), factories.staff()
    unusable.set_unusable_password()
    unusable.save()
    shapes = set()
    for address in (user.email, closed.email, unusable.email, "nobody@optimar.example", "no address"):
        with CaptureQueriesContext(connection) as captured:
            login.attempt(address, "wrong", network=HERE, browser=browser)
        shapes.add(tuple(one["sql"].split()[0] for one in captured))
    assert len(shapes) == 1


class TestOutsidersKeepNobodyOut:
    """Whoever knows an address guesses as much as they like: the owner still gets in where they did before."""

    @pytest.fixture(autouse=True)
    def _still(self) -> Iterator[None]:
        with time_machine.travel(NOW, tick=False):
            yield

    def test_from_many_networks(self) -> None:
        user = factories.staff()
        for number in range(ACCOUNT.free + 5):
            login.attempt(user.email, "wrong", network=f"198.51.{number}.0/24")
        assert login.attempt(user.email, factories.PASSWORD, network=HERE).wait
        assert login.attempt(user.email, factories.PASSWORD, network=HERE, browser="n7").user == user

    def test_from_the_network_of_the_owner(self) -> None:
        user = factories.staff()
        for number in range(NETWORK.free + 5):
            login.attempt(f"somebody{number}@optimar.example", "wrong", network=HERE)
        for _ in range(ACCOUNT_AND_NETWORK.free + 1):
            login.attempt(user.email, "wrong", network=HERE)
        assert login.attempt(user.email, factories.PASSWORD, network=HERE).wait
        assert login.attempt(user.email, factories.PASSWORD, network=HERE, browser="n7").user == user

    def test_a_known_browser_is_slowed_down_by_its_own_tries_alone(self) -> None:
        user = factories.staff()
        for _ in range(KNOWN_BROWSER.free):
            assert login.attempt(user.email, "wrong", network=HERE, browser="stolen").wait == timedelta()
        assert login.attempt(user.email, factories.PASSWORD, network=HERE, browser="stolen").wait
        assert login.attempt(user.email, factories.PASSWORD, network=HERE, browser="n7").user == user
        assert login.attempt(user.email, factories.PASSWORD, network=HERE).user == user

    def test_getting_in_from_a_known_browser_forgives_no_stranger(self) -> None:
        user = factories.staff()
        for _ in range(ACCOUNT_AND_NETWORK.free + 1):
            login.attempt(user.email, "wrong", network=THERE)
        assert login.attempt(user.email, factories.PASSWORD, network=THERE, browser="n7").user == user
        assert login.attempt(user.email, "wrong", network=THERE).wait
