"""The register page and the form that fills it, as staff use them."""

import pytest
from django.test import Client
from django.urls import reverse

from exports.domain import register as domain
from exports.models import RegisterVersion
from exports.services import collect, register
from exports.services.trial import EXAMPLES
from identity.models import User
from requests_app.domain.enums import Role
from requests_app.models import Organisation
from tests import factories
from tests.exports.house import House, planned, task_of
from tests.identity import scenes

PAGE = "/desk/register/"
RETENTION = "activities.PA10.retention"
GOOD = {"nb": "tre år", "en": "three years", "reason": "Vedtak 12/26", "version": "1"}


@pytest.fixture
def decider(house: House, client: Client) -> User:
    """A decision-maker who is signed in and reads English."""
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return scenes.signed_in(client, factories.staff(Role.DECISION_MAKER))


def form_of(path: str) -> str:
    """The address of the form of a field."""
    return reverse("exports:desk:register-fill", args=[path])


def value(path: str) -> object:
    """What the register in force says."""
    return domain.value_at(register.current()[1], path)


def test_the_page_shows_what_is_known_unknown_and_disputed(house: House, decider: User, client: Client) -> None:
    shown = client.get(PAGE)
    assert shown.status_code == 200
    for text in (
        "Direct marketing and networking",
        "unknown",
        "not consent under Articles 4(11)",
        "Taken from the file",
    ):
        assert text in shown.text
    assert form_of("controller.org_number") in shown.text
    parts = {part.anchor: part for part in shown.context["parts"]}
    assert parts["activities.PA10"].lacking > 0
    assert parts["systems.website"].reached == "Searched automatically"
    assert parts["systems.hubspot"].reached == "Searched by hand"


def test_it_can_show_only_what_is_missing(house: House, decider: User, client: Client) -> None:
    missing = client.get(PAGE).context["missing"]
    shown = client.get(f"{PAGE}?only=missing")
    fields = [line for part in shown.context["parts"] for line in part.fields]
    assert len(fields) == missing > 50
    assert all(line.lacking for line in fields)


def test_it_says_which_cases_wait_for_which_field(house: House, decider: User, client: Client) -> None:
    dsr = planned()
    collect.run_task(task_of(dsr).pk)
    groups = client.get(PAGE).context["waiting"]
    waiting = {line.path: group.cases for group in groups for line in group.fields}
    assert waiting["activities.PA08.retention"] == (dsr.case.reference,)
    assert "activities.PA05.retention" not in waiting


def test_many_who_wait_are_counted(house: House, decider: User, client: Client) -> None:
    for number in range(7):
        planned(f"person{number}@example.com")
    group = client.get(PAGE).context["waiting"][0]
    assert (len(group.cases), group.more) == (5, 2)


def test_the_reader_without_the_right_to_edit_sees_no_forms(house: House, client: Client) -> None:
    scenes.signed_in(client, factories.staff(Role.HANDLER))
    assert form_of("controller.org_number") not in client.get(PAGE).text
    assert client.get(form_of(RETENTION)).status_code == 403
    assert client.post(form_of(RETENTION), GOOD).status_code == 403
    assert register.current()[0] == 1


def test_who_may_not_see_the_register_does_not(house: House, client: Client) -> None:
    scenes.signed_in(client, factories.staff(Role.INTAKE))
    assert client.get(PAGE).status_code == 403


def test_filling_a_text_makes_a_new_version(house: House, decider: User, client: Client) -> None:
    assert client.get(form_of(RETENTION)).status_code == 200
    assert client.post(form_of(RETENTION), GOOD)["Location"] == PAGE
    assert value(RETENTION) == domain.Text(en="three years", nb="tre år")
    row = RegisterVersion.objects.get(number=2)
    assert (row.reason, row.created_by) == ("Vedtak 12/26", decider)
    assert "Vedtak 12/26" in client.get(PAGE).text


