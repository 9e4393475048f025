"""A block for the time being ends with the request that was not meant, and stays with the one that was."""

from datetime import timedelta

import pytest
from django.utils import timezone

from config.wiring import OUTBOX_HANDLERS
from requests_app import audit
from requests_app.domain.enums import Outcome, Requester, Right, Role, Stage, SuppressionState
from requests_app.domain.snapshot import PERSON
from requests_app.models import AuditEntry, Case, DataSubjectRequest, Decision, Suppression
from requests_app.services import intake, provisional, suppression_lift, suppression_list, triage
from tests import factories

from .post import arrived, letter

pytestmark = pytest.mark.django_db

KARI = "kari.holm@example.com"
NOT_MEANT = [Outcome.NOT_A_REQUEST, Outcome.WITHDRAWN_BY_REQUESTER]
MEANT = [Outcome.FULFILLED, Outcome.PARTLY_FULFILLED, Outcome.REFUSED, Outcome.NO_DATA, Outcome.DUPLICATE]


@pytest.fixture(autouse=True)
def _organisation() -> None:
    factories.organisation()


def asked(*rights: Right, email: str = KARI) -> Case:
    """A case by the form."""
    who = intake.Person(email=email, requester=Requester.SELF)
    return intake.open_case(factories.inquiry(), rights or [Right.ERASURE], who, language="nb", scope="")


def ends(case: Case, outcome: Outcome, right: Right = Right.ERASURE) -> DataSubjectRequest:
    """A second person has released this outcome of a request; the effect runs, twice."""
    dsr = case.dsrs.get(right=right.value)
    signed = {"outcome": outcome.value, "prepared_by": factories.staff(), "released_by": factories.staff(Role.APPROVER)}
    Decision.objects.update_or_create(dsr=dsr, defaults=signed)
    DataSubjectRequest.objects.filter(pk=dsr.pk).update(stage=Stage.RELEASED.value, outcome=outcome.value)
    for _ in range(2):
        provisional.lift_unmeant(dsr.pk)
    return dsr


@pytest.mark.parametrize("right", [Right.ERASURE, Right.OBJECTION])
@pytest.mark.parametrize("outcome", NOT_MEANT)
def test_what_was_no_request_or_is_taken_back_blocks_nobody(right: Right, outcome: Outcome) -> None:
    case = asked(right)
    dsr = ends(case, outcome, right)
    row = Suppression.objects.get()
    assert (row.state, row.lifted_by_id) == (SuppressionState.LIFTED, dsr.decision.released_by_id)
    assert AuditEntry.objects.get(action="marketing.lifted").actor == f"user:{dsr.decision.released_by_id}"
    assert "requests_app.services.provisional.lift_unmeant" in OUTBOX_HANDLERS["RequestReleased"]
    assert audit.verify()[1] is None


@pytest.mark.parametrize("outcome", MEANT)
def test_what_was_meant_blocks_whatever_becomes_of_it(outcome: Outcome) -> None:
    ends(asked(), outcome)
    assert Suppression.objects.get().state == SuppressionState.PROVISIONAL


@pytest.mark.parametrize("other", [Right.CONSENT_WITHDRAWAL, Right.OBJECTION])
def test_what_the_same_case_asks_for_besides_keeps_the_block(other: Right) -> None:
    ends(asked(Right.ERASURE, other), Outcome.NOT_A_REQUEST)
    assert suppression_list.is_blocked(KARI)


def test_when_both_are_taken_back_it_goes() -> None:
    case = asked(Right.ERASURE, Right.OBJECTION)
    ends(case, Outcome.WITHDRAWN_BY_REQUESTER)
    assert suppression_list.is_blocked(KARI)
    ends(case, Outcome.NOT_A_REQUEST, Right.OBJECTION)
    assert not suppression_list.is_blocked(KARI)


@pytest.mark.parametrize("first", [True, False])
def test_a_confirmed_block_of_another_case_for_the_same_address_stays(first: bool) -> None:
    if first:
        asked(Right.MARKETING_OBJECTION)
    case = asked()
    if not first:
        asked(Right.MARKETING_OBJECTION)
    ends(case, Outcome.NOT_A_REQUEST)
    assert Suppression.objects.get().state == SuppressionState.STANDING


def test_another_deletion_of_the_same_person_keeps_it_in_its_own_name() -> None:
    first, second = asked(), asked()
    ends(first, Outcome.NOT_A_REQUEST)
    row = Suppression.objects.get()
    assert (row.state, row.case) == (SuppressionState.PROVISIONAL, second)
    ends(second, Outcome.WITHDRAWN_BY_REQUESTER)
    assert not suppression_list.is_blocked(KARI)


def test_a_duplicate_leaves_the_block_to_the_request_it_repeats() -> None:
    first, second = asked(), asked()
    ends(first, Outcome.DUPLICATE)
    ends(second, Outcome.WITHDRAWN_BY_REQUESTER)
    assert not suppression_list.is_blocked(KARI)


def test_a_message_that_nobody_has_sorted_keeps_its_own_block() -> None:
    case = asked(email="annen@example.com")
    inquiry = arrived(letter("Slutt å sende meg reklame, takk. Hilsen Kari Holm", subject="Reklame"))
    triage.attach(inquiry.pk, case.pk, actor=factories.staff().as_actor(), confirmed=True)
    ends(case, Outcome.NOT_A_REQUEST)
    assert suppression_list.are_blocked(["annen@example.com", KARI]) == [False, True]


def reopen(case: Case) -> None:
    """The request is worked on again; the effect runs, twice."""
    dsr = case.dsrs.get()
    DataSubjectRequest.objects.filter(pk=dsr.pk).update(stage=Stage.IN_PROGRESS.value, outcome="")
    for _ in range(2):
        provisional.block_again(dsr.pk)


def test_what_is_reopened_blocks_again() -> None:
    case = asked()
    ends(case, Outcome.NOT_A_REQUEST)
    reopen(case)
    assert Suppression.objects.in_force().get().state == SuppressionState.PROVISIONAL
    assert "requests_app.services.provisional.block_again" in OUTBOX_HANDLERS["RequestReopened"]


def test_what_the_person_took_back_by_the_link_is_not_blocked_again_by_reopening() -> None:
    case = asked()
    suppression_lift.undo(case, timezone.now() + timedelta(minutes=1), actor=PERSON)
    reopen(case)
    assert not suppression_list.is_blocked(KARI)


@pytest.mark.parametrize("right", [Right.ACCESS, Right.COMPLAINT])
def test_other_rights_lift_nothing(right: Right) -> None:
    asked()
    ends(asked(right), Outcome.NOT_A_REQUEST, right)
    assert suppression_list.is_blocked(KARI)
