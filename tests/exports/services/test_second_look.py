"""A complaint is answered by somebody who did not handle its matter; the data protection officer hears of it."""

from collections.abc import Callable

import pytest
from django.urls import reverse

from config import wiring
from exports.services import bundle, by_hand, decide, plan, second_look
from identity.models import User
from requests_app.domain.enums import DeliveryWay, Outcome, Right, Role, Stage
from requests_app.domain.errors import ActionRefused
from requests_app.models import AuditEntry, Case, DataSubjectRequest, Decision, Message, Note
from requests_app.services import complaints
from tests import factories
from tests.desk_client import desk_client
from tests.exports import scenes
from tests.exports.house import House

WORDS = "Vi fant at fristen ble brutt."


def refused(act: Callable[[], object]) -> str:
    """The code with which an act is refused."""
    with pytest.raises(ActionRefused) as caught:
        act()
    return caught.value.reason.code


def complained(handler: User) -> DataSubjectRequest:
    """Return the draft of a complaint about a matter that `handler` prepared the answer of."""
    scenes.trial()
    matter = factories.case(Right.ACCESS)
    factories.force(matter.dsrs.get(), Stage.RELEASED)
    Decision.objects.filter(dsr__case=matter).update(prepared_by=handler)
    dsr = factories.case(Right.COMPLAINT).dsrs.get()
    plan.locate_and_plan(dsr.pk)
    decide.begin(dsr.pk, actor=handler.as_actor())
    return scenes.fresh(dsr)


def choose(dsr: DataSubjectRequest, user: User, why_alone: str = "") -> None:
    """Write the answer to a complaint."""
    decide.choose(dsr.pk, Outcome.FULFILLED, WORDS, actor=user.as_actor(), why_alone=why_alone)


def test_whoever_handled_the_matter_leaves_the_complaint_to_somebody_else(house: House) -> None:
    handler, colleague = factories.staff(), factories.staff()
    dsr = complained(handler)
    factories.staff(Role.APPROVER)
    assert refused(lambda: choose(dsr, handler, "Jeg kan saken best.")) == "complaint_own_matter"
    way = lambda: by_hand.choose(dsr.pk, DeliveryWay.IN_PERSON, "", actor=handler.as_actor())  # noqa: E731
    assert refused(way) == "complaint_own_matter"
    choose(dsr, colleague)
    assert Decision.objects.get(dsr=dsr).prepared_by_id == colleague.pk


def test_where_nobody_else_can_whoever_handled_it_says_why(house: House) -> None:
    handler = factories.staff()
    dsr = complained(handler)
    # The second account can release, so it cannot prepare as well.
    User.objects.exclude(pk=handler.pk).update(is_active=False)
    factories.staff(Role.DECISION_MAKER)
    assert refused(lambda: choose(dsr, handler)) == "complaint_nobody_else"
    assert refused(lambda: choose(dsr, handler, "x" * 1001)) == "complaint_why_too_long"
    for _ in range(2):
        choose(dsr, handler, "Vi er bare to.")
    assert Note.objects.get(case=dsr.case).text == "Vi er bare to."
    entries = AuditEntry.objects.filter(action="complaint.nobody_else", subject=f"dsr:{dsr.pk}")
    assert entries.exists()
    assert all("bare to" not in str(entry.details) for entry in entries)


def test_the_release_by_whoever_handled_the_matter_is_barred_or_reasoned_too(house: House) -> None:
    handler, colleague = factories.staff(Role.HANDLER, Role.APPROVER), factories.staff()
    dsr = complained(handler)
    User.objects.exclude(pk__in=[handler.pk, colleague.pk]).update(is_active=False)
    choose(dsr, colleague)
    bundle.build(dsr.pk)
    kept = scenes.current(dsr)
    decide.submit(dsr.pk, actor=colleague.as_actor(), bundle=kept.uuid)
    another = factories.staff(Role.APPROVER)

    def release(why: str = "") -> None:
        decide.release(dsr.pk, actor=handler.as_actor(), bundle=kept.uuid, why_alone=why)

    assert refused(lambda: release("Jeg vil.")) == "complaint_own_matter"
    User.objects.filter(pk=another.pk).update(is_active=False)
    assert refused(release) == "complaint_nobody_else"
    assert scenes.fresh(dsr).stage == Stage.IN_REVIEW
    release("Ingen andre kan godkjenne.")
    assert scenes.fresh(dsr).stage == Stage.RELEASED


def test_before_anything_is_prepared_the_matter_is_theirs_who_have_the_case(house: House) -> None:
    handler = factories.staff()
    matter, dsr = factories.case(Right.ACCESS), factories.dsr(Right.COMPLAINT)
    assert second_look.handled_by(dsr) == set()
    Case.objects.filter(pk=matter.pk).update(assignee=handler)
    assert second_look.handled_by(dsr) == {handler.pk}
    assert second_look.why_not_prepare(matter.dsrs.get(), handler.as_actor()) is None


def test_the_page_says_it_and_takes_the_reason(house: House) -> None:
    desk = desk_client(Role.HANDLER)
    handler = User.objects.get(pk=desk.user.pk)
    dsr = complained(handler)
    colleague, approver = factories.staff(), factories.staff(Role.APPROVER)
    page = reverse("requests:desk:case", args=[dsr.case.reference])
    shown = desk.read(page)
    assert "Somebody else has to answer it." in shown
    assert "Save the outcome" not in shown
    User.objects.exclude(pk__in=[handler.pk, approver.pk]).update(is_active=False)
    assert not User.objects.get(pk=colleague.pk).is_active
    assert "Why you answer this complaint yourself" in desk.read(page)
    given = {
        "outcome": "fulfilled", "reasoning": WORDS, "why_alone": "",
        "version": Case.objects.get(pk=dsr.case_id).version,
    }  # fmt: skip
    address = reverse("exports:desk:answer-outcome", args=[dsr.pk])
    assert desk.post(address, given).status_code == 422
    assert desk.post(address, given | {"why_alone": "Vi er bare to."}).status_code == 302
    assert Decision.objects.get(dsr=dsr).prepared_by_id == handler.pk


def test_the_officer_is_told_once_without_a_word_about_the_person(house: House) -> None:
    officer, former = factories.staff(Role.DPO), factories.staff(Role.DPO, active=False)
    dsr = factories.dsr(Right.COMPLAINT)
    assert complaints.tell_officer.__name__ in str(wiring.OUTBOX_HANDLERS["RequestTriaged"])
    for _ in range(2):
        complaints.tell_officer(dsr.pk)
    mail = Message.objects.get(to_address=officer.email)
    assert dsr.case.reference in mail.subject
    assert dsr.case.person_name not in mail.body
    assert dsr.case.person_email not in mail.body
    assert not Message.objects.filter(to_address=former.email).exists()
    complaints.tell_officer(factories.dsr(Right.ACCESS).pk)
    assert Message.objects.filter(to_address=officer.email).count() == 1
