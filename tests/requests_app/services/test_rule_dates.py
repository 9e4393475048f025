"""After an upgrade that reckons otherwise, the stored dates of open requests follow, and their history says why."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from time_machine import travel

from requests_app.domain import calendars
from requests_app.domain.enums import Right, Stage
from requests_app.models import AuditEntry, Case, DataSubjectRequest, DeadlineHistory
from requests_app.services import clock, rule_dates
from tests import factories
from tests.desk_client import desk_client

pytestmark = pytest.mark.django_db

RECEIVED = datetime(2026, 2, 2, 8, tzinfo=UTC)  # a month later is Monday 2 March, the promise 4 March


@pytest.fixture
def case() -> Case:
    """A request that came in before the upgrade."""
    with travel(RECEIVED, tick=False):
        return factories.case(received_at=RECEIVED)


@pytest.fixture
def a_new_holiday(case: Case, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """From the upgrade on the 2 March is free."""
    norway = calendars.COUNTRIES["NO"]
    rules = (*norway.rules, calendars.FixedDay(3, 2))
    monkeypatch.setitem(calendars.COUNTRIES, "NO", replace(norway, version="NO/2", rules=rules))
    calendars.holidays.cache_clear()
    yield
    calendars.holidays.cache_clear()


def stored(case: Case) -> tuple[date | None, date | None]:
    """The due date of the request and of its case, as lists are sorted by them."""
    case.refresh_from_db()
    return case.dsrs.get().effective_due, case.due_on


def test_another_table_of_holidays_moves_open_requests_once(case: Case, a_new_holiday: None) -> None:
    assert stored(case) == (date(2026, 3, 2), date(2026, 3, 2))
    assert (rule_dates.sweep(), rule_dates.sweep()) == (1, 0)
    assert stored(case) == (date(2026, 3, 3), date(2026, 3, 3))
    last = DeadlineHistory.objects.filter(dsr__case=case).last()
    assert last is not None
    assert (last.cause, last.holiday_version, last.deadline["effective_due"]) == ("rule", "NO/2", "2026-03-03")
    entry = AuditEntry.objects.get(action="clock.rule_changed")
    assert (entry.details["was"], entry.details["until"]) == ("2026-03-02", "2026-03-03")
    page = desk_client().read(f"/desk/cases/{case.reference}/")
    assert "The rule or the table of holidays changed: due 3 March 2026" in page
    assert "Rule 1, holidays NO/2" in page


def test_another_rule_is_written_beside_the_dates_also_where_they_stay(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("requests_app.domain.clock.RULE_VERSION", "2")
    assert rule_dates.sweep() == 1
    assert list(DeadlineHistory.objects.values_list("rule_version", flat=True)) == ["1", "2"]


def test_what_is_closed_keeps_the_dates_by_which_it_was_answered(case: Case, a_new_holiday: None) -> None:
    factories.close(case)
    assert rule_dates.sweep() == 0
    assert case.dsrs.get().effective_due == date(2026, 3, 2)


def test_of_a_case_only_the_open_requests_are_reckoned(monkeypatch: pytest.MonkeyPatch) -> None:
    case = factories.case(Right.ACCESS, Right.ERASURE)
    closed = case.dsrs.get(right=Right.ERASURE)
    factories.force(closed, Stage.CLOSED, outcome="fulfilled", closed_at=RECEIVED)
    monkeypatch.setattr("requests_app.domain.clock.RULE_VERSION", "2")
    rule_dates.sweep()
    reckoned = DataSubjectRequest.objects.filter(deadline_history__cause="rule")
    assert [dsr.right for dsr in reckoned] == [Right.ACCESS]


def test_killed_half_way_the_rest_is_done_by_the_next_sweep(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = factories.case(), factories.case()
    monkeypatch.setattr("requests_app.domain.clock.RULE_VERSION", "2")
    real, seen = clock.recompute, []

    def dies_at_the_second(dsr: DataSubjectRequest, cause: str) -> object:
        seen.append(dsr.case_id)
        if len(seen) == 2:
            raise KeyboardInterrupt
        return real(dsr, cause)

    with monkeypatch.context() as patch:
        patch.setattr(clock, "recompute", dies_at_the_second)
        with pytest.raises(KeyboardInterrupt):
            rule_dates.sweep()
    assert seen == [first.pk, second.pk]
    assert rule_dates.sweep() == 1
    assert set(DeadlineHistory.objects.filter(cause="rule").values_list("dsr__case", flat=True)) == set(seen)


def test_before_the_set_up_there_is_nothing_to_reckon() -> None:
    assert rule_dates.sweep() == 0
