"""What is owed on a request on which day, by our own goals on the way to the deadline."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from requests_app.domain.calendars import for_country
from requests_app.domain.clock import compute_deadline
from requests_app.domain.enums import Right, Stage
from requests_app.domain.milestones import Audience, Facts, Milestone, MilestoneKind, next_look
from requests_app.domain.milestones import owed as all_owed

NORWAY = for_country("NO")
RECEIVED = datetime(2026, 9, 1, 8, tzinfo=UTC)  # a Tuesday; due on Thursday 1 October

UNTOUCHED = Facts(
    right=Right.ACCESS,
    stage=Stage.RECEIVED,
    deadline=compute_deadline(RECEIVED, calendar=NORWAY),
    assigned=True,
    acknowledged=False,
    identity_asked_on=None,
    question_owed=True,
    silent=True,
    stopped=False,
    reasons_given=False,
    answered=False,
)
BUSY = replace(UNTOUCHED, stage=Stage.IN_PROGRESS, acknowledged=True, question_owed=False)
AT_ONCE = replace(UNTOUCHED, right=Right.CONSENT_WITHDRAWAL, question_owed=False)


def at(day: int, month: int = 9) -> datetime:
    """Ten o'clock in Oslo on a day of 2026."""
    return datetime(2026, month, day, 8, tzinfo=UTC)


def owed(facts: Facts, today: date) -> Milestone | None:
    """What is owed on a day to whoever has the case."""
    return next(iter(all_owed(facts, calendar=NORWAY, today=today)), None)


def course(facts: Facts, *, days: int = 40, received: datetime = RECEIVED) -> dict[str, str]:
    """Day by day what is news, if nothing is done: {day: kind}."""
    begin, told = received.date(), {}
    for number in range(days):
        today = begin + timedelta(days=number)
        one = owed(facts, today)
        if one and one.day == today:
            told[f"{today:%d %b}"] = one.kind.value
    return told


def asked(begin: datetime, end: datetime | None) -> Facts:
    """A busy request whose clock was stopped."""
    return replace(BUSY, deadline=compute_deadline(RECEIVED, calendar=NORWAY, suspensions=[(begin, end)]))


def test_nothing_is_done_and_each_goal_has_its_day() -> None:
    assert course(UNTOUCHED, days=33) == {
        "02 Sep": "acknowledge",
        "03 Sep": "ask",  # and to be sorted
        "15 Sep": "search",  # ten working days; the middle of the time is the day after
        "16 Sep": "half",
        "22 Sep": "draft",
        "23 Sep": "three_quarters",
        "24 Sep": "extend",
        "25 Sep": "due_5",  # the fifth day before is a Saturday
        "29 Sep": "due_2",
        "01 Oct": "act_by",
        "02 Oct": "overdue",
        "03 Oct": "overdue",
    }


def test_review_has_a_day_of_its_own_where_the_last_day_is_a_monday() -> None:
    facts = replace(BUSY, deadline=compute_deadline(at(5), calendar=NORWAY), stage=Stage.IN_REVIEW)  # due 5 October
    assert course(facts, days=31, received=at(5)) == {
        "18 Sep": "half",
        "25 Sep": "three_quarters",
        "30 Sep": "due_5",
        "01 Oct": "review",
        "02 Oct": "due_2",
        "05 Oct": "act_by",
    }


@pytest.mark.parametrize(
    "done,day,left",
    [
        ({"question_owed": False}, 3, "triage"),
        ({"question_owed": False, "stage": Stage.TRIAGED}, 3, "acknowledge"),
        ({"question_owed": False, "stage": Stage.TRIAGED, "acknowledged": True}, 3, None),
        ({"silent": False}, 15, "ask"),
        ({"stage": Stage.DECISION_DRAFT}, 22, "half"),
        ({"stage": Stage.IN_REVIEW}, 24, "three_quarters"),
        ({"reasons_given": True}, 24, "three_quarters"),
        ({"answered": True, "stage": Stage.RELEASED}, 30, None),
        ({"stage": Stage.RELEASED}, 30, "due_2"),  # it was approved and has not left
    ],
)
def test_what_has_been_done_is_not_reminded_of(done: dict[str, object], day: int, left: str | None) -> None:
    one = owed(replace(UNTOUCHED, **done), date(2026, 9, day))  # type: ignore[arg-type]
    assert (one.kind.value if one else None) == left


