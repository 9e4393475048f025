"""Shown otherwise than by the link: the clock goes on, the link is dead, the answer may go where it was asked from."""

import pytest

from identity import selectors
from identity.domain.enums import DoubtReason, Level, LinkState, Method, VerificationState
from identity.services import delivery, proof, verify
from requests_app.domain.enums import RequirementKind, Right
from requests_app.domain.errors import ActionRefused
from requests_app.models import AuditEntry, OutboxEvent, Suspension
from tests import factories
from tests.identity import scenes

pytestmark = pytest.mark.django_db


def test_it_answers_the_question_that_waits() -> None:
    row = scenes.doubted(Right.ACCESS)
    token, handler = scenes.link_token(row), factories.staff()
    found = proof.shown(row.case_id, Method.SHOWN_DOCUMENT, Level.L4, actor=handler.as_actor())
    assert (found.state, found.doubt_reason, found.level) == ("confirmed", row.doubt_reason, "L4")
    assert Suspension.objects.get(dsr__case=row.case).answered_at == found.concluded_at
    assert verify.look_up(token) is LinkState.DEAD
    assert verify.confirm(token) is LinkState.DEAD
    row.refresh_from_db()
    assert row.state == VerificationState.EXPIRED
    assurance = selectors.assurance(row.case)
    assert (assurance.level, assurance.method) == (Level.L4, Method.SHOWN_DOCUMENT)
    assert delivery.address_for(row.case) == "kari.holm@example.com"
    assert row.case.dsrs.get().requirements.get(kind=RequirementKind.IDENTITY.value).state == "met"
    entry = AuditEntry.objects.get(action="identity.confirmed")
    assert entry.details == {"verification": found.pk, "level": "L4", "method": "shown_document"}
    assert OutboxEvent.objects.filter(name="IdentityConfirmed").count() == 1


def test_without_a_question_the_doubt_is_named() -> None:
    case, actor = factories.case(Right.ACCESS), factories.staff().as_actor()
    with pytest.raises(ActionRefused, match="identity_nothing_asked"):
        proof.shown(case.pk, Method.CALL_BACK, Level.L2, actor=actor)
    row = proof.shown(case.pk, Method.CALL_BACK, Level.L2, actor=actor, doubt=DoubtReason.FRAUD_SIGN)
    assert row.doubt_reason == "fraud_sign"


def test_without_an_address_in_the_request_none_is_made_up() -> None:
    case, actor = factories.case(Right.ACCESS, email=""), factories.staff().as_actor()
    proof.shown(case.pk, Method.VIDEO_CALL, Level.L4, actor=actor, doubt=DoubtReason.MISMATCH)
    assert delivery.address_for(case) is None
