"""Reads for pages: who may have cases, counting with a limit, paging by key, what others did."""

import pytest

from requests_app import selectors
from requests_app.domain.enums import Action, Role, Verdict
from requests_app.domain.snapshot import SYSTEM
from requests_app.models import Case, Inquiry
from requests_app.permissions import Permission, may
from requests_app.selectors import BY_DUE_DATE, LATEST_RECEIVED
from requests_app.services import acknowledgements, correspondence, lifecycle, notes, triage
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _organisation() -> None:
    factories.organisation()


def test_handlers_are_the_active_people_who_see_cases() -> None:
    everybody = [factories.staff(role) for role in Role] + [factories.staff(Role.HANDLER, Role.APPROVER)]
    factories.staff(Role.HANDLER, active=False)
    assert [member.pk for member in selectors.handlers()] == [
        user.pk for user in everybody if may(user, Permission.VIEW_CASES)
    ]


def test_counting_stops_one_above_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selectors, "MOST_COUNTED", 3)
    for expected, words in ((1, "1"), (2, "2"), (3, "3"), (4, "3+"), (4, "3+")):
        factories.inquiry()
        assert selectors.counted(Inquiry.objects.all()) == expected
        assert selectors.count_in_words(selectors.count_unsorted()) == words


def test_pages_meet_exactly_also_where_dates_are_equal() -> None:
    arrived = factories.case().received_at
    for _ in range(6):
        factories.case(received_at=arrived)
    everything = list(Case.objects.order_by("due_on", "pk"))
    first = selectors.page(Case.objects.all(), BY_DUE_DATE, size=3, after=None, before=None)
    assert (list(first.rows), first.earlier, first.later) == (everything[:3], False, True)
    mark = (everything[2].due_on, everything[2].pk)
    second = selectors.page(Case.objects.all(), BY_DUE_DATE, size=3, after=mark, before=None)
    assert (list(second.rows), second.earlier, second.later) == (everything[3:6], True, True)
    back = selectors.page(
        Case.objects.all(), BY_DUE_DATE, size=2, after=None, before=(everything[3].due_on, everything[3].pk)
    )
    assert (list(back.rows), back.earlier, back.later) == (everything[1:3], True, True)
    start = selectors.page(
        Case.objects.all(), BY_DUE_DATE, size=5, after=None, before=(everything[2].due_on, everything[2].pk)
    )
    assert (list(start.rows), start.earlier) == (everything[:2], False)


def test_descending_pages_turn_round() -> None:
    for _ in range(4):
        factories.case()
    everything = list(Case.objects.order_by("-received_at", "-pk"))
    mark = (everything[1].received_at, everything[1].pk)
    later = selectors.page(Case.objects.all(), LATEST_RECEIVED, size=2, after=mark, before=None)
    earlier = selectors.page(Case.objects.all(), LATEST_RECEIVED, size=2, after=None, before=mark)
    assert (list(later.rows), list(earlier.rows)) == (everything[2:], everything[:1])


def test_the_next_unsorted_one_follows_and_then_starts_over() -> None:
    rows = [factories.inquiry() for _ in range(3)]
    assert selectors.next_unsorted() == rows[0].pk
    assert selectors.next_unsorted(after=rows[0]) == rows[1].pk
    assert selectors.next_unsorted(after=rows[2]) == rows[0].pk
    for row in rows:
        triage.sort_as_other(row.pk, Verdict.SPAM, actor=factories.staff().as_actor())
    assert selectors.next_unsorted(after=rows[0]) is None


def test_a_case_belongs_to_an_address_whatever_its_capitals() -> None:
    case = factories.case(email="Kari@Example.com")
    assert selectors.cases_of("kari@example.com") == [case]
    assert selectors.cases_of("") == []


def test_what_others_did_is_what_people_did_and_no_more_than_that() -> None:
    case, hege = factories.case(), factories.staff()
    seen = Case.objects.get(pk=case.pk).version
    lifecycle.advance(case.dsrs.get().pk, Action.START, SYSTEM)
    acknowledgements.acknowledge(case.pk)
    notes.add_note(case.pk, "a", actor=hege.as_actor(), user=hege)
    correspondence.receive(case, body="b", at=case.received_at)
    case.refresh_from_db()
    assert [entry.action for entry in selectors.changes_since(case, seen)] == ["message.received", "note.added"]
    assert [entry.action for entry in selectors.changes_since(case, seen + 1)] == ["message.received"]
    assert selectors.changes_since(case, case.version) == []
    assert selectors.changes_since(case, 10**9) == []


def test_the_history_of_a_case_is_its_own() -> None:
    case, other = factories.case(), factories.case()
    subjects = {f"case:{case.pk}", f"dsr:{case.dsrs.get().pk}"}
    assert {entry.subject for entry in selectors.history(case)} == subjects
    assert {entry.subject for entry in selectors.history(other)}.isdisjoint(subjects)