def test_while_the_clock_stands_only_the_hard_alarm_is_left() -> None:
    facts = asked(at(2), None)
    assert course(facts, days=31) == {"24 Sep": "extend", "01 Oct": "alarm"}
    assert owed(facts, date(2026, 10, 2)).kind is MilestoneKind.OVERDUE  # type: ignore[union-attr]
    told = replace(facts, reasons_given=True)
    assert owed(told, date(2026, 10, 2)) is None
    assert next_look(told, calendar=NORWAY, today=date(2026, 10, 2)) is None


def test_who_waits_for_a_proof_hears_when_to_call_and_when_it_can_be_closed() -> None:
    facts = replace(asked(at(2), None), identity_asked_on=date(2026, 9, 2), reasons_given=True)
    assert course(facts, days=60) == {"02 Oct": "unverified"}
    erasure = replace(facts, right=Right.ERASURE)
    assert course(erasure, days=60) == {"07 Sep": "call", "02 Oct": "unverified"}
    friday = replace(erasure, identity_asked_on=date(2026, 9, 4))  # five days later is Wednesday, thirty a Sunday
    assert course(friday, days=60) == {"09 Sep": "call", "05 Oct": "unverified"}
    assert course(replace(erasure, stage=Stage.DECISION_DRAFT), days=60) == {}


def test_the_days_that_stood_still_move_everything_but_the_hard_alarm() -> None:
    assert course(asked(at(2), at(12)), days=43) == {
        "24 Sep": "extend",
        "25 Sep": "half",  # the Friday before
        "01 Oct": "alarm",
        "02 Oct": "three_quarters",
        "06 Oct": "due_5",
        "07 Oct": "review",
        "09 Oct": "act_by",  # the eleventh is a Sunday
        "12 Oct": "overdue",
        "13 Oct": "overdue",
    }


def test_a_longer_time_has_no_alarm_and_its_own_middle() -> None:
    deadline = compute_deadline(RECEIVED, calendar=NORWAY, extension_notice_at=at(20))  # until 1 December
    facts = replace(BUSY, deadline=deadline, stage=Stage.DECISION_DRAFT, reasons_given=True)
    assert course(facts, days=92) == {
        "16 Oct": "half",
        "06 Nov": "three_quarters",
        "26 Nov": "due_5",
        "27 Nov": "due_2",  # two days before is a Sunday
        "01 Dec": "act_by",
    }


def test_people_are_at_work_before_christmas_eve_and_new_years_eve() -> None:
    deadline = compute_deadline(at(24, 11), calendar=NORWAY)
    assert deadline.act_by == date(2026, 12, 24)
    found = owed(replace(BUSY, deadline=deadline), date(2026, 12, 23))
    assert found is not None
    assert (found.kind, found.day, found.due) == (MilestoneKind.ACT_BY, date(2026, 12, 23), date(2026, 12, 24))


def test_what_takes_effect_at_once_has_goals_of_its_own_and_no_percentages() -> None:
    assert course(AT_ONCE, days=5) == {"02 Sep": "stop", "03 Sep": "overdue", "04 Sep": "overdue", "05 Sep": "overdue"}
    stopped = replace(AT_ONCE, stopped=True, stage=Stage.IN_PROGRESS)
    assert course(stopped, days=6) == {
        "02 Sep": "confirm",
        "04 Sep": "processors",
        "05 Sep": "overdue",
        "06 Sep": "overdue",
    }
    told = replace(stopped, silent=False)  # but not the person, who cannot be told by mail
    assert course(told, days=33) == {"02 Sep": "confirm", "02 Oct": "overdue", "03 Oct": "overdue"}
    assert course(replace(told, answered=True), days=40) == {}


