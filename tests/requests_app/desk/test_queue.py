"""The queue: the most urgent first, in views, narrowed, page by page."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from requests_app.domain.enums import Action, Channel, Right, Role, Stage, SuspensionKind
from requests_app.domain.snapshot import SYSTEM
from requests_app.models import Case, Message
from requests_app.services import clock, lifecycle, notes
from tests import factories
from tests.desk_client import DeskClient, desk_client

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)  # a Friday
REFERENCE = re.compile(r"/desk/cases/(DR-[0-9-]+)/")


def shown(page: str) -> list[str]:
    """The references of a page of the queue, from top to bottom."""
    return REFERENCE.findall(page)


def due_in(days: int) -> Case:
    """A case that falls due so many days from today (by the promise of 30 days)."""
    case = factories.case(received_at=timezone.now() - timedelta(days=30 - days))
    assert case.due_on == timezone.localdate() + timedelta(days=days)
    return case


@pytest.fixture(autouse=True)
def _friday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def test_the_most_urgent_comes_first() -> None:
    later, first, middle = due_in(20), due_in(-2), due_in(3)
    page = desk_client().read("/desk/")
    assert shown(page) == [first.reference, middle.reference, later.reference]
    assert "2 days overdue" in page
    assert "3 days left" in page


def test_each_view_holds_what_it_says() -> None:
    browser = desk_client(Role.HANDLER)
    mine, overdue, this_week, far, waiting, review = (due_in(days) for days in (10, -1, 7, 8, 25, 26))
    notes.assign(mine.pk, browser.user.pk, actor=SYSTEM)
    asked = waiting.dsrs.get()
    clock.suspend(asked, SuspensionKind.IDENTITY, "mismatch", SYSTEM)
    _force(review, "in_review")
    closed = due_in(5)
    factories.close(closed)

    def in_view(view: str) -> set[str]:
        return set(shown(browser.read(f"/desk/?view={view}")))

    everything = {case.reference for case in (mine, overdue, this_week, far, waiting, review)}
    assert in_view("mine") == {mine.reference}
    assert in_view("unassigned") == everything - {mine.reference}
    assert in_view("overdue") == {overdue.reference}
    assert in_view("due") == {this_week.reference}
    assert in_view("identity") == {waiting.reference}
    assert in_view("approve") == {review.reference}
    assert in_view("open") == everything
    assert in_view("closed") == {closed.reference}


def test_the_views_are_counted_and_an_unknown_one_is_all_open() -> None:
    due_in(1)
    page = desk_client().read("/desk/?view=nonsense")
    assert "<title>All open" in page
    counts = dict(re.findall(r"<span>([A-Za-z ]+)</span><span class=\"count\">([0-9+]+)</span>", page))
    assert counts["All open"] == counts["Unassigned"] == counts["Due within a week"] == "1"
    assert counts["Overdue"] == "0"


def test_what_a_case_waits_for_is_shown_instead_of_its_stage() -> None:
    case = due_in(20)
    lifecycle.advance(case.dsrs.get().pk, Action.START, SYSTEM)
    browser = desk_client()
    assert "In progress" in _row(browser, case)
    clock.suspend(case.dsrs.get(), SuspensionKind.IDENTITY, "mismatch", SYSTEM)
    waiting = _row(browser, case)
    assert "Waiting for identity" in waiting
    assert "In progress" not in waiting


def test_the_clock_is_paused_only_while_the_law_lets_it() -> None:
    in_time, too_late = due_in(28), due_in(10)  # asking in the third week is later than a week after receipt
    for case in (in_time, too_late):
        clock.suspend(case.dsrs.get(), SuspensionKind.IDENTITY, "mismatch", SYSTEM)
    browser = desk_client()
    assert "Paused" in _row(browser, in_time)
    assert "Paused" not in _row(browser, too_late)
    assert "10 days left" in _row(browser, too_late)


def test_an_alarm_that_has_passed_is_not_hidden_behind_a_pause() -> None:
    case = due_in(28)
    clock.suspend(case.dsrs.get(), SuspensionKind.IDENTITY, "mismatch", SYSTEM)
    with time_machine.travel(NOW + timedelta(days=40), tick=False):
        row = _row(desk_client(), case)
    assert "overdue" in row
    assert "Paused" not in row


def test_the_least_advanced_request_speaks_for_the_case() -> None:
    case = factories.case(Right.ACCESS, Right.ERASURE)
    lifecycle.advance(case.dsrs.get(right="access").pk, Action.START, SYSTEM)
    row = _row(desk_client(), case)
    assert "Sorted" in row
    assert "Access, Erasure" in row


def test_a_message_that_failed_is_seen_from_the_queue() -> None:
    case = due_in(9)
    Message.objects.filter(case=case).update(state="failed")
    assert "Message not sent" in _row(desk_client(), case)


def test_filters_stand_in_the_address_and_add_up() -> None:
    browser = desk_client()
    erasure = factories.case(Right.ERASURE, channel=Channel.MAIL)
    both = factories.case(Right.ACCESS, Right.ERASURE)
    notes.assign(both.pk, browser.user.pk, actor=SYSTEM)
    factories.case(Right.ACCESS)
    assert set(shown(browser.read("/desk/?right=erasure"))) == {erasure.reference, both.reference}
    assert shown(browser.read("/desk/?right=erasure&channel=mail")) == [erasure.reference]
    assert shown(browser.read("/desk/?right=erasure&assignee=none")) == [erasure.reference]
    assert shown(browser.read(f"/desk/?assignee={browser.user.pk}")) == [both.reference]
    assert shown(browser.read("/desk/?stage=in_progress")) == []
    assert 'name="view" value="mine"' in browser.read("/desk/?view=mine&right=erasure")


def test_a_filter_that_does_not_exist_is_named_and_left_out() -> None:
    case = due_in(4)
    page = desk_client().read("/desk/?right=cake&assignee=99999999999999999999&stage=%00")
    assert page.count("This is not one of the choices.") == 3
    assert shown(page) == [case.reference]


def test_pages_follow_each_other_without_gap_or_repetition() -> None:
    for day in range(30):
        due_in(day % 7)
    expected = list(Case.objects.order_by("due_on", "id").values_list("reference", flat=True))
    browser = desk_client()
    first = browser.read("/desk/?view=open&channel=form")
    assert shown(first) == expected[:25]
    assert 'rel="prev"' not in first
    second = browser.read(f"/desk/{_link(first, 'next')}")
    assert shown(second) == expected[25:]
    assert 'rel="next"' not in second
    assert shown(browser.read(f"/desk/{_link(second, 'prev')}")) == expected[:25]


def test_a_page_stays_where_it_is_when_cases_before_it_go() -> None:
    cases = [due_in(day) for day in range(30)]
    browser = desk_client()
    following = _link(browser.read("/desk/"), "next")
    for case in cases[:10]:
        factories.close(case)
    assert shown(browser.read(f"/desk/{following}")) == [case.reference for case in cases[25:]]


def test_closed_cases_come_latest_first_and_page_too() -> None:
    for number in range(27):
        with time_machine.travel(NOW + timedelta(hours=number), tick=False):
            factories.close(factories.case(received_at=NOW))
    expected = list(Case.objects.order_by("-closed_at", "-id").values_list("reference", flat=True))
    browser = desk_client()
    first = browser.read("/desk/?view=closed")
    assert shown(first) == expected[:25]
    assert shown(browser.read(f"/desk/{_link(first, 'next')}")) == expected[25:]


@pytest.mark.parametrize("mark", ["~", "x~1", "2026-01-01~x", "2026-13-01~1", "~1", "2026-01-01~" + "9" * 30, "%00~1"])
def test_a_broken_mark_in_the_address_shows_the_first_page(mark: str) -> None:
    case = due_in(2)
    assert shown(desk_client().read(f"/desk/?after={mark}")) == [case.reference]
    assert shown(desk_client().read(f"/desk/?view=closed&before={mark}")) == []


def test_the_number_of_queries_does_not_grow_with_the_page() -> None:
    browser = desk_client()
    factories.case(Right.ACCESS)
    few = _queries(browser)
    for number in range(25):
        case = factories.case(Right.ACCESS, Right.ERASURE)
        notes.assign(case.pk, browser.user.pk, actor=SYSTEM)
        if number % 3 == 0:
            clock.suspend(case.dsrs.all()[0], SuspensionKind.IDENTITY, "mismatch", SYSTEM)
    assert _queries(browser) == few
    assert few <= 29


def _queries(browser: DeskClient) -> int:
    with CaptureQueriesContext(connection) as queries:
        browser.read("/desk/")
    return len(queries)


def _link(page: str, rel: str) -> str:
    found = re.search(rf'rel="{rel}" href="([^"]+)"', page)
    assert found
    return found.group(1).replace("&amp;", "&")


def _row(browser: DeskClient, case: Case) -> str:
    page = browser.read("/desk/")
    return next(row for row in page.split("<tr data-row>")[1:] if case.reference in row).partition("</tr>")[0]


def _force(case: Case, stage: str) -> None:
    """Put the requests of a case where only a whole story would bring them."""
    for dsr in case.dsrs.all():
        factories.force(dsr, Stage(stage))


def test_days_are_those_of_the_installation() -> None:
    """At 23.30 UTC it is already tomorrow in Oslo."""
    with time_machine.travel(datetime(2026, 11, 20, 23, 30, tzinfo=UTC), tick=False):
        case = factories.case(received_at=datetime(2026, 10, 22, 9, tzinfo=UTC))
        assert case.due_on == date(2026, 11, 21)
        assert "Due today" in _row(desk_client(), case)
