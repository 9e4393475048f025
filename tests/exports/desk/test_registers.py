"""More than one register in an installation: that of the employees beside that of the customers."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from exports.domain import register as domain
from exports.models import RegisterVersion
from exports.services import register, register_setup
from identity.models import User
from requests_app.domain.enums import Role
from requests_app.models import AuditEntry
from tests import factories
from tests.exports.conftest import REGISTER
from tests.exports.house import House, planned
from tests.identity import scenes

EMPLOYER = REGISTER.parent / "registers" / "employer.yaml"
PAGE = "/desk/register/of/employees/"


@pytest.fixture
def both(house: House) -> None:
    """The register of the customers and that of the employees."""
    call_command("load_register", str(EMPLOYER), "--register", "employees")


@pytest.fixture
def decider(both: None, client: Client) -> User:
    """A decision-maker who is signed in and reads English."""
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return scenes.signed_in(client, factories.staff(Role.DECISION_MAKER))


def test_the_starter_register_has_what_an_employer_does_and_invents_no_fact() -> None:
    starter = domain.load(EMPLOYER)
    assert [activity.id for activity in starter.activities] == [f"EA0{number}" for number in range(1, 9)]
    for activity in starter.activities:
        assert activity.retention is domain.UNKNOWN
        assert activity.legal_basis is domain.UNKNOWN
        assert activity.transfers.outside_eea is domain.UNKNOWN
        assert activity.automated_decision_art22 is domain.UNKNOWN
        assert domain.UNKNOWN in activity.recipients
        assert isinstance(activity.basis, domain.Text)
        assert isinstance(activity.derived.retention_proposal, domain.Text)
    assert domain.parse_text(domain.to_yaml(starter)) == starter


def test_each_register_counts_its_own_versions(both: None) -> None:
    assert register.all_keys() == ["customers", "employees"]
    assert register.current("employees") == (1, domain.load(EMPLOYER))
    assert register.current() == (1, domain.load(REGISTER))
    value = domain.Text(en="one week", nb="én uke")
    actor = factories.staff(Role.DECISION_MAKER).as_actor()
    path = "activities.EA06.retention"
    assert register.fill(path, value, expected_version=1, reason="Vedtak", actor=actor, key="employees") == 2
    assert (register.current("employees")[0], register.current()[0]) == (2, 1)
    assert AuditEntry.objects.filter(subject="register:employees:2").count() == 1
    assert RegisterVersion.objects.filter(number=1).count() == 2


def test_the_pages_lead_from_one_to_the_other_and_keep_to_their_own(decider: User, client: Client) -> None:
    first = client.get("/desk/register/").text
    assert (PAGE in first, "Camera surveillance" in first) == (True, False)
    shown = client.get(PAGE)
    assert "Camera surveillance" in shown.text
    assert "Direct marketing" not in shown.text
    assert shown.context["waiting"] == []
    assert f"{PAGE}fields/activities.EA06.retention/" in shown.text
    filled = {"nb": "én uke", "en": "one week", "reason": "Vedtak", "version": "1"}
    assert client.post(f"{PAGE}fields/activities.EA06.retention/", filled)["Location"] == PAGE
    assert "one week" in client.get(f"{PAGE}versions/2/changes/").text
    assert client.get("/desk/register/versions/2/").status_code == 404


def test_it_has_its_own_set_up_which_does_not_ask_again_who_answers(decider: User, client: Client) -> None:
    shown = client.get(f"{PAGE}set-up/", follow=True)
    assert shown.redirect_chain[0][0] == f"{PAGE}set-up/no_automated_decision/"
    assert not [one.key for one in register_setup.state("employees").remaining if one.key.startswith("controller.")]
    client.post(shown.redirect_chain[0][0], {"ids": ["EA06"], "version": "1"})
    assert (register.current("employees")[0], register.current()[0]) == (2, 1)


def test_the_handler_adds_a_register_on_the_page_of_the_case(both: None, client: Client) -> None:
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    scenes.signed_in(client, factories.staff(Role.HANDLER))
    dsr = planned()
    case_page = f"/desk/cases/{dsr.case.reference}/"
    assert "Add: Employees" in client.get(case_page).text
    dsr.case.refresh_from_db()
    address = reverse("exports:desk:case-register", args=[dsr.case_id])
    sent = {"register": "employees", "version": dsr.case.version}
    assert "Added." in client.post(address, sent, follow=True).text
    shown = client.get(case_page).text
    assert "Customers, Employees" in shown
    assert "Add: Employees" not in shown
    assert "Somebody" in client.post(address, sent | {"version": ""}, follow=True).text


def test_with_one_register_nobody_is_asked_which(house: House, client: Client) -> None:
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    scenes.signed_in(client, factories.staff(Role.HANDLER))
    assert "Registers the case is about" not in client.get(f"/desk/cases/{planned().case.reference}/").text


def test_it_is_handed_out_as_yaml(both: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("export_register", "--register", "employees")
    assert domain.parse_text(capsys.readouterr().out) == domain.load(EMPLOYER)


def test_an_id_names_one_thing_in_all_registers(
    decider: User, client: Client, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = EMPLOYER.read_text(encoding="utf-8")
    path = tmp_path / "mine.yaml"
    path.write_text(text.replace("- id: EA01", "- id: PA01"), encoding="utf-8")
    with pytest.raises(SystemExit) as caught:
        call_command("load_register", str(path), "--register", "others")
    assert caught.value.code == 2
    assert f"{path}: activities.PA01: stands in the register customers already" in capsys.readouterr().err
    assert register.all_keys() == ["customers", "employees"]
    response = client.post(f"{PAGE}file/", {"file": SimpleUploadedFile("mine.yaml", path.read_bytes())})
    assert (response.status_code, "activities.PA01" in response.text) == (422, True)


@pytest.mark.parametrize("key", ["Å", "a b", "x" * 41])
def test_a_key_is_a_plain_word(house: House, key: str) -> None:
    with pytest.raises(Exception, match="register"):
        call_command("load_register", str(EMPLOYER), "--register", key)
    assert register.all_keys() == ["customers"]
