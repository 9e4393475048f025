"""The set-up of the register on the desk: what unblocks most is asked first, one question a page."""

import pytest
from django.test import Client
from django.urls import reverse

from exports.domain import register as domain
from exports.domain.enums import VersionReason
from exports.domain.register_setup import questions
from exports.models import RegisterVersion
from exports.services import collect, register, register_setup
from identity.models import User
from requests_app.domain.enums import Role
from requests_app.models import AuditEntry, Organisation
from tests import factories
from tests.exports.house import House, planned, task_of
from tests.identity import scenes

START = "/desk/register/set-up/"
LEGAL_NAME = "controller.legal_entity_name"
COMPANY = {"nb": "Optimar Eksempel AS", "en": "Optimar Eksempel AS", "version": "1"}


@pytest.fixture
def decider(house: House, client: Client) -> User:
    """A decision-maker who is signed in and reads English."""
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return scenes.signed_in(client, factories.staff(Role.DECISION_MAKER))


def page(question: str) -> str:
    """The address of a question."""
    return reverse("exports:desk:register-question", args=[question])


def keys() -> list[str]:
    """The questions that are still asked, in order."""
    return [one.key for one in register_setup.state().remaining]


def test_what_every_letter_prints_is_asked_first_and_twenty_questions_are_the_end(decider: User) -> None:
    asked = keys()
    assert len(asked) == 20
    assert asked[:8] == [
        *(LEGAL_NAME, "controller.org_number", "controller.postal_address", "controller.dpo"),
        *("privacy_page", "cookie_page", "no_automated_decision", "no_transfer"),
    ]
    assert asked[8] == "activities.PA10.retention"  # of the cases themselves: in every answer


def test_what_many_answers_print_comes_before_what_few_do(decider: User) -> None:
    before = keys()
    dsr = planned()
    collect.run_task(task_of(dsr).pk)  # the website holds something: PA01, PA03, PA08
    of_activities = [one for one in keys() if one.startswith("activities.") and "PA10" not in one]
    assert "activities.PA08.retention" in of_activities[:3]
    assert "activities.PA02.retention" in before
    assert "activities.PA02.retention" not in keys()


def test_the_start_leads_to_the_first_question_and_says_how_many_there_are(decider: User, client: Client) -> None:
    assert "The next question is 1 of 20" in client.get("/desk/register/").text
    shown = client.get(START, follow=True)
    assert shown.redirect_chain[0][0] == page(LEGAL_NAME)
    assert "1 of 20" in shown.text


def test_an_answer_is_a_version_and_stands_in_the_settings_of_the_organisation_too(
    decider: User, client: Client
) -> None:
    assert client.post(page(LEGAL_NAME), COMPANY)["Location"] == START
    assert register.current()[1].controller.legal_entity_name == domain.same("Optimar Eksempel AS")
    row = RegisterVersion.objects.get(number=2)
    assert (row.reason, row.created_by) == (VersionReason.SET_UP, decider)
    organisation = Organisation.objects.get()
    assert (organisation.legal_entity_name, organisation.version) == ("Optimar Eksempel AS", 2)
    assert AuditEntry.objects.get(action="organisation.changed").details["changed"] == ["legal_entity_name"]
    assert "Answered at the set-up" in client.get("/desk/register/").text
    assert "2 of 20" in client.get(START, follow=True).text


def test_what_the_settings_say_already_is_offered(decider: User, client: Client) -> None:
    Organisation.objects.update(org_number="999888777")
    form = client.get(page("controller.org_number")).context["form"]
    assert (form["nb"].value(), form["en"].value()) == ("999888777", "999888777")
    Organisation.objects.update(dpo="Siri Vern")
    form = client.get(page("controller.dpo")).context["form"]
    assert (form["choice"].value(), form["nb"].value()) == ("words", "Siri Vern")


def test_there_may_be_no_data_protection_officer(decider: User, client: Client) -> None:
    assert client.post(page("controller.dpo"), {"choice": "no", "version": "1"})["Location"] == START
    assert register.current()[1].controller.dpo is None
    assert "controller.dpo" not in keys()


