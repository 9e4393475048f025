"""What changes data waits until the person was asked where a message does not show who writes, and only there."""

from datetime import timedelta

import pytest

from exports.domain.enums import TaskState
from exports.models import ErasurePlan, SystemTask
from exports.services import collect, correction_run, decide, erasure, erasure_freeze, tasks
from identity.domain.assurance import Sender
from identity.domain.enums import ContactChannel, DoubtReason, Level
from identity.models import ContactPoint, Verification
from identity.services import assurance, contact_points, delivery, new_address, verify
from requests_app import outbox
from requests_app.domain.enums import Channel, Outcome, Requester, RequirementKind, Role
from requests_app.domain.errors import ActionRefused
from requests_app.models import Case, DataSubjectRequest, Decision, Inquiry
from requests_app.models.inquiry import SENDER_UNCHECKED, SENDER_UNPROVEN
from requests_app.reasons import SENTENCES
from tests import factories
from tests.desk_client import desk_client
from tests.exports import rectifying
from tests.exports.erasures import again, fresh, proposed, searched, submitted
from tests.exports.house import House
from tests.exports.ledger import Ledger
from tests.identity import scenes

pytestmark = pytest.mark.django_db

BY_HAND = ("dynamics",)


def why(plan: ErasurePlan) -> str:
    reason = erasure_freeze.why(fresh(plan.dsr))
    return reason.code if reason else ""


def fails_authentication(plan: ErasurePlan) -> None:
    Inquiry.objects.filter(case=plan.dsr.case).update(problems=[SENDER_UNPROVEN])


def came(dsr: DataSubjectRequest, **changes: object) -> None:
    """Let the message that a request came with be another than an honest form."""
    Inquiry.objects.filter(case=dsr.case).update(**changes)


def mailed(dsr: DataSubjectRequest, **changes: object) -> None:
    """Let it be a mail of the person, which our server found to come from their domain."""
    came(dsr, **({"channel": Channel.MAIL.value, "sender_address": dsr.case.person_email} | changes))


def was_asked_before(dsr: DataSubjectRequest) -> None:
    """What was asked so far was asked for an earlier request on the case."""
    Verification.objects.filter(case=dsr.case).update(asked_at=dsr.received_at - timedelta(days=1))


def ask(dsr: DataSubjectRequest) -> Verification:
    case = dsr.case
    point = contact_points.record(case, ContactChannel.EMAIL, scenes.ON_FILE, "dynamics", None)
    return verify.ask(case.pk, DoubtReason.MISMATCH, point.pk, actor=factories.staff().as_actor())


def test_whoever_writes_from_the_address_on_file_is_asked_nothing(house: House) -> None:
    plan = proposed()
    assert why(plan) == ""
    mailed(plan.dsr, sender_address=plan.dsr.case.person_email.upper())
    assert why(plan) == ""


@pytest.mark.parametrize(
    "changes, code",
    [
        ({"problems": [SENDER_UNCHECKED]}, "asker_unchecked"),
        ({"problems": [SENDER_UNPROVEN]}, "asker_unproven"),
        ({"forwarded": True, "sender_address": "randi@optimar.no"}, "asker_inside"),
        ({"sender_address": "per.strand@example.net"}, "asker_other"),
        ({"channel": Channel.API.value, "sender_address": "per.strand@example.net"}, "asker_other"),
        ({"channel": Channel.PHONE.value}, "asker_unseen"),
        ({"channel": Channel.LETTER.value}, "asker_unseen"),
        ({"channel": Channel.IN_PERSON.value}, ""),
        ({"channel": Channel.FORM.value}, ""),
        ({"channel": Channel.API.value}, ""),
    ],
)
def test_what_does_not_show_who_asks_deletes_nothing(house: House, changes: dict[str, object], code: str) -> None:
    plan = proposed()
    mailed(plan.dsr, **changes)
    assert why(plan) == code
    if code:
        verify.confirm(scenes.link_token(ask(plan.dsr)))
    assert why(plan) == ""


def test_who_represents_somebody_writes_from_the_address_of_the_case(house: House) -> None:
    plan = proposed()
    Case.objects.filter(pk=plan.dsr.case_id).update(requester=Requester.REPRESENTATIVE.value)
    mailed(plan.dsr)
    assert why(plan) == "mandate_missing"
    factories.mandate(plan.dsr.case)
    assert why(plan) == ""


def test_a_confirmation_that_is_older_than_the_demand_does_not_settle_it(house: House) -> None:
    plan = proposed()
    verify.confirm(scenes.link_token(ask(plan.dsr)))
    mailed(plan.dsr, problems=[SENDER_UNCHECKED])
    assert why(plan) == ""
    was_asked_before(plan.dsr)
    assert why(plan) == "asker_unchecked"
    verify.confirm(scenes.link_token(ask(fresh(plan.dsr))))
    assert why(plan) == ""