def test_received_on_a_friday_it_is_stopped_by_monday() -> None:
    facts = replace(AT_ONCE, deadline=compute_deadline(at(4), calendar=NORWAY))
    assert owed(facts, date(2026, 9, 6)) is None
    assert owed(facts, date(2026, 9, 7)).kind is MilestoneKind.STOP  # type: ignore[union-attr]


def test_processors_that_were_not_told_are_overdue_also_once_the_person_was() -> None:
    facts = replace(AT_ONCE, stopped=True, answered=True, stage=Stage.RELEASED)
    found = owed(facts, date(2026, 9, 9))
    assert found is not None
    assert (found.kind, found.due) == (MilestoneKind.OVERDUE, date(2026, 9, 4))


def test_who_hears_of_it_and_how_soon() -> None:
    heard = {}
    for day in (2, 15, 24, 29):
        one = owed(UNTOUCHED, date(2026, 9, day))
        assert one is not None
        heard[one.kind.value] = (sorted(one.audience), one.instant)
    late = owed(replace(UNTOUCHED, assigned=False), date(2026, 10, 20))
    assert late is not None
    assert heard == {
        "acknowledge": ([Audience.ASSIGNEE], False),
        "search": ([Audience.ASSIGNEE], False),
        "extend": ([Audience.ASSIGNEE, Audience.DECISION_MAKER], False),
        "due_2": ([Audience.ASSIGNEE], True),
    }
    assert late.audience == {Audience.TEAM, Audience.DECISION_MAKER, Audience.DPO}
    assert late.instant


def to_whom(facts: Facts, today: date) -> dict[str, list[str]]:
    """Everything that is owed on a day: {kind: who hears of it}."""
    return {one.kind.value: sorted(one.audience) for one in all_owed(facts, calendar=NORWAY, today=today)}


def test_who_decides_hears_that_an_answer_waits_on_the_day_on_which_the_assignee_hears_of_less_time() -> None:
    facts = replace(BUSY, stage=Stage.IN_REVIEW)
    assert to_whom(facts, date(2026, 9, 28)) == {"due_5": ["assignee"]}
    assert to_whom(facts, date(2026, 9, 29)) == {"due_2": ["assignee"], "review": ["decision_maker"]}
    assert to_whom(replace(facts, stage=Stage.RELEASED), date(2026, 9, 29)) == {"due_2": ["assignee"]}


def test_who_decides_on_an_extension_hears_of_it_also_where_newer_days_of_the_assignee_have_come_meanwhile() -> None:
    assert to_whom(BUSY, date(2026, 9, 28)) == {"due_5": ["assignee"], "extend": ["decision_maker"]}
    assert to_whom(replace(BUSY, reasons_given=True), date(2026, 9, 28)) == {"due_5": ["assignee"]}


def test_what_is_overdue_is_the_only_truth() -> None:
    assert to_whom(BUSY, date(2026, 10, 2)) == {"overdue": ["assignee", "decision_maker", "dpo"]}


@pytest.mark.parametrize("facts", [UNTOUCHED, BUSY, AT_ONCE, asked(at(2), None), asked(at(2), at(12))])
def test_whoever_looks_only_on_the_days_named_misses_nothing(facts: Facts) -> None:
    today, seen = RECEIVED.date(), []
    while today < date(2026, 11, 1):
        if (one := owed(facts, today)) and one.day == today:
            seen.append(f"{today:%d %b}")
        found = next_look(facts, calendar=NORWAY, today=today)
        assert found is not None
        assert found > today
        today = found
    assert seen == list(course(facts, days=61))


def test_a_promise_of_a_day_has_its_goals_on_days_that_have_come() -> None:
    facts = replace(BUSY, deadline=compute_deadline(RECEIVED, calendar=NORWAY, policy_days=1))
    assert course(facts, days=3) == {"01 Sep": "due_2", "02 Sep": "act_by", "03 Sep": "overdue"}
