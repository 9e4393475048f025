"""Months, quarters and years of local days, and how long things took in them."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from requests_app.domain import periods
from requests_app.domain.spread import Spread, percentile, spread

OSLO = ZoneInfo("Europe/Oslo")


@pytest.mark.parametrize(
    "read, text, first, after",
    [
        (periods.year, "2026", date(2026, 1, 1), date(2027, 1, 1)),
        (periods.quarter, "2026-Q1", date(2026, 1, 1), date(2026, 4, 1)),
        (periods.quarter, "2026-Q4", date(2026, 10, 1), date(2027, 1, 1)),
        (periods.month, "2028-02", date(2028, 2, 1), date(2028, 3, 1)),
        (periods.month, "2026-12", date(2026, 12, 1), date(2027, 1, 1)),
    ],
)
def test_a_period_ends_before_the_next_begins(
    read: Callable[[str], periods.Period], text: str, first: date, after: date
) -> None:
    assert read(text) == periods.Period(first, after)


@pytest.mark.parametrize(
    "read, text",
    [
        (periods.year, "26"), (periods.year, "2026-01"), (periods.year, "0001"), (periods.year, "2026\n"),
        (periods.quarter, "2026-Q5"), (periods.quarter, "Q1"), (periods.month, "2026-13"), (periods.month, "2026-1"),
    ],
)  # fmt: skip
def test_anything_else_is_refused_with_an_example(read: Callable[[str], periods.Period], text: str) -> None:
    with pytest.raises(periods.PeriodError, match="write it like 2026"):
        read(text)


def test_a_year_begins_and_ends_at_local_midnight() -> None:
    start, end = periods.year("2026").instants(OSLO)
    assert (start, end) == (datetime(2025, 12, 31, 23, tzinfo=UTC), datetime(2026, 12, 31, 23, tzinfo=UTC))
    assert periods.month("2026-07").instants(OSLO)[0] == datetime(2026, 6, 30, 22, tzinfo=UTC)


def test_the_spread_of_ten_answers() -> None:
    assert spread([9, 1, 2, 3, 4, 5, 6, 7, 8, 40]) == Spread(10, 5.5, 9.0, 40.0)


def test_few_answers_tell_only_that_they_are_few() -> None:
    assert spread([3, 4, 5, 6]) == Spread(None)
    assert spread([]) == Spread(0)


@given(st.lists(st.integers(0, 400), min_size=1))
def test_nine_of_ten_are_not_above_the_percentile(values: list[int]) -> None:
    ordered = sorted(float(value) for value in values)
    found = percentile(ordered, 90)
    assert found in ordered
    assert 10 * sum(value <= found for value in ordered) >= 9 * len(ordered)
    assert 10 * sum(value < found for value in ordered) < 9 * len(ordered)
