"""Pauses double and have a cap."""

from datetime import timedelta

from identity.domain.backoff import ACCOUNT, ACCOUNT_AND_NETWORK, NETWORK, SECOND_FACTOR, Rule

RULE = Rule("test", 3, timedelta(seconds=10))


def test_the_first_tries_are_free_then_pauses_double_up_to_the_cap() -> None:
    pauses = [RULE.pause_after(failures).total_seconds() for failures in range(9)]
    assert pauses == [0, 0, 0, 1, 2, 4, 8, 10, 10]


def test_any_number_of_failures_has_a_pause() -> None:
    assert RULE.pause_after(10**9) == timedelta(seconds=10)


def test_nobody_elsewhere_can_keep_an_owner_out_for_long() -> None:
    assert ACCOUNT.longest <= timedelta(minutes=1)
    assert ACCOUNT.free > ACCOUNT_AND_NETWORK.free


def test_guessing_a_second_factor_takes_years() -> None:
    tries_a_year = timedelta(days=365) / SECOND_FACTOR.longest
    codes_at_a_time = 3
    assert tries_a_year * codes_at_a_time / 10**6 < 0.2


def test_the_rules_have_names_of_their_own() -> None:
    rules = [ACCOUNT, ACCOUNT_AND_NETWORK, NETWORK, SECOND_FACTOR]
    assert len({rule.name for rule in rules}) == len(rules)
