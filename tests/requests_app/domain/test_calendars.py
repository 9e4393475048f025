"""Working days: computed holidays against a second opinion, and the days on which offices err."""

from datetime import UTC, date, datetime

import holidays as second_opinion
import pytest
from hypothesis import given
from hypothesis import strategies as st

from requests_app.domain.calendars import COUNTRIES, easter_sunday, for_country, holidays
from requests_app.domain.moments import ClockInputError

NORWAY = for_country("NO", tz="Europe/Oslo")


@pytest.mark.parametrize("country", sorted(COUNTRIES))
@pytest.mark.parametrize("year", range(2020, 2041))
def test_a_second_opinion_knows_the_same_holidays(country: str, year: int) -> None:
    theirs = second_opinion.country_holidays(country, years=year)
    # The other table leaves out holidays that are always Sundays in some countries: no difference to us.
    on_weekdays = {day for day in theirs if day.weekday() < 5}
    assert {day for day in holidays(country, year) if day.weekday() < 5} == on_weekdays


def test_norway_has_its_twelve_holidays() -> None:
    assert sorted(holidays("NO", 2027)) == [
        date(2027, 1, 1),
        date(2027, 3, 25),
        date(2027, 3, 26),
        date(2027, 3, 28),
        date(2027, 3, 29),
        date(2027, 5, 1),
        date(2027, 5, 6),
        date(2027, 5, 16),
        date(2027, 5, 17),
        date(2027, 12, 25),
        date(2027, 12, 26),
    ]  # eleven dates: in 2027 the Monday of Whitsun is 17 May


@pytest.mark.parametrize(
    "day",
    [
        date(1818, 3, 22),  # as early as it can be
        date(1954, 4, 18),  # the two exceptions of Gauss's own rule
        date(1981, 4, 19),
        date(2024, 3, 31),
        date(2026, 4, 5),
        date(2028, 4, 16),
        date(2038, 4, 25),  # as late as it can be
        date(2285, 3, 22),
    ],
)
def test_easter_falls_where_the_almanac_has_it(day: date) -> None:
    assert easter_sunday(day.year) == day


@given(st.integers(1583, 9999))
def test_easter_is_a_sunday_from_22_march_to_25_april(year: int) -> None:
    easter = easter_sunday(year)
    assert easter.isoweekday() == 7
    assert date(year, 3, 22) <= easter <= date(year, 4, 25)


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 12, 24),
        date(2026, 12, 31),
        date(2027, 3, 24),  # the Wednesday before Easter
        date(2026, 6, 5),  # a holiday of others
    ],
)
def test_half_holidays_are_working_days_in_law(day: date) -> None:
    assert NORWAY.is_working_day(day)


def test_the_great_prayer_day_ended_with_2023() -> None:
    denmark = for_country("DK")
    assert not denmark.is_working_day(date(2023, 5, 5))
    assert denmark.is_working_day(date(2024, 4, 26))


def test_the_same_day_is_free_in_one_country_only() -> None:
    constitution_day, unity_day = date(2028, 5, 17), date(2028, 10, 3)
    free = {
        day: {country for country in COUNTRIES if not for_country(country).is_working_day(day)}
        for day in (constitution_day, unity_day)
    }
    assert free == {constitution_day: {"NO"}, unity_day: {"DE"}}


def test_easter_is_rolled_over_in_both_directions() -> None:
    for day in (date(2027, 3, 25), date(2027, 3, 27), date(2027, 3, 29)):
        assert NORWAY.roll_forward(day) == date(2027, 3, 30)
        assert NORWAY.last_working_day_on_or_before(day) == date(2027, 3, 24)


def test_new_year_is_rolled_over_into_the_other_year() -> None:
    assert NORWAY.roll_forward(date(2027, 1, 1)) == date(2027, 1, 4)
    assert NORWAY.last_working_day_on_or_before(date(2028, 1, 1)) == date(2027, 12, 31)


