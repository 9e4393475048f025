"""The panel on which a fee is asked for, as each role sees and uses it."""

from datetime import date
from pathlib import Path

import pytest
from django.urls import reverse
from pytest_django.fixtures import Settings
from time_machine import travel

from requests_app.domain.enums import Right, Role
from requests_app.models import Case, DataSubjectRequest, Fee, Message
from requests_app.services import fee_letter, sending
from tests import factories
from tests.desk_client import DeskClient, desk_client, text
from tests.requests_app.extensions import RECEIVED, at, fresh

pytestmark = pytest.mark.django_db

GIVEN = {
    "kind": "further_copy", "amount": "250,50", "cost_basis": "Papir og porto.", "reasons": "Tredje kopi.",
    "withdraw_by": "2026-10-01",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _in_september(settings: Settings, tmp_path: Path) -> object:
    settings.CASE_PANELS = ("requests_app.desk.fee_panel.panel",)
    settings.CASE_FOOT_PANELS = ("requests_app.desk.fee_panel.folded",)
    settings.SMTP_URL, settings.SENT_FOLDER = "", tmp_path
    with travel(at(9, 20), tick=False) as clock:
        yield clock


@pytest.fixture
def dsr() -> DataSubjectRequest:
    """An access request of 1 September."""
    return factories.dsr(received_at=RECEIVED)


def page(dsr: DataSubjectRequest) -> str:
    """The page of the case."""
    return reverse("requests:desk:case", args=[dsr.case.reference])


def url(step: str, dsr: DataSubjectRequest, pk: int) -> str:
    """The address of a step."""
    return reverse(f"requests:desk:{step}", args=[dsr.case.reference, pk])


def do(desk: DeskClient, address: str, dsr: DataSubjectRequest, **given: object) -> str:
    """Take a step as the page is now, and read the page that follows."""
    return text(desk.post(address, {"version": fresh(dsr).case.version, **given}, follow=True))


def test_the_whole_way_by_two_persons(dsr: DataSubjectRequest) -> None:
    handler, decides = desk_client(name="Hanne"), desk_client(Role.DECISION_MAKER, name="Dag")
    assert "Ask for a fee" in text(handler.get(page(dsr)))
    shown = do(handler, url("fee", dsr, dsr.pk), dsr, **GIVEN)
    assert "Proposed. The decision-maker now looks at it" in shown
    assert "Approve the fee" not in shown
    row = Fee.objects.get()
    assert (str(row.amount), row.currency, row.withdraw_by) == ("250.50", "NOK", date(2026, 10, 1))
    shown = do(decides, url("fee-approve", dsr, row.pk), dsr)
    assert "The person is told before anything is charged" in shown
    assert "250,50 NOK" in shown  # the letter itself, in the language of the case
    shown = do(decides, url("fee-back", dsr, row.pk), dsr)
    assert "The answer costs nothing" in shown


@pytest.mark.parametrize(
    "given,words",
    [
        ({"kind": ""}, "Choose one of the two."),
        ({"kind": "because"}, "Choose one of the two."),
        ({"amount": ""}, "Give the amount."),
        ({"amount": "much"}, "Write the amount in figures"),
        ({"amount": "NaN"}, "Write the amount in figures"),
        ({"amount": "1,250.50"}, "Write the amount in figures"),
        ({"amount": "-5"}, "Write an amount above 0"),
        ({"amount": "1234567890"}, "The amount is too large."),
        ({"withdraw_by": "2026-09-21"}, "The person needs time"),
        ({"withdraw_by": "soon"}, "Write the day like"),
        ({"kind": "excessive"}, "proof"),
        ({"reasons": "x" * 2001}, "2000 characters"),
    ],
)
def test_what_cannot_be_taken_comes_back_with_its_words(
    dsr: DataSubjectRequest, given: dict[str, str], words: str
) -> None:
    desk = desk_client()
    version = {"version": str(fresh(dsr).case.version)}
    response = desk.post(url("fee", dsr, dsr.pk), GIVEN | version | given)
    assert response.status_code == 422
    assert words in text(response)
    assert "Papir og porto." in text(response)
    assert not Fee.objects.exists()


def test_a_change_meanwhile_is_told_and_nothing_lost(dsr: DataSubjectRequest) -> None:
    version = fresh(dsr).case.version
    Case.objects.filter(pk=dsr.case_id).update(version=version + 1)
    response = desk_client().post(url("fee", dsr, dsr.pk), GIVEN | {"version": str(version)})
    assert response.status_code == 422
    assert "Tredje kopi." in text(response)


@pytest.mark.parametrize("role", [Role.INTAKE, Role.APPROVER, Role.DPO, Role.AUDITOR])
def test_others_cannot_ask_for_it(dsr: DataSubjectRequest, role: Role) -> None:
    response = desk_client(role).post(url("fee", dsr, dsr.pk), GIVEN)
    assert response.status_code == 403


def test_a_handler_cannot_approve(dsr: DataSubjectRequest) -> None:
    desk = desk_client()
    do(desk, url("fee", dsr, dsr.pk), dsr, **GIVEN)
    assert desk.post(url("fee-approve", dsr, Fee.objects.get().pk), {}).status_code == 403


def test_it_is_asked_for_at_the_foot_and_looked_at_among_the_work(dsr: DataSubjectRequest) -> None:
    desk, panel, history = desk_client(), f'id="fee-{dsr.pk}"', 'id="timeline"'
    shown = desk.read(page(dsr))
    assert shown.index(panel) > shown.index(history)
    do(desk, url("fee", dsr, dsr.pk), dsr, **GIVEN)
    shown = desk.read(page(dsr))
    assert shown.index(panel) < shown.index(history)
    assert shown.count(panel) == 1
    do(desk, url("fee-back", dsr, Fee.objects.get().pk), dsr)
    shown = desk.read(page(dsr))
    assert shown.index(panel) > shown.index(history)


def test_whoever_takes_it_back_after_the_letter_is_reminded_to_tell_the_person(dsr: DataSubjectRequest) -> None:
    handler, decides = desk_client(), desk_client(Role.DECISION_MAKER)
    for has_left in (False, True):
        do(handler, url("fee", dsr, dsr.pk), dsr, **GIVEN)
        row = Fee.objects.living().get()
        do(decides, url("fee-approve", dsr, row.pk), dsr)
        if has_left:
            sending.send(Message.objects.get(key=fee_letter.key_of(row)).pk)
        shown = do(handler, url("fee-back", dsr, row.pk), dsr)
        assert ("so tell the person" in shown) is has_left


def test_where_nothing_costs_anything_there_is_no_panel() -> None:
    dsr = factories.dsr(Right.COMPLAINT, received_at=RECEIVED)
    assert "Ask for a fee" not in text(desk_client().get(page(dsr)))


def test_the_case_of_somebody_else_is_not_found(dsr: DataSubjectRequest) -> None:
    other = factories.dsr(received_at=RECEIVED)
    desk = desk_client(Role.DECISION_MAKER)
    do(desk, url("fee", dsr, dsr.pk), dsr, **GIVEN)
    address = reverse("requests:desk:fee-back", args=[other.case.reference, Fee.objects.get().pk])
    assert desk.post(address, {}).status_code == 404
