"""The second step belongs to the question that was answered last, not to one before it."""

import pytest

from identity.domain.enums import DoubtReason
from identity.services import second_step, verify
from tests import factories
from tests.identity import knowing, scenes

pytestmark = pytest.mark.django_db


def test_an_earlier_link_answers_no_question_that_was_asked_at_another_address_since() -> None:
    link, token = knowing.linked()
    knowing.offered(link.case)
    assert second_step.link_of(token) == link
    point = scenes.on_file(link.case, "kari@home.example", "crm")
    verify.ask(link.case_id, DoubtReason.FRAUD_SIGN, point.pk, actor=factories.staff().as_actor())
    assert second_step.link_of(token) is None
    assert not second_step.wanted(link.case)