def test_an_older_confirmation_makes_no_unknown_address_known(house: House) -> None:
    plan = proposed(email="someone@example.com", by_hand=BY_HAND)
    verify.confirm(scenes.link_token(ask(plan.dsr)))
    assert why(plan) == ""
    was_asked_before(plan.dsr)
    assert why(plan) == "asker_address"


def test_a_stranger_of_whom_nothing_was_found_is_told_so_without_being_asked(house: House) -> None:
    dsr = searched(email="nobody@example.com")
    mailed(dsr, problems=[SENDER_UNCHECKED])
    delivery.review(dsr.case)
    identity = dsr.requirements.filter(kind=RequirementKind.IDENTITY)
    assert identity.get().reason == "identity_needs_mailbox"
    actor = factories.staff().as_actor()
    decide.begin(dsr.pk, actor=actor)
    decide.choose(dsr.pk, Outcome.NO_DATA, "", actor=actor)
    assert not identity.exists()


def test_a_confirmed_mailbox_does_not_settle_a_sign_of_fraud(house: House) -> None:
    plan = proposed()
    row = verify.ask(plan.dsr.case_id, DoubtReason.FRAUD_SIGN, _point(plan.dsr), actor=factories.staff().as_actor())
    assert why(plan) == "asker_asked"
    verify.confirm(scenes.link_token(row))
    assert why(plan) == "identity_needs_second_proof"
    scenes.shown(plan.dsr.case, Level.L2)
    delivery.review(plan.dsr.case)
    assert why(plan) == ""


def _point(dsr: DataSubjectRequest) -> int:
    return contact_points.record(dsr.case, ContactChannel.EMAIL, dsr.case.person_email, "dynamics", None).pk


def test_nothing_is_corrected_until_it_is_settled_who_asks(ledger: Ledger) -> None:
    actor = factories.staff().as_actor()
    dsr = rectifying.searched()
    mailed(dsr, problems=[SENDER_UNCHECKED])
    rectifying.corrected(dsr, actor)  # what is right can be written down meanwhile
    assert rectifying.refused(lambda: correction_run.carry_out(dsr.pk, actor=actor)) == "asker_unchecked"
    page = desk_client().read(f"/desk/corrections/{dsr.pk}/")
    assert "Ask the person, at the address on file" in page
    question = ask(fresh(dsr))
    assert rectifying.refused(lambda: correction_run.carry_out(dsr.pk, actor=actor)) == "asker_asked"
    verify.confirm(scenes.link_token(question))
    assert rectifying.carried_out(fresh(dsr), actor).state == TaskState.DONE


def test_an_order_that_is_under_way_waits_when_doubt_comes_later(ledger: Ledger) -> None:
    actor = factories.staff().as_actor()
    dsr = rectifying.searched()
    rectifying.corrected(dsr, actor)
    correction_run.carry_out(dsr.pk, actor=actor)
    mailed(dsr, problems=[SENDER_UNCHECKED])
    task = rectifying.task_of(dsr, "website")
    with pytest.raises(outbox.Later, match="asker_unchecked"):
        collect.run_task(task.pk)
    SystemTask.objects.filter(pk=task.pk).update(state=TaskState.FAILED.value, fault="wrong_type")
    assert rectifying.refused(lambda: tasks.retry(task.pk, actor=actor)) == "asker_unchecked"
    assert ledger.rows["users", "7"]["name"] == "Kari Hölm"
    verify.confirm(scenes.link_token(ask(fresh(dsr))))
    tasks.retry(task.pk, actor=actor)
    collect.run_task(task.pk)
    assert ledger.rows["users", "7"]["name"] == "Kari Holm"


def test_a_mail_that_fails_authentication_deletes_nothing_until_the_person_confirms(house: House) -> None:
    plan = submitted(factories.staff())
    fails_authentication(plan)
    assert why(plan) == "asker_unproven"
    with pytest.raises(ActionRefused, check=lambda error: error.reason.code == "asker_unproven"):
        erasure.approve(plan.dsr_id, actor=factories.staff(Role.APPROVER).as_actor())
    question = ask(plan.dsr)
    assert why(plan) == "asker_asked"
    verify.confirm(scenes.link_token(question))
    assert why(plan) == ""
    erasure.approve(plan.dsr_id, actor=factories.staff(Role.APPROVER).as_actor())
    assert again(plan).approved_at


