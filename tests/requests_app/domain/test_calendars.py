"""Working days: computed holidays against a second opinion, and the days on which offices err."""

from datetime import UTC, date, datetime

import holidays as second_opinion
import pytest
from hypothesis import given
from hypothesis import strategies as st

from requests_app.domain.calendars import COUNTRIES, easter_sunday, for_country, holidays
from requests_app.domain.moments import ClockInputError

NORWAY = for_country("NO", tz="Europe/Oslo")


# What the second opinion calls a public holiday of the whole country and we do not, by its names.
MORE_OF_THEIRS = {
    "FI": {"Midsummer Eve", "Christmas Eve"},  # free by agreement: the law on holidays names neither
    "NL": {"Liberation Day"},  # free every fifth year only, and nowhere if the employer says so
}
# What offices are closed for without a law for the whole country: none of these days moves a date.
NEVER_FREE = {
    "AT": {"Good Friday", "Christmas Eve", "New Year's Eve", "Saint Martin's Day", "Saint Leopold's Day"},
    "DE": {"Epiphany", "Women's Day", "Corpus Christi", "Assumption Day", "Reformation Day", "All Saints' Day"},
    "DK": {"Workers' Day", "Constitution Day", "Christmas Eve", "New Year's Eve"},
    "FI": {"Åland's Autonomy Day"},
    "IS": {"Christmas Eve (from 1pm)", "New Year's Eve (from 1pm)"},
    "NL": {"Liberation Day"},
    "NO": set[str](),
    "SE": {"Twelfth Night (from 2pm)", "Midsummer Eve", "Christmas Eve", "New Year's Eve"},
}


@pytest.mark.parametrize("country", sorted(COUNTRIES))
@pytest.mark.parametrize("year", range(2020, 2041))
def test_a_second_opinion_knows_the_same_holidays(country: str, year: int) -> None:
    theirs = second_opinion.country_holidays(country, years=year, language="en_US")
    more = MORE_OF_THEIRS.get(country, set())
    # The other table leaves out holidays that are always Sundays in some countries: no difference to us.
    on_weekdays = {day for day, name in theirs.items() if day.weekday() < 5 and name not in more}
    assert {day for day in holidays(country, year) if day.weekday() < 5} == on_weekdays


@pytest.mark.parametrize("country", sorted(MORE_OF_THEIRS))
def test_what_a_second_opinion_has_more_is_known_by_name(country: str) -> None:
    theirs = second_opinion.country_holidays(country, years=range(2020, 2041), language="en_US")
    ours = frozenset[date]().union(*(holidays(country, year) for year in range(2020, 2041)))
    assert {name for day, name in theirs.items() if day not in ours and day.weekday() < 5} == MORE_OF_THEIRS[country]


@pytest.mark.parametrize("country", sorted(COUNTRIES))
def test_customs_eves_and_holidays_of_a_region_move_no_date(country: str) -> None:
    table = getattr(second_opinion, country)
    kinds = set(table.supported_categories) - {"school", "unofficial", "workday"}
    of_all = {
        (day, name)
        for region in (None, *table.subdivisions)
        for day, names in second_opinion.country_holidays(
            country, years=2026, subdiv=region, categories=kinds, language="en_US"
        ).items()
        for name in names.split("; ")
    }
    assert {name for _, name in of_all} >= NEVER_FREE[country]
    free = {name for day, name in of_all if name in NEVER_FREE[country] and day in holidays(country, 2026)}
    assert free == set()


@pytest.mark.parametrize("country", sorted(COUNTRIES))
def test_every_year_of_three_centuries_can_be_reckoned(country: str) -> None:
    for year in range(1900, 2201):
        free = holidays(country, year)
        assert {day.year for day in free} == {year}
        assert date(year, 12, 25) in free
        assert easter_sunday(year) in free
        calendar = for_country(country)
        assert calendar.roll_forward(date(year, 1, 1)).year == year


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


def test_king_s_day_on_a_sunday_leaves_the_monday_after_it_a_working_day() -> None:
    netherlands = for_country("NL")
    assert not netherlands.is_working_day(date(2026, 4, 27))
    assert netherlands.roll_forward(date(2031, 4, 26)) == date(2031, 4, 28)  # King's Day is kept on Saturday the 26th


def test_the_north_moves_midsummer_and_all_saints_to_a_saturday() -> None:
    for country in ("FI", "SE"):
        assert {date(2026, 6, 20), date(2026, 10, 31)} < holidays(country, 2026)
        assert date(2026, 6, 19) not in holidays(country, 2026)


def test_iceland_begins_its_summer_on_a_thursday_in_april() -> None:
    assert {date(2026, 4, 23), date(2027, 4, 22), date(2028, 4, 20)} < (
        holidays("IS", 2026) | holidays("IS", 2027) | holidays("IS", 2028)
    )


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


@pytest.mark.parametrize("country", ["XX", "no", "", "Norway"])
def test_an_unknown_country_is_refused_with_the_known_ones(country: str) -> None:
    with pytest.raises(ClockInputError, match="known countries: AT, DE, DK, FI, IS, NL, NO, SE") as caught:
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
