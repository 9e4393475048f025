"""A deletion waits until the person was asked where a message does not show who writes, and only there."""

import pytest

from exports.models import ErasurePlan
from exports.services import erasure, erasure_freeze
from identity.domain.enums import ContactChannel, DoubtReason
from identity.models import Verification
from identity.services import contact_points, verify
from requests_app.domain.enums import Role
from requests_app.domain.errors import ActionRefused
from requests_app.models import Case, Inquiry
from requests_app.models.inquiry import SENDER_UNPROVEN
from tests import factories
from tests.exports.erasures import again, fresh, proposed, submitted
from tests.exports.house import House
from tests.identity import scenes

pytestmark = pytest.mark.django_db

BY_HAND = ("dynamics",)


def why(plan: ErasurePlan) -> str:
    reason = erasure_freeze.why(fresh(plan.dsr))
    return reason.code if reason else ""


def fails_authentication(plan: ErasurePlan) -> None:
    Inquiry.objects.filter(case=plan.dsr.case).update(problems=[SENDER_UNPROVEN])


def ask(plan: ErasurePlan) -> Verification:
    case = plan.dsr.case
    point = contact_points.record(case, ContactChannel.EMAIL, scenes.ON_FILE, "dynamics", None)
    return verify.ask(case.pk, DoubtReason.FRAUD_SIGN, point.pk, actor=factories.staff().as_actor())


def test_whoever_writes_from_the_address_on_file_is_asked_nothing(house: House) -> None:
    assert why(proposed()) == ""


def test_a_mail_that_fails_authentication_deletes_nothing_until_the_person_confirms(house: House) -> None:
    plan = submitted(factories.staff())
    fails_authentication(plan)
    assert why(plan) == "erasure_waits_sender"
    with pytest.raises(ActionRefused, check=lambda error: error.reason.code == "erasure_waits_sender"):
        erasure.approve(plan.dsr_id, actor=factories.staff(Role.APPROVER).as_actor())
    question = ask(plan)
    assert why(plan) == "erasure_waits_identity"
    verify.confirm(scenes.link_token(question))
    assert why(plan) == ""
    erasure.approve(plan.dsr_id, actor=factories.staff(Role.APPROVER).as_actor())
    assert again(plan).approved_at


def test_a_mail_that_somebody_else_attached_deletes_nothing_until_the_person_confirms(house: House) -> None:
    plan = proposed()
    Inquiry.objects.filter(case=plan.dsr.case).update(
        sender_address="per.strand@example.net", forwarded_address=plan.dsr.case.person_email
    )
    assert why(plan) == "erasure_waits_attached"
    verify.confirm(scenes.link_token(ask(plan)))
    assert why(plan) == ""


def test_a_later_mail_that_fails_says_nothing_of_the_demand(house: House) -> None:
    plan = proposed()
    later = factories.inquiry(problems=[SENDER_UNPROVEN])
    Inquiry.objects.filter(pk=later.pk).update(case=plan.dsr.case)
    assert why(plan) == ""


def test_the_staff_can_take_the_question_back_when_they_know_better(house: House) -> None:
    plan = proposed()
    fails_authentication(plan)
    ask(plan)
    verify.withdraw(plan.dsr.case_id, actor=factories.staff().as_actor())
    assert why(plan) == ""


def test_an_address_that_no_system_holds_is_not_enough(house: House) -> None:
    plan = proposed(email="someone@example.com", by_hand=BY_HAND)
    assert why(plan) == "erasure_waits_address"
    contact_points.record(
        plan.dsr.case, ContactChannel.EMAIL, "someone@example.com", "dynamics", None,
        reason="Står på kundekortet", actor=factories.staff().as_actor(),
    )  # fmt: skip
    assert why(plan) == ""


def test_who_has_no_address_is_met_in_another_way(house: House) -> None:
    plan = proposed(email="someone@example.com", by_hand=BY_HAND)
    Case.objects.filter(pk=plan.dsr.case_id).update(person_email="")
    assert why(plan) == ""
