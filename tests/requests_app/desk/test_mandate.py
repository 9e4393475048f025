"""The box about somebody who writes for another: what was shown, until when it holds, and what it opens."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings
from time_machine import travel

from requests_app.domain.enums import MandateKind, Requester, Right, Role
from requests_app.domain.mandates import NEEDED
from requests_app.models import Case, Mandate
from tests import factories
from tests.desk_client import desk_client, text

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 27, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _with_its_panel(settings: Settings) -> None:
    settings.CASE_SIDE_PANELS = ("requests_app.desk.mandate.panel",)


def for_another(requester: Requester = Requester.REPRESENTATIVE) -> Case:
    """A case that somebody opened for another."""
    case = factories.case(Right.ACCESS, email="advokat@example.com", received_at=NOW)
    Case.objects.filter(pk=case.pk).update(requester=requester.value)
    case.refresh_from_db()
    return case


def filled(case: Case, of: MandateKind = MandateKind.AGENT, /, **changes: object) -> dict[str, object]:
    """The form as a handler fills it in."""
    return {
        "version": case.version, "kind": of.value, "checks": sorted(NEEDED[of]), "rights": ["access"],
        "valid_from": "2026-11-01", "valid_until": "31.12.2026", "to_agent": "no",
    } | changes  # fmt: skip


def url(case: Case, what: str = "") -> str:
    """The page of the case, or a step of the box."""
    return f"/desk/cases/{case.reference}/{what}"


@travel(NOW, tick=False)
def test_it_is_recorded_with_what_was_looked_at_and_shown() -> None:
    case, browser = for_another(), desk_client(name="Nora Vik")
    page = browser.read(url(case))
    assert "Without proof that they may, nothing is given out to them" in page
    assert "The register of lawyers has them" in page
    assert "parental responsibility" not in page
    told = text(browser.post(url(case, "mandate/record/"), filled(case), follow=True))
    assert "The mandate is recorded." in told
    assert "1 November 2026 – 31 December 2026" in told
    assert "It names us, or those who may hold data about the person" in told
    assert "Nora Vik" in told
    assert "Mandate looked at and recorded" in told


@travel(NOW, tick=False)
def test_what_is_missing_is_said_beside_its_field_and_what_was_typed_stays() -> None:
    case, browser = for_another(), desk_client()
    answer = browser.post(url(case, "mandate/record/"), filled(case, checks=["written"], valid_until=""))
    assert answer.status_code == 422
    assert "Not everything that is needed has been looked at" in text(answer)
    assert 'value="2026-11-01"' in text(answer)
    assert not Mandate.objects.exists()


@travel(NOW, tick=False)
@pytest.mark.parametrize(
    "changes", [{"kind": "guardian"}, {"kind": ""}, {"rights": ["marketing_objection"]}, {"rights": []},
                {"valid_from": "x"}, {"valid_until": "2026-10-01"}, {"to_agent": "maybe"}, {"version": "0"},
                {"checks": ["\0"]}]
)  # fmt: skip
def test_nonsense_is_refused(changes: dict[str, object]) -> None:
    case = for_another()
    assert (
        desk_client().post(url(case, "mandate/record/"), filled(case, MandateKind.AGENT, **changes)).status_code == 422
    )
    assert not Mandate.objects.exists()


@travel(NOW, tick=False)
def test_a_parent_is_asked_for_no_paper_and_gets_the_answer() -> None:
    case, browser = for_another(Requester.GUARDIAN), desk_client()
    page = browser.read(url(case))
    assert "A child who is mature enough asks alone." in page
    assert "They state that they have parental responsibility" in page
    assert "The register of lawyers" not in page
    assert "Ask for the mandate" not in page
    told = browser.post(
        url(case, "mandate/record/"), filled(case, MandateKind.GUARDIAN, valid_until="", to_agent="yes"), follow=True
    )
    assert "no end" in text(told)
    assert Mandate.objects.get().to_agent


def test_one_that_has_run_out_is_said_and_it_is_taken_back_at_one_press() -> None:
    case, browser = for_another(), desk_client()
    Mandate.objects.create(
        case=case, kind="agent", checks=sorted(NEEDED[MandateKind.AGENT]), rights=["access"],
        valid_from=timezone.localdate() - timedelta(days=9), valid_until=timezone.localdate() - timedelta(days=2),
        checked_by=browser.user, checked_at=NOW,
    )  # fmt: skip
    assert "The mandate has run out. Ask for a new one." in browser.read(url(case))
    told = text(browser.post(url(case, "mandate/back/"), {"version": case.version}, follow=True))
    assert "Nothing is given out on it any more" in told
    assert "The mandate was taken back" in told
    assert Mandate.objects.get().taken_back_by == browser.user


def test_who_asks_for_themselves_has_no_such_box() -> None:
    case = for_another(Requester.SELF)
    assert 'id="mandate"' not in desk_client().read(url(case))


@pytest.mark.parametrize("role", [Role.INTAKE, Role.APPROVER, Role.DPO, Role.AUDITOR, Role.ADMINISTRATOR])
def test_who_asks_nobody_about_identity_records_none(role: Role) -> None:
    case, browser = for_another(), desk_client(role)
    assert browser.post(url(case, "mandate/record/"), filled(case)).status_code == 403
    assert browser.post(url(case, "mandate/back/"), {"version": case.version}).status_code == 403
    assert not Mandate.objects.exists()
