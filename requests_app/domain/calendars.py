"""Working days and public holidays per country, computed for any year.

Reg. (EEC, Euratom) 1182/71 Art. 3(4): a period that would end on a Saturday, Sunday or public holiday
ends with the next working day. The holidays are those of the country where the controller acts, wherever
the person lives. Only days that are public holidays in the whole country, every year, stand here: a regional
holiday, a half-holiday or a custom (24 and 31 December, Midsummer Eve, the Danish 5 June, the Dutch 5 May) would
only make a date later, and an earlier date is never a breach.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from .moments import ClockInputError, instant

MONDAY, THURSDAY, SATURDAY = 0, 3, 5
ONE_DAY = timedelta(days=1)

# Days counted from Easter Sunday.
MAUNDY_THURSDAY, GOOD_FRIDAY, EASTER_SUNDAY, EASTER_MONDAY = -3, -2, 0, 1
GREAT_PRAYER_DAY, ASCENSION, WHIT_SUNDAY, WHIT_MONDAY, CORPUS_CHRISTI = 26, 39, 49, 50, 60


@dataclass(frozen=True, slots=True)
class FixedDay:
    """A holiday on the same day of every year from `since` to `until`."""

    month: int
    day: int
    since: int = 1
    until: int = 9999

    def on(self, year: int) -> date | None:
        """The date of the holiday in `year`, or None where it was not yet, or no longer, one."""
        return date(year, self.month, self.day) if self.since <= year <= self.until else None


@dataclass(frozen=True, slots=True)
class EasterDay:
    """A holiday so many days after (or before) Easter Sunday."""

    offset: int
    until: int = 9999

    def on(self, year: int) -> date | None:
        """The date of the holiday in `year`, or None where it no longer is one."""
        return easter_sunday(year) + timedelta(days=self.offset) if year <= self.until else None


@dataclass(frozen=True, slots=True)
class WeekdayFrom:
    """A holiday on the first such weekday (0 = Monday) on or after a day of the year."""

    weekday: int
    month: int
    day: int

    def on(self, year: int) -> date | None:
        """The date of the holiday in `year`."""
        first = date(year, self.month, self.day)
        return first + timedelta(days=(self.weekday - first.weekday()) % 7)


Rule = FixedDay | EasterDay | WeekdayFrom


@dataclass(frozen=True, slots=True)
class Country:
    """A country's own time zone, its holidays, and the version of that table."""

    zone: str
    version: str
    rules: tuple[Rule, ...]


NEW_YEAR, EPIPHANY, LABOUR_DAY, ALL_SAINTS = FixedDay(1, 1), FixedDay(1, 6), FixedDay(5, 1), FixedDay(11, 1)
CHRISTMAS_DAY, SECOND_CHRISTMAS_DAY = FixedDay(12, 25), FixedDay(12, 26)
EVERYWHERE: tuple[Rule, ...] = (
    *(NEW_YEAR, CHRISTMAS_DAY, SECOND_CHRISTMAS_DAY),
    *(EasterDay(day) for day in (EASTER_SUNDAY, EASTER_MONDAY, ASCENSION, WHIT_SUNDAY)),
)
MIDSUMMER_DAY, ALL_SAINTS_IN_THE_NORTH = WeekdayFrom(SATURDAY, 6, 20), WeekdayFrom(SATURDAY, 10, 31)

# Raise the version of a country with every change of its rules: it is stored beside each deadline.
COUNTRIES: dict[str, Country] = {
    "AT": Country(
        "Europe/Vienna",
        "AT/1",
        (
            *(*EVERYWHERE, EasterDay(WHIT_MONDAY), EasterDay(CORPUS_CHRISTI)),
            *(EPIPHANY, LABOUR_DAY, FixedDay(8, 15), FixedDay(10, 26, since=1965), ALL_SAINTS, FixedDay(12, 8)),
        ),
    ),
    "DE": Country(
        "Europe/Berlin",
        "DE/1",
        (
            *(*EVERYWHERE, EasterDay(GOOD_FRIDAY), EasterDay(WHIT_MONDAY)),
            *(LABOUR_DAY, FixedDay(10, 3, since=1990)),
        ),
    ),
    "DK": Country(
        "Europe/Copenhagen",
        "DK/1",
        (
            *(*EVERYWHERE, EasterDay(MAUNDY_THURSDAY), EasterDay(GOOD_FRIDAY), EasterDay(WHIT_MONDAY)),
            EasterDay(GREAT_PRAYER_DAY, until=2023),
        ),
    ),
    "FI": Country(
        "Europe/Helsinki",
        "FI/1",
        (
            *(*EVERYWHERE, EasterDay(GOOD_FRIDAY), EPIPHANY, LABOUR_DAY),
            *(MIDSUMMER_DAY, ALL_SAINTS_IN_THE_NORTH, FixedDay(12, 6, since=1919)),
        ),
    ),
    "IS": Country(
        "Atlantic/Reykjavik",
        "IS/1",
        (
            *(*EVERYWHERE, EasterDay(MAUNDY_THURSDAY), EasterDay(GOOD_FRIDAY), EasterDay(WHIT_MONDAY)),
            *(WeekdayFrom(THURSDAY, 4, 19), WeekdayFrom(MONDAY, 8, 1)),  # First Day of Summer, Commerce Day
            *(LABOUR_DAY, FixedDay(6, 17, since=1944)),
        ),
    ),
    "NL": Country(
        "Europe/Amsterdam",
        "NL/1",
        (
            # The law on periods counts Good Friday as a holiday. King's Day on a Sunday is kept the day before: a
            # Saturday, which is free anyway.
            *(*EVERYWHERE, EasterDay(GOOD_FRIDAY), EasterDay(WHIT_MONDAY)),
            FixedDay(4, 27, since=2014),
        ),
    ),
    "NO": Country(
        "Europe/Oslo",
        "NO/1",
        (
            *(*EVERYWHERE, EasterDay(MAUNDY_THURSDAY), EasterDay(GOOD_FRIDAY), EasterDay(WHIT_MONDAY)),
            *(LABOUR_DAY, FixedDay(5, 17)),
        ),
    ),
    "SE": Country(
        "Europe/Stockholm",
        "SE/1",
        (
            *(*EVERYWHERE, EasterDay(GOOD_FRIDAY), EPIPHANY, LABOUR_DAY, FixedDay(6, 6, since=2005)),
            *(MIDSUMMER_DAY, ALL_SAINTS_IN_THE_NORTH),
        ),
    ),
}


