"""When somebody looks whether a vendor has done what it was ordered to do."""

from datetime import date

import pytest

from exports.domain.orders import look_on

ORDERED, PROMISED = date(2026, 1, 31), date(2026, 3, 10)


@pytest.mark.parametrize(
    "finishes_on,today,expected",
    [
        (PROMISED, PROMISED, None),
        (PROMISED, date(2026, 3, 11), date(2026, 3, 11)),
        (PROMISED, date(2026, 4, 10), date(2026, 3, 11)),
        (PROMISED, date(2026, 4, 11), date(2026, 4, 11)),
        (None, date(2026, 2, 27), None),
        (None, date(2026, 2, 28), date(2026, 2, 28)),
        (None, date(2026, 3, 27), date(2026, 2, 28)),
        (None, date(2027, 1, 28), date(2027, 1, 28)),
    ],
)
def test_the_first_look_is_after_the_vendors_day_or_a_month_later_and_then_every_month(
    finishes_on: date | None, today: date, expected: date | None
) -> None:
    assert look_on(ORDERED, finishes_on, today) == expected
