"""For which right, and on which day, a mandate opens something; and what must have been looked at before."""

from datetime import date, timedelta

import pytest

from requests_app.domain.enums import MandateCheck, MandateKind, Right
from requests_app.domain.mandates import NEEDED, Scope, fault, missing

BEGINS, ENDS = date(2026, 11, 1), date(2026, 11, 30)
DAY = timedelta(days=1)


def scope(kind: MandateKind = MandateKind.AGENT, **changes: object) -> Scope:
    """A mandate of November for everything, all of it looked at."""
    values: dict[str, object] = {
        "checks": NEEDED[kind],
        "rights": frozenset(),
        "valid_from": BEGINS,
        "valid_until": ENDS,
    }
    return Scope(kind, **(values | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", MandateKind)
def test_everything_that_is_needed_has_to_be_looked_at(kind: MandateKind) -> None:
    for check in NEEDED[kind]:
        assert missing(kind, NEEDED[kind] - {check}) == {check}
        assert fault(scope(kind, checks=NEEDED[kind] - {check}), Right.ACCESS, BEGINS) == "mandate_unchecked"
    assert fault(scope(kind), Right.ACCESS, BEGINS) == ""


@pytest.mark.parametrize("kind", MandateKind)
def test_that_the_person_confirmed_it_stands_in_place_of_all_else(kind: MandateKind) -> None:
    assert fault(scope(kind, checks=frozenset({MandateCheck.CONFIRMED})), Right.ACCESS, BEGINS) == ""


def test_of_a_lawyer_the_register_and_their_word_are_enough() -> None:
    assert NEEDED[MandateKind.LAWYER] == {MandateCheck.BAR, MandateCheck.STATEMENT}
    assert missing(MandateKind.AGENT, NEEDED[MandateKind.LAWYER]) == NEEDED[MandateKind.AGENT]


def test_none_opens_nothing() -> None:
    assert fault(None, Right.ACCESS, BEGINS) == "mandate_missing"


@pytest.mark.parametrize(
    ("today", "code"),
    [
        (BEGINS - DAY, "mandate_not_yet"),
        (BEGINS, ""),
        (ENDS, ""),
        (ENDS + DAY, "mandate_expired"),
    ],
)
def test_it_holds_from_its_first_day_to_its_last(today: date, code: str) -> None:
    assert fault(scope(), Right.ACCESS, today) == code


def test_without_an_end_it_holds_on() -> None:
    assert fault(scope(valid_until=None), Right.ACCESS, date(2099, 1, 1)) == ""


def test_it_opens_only_what_it_covers() -> None:
    only_access = scope(rights=frozenset({Right.ACCESS}))
    assert fault(only_access, Right.ACCESS, BEGINS) == ""
    assert fault(only_access, Right.ERASURE, BEGINS) == "mandate_other_right"
