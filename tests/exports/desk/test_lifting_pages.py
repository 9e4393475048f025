"""The panel on which a restriction ends, as handler, approver and others see and use it."""

import pytest
from django.urls import reverse
from django.utils import timezone

from exports.models import Lifting
from exports.services import lifting, lifting_run
from requests_app.domain.enums import MessageState, Right, Role
from requests_app.models import Case, DataSubjectRequest
from tests import factories
from tests.desk_client import DeskClient, desk_client, text
from tests.exports.house import House
from tests.exports.restrictions import REASON, approved, fresh, letter, lift_task, on, proposed, restricted, told

pytestmark = pytest.mark.django_db


def case_page(dsr: DataSubjectRequest) -> str:
    return reverse("requests:desk:case", args=[dsr.case.reference])


def do(desk: DeskClient, step: str, number: int, dsr: DataSubjectRequest, **given: object) -> str:
    """Take a step of the panel as it is now, and read the page that follows."""
    address = reverse(f"exports:desk:lifting-{step}", args=[number])
    return text(desk.post(address, {"version": fresh(dsr).case.version, **given}, follow=True))


def test_the_whole_way_by_two_persons(house: House) -> None:
    dsr = restricted(house)
    handler, approver = desk_client(), desk_client(Role.APPROVER)
    assert "The data is not used until the restriction is lifted" in handler.read(case_page(dsr))
    day = lifting.earliest().isoformat()
    assert "Proposed." in do(handler, "propose", dsr.pk, dsr, reason=REASON, lifted_on=day)
    row = Lifting.objects.get()
    assert "Approve the lifting" not in handler.read(case_page(dsr))
    shown = approver.read(case_page(dsr))
    assert "Waits for approval" in shown
    assert REASON in shown  # in the letter
    assert "Approved." in do(approver, "approve", row.pk, dsr)
    assert "The letter has not gone out. Before that, nothing is lifted." in handler.read(case_page(dsr))
    letter(row).update(state=MessageState.SENT.value, sent_at=timezone.now())
    assert "The person was told" in handler.read(case_page(dsr))
    with on(row.lifted_on):
        lifting_run.sweep()
    shown = handler.read(case_page(dsr))
    assert "The data is used again from" in shown
    assert "Take back into use" in shown


def test_a_refused_proposal_keeps_what_was_typed(house: House) -> None:
    dsr = restricted(house)
    address = reverse("exports:desk:lifting-propose", args=[dsr.pk])
    given = {"reason": REASON, "lifted_on": lifting.today().isoformat(), "version": fresh(dsr).case.version}
    refused = desk_client().post(address, given)
    assert refused.status_code == 422
    assert "The person has to be told first." in text(refused)
    assert REASON in text(refused)
    assert desk_client().post(address, given | {"reason": ""}).status_code == 422


def test_whoever_proposed_it_is_told_that_somebody_else_approves(house: House) -> None:
    dsr, desk = restricted(house), desk_client(Role.HANDLER, Role.APPROVER)
    do(desk, "propose", dsr.pk, dsr, reason=REASON, lifted_on=lifting.earliest().isoformat())
    row = Lifting.objects.get()
    assert "You proposed this. Somebody else must approve it." in desk.read(case_page(dsr))
    assert "You proposed this. Somebody else must approve it." in do(desk, "approve", row.pk, dsr)
    assert "Taken back." in do(desk, "back", row.pk, dsr)


def test_a_person_without_an_address_is_told_by_hand(house: House) -> None:
    dsr = restricted(house)
    Case.objects.filter(pk=dsr.case_id).update(person_email="")
    row, desk = approved(fresh(dsr)), desk_client()
    assert "No e-mail has reached the person. Post the letter" in desk.read(case_page(dsr))
    assert f"/messages/{letter(row).get().pk}/post/" in desk.read(case_page(dsr))
    given = {"way": "post", "on": lifting.today().isoformat()}
    assert desk.post(reverse("exports:desk:lifting-told", args=[row.pk]), {"version": 0}).status_code == 422
    assert "Recorded." in do(desk, "told", row.pk, dsr, **given)
    assert "The person was told" in desk.read(case_page(dsr))


def test_a_case_without_a_restriction_has_no_panel(house: House) -> None:
    dsr = factories.dsr(Right.ACCESS)
    assert "End of the restriction" not in desk_client().read(case_page(dsr))


def test_what_somebody_else_did_meanwhile_stops_the_step(house: House) -> None:
    dsr = restricted(house)
    row = proposed(dsr)
    stale = do(desk_client(Role.APPROVER), "approve", row.pk, dsr, version=0)
    assert "Approved." not in stale
    assert Lifting.objects.get().approved_at is None


@pytest.mark.parametrize("role", [Role.INTAKE, Role.DPO])
def test_others_look_and_do_not_touch(house: House, role: Role) -> None:
    dsr = restricted(house)
    row, desk = proposed(dsr), desk_client(role)
    assert "End of the restriction" in desk.read(case_page(dsr))
    for step, number in (("propose", dsr.pk), ("approve", row.pk), ("back", row.pk), ("told", row.pk)):
        assert desk.post(reverse(f"exports:desk:lifting-{step}", args=[number])).status_code == 403


def test_a_letter_that_no_mail_server_took_can_be_told_by_hand(house: House) -> None:
    row, desk = approved(restricted(house)), desk_client()
    assert "No e-mail has reached the person." not in desk.read(case_page(row.dsr))
    letter(row).update(state=MessageState.FAILED.value)
    assert "No e-mail has reached the person." in desk.read(case_page(row.dsr))


def test_the_task_for_a_person_says_what_to_do(house: House) -> None:
    dsr = restricted(house, by_hand="hubspot")
    row = told(dsr)
    with on(row.lifted_on):
        lifting_run.sweep()
        shown = desk_client().read(reverse("exports:desk:task", args=[lift_task(dsr, "hubspot").pk]))
    assert "Take the mark away that this case put" in shown
    assert "Ground in the law" not in shown