def test_a_mail_that_somebody_else_attached_deletes_nothing_until_the_person_confirms(house: House) -> None:
    plan = proposed()
    Inquiry.objects.filter(case=plan.dsr.case).update(
        sender_address="per.strand@example.net", forwarded_address=plan.dsr.case.person_email
    )
    assert why(plan) == "asker_inside"
    verify.confirm(scenes.link_token(ask(plan.dsr)))
    assert why(plan) == ""


def test_a_later_mail_that_fails_says_nothing_of_the_demand(house: House) -> None:
    plan = proposed()
    later = factories.inquiry(problems=[SENDER_UNPROVEN])
    Inquiry.objects.filter(pk=later.pk).update(case=plan.dsr.case)
    assert why(plan) == ""


def test_the_staff_can_take_the_question_back_when_they_know_better(house: House) -> None:
    plan = proposed()
    fails_authentication(plan)
    ask(plan.dsr)
    verify.withdraw(plan.dsr.case_id, actor=factories.staff().as_actor())
    assert why(plan) == ""


def test_an_address_that_no_system_holds_is_not_enough(house: House) -> None:
    plan = proposed(email="someone@example.com", by_hand=BY_HAND)
    assert why(plan) == "asker_address"
    contact_points.record(
        plan.dsr.case, ContactChannel.EMAIL, "someone@example.com", "dynamics", None,
        reason="Står på kundekortet", actor=factories.staff().as_actor(),
    )  # fmt: skip
    assert why(plan) == ""


def by_letter(plan: ErasurePlan) -> DataSubjectRequest:
    """Let a deletion be asked for by a letter that names a name and nothing else."""
    Case.objects.filter(pk=plan.dsr.case_id).update(person_email="", person_phone="")
    came(plan.dsr, channel=Channel.LETTER.value, sender_address="")
    return fresh(plan.dsr)


def test_who_gave_no_address_has_nothing_deleted_before_they_showed_who_they_are(house: House) -> None:
    plan = proposed(email="someone@example.com", by_hand=BY_HAND)
    dsr = by_letter(plan)
    delivery.review(dsr.case)
    identity = dsr.requirements.get(kind=RequirementKind.IDENTITY.value)
    assert (identity.state, identity.reason) == ("open", "identity_needs_other_proof")
    assert why(plan) == "asker_no_address"
    assert {"asker_no_address", "identity_needs_other_proof"} <= SENTENCES.keys()
    scenes.shown(dsr.case, Level.L4)
    delivery.review(dsr.case)
    assert dsr.requirements.get(kind=RequirementKind.IDENTITY.value).state == "met"
    assert why(plan) == ""


def test_a_refusal_by_letter_waits_for_nobody_to_show_who_they_are(house: House) -> None:
    dsr = by_letter(proposed(email="someone@example.com", by_hand=BY_HAND))
    Decision.objects.update_or_create(dsr=dsr, defaults={"outcome": Outcome.REFUSED.value})
    delivery.review(dsr.case)
    assert not dsr.requirements.filter(kind=RequirementKind.IDENTITY.value, state="open").exists()


def test_who_gave_no_address_may_be_asked_at_one_on_file(house: House) -> None:
    plan = proposed(email="someone@example.com", by_hand=BY_HAND)
    dsr = by_letter(plan)
    asked = ask(dsr)
    assert why(plan) == "asker_asked"
    verify.confirm(scenes.link_token(asked))
    assert why(plan) == ""
    assert Verification.objects.filter(case=dsr.case).count() == 1


def test_nothing_found_by_hand_goes_on_the_word_of_whoever_is_only_known_elsewhere(house: House) -> None:
    """The website holds the address; nobody said that the card which was found under the name does."""
    plan = proposed(by_hand=BY_HAND)
    assert why(plan) == ""
    ContactPoint.objects.exclude(recorded_by=None).delete()
    assert why(plan) == "asker_address"


def test_the_doubt_about_a_deletion_outlives_a_lost_address_of_another_wish(house: House) -> None:
    """Saying that an old address is lost takes back the question to it, and no doubt about who wants a deletion."""
    plan = proposed()
    fails_authentication(plan)
    case, boss = plan.dsr.case, factories.staff(Role.DECISION_MAKER).as_actor()
    contact_points.record(case, ContactChannel.EMAIL, scenes.ON_FILE, "dynamics", None)
    new_address.require(case.pk, [(scenes.ON_FILE, "ny@work.example")], actor=factories.staff().as_actor())
    link = Verification.objects.get(purpose="new_address")
    new_address.old_is_lost(link.pk, "Postkassen er stengt.", actor=boss)
    assert why(plan) == "asker_unproven"
    assert Sender.FAILED is assurance.facts(fresh(plan.dsr), address=None, unknown=False).sender
    scenes.shown(case, Level.L2)
    delivery.review(case)
    assert why(plan) == ""
