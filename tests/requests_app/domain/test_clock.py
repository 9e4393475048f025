"""The clock: every line of the oracle, the properties that hold for any input, the edges of the rule."""

import csv
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import permutations
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from requests_app.domain.calendars import for_country
from requests_app.domain.clock import (
    ClockInputError,
    Deadline,
    Step,
    StepCode,
    Suspension,
    compute_deadline,
    explain,
)

ROOT = Path(__file__).resolve().parents[3]
OSLO = ZoneInfo("Europe/Oslo")
NORWAY = for_country("NO", tz="Europe/Oslo")

with (ROOT / "tests/data/deadline-vectors.csv").open(encoding="utf-8", newline="") as _file:
    VECTORS = list(csv.DictReader(_file))


def at(text: str) -> datetime:
    """Oslo time of `text`, at noon if it is only a day."""
    return datetime.fromisoformat(text if "T" in text else f"{text}T12:00").replace(tzinfo=OSLO)


def asked(begin: str, end: str | None) -> Suspension:
    return at(begin), None if end is None else at(end)


def deadline(received: str, *suspensions: Suspension, extended: str | None = None) -> Deadline:
    notice = None if extended is None else at(extended)
    return compute_deadline(at(received), calendar=NORWAY, suspensions=suspensions, extension_notice_at=notice)


# The oracle


def _vector_suspensions(text: str) -> Iterator[Suspension]:
    for pair in filter(None, text.split(";")):
        begin, _, end = pair.partition("/")
        yield datetime.fromisoformat(begin), None if end == ".." else datetime.fromisoformat(end)


def _as_vector(result: Deadline) -> dict[str, str]:
    """The deadline in the spelling of the oracle."""
    spelled = {None: "", True: "yes", False: "no"}
    return {
        "received_local_date": result.received_local_date.isoformat(),
        "suspended_days": "" if result.suspended_days is None else str(result.suspended_days),
        "extension_valid": spelled[result.extension_valid],
        "statutory_due": "" if result.statutory_due is None else result.statutory_due.isoformat(),
        "policy_due": "" if result.policy_due is None else result.policy_due.isoformat(),
        "effective_due": result.effective_due.isoformat(),
        "unsuspended_due": result.unsuspended_due.isoformat(),
        "act_by": result.act_by.isoformat(),
        "effective_due_end_utc": f"{result.effective_due_end_utc:%Y-%m-%dT%H:%M:%SZ}",
    }


def test_the_oracle_is_whole() -> None:
    assert len(VECTORS) == 40
    assert {row["country"] for row in VECTORS} == {"NO"}


@pytest.mark.parametrize("row", VECTORS, ids=[row["id"] for row in VECTORS])
def test_vector(row: dict[str, str]) -> None:
    notice = row["extension_notice_at"]
    assert (row["extension"] == "yes") == bool(notice)
    result = compute_deadline(
        datetime.fromisoformat(row["received_at"]),
        calendar=for_country(row["country"], tz=row["timezone"]),
        policy_days=int(row["policy_days"]),
        suspensions=_vector_suspensions(row["suspensions"]),
        extension_notice_at=datetime.fromisoformat(notice) if notice else None,
    )
    assert _as_vector(result) == {name: row[name] for name in _as_vector(result)}


def test_which_date_binds_over_six_years_of_receipt_days() -> None:
    first, last = date(2026, 1, 1), date(2031, 10, 31)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    binds = Counter(deadline(day.isoformat()).binding for day in days)
    assert binds == {"policy": 1467, "both": 517, "statute": 146}


# Properties

