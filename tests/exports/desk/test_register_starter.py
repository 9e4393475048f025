"""A further register is begun on the desk, with what the house delivers for it."""

import pytest
from django.test import Client
from django.urls import reverse

from exports.models import RegisterVersion
from exports.services import register, starters
from identity.models import User
from requests_app.domain.enums import Role
from tests import factories
from tests.exports.conftest import REGISTER
from tests.exports.house import House
from tests.identity import scenes

PAGE = "/desk/register/"
BEGIN = "/desk/register/of/employees/begin/"


@pytest.fixture
def decider(house: House, client: Client) -> User:
    """A decision-maker who is signed in and reads English."""
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return scenes.signed_in(client, factories.staff(Role.DECISION_MAKER))


def test_the_decision_maker_begins_the_register_of_the_employees(decider: User, client: Client) -> None:
    assert "Employees and applicants" in client.get(PAGE).text
    response = client.post(BEGIN, follow=True)
    assert response.redirect_chain[-1][0] == reverse("exports:desk:register", args=["employees"])
    assert "The next question is 1 of" in response.text
    assert "Taken from the file" in response.text
    row = RegisterVersion.objects.get(register="employees")
    assert (row.number, row.created_by) == (1, decider)
    assert register.all_keys() == ["customers", "employees"]
    assert BEGIN not in client.get(PAGE).text


def test_whoever_presses_twice_has_one(decider: User, client: Client) -> None:
    for _ in range(2):
        assert client.post(BEGIN).status_code == 302
    assert RegisterVersion.objects.filter(register="employees").count() == 1


def test_a_register_that_stands_elsewhere_is_not_begun(decider: User, client: Client) -> None:
    register.load(starters.FILES["employees"], key="staff")
    shown = client.post(BEGIN, follow=True)
    assert "Another register has these already: activities.EA01" in shown.text
    assert register.all_keys() == ["customers", "staff"]


def test_what_nobody_delivers_cannot_be_begun(decider: User, client: Client) -> None:
    assert "There is no such register." in client.post("/desk/register/of/pirates/begin/", follow=True).text
    assert client.get(BEGIN).status_code == 405


@pytest.mark.parametrize("role", [Role.HANDLER, Role.DPO, Role.ADMINISTRATOR])
def test_nobody_else_begins_one(house: House, client: Client, role: Role) -> None:
    scenes.signed_in(client, factories.staff(role))
    assert BEGIN not in client.get(PAGE).text
    assert client.post(BEGIN).status_code == 403


def test_the_files_are_those_of_the_house() -> None:
    assert [path.parent for path in starters.FILES.values()] == [REGISTER.parent / "registers"]
