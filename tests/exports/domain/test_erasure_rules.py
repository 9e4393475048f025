"""What becomes of each kind of data: the end of a duty, the proposal, what a line lacks, who decides over a row."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exports.domain import erasure_rules as rules
from exports.domain.enums import Measure, TaskAction
from exports.domain.erasure_grounds import KEEPING_GROUNDS
from exports.domain.erasure_order import ACTIONS, measures_that_change, next_systems
from exports.domain.erasure_rules import Decision, Gap
from exports.domain.register import CountedFrom, RetentionDuty, same
from requests_app.domain.grounds import ARTICLES, Ground

TODAY = date(2026, 11, 26)
LATER = date(2030, 1, 1)
DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))


def duty(
    months: int = 60, counted: CountedFrom = CountedFrom.FINANCIAL_YEAR_END, year_ends_in: int = 12
) -> RetentionDuty:
    return RetentionDuty("duty", same("Duty"), Ground.LEGAL_OBLIGATION, months, counted, same("Why"), year_ends_in)


@pytest.mark.parametrize(
    "newest,months,year_ends_in,end",
    [
        (date(2026, 1, 1), 60, 12, date(2031, 12, 31)),
        (date(2026, 12, 31), 60, 12, date(2031, 12, 31)),
        (date(2025, 12, 31), 60, 12, date(2030, 12, 31)),
        (date(2026, 3, 2), 42, 12, date(2030, 6, 30)),  # three and a half years for secondary material
        (date(2026, 3, 2), 120, 12, date(2036, 12, 31)),
        (date(2026, 6, 30), 60, 6, date(2031, 6, 30)),  # a financial year that ends in summer
        (date(2026, 7, 1), 60, 6, date(2032, 6, 30)),
        (date(2022, 2, 1), 24, 2, date(2024, 2, 29)),  # the last day of the month, whatever its number
    ],
)
def test_books_are_kept_so_long_after_the_end_of_the_financial_year(
    newest: date, months: int, year_ends_in: int, end: date
) -> None:
    assert rules.end_of_duty(duty(months, year_ends_in=year_ends_in), newest, TODAY) == end


def test_other_duties_count_from_the_newest_row_or_from_the_deletion() -> None:
    newest = date(2024, 8, 31)
    assert rules.end_of_duty(duty(18, CountedFrom.NEWEST), newest, TODAY) == date(2026, 2, 28)
    assert rules.end_of_duty(duty(36, CountedFrom.DELETION), newest, TODAY) == date(2029, 11, 26)


@given(DAYS, st.integers(1, 240), st.integers(1, 12))
def test_the_end_of_a_financial_year_is_the_last_of_its_month_and_never_too_early(
    newest: date, months: int, year_ends_in: int
) -> None:
    end = rules.end_of_duty(duty(months, year_ends_in=year_ends_in), newest, TODAY)
    assert (end + timedelta(days=1)).day == 1
    assert (end.year - newest.year) * 12 + end.month - newest.month >= months
    assert (end.year - newest.year) * 12 + end.month - newest.month < months + 12


@given(DAYS, DAYS, st.sampled_from(CountedFrom))
def test_a_newer_row_never_ends_a_duty_earlier(one: date, other: date, counted: CountedFrom) -> None:
    earlier, later = sorted((one, other))
    rule = duty(counted=counted)
    assert rules.end_of_duty(rule, earlier, TODAY) <= rules.end_of_duty(rule, later, TODAY)


def test_without_the_day_of_a_row_a_duty_counts_from_today() -> None:
    for counted in CountedFrom:
        rule = duty(counted=counted)
        assert rules.end_of_duty(rule, None, TODAY) == rules.end_of_duty(rule, TODAY, TODAY)


def proposal(erasable: bool = True, rule: RetentionDuty | None = None, newest: date | None = None) -> Decision:
    return rules.proposal(erasable=erasable, duty=rule, newest=newest, today=TODAY)


def test_data_goes_unless_a_duty_still_runs() -> None:
    assert proposal() == Decision(Measure.DELETE)
    assert proposal(rule=duty(), newest=date(2019, 5, 5)) == Decision(Measure.DELETE)
    kept = proposal(rule=duty(), newest=date(2021, 5, 5))
    assert kept == Decision(Measure.KEEP, "legal_obligation", date(2026, 12, 31))
    assert rules.gap(kept, computed_end=kept.kept_until, today=TODAY) is None


def test_what_knows_no_right_to_deletion_stays_and_somebody_has_to_say_until_when() -> None:
    kept = proposal(erasable=False)
    assert kept.measure is Measure.KEEP
    assert rules.gap(kept, computed_end=None, today=TODAY) is Gap.END


@pytest.mark.parametrize(
    "decision,computed,lacks",
    [
        (Decision(Measure.DELETE), None, None),
        (Decision(Measure.KEEP, "", LATER, "tvist"), None, Gap.GROUND),
        (Decision(Measure.KEEP, "excessive", LATER, "tvist"), None, Gap.GROUND),  # speaks of the whole request
        (Decision(Measure.KEEP, "legal_claims", None, "tvist"), None, Gap.END),
        (Decision(Measure.KEEP, "legal_claims", TODAY - timedelta(days=1), "tvist"), None, Gap.PAST_END),
        (Decision(Measure.KEEP, "legal_claims", LATER, " "), None, Gap.JUSTIFICATION),
        (Decision(Measure.KEEP, "legal_claims", LATER), LATER, None),
        (Decision(Measure.KEEP, "legal_claims", LATER), TODAY, Gap.JUSTIFICATION),
        (Decision(Measure.KEEP, "legal_claims", LATER, "tvist om ordre"), None, None),
        (Decision(Measure.KEEP, "legal_claims", TODAY, "tvist om ordre"), None, None),
        (Decision(Measure.ANONYMISE, reason="\n"), None, Gap.METHOD),
        (Decision(Measure.ANONYMISE, reason="navn og adresse fjernes"), None, None),
        (Decision(Measure.RESTRICT), None, Gap.REASON),
        (Decision(Measure.RESTRICT, reason="krav under behandling"), None, None),
    ],
)
def test_what_a_line_lacks(decision: Decision, computed: date | None, lacks: Gap | None) -> None:
    assert rules.gap(decision, computed_end=computed, today=TODAY) is lacks


def test_only_article_17_keeps_single_items() -> None:
    assert Ground.LEGAL_OBLIGATION in KEEPING_GROUNDS
    assert Ground.EXCESSIVE not in KEEPING_GROUNDS
    assert all(ARTICLES[ground].startswith("17(") for ground in KEEPING_GROUNDS)


USES = st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=4, unique=True)
PLANS = st.dictionaries(st.sampled_from(["a", "b", "c", "d"]), st.sampled_from(Measure), max_size=4)


@given(st.lists(USES, max_size=20), PLANS)
def test_each_row_counts_once_and_only_if_all_its_uses_are_in_the_plan(
    rows: list[list[str]], plan: dict[str, Measure]
) -> None:
    counted = rules.count(rows, plan)
    assert sum(counted.values()) == sum(bool(uses) and set(uses) <= set(plan) for uses in rows)


@given(USES, PLANS)
def test_no_use_of_a_row_is_stricter_than_the_one_that_decides(uses: list[str], plan: dict[str, Measure]) -> None:
    decides = rules.deciding(uses, plan)
    if decides is None:
        return
    order = rules.STRICTEST_FIRST.index
    assert all(order(plan[decides]) <= order(plan[use]) for use in uses)


def test_a_use_that_decides_over_nothing_knows_what_decides_instead() -> None:
    rows = [("orders", "books"), ("orders", "news"), ("news",)]
    plan = {"orders": Measure.DELETE, "books": Measure.KEEP, "news": Measure.RESTRICT}
    assert rules.count(rows, plan)["orders"] == 0
    assert rules.counted_with("orders", rows, plan) == {"books", "news"}
    without_books = {"orders": Measure.DELETE, "news": Measure.RESTRICT}
    assert rules.counted_with("orders", rows, without_books) == {"books", "news"}
    assert rules.counted_with("visits", rows, plan) == set()


def test_every_measure_but_keeping_makes_a_task() -> None:
    assert set(ACTIONS) == set(Measure) - {Measure.KEEP}
    assert measures_that_change([Measure.RESTRICT, Measure.KEEP, Measure.DELETE, Measure.DELETE]) == (
        Measure.DELETE,
        Measure.RESTRICT,
    )
    assert ACTIONS[Measure.DELETE] is TaskAction.ERASE


def test_systems_that_hold_addresses_come_last() -> None:
    assert next_systems(["website", "shop", "ads"], {"website"}) == ["shop", "ads"]
    assert next_systems(["website"], {"website"}) == ["website"]
    assert next_systems([], {"website"}) == []
