"""How often people were asked who they are, counted by hand."""

from datetime import UTC, datetime

import pytest
from time_machine import travel

from identity import statistics
from identity.models import Verification
from requests_app import statistics as requests
from requests_app.domain import periods
from requests_app.domain.enums import Outcome, Stage
from requests_app.models import Case
from tests import factories

pytestmark = pytest.mark.django_db

RECEIVED = datetime(2026, 5, 4, 8, tzinfo=UTC)


def case_with(*states: str) -> Case:
    """A case of May in which these questions were asked."""
    with travel(RECEIVED, tick=False):
        case = factories.case(received_at=RECEIVED)
    for number, state in enumerate(states):
        Verification.objects.create(
            case=case, method="email_link", level="L1", doubt_reason="mismatch", state=state,
            asked_by=factories.staff(), asked_at=RECEIVED, expires_at=RECEIVED, token_digest=f"{case.pk}-{number}",
        )  # fmt: skip
    return case


def test_the_cases_in_which_somebody_was_asked_and_what_became_of_it() -> None:
    """20 cases: 8 never asked, 6 confirmed (one at the second try), 6 that never answered, of which 5 were closed."""
    for number in range(20):
        if number < 8:
            case_with()
        elif number < 14:
            case_with(*(["expired"] if number == 8 else []), "confirmed")
        else:
            case = case_with("expired")
            if number > 14:
                factories.force(
                    case.dsrs.get(), Stage.CLOSED, outcome=Outcome.CLOSED_UNVERIFIED.value, closed_at=RECEIVED
                )
    with travel(datetime(2026, 7, 1, tzinfo=UTC), tick=False):
        found = statistics.figures(requests.span(periods.quarter("2026-Q2")))
        before = statistics.figures(requests.span(periods.quarter("2026-Q1")))
    assert found.asked.cells == {"asked": 12, "not_asked": 8}
    assert found.asked_share == 60.0
    # The one that still waits would be told by the others: the smallest of them is hidden with it.
    assert found.results.total == 12
    assert found.results.cells == {"confirmed": 6, "waiting": None, "withdrawn": 0, "closed_unverified": None}
    assert (before.asked.total, before.asked_share) == (0, None)


def test_a_question_about_another_address_is_none_about_identity() -> None:
    case, *_others = [case_with("confirmed"), *(case_with() for _ in range(4))]
    Verification.objects.filter(case=case).update(purpose="new_address", replaces="gammel@example.com")
    with travel(datetime(2026, 7, 1, tzinfo=UTC), tick=False):
        found = statistics.figures(requests.span(periods.year("2026")))
    assert found.asked.cells == {"asked": 0, "not_asked": 5}
    assert found.results.total == 0


def test_the_few_who_were_not_asked_cannot_be_reckoned_from_those_who_were() -> None:
    for number in range(9):
        case_with(*(["confirmed"] if number < 7 else []))
    with travel(datetime(2026, 7, 1, tzinfo=UTC), tick=False):
        found = statistics.figures(requests.span(periods.year("2026")))
    assert found.asked.total == 9
    assert found.results.total is None
