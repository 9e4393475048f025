"""Who stands in for whom, and the general holidays with too few approvers."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from requests_app.domain.absence import Absence, stand_in
from requests_app.domain.calendars import for_country
from requests_app.domain.cover import stretches, thin

NORWAY = for_country("NO")
SUMMER = (28, 30)
HERE = Absence()
PEOPLE = st.integers(1, 6)


@given(PEOPLE, st.dictionaries(PEOPLE, PEOPLE | st.none()), st.sets(PEOPLE))
def test_whoever_stands_in_is_there_and_no_circle_is_without_end(
    person: int, deputies: dict[int, int | None], there: set[int]
) -> None:
    found = stand_in(person, deputies, there)
    assert found is None or found in there
    assert person not in there or found == person


@pytest.mark.parametrize(
    "there,found",
    [({1, 2}, 1), ({2, 3}, 2), ({3, 4}, 3), ({4}, 4), ({5}, None), (set(), None)],
)
def test_the_nearest_deputy_within_a_few_hops(there: set[int], found: int | None) -> None:
    assert stand_in(1, {1: 2, 2: 3, 3: 4, 4: 5}, there) == found


def test_the_general_holidays_of_a_year() -> None:
    found = [(one.name, one.first, one.last) for one in stretches(2026, "NO", SUMMER)]
    assert found == [
        ("easter", date(2026, 3, 28), date(2026, 4, 6)),
        ("may", date(2026, 5, 11), date(2026, 5, 17)),
        ("summer", date(2026, 7, 6), date(2026, 7, 26)),
        ("christmas", date(2026, 12, 24), date(2027, 1, 1)),
    ]


def test_only_norway_has_the_week_of_17_may_and_a_summer_is_a_choice() -> None:
    assert [one.name for one in stretches(2026, "DE", None)] == ["easter", "christmas"]


def seen(today: date, *approvers: Absence) -> tuple[str, date, date, int] | None:
    found = thin(today, approvers, calendar=NORWAY, weeks=SUMMER)
    return None if found is None else (found.stretch.name, found.first, found.last, found.fewest)


def test_easter_is_warned_of_for_fourteen_days_and_until_its_last_working_day() -> None:
    gone = Absence(date(2026, 3, 30), date(2026, 4, 6))
    warned = [day for number in range(40) if seen(day := date(2026, 3, 1) + timedelta(days=number), HERE, gone)]
    assert (warned[0], warned[-1], len(warned)) == (date(2026, 3, 14), date(2026, 4, 1), 19)


def test_a_warning_names_the_working_days_with_too_few() -> None:
    gone = Absence(date(2026, 3, 31), date(2026, 4, 20))
    assert seen(date(2026, 3, 20), HERE, gone) == ("easter", date(2026, 3, 31), date(2026, 4, 1), 1)
    assert seen(date(2026, 3, 20), gone, gone) == ("easter", date(2026, 3, 31), date(2026, 4, 1), 0)


def test_days_off_do_not_count_and_neither_does_a_third_who_is_there() -> None:
    only_maundy_thursday_to_monday = Absence(date(2026, 4, 2), date(2026, 4, 6))
    assert seen(date(2026, 3, 20), HERE, only_maundy_thursday_to_monday) is None
    assert seen(date(2026, 3, 20), HERE, HERE, Absence(date(2026, 1, 1))) is None


def test_who_is_ill_until_further_notice_is_missing_at_every_holiday() -> None:
    ill = Absence(date(2026, 3, 1))
    assert seen(date(2026, 4, 10), HERE, ill) is None
    assert seen(date(2026, 5, 1), HERE, ill) == ("may", date(2026, 5, 11), date(2026, 5, 15), 1)
    assert seen(date(2026, 7, 1), HERE, ill) == ("summer", date(2026, 7, 6), date(2026, 7, 24), 1)


def test_christmas_goes_on_in_the_new_year() -> None:
    gone = Absence(date(2026, 12, 28), date(2027, 1, 4))
    assert seen(date(2026, 12, 31), HERE, gone) == ("christmas", date(2026, 12, 31), date(2026, 12, 31), 1)
    assert seen(date(2027, 1, 1), HERE, gone) is None