@given(st.dates(date(1900, 1, 1), date(9000, 1, 1)))
def test_a_roll_ends_on_the_nearest_working_day(day: date) -> None:
    forward, back = NORWAY.roll_forward(day), NORWAY.last_working_day_on_or_before(day)
    assert back <= day <= forward
    assert NORWAY.is_working_day(forward)
    assert NORWAY.is_working_day(back)
    between = (date.fromordinal(n) for n in range(back.toordinal() + 1, forward.toordinal()))
    assert not any(NORWAY.is_working_day(other) for other in between)


def test_working_days_are_counted_over_easter_from_any_day() -> None:
    saturday_before_palm_sunday, easter_tuesday = date(2027, 3, 20), date(2027, 3, 30)
    assert NORWAY.working_days_after(saturday_before_palm_sunday, 3) == date(2027, 3, 24)
    assert NORWAY.working_days_after(saturday_before_palm_sunday, 4) == easter_tuesday
    assert NORWAY.working_days_before(easter_tuesday, 1) == date(2027, 3, 24)
    assert NORWAY.working_days_before(easter_tuesday, 0) == easter_tuesday


def test_a_moment_belongs_to_the_day_it_has_in_the_zone() -> None:
    moment = datetime(2026, 6, 30, 22, 30, tzinfo=UTC)
    assert NORWAY.local_date(moment) == date(2026, 7, 1)
    assert for_country("NO", tz="Atlantic/Reykjavik").local_date(moment) == date(2026, 6, 30)


@pytest.mark.parametrize(
    "day, end",
    [
        (date(2026, 3, 28), datetime(2026, 3, 28, 23, tzinfo=UTC)),
        (date(2026, 3, 29), datetime(2026, 3, 29, 22, tzinfo=UTC)),  # 23 hours long
        (date(2026, 10, 24), datetime(2026, 10, 24, 22, tzinfo=UTC)),
        (date(2026, 10, 25), datetime(2026, 10, 25, 23, tzinfo=UTC)),  # 25 hours long
    ],
)
def test_a_day_ends_at_local_midnight(day: date, end: datetime) -> None:
    assert NORWAY.end_of_day_utc(day) == end


def test_a_day_whose_midnight_is_skipped_ends_where_the_clock_jumps() -> None:
    beirut = for_country("NO", tz="Asia/Beirut")
    end = beirut.end_of_day_utc(date(2024, 3, 30))
    assert end == datetime(2024, 3, 30, 22, tzinfo=UTC)
    assert beirut.local_date(end) == date(2024, 3, 31)


def test_each_country_has_its_own_zone_and_version() -> None:
    calendars = [for_country(country) for country in COUNTRIES]
    assert len({calendar.zone.key for calendar in calendars}) == len(COUNTRIES)
    assert len({calendar.version for calendar in calendars}) == len(COUNTRIES)
    assert for_country("NO") == NORWAY


@pytest.mark.parametrize("country", ["FI", "no", "", "Norway"])
def test_an_unknown_country_is_refused_with_the_known_ones(country: str) -> None:
    with pytest.raises(ClockInputError, match="known countries: DE, DK, NO, SE") as caught:
        for_country(country)
    assert caught.value.reason.code == "unknown_country"


@pytest.mark.parametrize("zone", ["", "Oslo", "Europe", "/etc/passwd", "../Oslo", "Europe/Oslo\0"])
def test_an_unknown_zone_is_refused(zone: str) -> None:
    with pytest.raises(ClockInputError, match="unknown time zone") as caught:
        for_country("NO", tz=zone)
    assert caught.value.reason.code == "unknown_time_zone"


def test_a_time_without_offset_has_no_day() -> None:
    with pytest.raises(ClockInputError, match="no time zone"):
        NORWAY.local_date(datetime(2026, 6, 30, 12))  # noqa: DTZ001
