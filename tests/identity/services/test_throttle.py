"""Guessing becomes slow, for everybody alike and however many try at once."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import override_settings

from identity.domain.backoff import Rule
from identity.models import LoginThrottle
from identity.services import throttle
from tests.identity.together import together

pytestmark = pytest.mark.django_db

RULE = Rule("test", 3, timedelta(seconds=8))
NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
NONE = timedelta()


def tries(number: int, *brakes: throttle.Brake) -> list[float]:
    return [throttle.spend(brakes).total_seconds() for _ in range(number)]


@time_machine.travel(NOW, tick=False)
def test_after_the_free_tries_there_is_a_pause() -> None:
    assert tries(5, throttle.brake(RULE, "a")) == [0, 0, 0, 1, 1]


def test_pauses_double_and_knocking_does_not_lengthen_them() -> None:
    brake = throttle.brake(RULE, "a")
    with time_machine.travel(NOW, tick=False) as clock:
        tries(3, brake)
        for expected in (1, 2, 4, 8, 8):
            assert tries(2, brake) == [expected, expected]
            clock.shift(timedelta(seconds=expected))
            assert tries(1, brake) == [0]


@time_machine.travel(NOW, tick=False)
def test_subjects_do_not_slow_each_other_down() -> None:
    tries(4, throttle.brake(RULE, "a"))
    assert tries(1, throttle.brake(RULE, "b")) == [0]
    assert tries(1, throttle.brake(Rule("other", 3, RULE.longest), "a")) == [0]


@time_machine.travel(NOW, tick=False)
def test_the_longest_pause_of_several_brakes_counts_and_a_refused_try_counts_nowhere() -> None:
    worn, fresh = throttle.brake(RULE, "a"), throttle.brake(RULE, "b")
    tries(3, worn)
    assert tries(9, worn, fresh) == [1] * 9
    assert tries(3, fresh) == [0, 0, 0]


@time_machine.travel(NOW, tick=False)
def test_a_right_try_is_forgiven_and_a_shared_brake_gets_one_back() -> None:
    brake = throttle.brake(RULE, "a")
    tries(3, brake)
    throttle.forgive([brake])
    assert tries(4, brake) == [0, 0, 0, 1]
    shared = throttle.brake(RULE, "shared")
    tries(3, shared)
    throttle.give_back(shared)
    assert tries(2, shared) == [0, 1]


def test_a_day_later_all_is_forgotten() -> None:
    brake = throttle.brake(RULE, "a")
    with time_machine.travel(NOW, tick=False) as clock:
        tries(3, brake)
        clock.shift(timedelta(hours=24, seconds=1))
        assert tries(3, brake) == [0, 0, 0]
        assert throttle.forget_old() == 0
        clock.shift(timedelta(hours=25))
        assert throttle.forget_old() == 1


def test_rows_tell_nobody_whom_they_slow_down() -> None:
    throttle.spend([throttle.brake(RULE, "ola@optimar.example", "192.0.2.0/24")])
    key = LoginThrottle.objects.get().key
    assert "ola@" not in key
    assert "192.0.2" not in key


@pytest.mark.django_db(transaction=True)
def test_tries_at_the_same_time_get_no_more_answers() -> None:
    brake = throttle.brake(RULE, "a")
    with time_machine.travel(NOW, tick=False):
        waits = together(12, lambda: throttle.spend([brake]))
    assert sorted(waits) == [NONE] * 3 + [timedelta(seconds=1)] * 9


@pytest.mark.parametrize(
    "address,expected",
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::/56"),
        ("", "unknown"),
        ("nonsense", "unknown"),
    ],
)
def test_networks(address: str, expected: str) -> None:
    with override_settings(SECURE_PROXY_SSL_HEADER=None):
        assert throttle.network({"REMOTE_ADDR": address}) == expected


def test_only_a_proxy_of_ours_is_believed() -> None:
    meta = {"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": "198.51.100.9, 203.0.113.5"}
    with override_settings(SECURE_PROXY_SSL_HEADER=None):
        assert throttle.network(meta) == "10.0.0.0/24"
    with override_settings(SECURE_PROXY_SSL_HEADER=("HTTP_X_FORWARDED_PROTO", "https")):
        assert throttle.network(meta) == "203.0.113.0/24"
        assert throttle.network({"REMOTE_ADDR": "10.0.0.1"}) == "10.0.0.0/24"