@pytest.mark.parametrize(
    "path, given, expected",
    [
        ("controller.org_number", {"nb": "999 999 999", "en": "999 999 999"}, domain.same("999 999 999")),
        (
            "activities.PA10.recipients",
            {"nb": "Posten\r\n\r\nDriftshuset", "en": "Posten\r\nDriftshuset"},
            (domain.same("Posten"), domain.same("Driftshuset")),
        ),
        ("activities.PA10.transfers.outside_eea", {"choice": "no"}, False),
        (
            "activities.PA08.transfers.outside_eea",
            {"choice": "words", "nb": "USA", "en": "the United States"},
            domain.Text(en="the United States", nb="USA"),
        ),
        ("activities.PA07.profiling", {"choice": "yes"}, True),
        ("activities.PA09.data_categories", {"ids": ["contact", "usage"]}, ("contact", "usage")),
        ("activities.PA04.source_systems", {"ids": ["mailbox", "dynamics"]}, ("mailbox", "dynamics")),
        (RETENTION, {"nb": "en\r\nså\tto", "en": "one\r\ntwo"}, domain.Text(en="one\ntwo", nb="en\nså to")),
    ],
)
def test_every_kind_of_field_has_its_form(
    house: House, decider: User, client: Client, path: str, given: dict[str, object], expected: object
) -> None:
    form = client.get(form_of(path)).context["form"]
    assert set(given) <= set(form.fields)
    response = client.post(form_of(path), {"reason": "Vedtak", "version": "1"} | given)
    assert response.status_code == 302, response.context["form"].errors
    assert value(path) == expected


@pytest.mark.parametrize(
    "path, change, field",
    [
        (RETENTION, {"en": ""}, "en"),
        (RETENTION, {"nb": "x" * 2001}, "nb"),
        (RETENTION, {"nb": "a\0b"}, "nb"),
        (RETENTION, {"nb": "ukjent"}, "__all__"),
        (RETENTION, {"reason": " "}, "reason"),
        ("activities.PA10.recipients", {"nb": "en\nto", "en": "one"}, "en"),
        ("activities.PA08.transfers.outside_eea", {"choice": "words", "en": ""}, "en"),
        ("activities.PA08.transfers.outside_eea", {"choice": "yes"}, "choice"),
        ("activities.PA09.data_categories", {"ids": ["nonsense"]}, "ids"),
        ("activities.PA09.data_categories", {}, "ids"),
    ],
)
def test_a_mistake_is_told_beside_its_field_and_what_was_typed_stays(
    house: House, decider: User, client: Client, path: str, change: dict[str, object], field: str
) -> None:
    response = client.post(form_of(path), GOOD | change)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert response.context["form"]["reason"].value() == change.get("reason", GOOD["reason"])
    assert "says nothing" not in response.text
    assert register.current()[0] == 1


def test_two_who_fill_at_once_the_second_is_asked_to_look_again(house: House, decider: User, client: Client) -> None:
    client.post(form_of("controller.org_number"), GOOD)
    conflict = client.post(form_of(RETENTION), GOOD)
    assert conflict.status_code == 422
    assert "in the meantime" in conflict.text
    form = conflict.context["form"]
    assert (form["nb"].value(), form["version"].value()) == ("tre år", "2")
    assert value(RETENTION) is domain.UNKNOWN
    assert client.post(form_of(RETENTION), GOOD | {"version": form["version"].value()}).status_code == 302
    assert value(RETENTION) == domain.Text(en="three years", nb="tre år")


def test_what_is_known_can_be_corrected(house: House, decider: User, client: Client) -> None:
    path = "activities.PA08.recipients"
    form = client.get(form_of(path)).context["form"]
    assert form["nb"].value() == "Microsoft (Dynamics)\nHubSpot"
    client.post(form_of(path), GOOD | {"nb": "Microsoft (Dynamics)", "en": "Microsoft (Dynamics)"})
    assert value(path) == (domain.same("Microsoft (Dynamics)"),)


def test_an_example_is_marked_and_never_offered_as_a_value(house: House, decider: User, client: Client) -> None:
    register.add_examples(EXAMPLES)
    Organisation.objects.update(trial=True)
    assert "(example value)" in client.get(PAGE).text
    assert client.get(form_of("controller.org_number")).context["form"]["nb"].value() == ""


def test_a_field_that_does_not_exist(house: House, decider: User, client: Client) -> None:
    assert client.get(form_of("activities.PA10.nonsense")).status_code == 404
    assert client.post(form_of("nonsense"), GOOD).status_code == 404


def test_before_the_register_is_loaded_there_is_no_page(db: None, client: Client) -> None:
    factories.organisation()
    scenes.signed_in(client, factories.staff(Role.DECISION_MAKER))
    assert client.get(PAGE).status_code == 404
