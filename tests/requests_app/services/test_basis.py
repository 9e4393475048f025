"""After a withdrawal of consent somebody says whether another basis remains, and deletion follows where none does."""

import pytest
from django.utils import timezone

from requests_app import audit
from requests_app.domain.enums import Action, BasisAnswer, RequirementKind, Right, Stage
from requests_app.domain.errors import ActionRefused
from requests_app.domain.outcomes import AT_ONCE
from requests_app.domain.snapshot import SYSTEM
from requests_app.models import AuditEntry, DataSubjectRequest, Message
from requests_app.services import at_once, basis, closure, lifecycle
from requests_app.services.requirements import put
from tests import factories

pytestmark = pytest.mark.django_db

WORDS = "Avtalen om service løper til 2028, og trenger navn og telefon."


def confirmed(right: Right = Right.CONSENT_WITHDRAWAL) -> DataSubjectRequest:
    """A request of which the person was told; the systems have answered, and nothing else is owed."""
    dsr = lifecycle.advance(factories.dsr(right).pk, Action.START, SYSTEM)
    put(dsr, RequirementKind.SYSTEMS, met=True)
    for _ in range(2):
        at_once.confirm(dsr.pk)
    letter = Message.objects.get(dsr=dsr)
    Message.objects.filter(pk=letter.pk).update(state="sent", sent_at=timezone.now())
    closure.close_answered(letter.pk)
    dsr.refresh_from_db()
    return dsr


@pytest.mark.parametrize("right", sorted(AT_ONCE))
def test_a_withdrawal_waits_for_it_an_objection_to_marketing_does_not(right: Right) -> None:
    dsr = confirmed(right)
    asked = right is Right.CONSENT_WITHDRAWAL
    assert (dsr.stage, basis.is_open(dsr)) == (Stage.RELEASED if asked else Stage.CLOSED, asked)


@pytest.mark.parametrize("given", [BasisAnswer.REMAINS, BasisAnswer.NOTHING])
def test_with_words_it_is_recorded_and_the_request_closes(given: BasisAnswer) -> None:
    dsr, hanne = confirmed(), factories.staff()
    with pytest.raises(ActionRefused) as refused:
        basis.answer(dsr.pk, given, "  ", actor=hanne.as_actor(), user=hanne)
    assert refused.value.reason.code == "basis_words_missing"
    dsr = basis.answer(dsr.pk, given, WORDS, actor=hanne.as_actor(), user=hanne)
    assert (dsr.stage, dsr.case.notes.get().text) == (Stage.CLOSED, WORDS)
    entry = AuditEntry.objects.get(action="basis.answered")
    assert (entry.actor, entry.details["basis"]) == (f"user:{hanne.pk}", given)
    assert WORDS not in str(list(AuditEntry.objects.values()))
    assert audit.verify()[1] is None


def test_without_another_basis_a_deletion_is_opened_in_the_same_case() -> None:
    dsr, hanne = confirmed(), factories.staff()
    dsr = basis.answer(dsr.pk, BasisAnswer.DELETE, "", actor=hanne.as_actor(), user=hanne)
    opened = dsr.case.dsrs.get(right=Right.ERASURE.value)
    dsr.case.refresh_from_db()
    assert (dsr.stage, opened.stage, dsr.case.closed_at) == (Stage.CLOSED, Stage.TRIAGED, None)
    assert opened.effective_due is not None
    assert opened.received_at > dsr.received_at
    with pytest.raises(ActionRefused) as refused:
        basis.answer(dsr.pk, BasisAnswer.DELETE, "", actor=hanne.as_actor(), user=hanne)
    assert refused.value.reason.code == "basis_answered"


def test_a_deletion_that_is_asked_for_already_is_not_opened_twice() -> None:
    case, hanne = factories.case(Right.CONSENT_WITHDRAWAL, Right.ERASURE), factories.staff()
    dsr = lifecycle.advance(case.dsrs.get(right=Right.CONSENT_WITHDRAWAL.value).pk, Action.START, SYSTEM)
    at_once.confirm(dsr.pk)
    basis.answer(dsr.pk, BasisAnswer.DELETE, "", actor=hanne.as_actor(), user=hanne)
    assert case.dsrs.count() == 2


def test_what_was_answered_is_not_asked_again_by_reopening() -> None:
    dsr, hanne = confirmed(), factories.staff()
    basis.answer(dsr.pk, BasisAnswer.REMAINS, WORDS, actor=hanne.as_actor(), user=hanne)
    lifecycle.advance(dsr.pk, Action.REOPEN, hanne.as_actor(), note="Nettstedet sendte igjen.")
    at_once.confirm(dsr.pk)
    assert not basis.is_open(dsr)