moments = st.datetimes(datetime(2018, 7, 20), datetime(2060, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
offsets = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
waits = st.tuples(st.integers(0, 45 * 24), st.none() | st.integers(0, 20 * 24))
"""Hours from receipt to the question, hours from there to the answer."""


def after(received_at: datetime, wait: tuple[int, int | None]) -> Suspension:
    begin = received_at + timedelta(hours=wait[0])
    return begin, None if wait[1] is None else begin + timedelta(hours=wait[1])


@st.composite
def facts(draw: st.DrawFn) -> tuple[datetime, list[Suspension], datetime | None]:
    """A receipt with questions, some late, some open, and perhaps a notice of extension, perhaps late."""
    received_at = draw(moments)
    suspensions = [after(received_at, wait) for wait in draw(st.lists(waits, max_size=5))]
    hours = draw(st.none() | st.integers(0, 40 * 24))
    return received_at, suspensions, None if hours is None else received_at + timedelta(hours=hours)


Facts = tuple[datetime, list[Suspension], datetime | None]


def of(given_facts: Facts) -> Deadline:
    received_at, suspensions, notice_at = given_facts
    return compute_deadline(received_at, calendar=NORWAY, suspensions=suspensions, extension_notice_at=notice_at)


@given(facts())
def test_the_effective_date_is_never_later_than_the_statutory_reading(given_facts: Facts) -> None:
    result = of(given_facts)
    assert (result.statutory_due is None) == (result.policy_due is None) == result.paused
    if result.statutory_due is not None:
        assert result.effective_due <= result.statutory_due


@given(facts())
def test_the_staff_acts_on_a_working_day_and_not_too_late(given_facts: Facts) -> None:
    result = of(given_facts)
    assert NORWAY.is_working_day(result.act_by)
    assert result.act_by <= result.effective_due
    assert result.effective_due_end_utc.utcoffset() == timedelta(0)
    assert NORWAY.local_date(result.effective_due_end_utc - timedelta(seconds=1)) == result.effective_due


@given(moments, moments)
def test_who_comes_later_is_never_due_earlier(one: datetime, other: datetime) -> None:
    early, late = sorted([one, other])
    first, second = of((early, [], None)), of((late, [], None))
    assert first.effective_due <= second.effective_due
    assert first.unsuspended_due <= second.unsuspended_due
    assert first.act_by <= second.act_by


@given(facts(), offsets)
def test_the_offset_of_the_input_changes_nothing(given_facts: Facts, offset: timezone) -> None:
    received_at, suspensions, notice_at = given_facts
    for zone in (offset, OSLO):
        elsewhere = (
            received_at.astimezone(zone),
            [(begin.astimezone(zone), end and end.astimezone(zone)) for begin, end in suspensions],
            notice_at and notice_at.astimezone(zone),
        )
        assert of(elsewhere) == of(given_facts)


@given(facts())
def test_no_question_moves_the_hard_alarm(given_facts: Facts) -> None:
    result, without = of(given_facts), of((given_facts[0], [], given_facts[2]))
    assert result.unsuspended_due == without.unsuspended_due
    assert result.extension_valid == without.extension_valid


@given(facts())
def test_a_question_never_makes_the_answer_due_earlier(given_facts: Facts) -> None:
    assert of(given_facts).effective_due >= of((given_facts[0], [], given_facts[2])).effective_due


@given(facts())
def test_the_order_in_which_questions_are_given_does_not_matter(given_facts: Facts) -> None:
    received_at, suspensions, notice_at = given_facts
    assert of((received_at, suspensions[::-1], notice_at)) == of(given_facts)


@given(facts())
def test_suspended_days_agree_with_a_count_of_single_days(given_facts: Facts) -> None:
    assert of(given_facts).suspended_days == _days_one_by_one(given_facts[0], given_facts[1])


def _days_one_by_one(received_at: datetime, suspensions: list[Suspension]) -> int | None:
    """The rule a second time, slowly: days as a set, ends as a list."""
    received = NORWAY.local_date(received_at)
    next_month = (received.replace(day=1) + timedelta(days=32)).replace(day=1)
    month_after = (next_month + timedelta(days=32)).replace(day=1)
    month_end = min(next_month + timedelta(days=received.day - 1), month_after - timedelta(days=1))
    waiting: set[date] = set()
    ends = [received]
    for begin_at, end_at in sorted(suspensions, key=lambda suspension: suspension[0]):
        begin = NORWAY.local_date(begin_at)
        in_time = (begin - max(ends)).days <= 7 and (begin - month_end).days <= len(waiting)
        if in_time and end_at is None:
            return None
        if in_time and end_at is not None:
            ends.append(NORWAY.local_date(end_at))
            waiting |= {begin + timedelta(days=n) for n in range((ends[-1] - begin).days)}
    return len(waiting)


@given(facts())
def test_the_steps_arrive_where_the_deadline_is(given_facts: Facts) -> None:
    received_at, suspensions, notice_at = given_facts
    result = of(given_facts)
    steps = explain(received_at, calendar=NORWAY, suspensions=suspensions, extension_notice_at=notice_at)
    said = {step.code: step.params for step in steps}
    assert said[StepCode.RECEIVED]["day"] == result.received_local_date
    assert said[StepCode.HARD_ALARM]["day"] == result.unsuspended_due
    assert said[StepCode(f"binds_{result.binding}")]["day"] == result.effective_due
    assert said[StepCode.ACT_BY]["day"] == result.act_by
    assert said[StepCode.END_INSTANT]["instant"] == result.effective_due_end_utc
    assert (StepCode.PAUSED in said) == result.paused
    assert (StepCode.POLICY_BREACH in said) == result.policy_breach
    assert (StepCode.EXTENSION_VALID in said) == (result.extension_valid is True)
    assert (StepCode.EXTENSION_LATE in said) == (result.extension_valid is False)
    about_questions = [step for step in steps if step.code.startswith("suspension_")]
    assert len(about_questions) == len(suspensions)
    if not result.paused:
        added = [step.params["days"] for step in about_questions if "days" in step.params]
        assert sum(day for day in added if isinstance(day, int)) == result.suspended_days


# Which questions stop the clock


def test_the_seventh_day_is_in_time_and_the_eighth_is_not() -> None:
    assert deadline("2026-09-01", asked("2026-09-08", "2026-09-10")).suspended_days == 2
    assert deadline("2026-09-01", asked("2026-09-09", "2026-09-10")).suspended_days == 0


def test_seven_days_are_local_days_and_not_hours() -> None:
    late_on_the_last_day = asked("2026-09-08T23:59", "2026-09-10T00:01")
    assert deadline("2026-09-01T00:01", late_on_the_last_day).suspended_days == 2
    early_on_the_next = asked("2026-09-09T00:01", "2026-09-10T23:59")
    assert deadline("2026-09-01T23:59", early_on_the_next).suspended_days == 0


def test_a_second_question_may_come_within_seven_days_of_the_first_answer() -> None:
    first = asked("2026-09-02", "2026-09-12")
    assert deadline("2026-09-01", first, asked("2026-09-19", "2026-09-21")).suspended_days == 12
    assert deadline("2026-09-01", first, asked("2026-09-20", "2026-09-21")).suspended_days == 10


def test_a_question_that_does_not_count_opens_no_door_for_the_next() -> None:
    late = asked("2026-09-10", "2026-09-14")
    assert deadline("2026-09-01", late, asked("2026-09-15", "2026-09-20")).suspended_days == 0


def test_the_long_answer_counts_even_if_a_shorter_one_came_after_it() -> None:
    long, short = asked("2026-09-02", "2026-09-20"), asked("2026-09-03", "2026-09-05")
    assert deadline("2026-09-01", long, short).suspended_days == 18
    assert deadline("2026-09-01", long, short, asked("2026-09-27", "2026-09-28")).suspended_days == 19


def test_days_on_which_two_questions_wait_count_once() -> None:
    questions = [
        asked("2026-09-02", "2026-09-07"),
        asked("2026-09-05", "2026-09-10"),
        asked("2026-09-10", "2026-09-12"),
    ]
    assert {deadline("2026-09-01", *order).suspended_days for order in permutations(questions)} == {10}


def test_an_answer_on_the_same_day_adds_nothing() -> None:
    result = deadline("2026-09-01", asked("2026-09-02T08:00", "2026-09-02T20:00"))
    assert (result.suspended_days, result.paused) == (0, False)


def test_a_question_on_the_last_day_of_the_moved_month_still_counts() -> None:
    received, first = "2026-09-01", asked("2026-09-08", "2026-09-28")  # the month moves to 21 October
    second = asked("2026-10-05", "2026-10-15")  # and to 31 October
    last = [asked("2026-10-22", "2026-10-24"), asked("2026-10-31", "2026-11-05")]
    assert deadline(received, first, second, *last).suspended_days == 20 + 10 + 2 + 5
    # 2 November is the last day only with the two days of the question before it.
    assert deadline(received, first, second, last[0], asked("2026-11-02", None)).paused is False


def test_a_question_after_the_first_month_does_not_count() -> None:
    chain = [asked(day, day) for day in ("2026-09-08", "2026-09-15", "2026-09-22", "2026-09-29")]
    assert deadline("2026-09-01", *chain, asked("2026-10-01", "2026-10-04")).suspended_days == 3
    assert deadline("2026-09-01", *chain, asked("2026-10-02", "2026-10-04")).suspended_days == 0


def test_the_month_for_asking_is_not_rolled() -> None:
    chain = [asked(day, day) for day in ("2026-10-08", "2026-10-15", "2026-10-22", "2026-10-29")]
    # The month ends on Sunday 1 November; that an answer may wait until Monday gives no day for asking.
    assert deadline("2026-10-01", *chain, asked("2026-11-01", "2026-11-03")).suspended_days == 2
    assert deadline("2026-10-01", *chain, asked("2026-11-02", "2026-11-03")).suspended_days == 0


def test_suspended_days_come_before_the_roll_and_the_roll_comes_once() -> None:
    result = deadline("2027-01-28", asked("2027-01-29", "2027-01-31"))
    assert result.statutory_due == date(2027, 3, 2)  # not 1 March, rolled, and two days more
    assert result.policy_due == date(2027, 3, 1)


def test_the_repeated_hour_of_autumn_is_in_its_true_order() -> None:
    first_pass = datetime(2026, 10, 25, 2, 30, tzinfo=OSLO)
    second_pass = datetime(2026, 10, 25, 2, 10, tzinfo=OSLO, fold=1)
    result = compute_deadline(first_pass, calendar=NORWAY, suspensions=[(second_pass, None)])
    assert result.paused
    with pytest.raises(ClockInputError, match="before the receipt"):
        compute_deadline(second_pass, calendar=NORWAY, suspensions=[(first_pass, None)])


# Paused


def test_an_open_question_leaves_an_alarm_and_no_due_date() -> None:
    result = deadline("2026-09-01", asked("2026-09-02", None))
    assert result.paused
    assert result.binding == "alarm"
    assert (result.suspended_days, result.statutory_due, result.policy_due) == (None, None, None)
    assert result.effective_due == result.unsuspended_due == date(2026, 10, 1)


def test_an_open_question_that_came_too_late_does_not_pause() -> None:
    result = deadline("2026-09-01", asked("2026-09-14", None))
    assert (result.paused, result.suspended_days, result.binding) == (False, 0, "both")


def test_a_question_within_an_open_one_cannot_unpause() -> None:
    open_one = asked("2026-09-02", None)
    assert deadline("2026-09-01", open_one, asked("2026-09-03", "2026-09-04")).paused
    assert deadline("2026-09-01", open_one, asked("2026-11-20", "2026-11-21")).paused


def test_the_hard_alarm_while_paused_is_the_earlier_of_law_and_promise() -> None:
    assert deadline("2027-02-01", asked("2027-02-02", None)).effective_due == date(2027, 3, 1)
    assert deadline("2026-10-01", asked("2026-10-02", None)).effective_due == date(2026, 10, 31)


def test_a_late_extension_leaves_the_alarm_where_it_is() -> None:
    result = deadline("2026-09-01", asked("2026-09-02", None), extended="2026-10-02")
    assert result.extension_valid is False
    assert result.effective_due == date(2026, 10, 1)


def test_a_valid_extension_moves_the_alarm_and_rolls_it() -> None:
    result = deadline("2026-10-01", asked("2026-10-02", None), extended="2026-10-20")
    assert result.effective_due == date(2027, 1, 4)
    assert (result.binding, result.paused, result.policy_breach) == ("alarm", True, False)
    assert result.unsuspended_due == date(2026, 10, 31)


# Extension


@pytest.mark.parametrize(
    "notice, valid, breach",
    [
        ("2026-10-31T23:59", True, False),
        ("2026-11-01T00:00", True, True),
        ("2026-11-02T23:59", True, True),
        ("2026-11-03T00:00", False, False),
    ],
)
def test_a_notice_is_valid_until_the_rolled_month_ends(notice: str, valid: bool, breach: bool) -> None:
    result = deadline("2026-10-01", extended=notice)
    assert (result.extension_valid, result.policy_breach) == (valid, breach)
    assert result.binding == ("extension" if valid else "policy")
    assert result.effective_due == (date(2027, 1, 4) if valid else date(2026, 10, 31))


def test_no_notice_is_neither_valid_nor_invalid() -> None:
    assert deadline("2026-10-01").extension_valid is None


def test_no_suspension_makes_the_month_for_the_notice_longer() -> None:
    result = deadline("2026-09-01", asked("2026-09-02", "2026-09-12"), extended="2026-10-02")
    assert result.extension_valid is False
    assert result.effective_due == date(2026, 10, 11)


def test_suspended_days_move_the_promise_for_the_notice() -> None:
    question = asked("2026-10-02", "2026-10-04")
    assert deadline("2026-10-01", question, extended="2026-11-02").policy_breach is False


def test_suspended_days_are_added_to_an_extension_before_its_roll() -> None:
    result = deadline("2026-10-01", asked("2026-10-02", "2026-10-03"), extended="2026-10-20")
    assert result.statutory_due == result.effective_due == date(2027, 1, 4)  # 1 January and a day


@pytest.mark.parametrize(
    "received, due",
    [
        ("2026-11-29", date(2027, 3, 1)),  # both readings: 28 February, a Sunday
        ("2027-01-31", date(2027, 4, 28)),  # 30 April or (28 February and two months)
        ("2027-12-31", date(2028, 3, 31)),
    ],
)
def test_the_earlier_reading_of_two_further_months_is_taken(received: str, due: date) -> None:
    notice = (at(received) + timedelta(days=3)).date().isoformat()
    assert deadline(received, extended=notice).effective_due == due


# Input


def test_the_promise_is_configuration() -> None:
    received_at = at("2026-09-01")
    assert compute_deadline(received_at, calendar=NORWAY, policy_days=14).policy_due == date(2026, 9, 15)
    generous = compute_deadline(received_at, calendar=NORWAY, policy_days=60)
    assert (generous.effective_due, generous.binding) == (date(2026, 10, 1), "statute")


def test_the_holidays_of_the_country_decide() -> None:
    received_at = at("2028-04-17")
    germany = compute_deadline(received_at, calendar=for_country("DE"), policy_days=60)
    norway = compute_deadline(received_at, calendar=NORWAY, policy_days=60)
    assert (germany.statutory_due, norway.statutory_due) == (date(2028, 5, 17), date(2028, 5, 18))


NAIVE = datetime(2026, 9, 2, 12)  # noqa: DTZ001
WRONG: list[tuple[str, datetime, list[Suspension], datetime | None]] = [
    ("naive_time", NAIVE, [], None),
    ("naive_time", at("2026-09-01"), [(NAIVE, None)], None),
    ("naive_time", at("2026-09-01"), [(at("2026-09-02"), NAIVE)], None),
    ("naive_time", at("2026-09-01"), [], NAIVE),
    ("suspension_asked_before_receipt", at("2026-09-01"), [asked("2026-09-01T11:59", None)], None),
    ("suspension_ends_before_it_begins", at("2026-09-01"), [asked("2026-09-03", "2026-09-02")], None),
    ("notice_before_receipt", at("2026-09-01"), [], at("2026-08-31")),
    ("year_out_of_range", datetime.max.replace(tzinfo=UTC), [], None),
    ("year_out_of_range", datetime.min.replace(tzinfo=timezone(timedelta(hours=14))), [], None),
    ("year_out_of_range", at("2026-09-01"), [(at("2026-09-02"), at("9999-12-31"))], None),
    ("year_out_of_range", at("2026-09-01"), [], at("9999-12-31")),
]


@pytest.mark.parametrize("code, received_at, suspensions, notice_at", WRONG)
def test_input_that_cannot_be_is_refused_with_a_reason(
    code: str, received_at: datetime, suspensions: list[Suspension], notice_at: datetime | None
) -> None:
    with pytest.raises(ValueError, match=r"\w \w") as caught:
        of((received_at, suspensions, notice_at))
    assert isinstance(caught.value, ClockInputError)
    assert caught.value.reason.code == code


@pytest.mark.parametrize("policy_days", [0, -30, 3651, 10**12])
def test_a_promise_without_sense_is_refused(policy_days: int) -> None:
    with pytest.raises(ClockInputError, match="the promise must be from 1 to 3650 days"):
        compute_deadline(at("2026-09-01"), calendar=NORWAY, policy_days=policy_days)


def test_the_furthest_input_is_still_reckoned() -> None:
    first, last = datetime(1900, 1, 2, tzinfo=UTC), datetime(9000, 12, 31, tzinfo=UTC)
    wide = compute_deadline(first, calendar=NORWAY, policy_days=3650, suspensions=[(first, last)])
    assert wide.suspended_days == (last - first).days
    assert of((last, [], last)).extension_valid is True


# The steps

SCENES: list[tuple[set[StepCode], tuple[Step, ...]]] = [
    (
        {StepCode.RECEIVED, StepCode.MONTH_END, StepCode.PROMISE, StepCode.HARD_ALARM, StepCode.BINDS_BOTH}
        | {StepCode.ACT_BY, StepCode.END_INSTANT},
        explain(at("2026-09-01"), calendar=NORWAY),
    ),
    (
        {StepCode.MONTH_END_CLAMPED, StepCode.MONTH_ROLLED, StepCode.EXTENSION_VALID}
        | {StepCode.EXTENSION_END_EARLIER, StepCode.BINDS_EXTENSION},
        explain(at("2027-01-31"), calendar=NORWAY, extension_notice_at=at("2027-02-03")),
    ),
    (
        {StepCode.SUSPENSION_COUNTED, StepCode.SUSPENSION_OVERLAPS, StepCode.SUSPENSION_ASKED_LATE}
        | {StepCode.SUSPENDED_DAYS, StepCode.STATUTE_MOVED, StepCode.STATUTE_ROLLED}
        | {StepCode.PROMISE_MOVED, StepCode.BINDS_BOTH},
        explain(
            at("2027-02-10"),
            calendar=NORWAY,
            suspensions=[
                asked("2027-02-11", "2027-02-13"),
                asked("2027-02-12", "2027-02-14"),
                asked("2027-03-01", None),
            ],
        ),
    ),
    (
        {StepCode.SUSPENSION_OPEN, StepCode.PAUSED, StepCode.EXTENSION_END, StepCode.BINDS_ALARM},
        explain(
            at("2026-09-01"),
            calendar=NORWAY,
            suspensions=[asked("2026-09-02", None)],
            extension_notice_at=at("2026-09-20"),
        ),
    ),
    (
        {StepCode.SUSPENSION_ASKED_AFTER_MONTH, StepCode.EXTENSION_LATE, StepCode.BINDS_STATUTE},
        explain(
            at("2027-02-01"),
            calendar=NORWAY,
            suspensions=[
                *(asked(f"2027-02-{day}", f"2027-02-{day}") for day in ("08", "15", "22")),
                *(asked("2027-02-28", "2027-02-28"), asked("2027-03-02", None)),
            ],
            extension_notice_at=at("2027-03-02"),
        ),
    ),
    (
        {StepCode.POLICY_BREACH},
        explain(at("2026-10-01"), calendar=NORWAY, extension_notice_at=at("2026-11-02")),
    ),
    ({StepCode.BINDS_POLICY}, explain(at("2026-10-01"), calendar=NORWAY)),
]


@pytest.mark.parametrize("codes, steps", SCENES)
def test_a_scene_is_told_in_its_steps(codes: set[StepCode], steps: tuple[Step, ...]) -> None:
    assert codes <= {step.code for step in steps}


def test_every_step_occurs_in_some_scene() -> None:
    assert set().union(*(codes for codes, _ in SCENES)) == set(StepCode)


def test_a_late_question_is_told_with_the_day_that_would_have_counted() -> None:
    steps = explain(at("2026-09-01"), calendar=NORWAY, suspensions=[asked("2026-09-14", None)])
    told = [step.params for step in steps if step.code is StepCode.SUSPENSION_ASKED_LATE]
    assert told == [{"asked": date(2026, 9, 14), "latest": date(2026, 9, 8), "limit": 7}]


def test_a_question_inside_an_open_one_is_told_as_adding_nothing() -> None:
    questions = [asked("2026-09-02", None), asked("2026-09-20", "2026-09-22")]
    steps = explain(at("2026-09-01"), calendar=NORWAY, suspensions=questions)
    told = [step for step in steps if step.code.startswith("suspension_")]
    assert [step.code for step in told] == [StepCode.SUSPENSION_OPEN, StepCode.SUSPENSION_OVERLAPS]
    assert told[1].params["days"] == 0


@pytest.mark.parametrize(
    "received, middle, binds",
    [
        ("2026-09-01", [], StepCode.BINDS_BOTH),
        ("2026-10-01", [StepCode.MONTH_ROLLED], StepCode.BINDS_POLICY),
    ],
)
def test_without_question_or_extension_no_date_is_said_twice(
    received: str, middle: list[StepCode], binds: StepCode
) -> None:
    assert [step.code for step in explain(at(received), calendar=NORWAY)] == [
        *(StepCode.RECEIVED, StepCode.MONTH_END, *middle),
        *(StepCode.PROMISE, StepCode.HARD_ALARM),
        *(binds, StepCode.ACT_BY, StepCode.END_INSTANT),
    ]


# The house


def test_the_clock_can_be_imported_without_django() -> None:
    program = "import sys, requests_app.domain.clock; print('django' in sys.modules)"
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