def test_an_example_of_an_officer_is_asked_about_like_every_other_example(decider: User) -> None:
    example = domain.Text(en="dpo@example.com", nb="dpo@example.com", example=True)
    current = domain.with_value(register.current()[1], "controller.dpo", example)
    assert "controller.dpo" in {one.key for one in questions(current, {})}


def test_a_page_of_the_website_is_a_setting_and_no_version(decider: User, client: Client) -> None:
    assert client.post(page("privacy_page"), {"nb": "nonsense nowhere"}).status_code == 422
    assert client.post(page("privacy_page"), {"nb": "https://optimar.example/personvern"})["Location"] == START
    address = "https://optimar.example/personvern"
    assert Organisation.objects.get().privacy_page == {"nb": address, "en": address}
    assert register.current()[0] == 1
    assert "privacy_page" not in keys()


def test_one_answer_holds_for_many_activities_and_the_others_are_asked_one_by_one(
    decider: User, client: Client
) -> None:
    shown = client.get(page("no_transfer"))
    assert len(shown.context["form"].fields["ids"].choices) == 11
    client.post(page("no_transfer"), {"ids": ["PA09", "PA10"], "version": "1"})
    current = register.current()[1]
    assert [current.activity(one).transfers.outside_eea for one in ("PA09", "PA10")] == [False, False]
    assert current.activity("PA08").transfers.outside_eea is domain.UNKNOWN
    assert "no_transfer" not in keys()
    wrong = client.post(page("no_automated_decision"), {"ids": ["PA99"], "version": "2"})
    assert wrong.status_code == 422
    assert register.current()[0] == 2


def test_a_known_transfer_opens_the_question_about_its_safeguards(decider: User) -> None:
    safeguards = "activities.PA10.transfers.safeguards"
    assert safeguards not in keys()
    abroad = domain.Text(en="the United States", nb="USA")
    path, actor = "activities.PA10.transfers.outside_eea", decider.as_actor()
    register.fill(path, abroad, expected_version=1, reason="Vedtak", actor=actor)
    assert safeguards in keys()


def test_a_question_can_be_put_off_and_answered_at_the_end(decider: User, client: Client) -> None:
    for number in range(1, 21):
        shown = client.get(START, follow=True)
        assert shown.context["number"] == number
        client.post(shown.redirect_chain[-1][0], {"skip": "1"})
    end = client.get(START)
    assert (len(end.context["skipped"]), end.context["answered"]) == (20, 0)
    assert "Show what is missing" in end.text
    assert "Go on with the set-up" not in client.get("/desk/register/").text
    assert client.get(page(LEGAL_NAME)).status_code == 200
    client.post(page(LEGAL_NAME), COMPANY)
    end = client.get(START)
    assert (len(end.context["skipped"]), end.context["answered"]) == (19, 1)
    client.post(f"{START}again/")
    assert keys()[0] == "controller.org_number"


def test_a_mistake_is_told_and_nothing_is_stored(decider: User, client: Client) -> None:
    for change in ({"en": ""}, {"nb": "x" * 201}, {"version": "7"}):
        assert client.post(page(LEGAL_NAME), COMPANY | change).status_code == 422
    assert register.current()[0] == 1
    assert Organisation.objects.get().legal_entity_name == ""
    assert keys()[0] == LEGAL_NAME


def test_what_is_answered_already_leads_on(decider: User, client: Client) -> None:
    client.post(page(LEGAL_NAME), COMPANY)
    for question in (LEGAL_NAME, "nonsense"):
        assert client.get(page(question))["Location"] == START


def test_only_the_decision_maker_answers(house: House, client: Client) -> None:
    scenes.signed_in(client, factories.staff(Role.HANDLER))
    assert START not in client.get("/desk/register/").text
    for address in (START, page(LEGAL_NAME)):
        assert client.get(address).status_code == 403
    assert client.post(page(LEGAL_NAME), COMPANY).status_code == 403
    assert register.current()[0] == 1


def test_a_page_that_the_settings_cannot_hold_is_asked_for_again(decider: User, client: Client) -> None:
    refused = client.post(page("privacy_page"), {"nb": "ftp://example.com/privacy"})
    assert refused.status_code == 422
    assert "is not the address of a page. Begin it with https://." in refused.text
    assert Organisation.objects.get().version == 1
    assert "privacy_page" in keys()
