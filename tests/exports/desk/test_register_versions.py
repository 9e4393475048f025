"""The versions of the register on the desk: told apart, opened as they were, compared, handed out, settled."""

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from exports.domain import register as domain
from exports.models import RegisterVersion
from exports.services import register
from identity.models import User
from requests_app.domain.enums import Role
from tests import factories
from tests.exports.house import House
from tests.identity import scenes

RETENTION = "activities.PA10.retention"
VERSIONS = "/desk/register/versions/"
HUBSPOT = "/desk/register/contradictions/systems.hubspot/"
HOLDS = {"nb": "Bare HubSpot er i bruk.", "en": "Only HubSpot is in use.", "reason": "IT-sjefen", "version": "1"}


@pytest.fixture
def decider(house: House, client: Client) -> User:
    """A decision-maker who is signed in and reads English."""
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return scenes.signed_in(client, factories.staff(Role.DECISION_MAKER))


def filled(times: int = 1) -> None:
    """Fill a field so many times, each a version of its own."""
    actor = factories.staff(Role.DECISION_MAKER).as_actor()
    for number in range(1, times + 1):
        value = domain.Text(en=f"{number} years", nb=f"{number} år")
        reason = f"Vedtak {number}"
        register.fill(RETENTION, value, expected_version=number, reason=reason, actor=actor, replace=True)


def test_the_versions_tell_who_why_and_when(decider: User, client: Client) -> None:
    filled()
    shown = client.get(VERSIONS).text
    for text in ("Vedtak 1", "Taken from the file", f"{VERSIONS}2/changes/"):
        assert text in shown
    assert f"{VERSIONS}1/changes/" not in shown


def test_a_long_history_goes_on_over_the_page(decider: User, client: Client) -> None:
    filled(60)
    first = client.get(VERSIONS)
    numbers = [line["row"].number for line in first.context["versions"]]
    assert numbers == list(range(61, 11, -1))
    rest = client.get(VERSIONS + first.context["older"]).context
    assert ([line["row"].number for line in rest["versions"]], rest["older"]) == (list(range(11, 0, -1)), "")


def test_a_version_is_compared_with_the_one_before_in_words_and_both_languages(decider: User, client: Client) -> None:
    filled()
    response = client.get(f"{VERSIONS}2/changes/")
    (line,) = response.context["lines"]
    assert (line.part, line.label) == ("PA10 Rights requests and inquiries", "How long the data is kept")
    assert (line.change, line.before[0].unknown) == ("Changed", True)
    assert (line.after[0].text, line.after[0].other) == ("1 years", "1 år")
    assert 'lang="nb">1 år' in response.text


def test_a_version_opens_as_it_was(decider: User, client: Client) -> None:
    filled(2)
    as_it_was = client.get(f"{VERSIONS}2/").text
    assert "1 years" in as_it_was
    assert "2 years" not in as_it_was
    assert "/fields/" not in as_it_was


def test_a_version_is_handed_out_as_yaml_that_reads_as_the_same(decider: User, client: Client) -> None:
    filled()
    response = client.get(f"{VERSIONS}2/register.yaml")
    assert response.headers["Content-Disposition"] == 'attachment; filename="register-customers-2.yaml"'
    text = response.content.decode()
    assert text.startswith("# Version 2 of the register customers, ")
    assert domain.parse_text(text) == register.current()[1]


def test_the_command_hands_out_any_version(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    first = register.current()[1]
    filled()
    call_command("export_register")
    assert domain.parse_text(capsys.readouterr().out) == register.current()[1]
    call_command("export_register", "--version", "1")
    assert domain.parse_text(capsys.readouterr().out) == first
    with pytest.raises(SystemExit) as caught:
        call_command("export_register", "--version", "9")
    assert caught.value.code == 2
    assert "no version 9" in capsys.readouterr().err


def test_what_does_not_exist_is_not_found(decider: User, client: Client) -> None:
    for path in ("0/", "9/", f"{'9' * 30}/", "1/changes/", "9/register.yaml", "?before=1"):
        assert client.get(VERSIONS + path).status_code == 404, path
    assert client.get("/desk/register/of/nonsense/").status_code == 404


def test_only_who_may_see_the_register_sees_its_versions(house: House, client: Client) -> None:
    scenes.signed_in(client, factories.staff(Role.INTAKE))
    for path in ("", "1/", "1/register.yaml"):
        assert client.get(VERSIONS + path).status_code == 403


def test_every_contradiction_is_listed_with_the_way_to_settle_it(decider: User, client: Client) -> None:
    response = client.get("/desk/register/")
    conflicts = {part.anchor for part in response.context["conflicts"]}
    assert conflicts == {f"activities.PA0{n}" for n in (1, 5, 7, 8)} | {"systems.hubspot"}
    assert response.text.count(HUBSPOT) == 2


def test_settling_makes_a_version_and_the_contradiction_stays_in_the_one_before(decider: User, client: Client) -> None:
    before = register.current()[1].system("hubspot").seed_conflict
    assert client.post(HUBSPOT, HOLDS)["Location"] == "/desk/register/"
    hubspot = register.current()[1].system("hubspot")
    assert hubspot.seed_conflict is None
    assert hubspot.conflict_settled == domain.Text(en=HOLDS["en"], nb=HOLDS["nb"])
    row = RegisterVersion.objects.get(number=2)
    assert (row.reason, row.created_by) == ("IT-sjefen", decider)
    assert register.content(register.version(1)).system("hubspot").seed_conflict == before
    assert "Only HubSpot is in use." in client.get("/desk/register/").text
    assert "unclear whether both are in use" in client.get(f"{VERSIONS}2/changes/").text
    assert client.get(HUBSPOT).status_code == 404


@pytest.mark.parametrize(
    "change, field",
    [({"en": ""}, "en"), ({"reason": " "}, "reason"), ({"nb": "ukjent"}, "__all__"), ({"version": "7"}, "__all__")],
)
def test_a_mistake_settles_nothing(decider: User, client: Client, change: dict[str, str], field: str) -> None:
    response = client.post(HUBSPOT, HOLDS | change)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert register.current()[0] == 1


def test_whoever_was_overtaken_looks_again_and_then_settles(decider: User, client: Client) -> None:
    register.fill(RETENTION, domain.same("3 år"), expected_version=1, reason="Vedtak", actor=decider.as_actor())
    overtaken = client.post(HUBSPOT, HOLDS)
    assert overtaken.status_code == 422
    assert "Somebody changed the register in the meantime" in overtaken.text
    again = {field.name: field.value() for field in overtaken.context["form"]}
    assert client.post(HUBSPOT, again).status_code == 302
    assert register.current()[1].system("hubspot").conflict_settled == domain.Text(en=HOLDS["en"], nb=HOLDS["nb"])


def test_only_the_decision_maker_settles(house: House, client: Client) -> None:
    scenes.signed_in(client, factories.staff(Role.HANDLER))
    assert HUBSPOT not in client.get("/desk/register/").text
    assert client.post(HUBSPOT, HOLDS).status_code == 403
    assert register.current()[0] == 1


def test_there_is_nothing_to_settle_where_nothing_contradicts(decider: User, client: Client) -> None:
    for part in ("systems.website", "systems.nonsense", "controller", "data_categories.contact"):
        address = reverse("exports:desk:register-settle", args=[part])
        assert client.get(address).status_code == 404
        assert "nothing left to settle" in client.post(address, HOLDS, follow=True).text
    assert register.current()[0] == 1