def easter_sunday(year: int) -> date:
    """Easter Sunday of `year` in the Gregorian calendar (the anonymous computus of 1876)."""
    golden = year % 19
    century, in_century = divmod(year, 100)
    leap_centuries, century_rest = divmod(century, 4)
    moon_shift = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leap_centuries - moon_shift + 15) % 30
    weekday = (32 + 2 * century_rest + 2 * (in_century // 4) - epact - in_century % 4) % 7
    late_moon = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late_moon + 114, 31)
    return date(year, month, day + 1)


@lru_cache(maxsize=1024)
def holidays(country: str, year: int) -> frozenset[date]:
    """The public holidays of one year in a country of `COUNTRIES`, those on weekends included."""
    return frozenset(day for rule in COUNTRIES[country].rules if (day := rule.on(year)) is not None)


@dataclass(frozen=True, slots=True)
class Calendar:
    """The working days of one country and the local days of one time zone."""

    country: str
    zone: ZoneInfo

    @property
    def version(self) -> str:
        """Version of the holiday table, stored beside every computed deadline."""
        return COUNTRIES[self.country].version

    def is_working_day(self, day: date) -> bool:
        """Whether `day` is neither Saturday, Sunday nor public holiday (Reg. 1182/71 Art. 2(2))."""
        return day.weekday() < SATURDAY and day not in holidays(self.country, day.year)

    def roll_forward(self, day: date) -> date:
        """`day` itself if it is a working day, else the next one (Reg. 1182/71 Art. 3(4))."""
        while not self.is_working_day(day):
            day += ONE_DAY
        return day

    def last_working_day_on_or_before(self, day: date) -> date:
        """`day` itself if it is a working day, else the one before it."""
        while not self.is_working_day(day):
            day -= ONE_DAY
        return day

    def working_days_before(self, day: date, count: int) -> date:
        """The day that is `count` working days before `day`, which itself need not be one."""
        for _ in range(count):
            day = self.last_working_day_on_or_before(day - ONE_DAY)
        return day

    def working_days_after(self, day: date, count: int) -> date:
        """The day that is `count` working days after `day`, which itself need not be one."""
        for _ in range(count):
            day = self.roll_forward(day + ONE_DAY)
        return day

    def a_working_day_after(self, moment: datetime) -> datetime:
        """The same time on the next working day; what comes on a day off counts from the next morning's midnight."""
        local = instant(moment, "the time").astimezone(self.zone)
        first = self.roll_forward(local.date())
        at = local.time() if first == local.date() else time.min
        return datetime.combine(self.roll_forward(first + ONE_DAY), at, tzinfo=self.zone).astimezone(UTC)

    def local_date(self, moment: datetime) -> date:
        """The day on which `moment` falls in this time zone. Raises ClockInputError for a naive time."""
        return instant(moment, "the time").astimezone(self.zone).date()

    def end_of_day_utc(self, day: date) -> datetime:
        """24:00 of `day` in this time zone, as UTC: the first instant that is too late."""
        return datetime.combine(day + ONE_DAY, time.min, tzinfo=self.zone).astimezone(UTC)


def for_country(country: str, tz: str | None = None) -> Calendar:
    """The calendar of a country (ISO 3166 code, upper case) in time zone `tz` or the country's own.

    Raises ClockInputError, naming the known countries, if the country or the zone is unknown.
    """
    if country not in COUNTRIES:
        text = f"no holidays known for {country!r}; known countries: {', '.join(COUNTRIES)}"
        raise ClockInputError(text, "unknown_country", known=", ".join(COUNTRIES))
    try:
        return Calendar(country, ZoneInfo(COUNTRIES[country].zone if tz is None else tz))
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        text = f"unknown time zone {tz!r}: give a name such as {COUNTRIES[country].zone}"
        raise ClockInputError(text, "unknown_time_zone", known=COUNTRIES[country].zone) from error
