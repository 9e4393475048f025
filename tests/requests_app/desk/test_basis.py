"""The box that asks for another basis after a withdrawal: who sees it, and what it does."""

import pytest
from django.urls import reverse
from pytest_django import Settings

from requests_app.domain.enums import Action, Right, Role
from requests_app.domain.snapshot import SYSTEM
from requests_app.models import DataSubjectRequest
from requests_app.services import at_once, lifecycle
from tests import factories
from tests.desk_client import desk_client

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _with_its_panel(settings: Settings) -> None:
    settings.CASE_PANELS = ("requests_app.desk.basis.panel",)


def asked() -> DataSubjectRequest:
    """A withdrawal whose question is open."""
    dsr = lifecycle.advance(factories.dsr(Right.CONSENT_WITHDRAWAL).pk, Action.START, SYSTEM)
    at_once.confirm(dsr.pk)
    return dsr


def case_url(dsr: DataSubjectRequest) -> str:
    """The page of the case."""
    return reverse("requests:desk:case", args=[dsr.case.reference])


def url(dsr: DataSubjectRequest) -> str:
    """Where the answer goes."""
    return reverse("requests:desk:basis", args=[dsr.case.reference, dsr.pk])


def test_it_is_asked_and_answered_on_the_case() -> None:
    dsr, desk = asked(), desk_client()
    assert url(dsr) in desk.read(case_url(dsr))
    for bad in ({}, {"answer": "perhaps"}, {"answer": "remains"}, {"answer": "nothing", "words": " "}):
        assert desk.post(url(dsr), bad).status_code == 422
    typed = desk.post(url(dsr), {"answer": "perhaps", "words": "Avtalen."})
    assert "Avtalen." in typed.text
    assert desk.post(url(dsr), {"answer": "remains", "words": "Avtalen."}).status_code == 302
    page = desk.read(case_url(dsr))
    assert url(dsr) not in page
    assert "Basis for the data after the withdrawal: Another basis remains" in page
    assert "Avtalen." in page
    assert "This is answered already." in desk.post(url(dsr), {"answer": "delete"}).text


def test_a_deletion_is_offered() -> None:
    dsr, desk = asked(), desk_client()
    page = desk.post(url(dsr), {"answer": "delete"}, follow=True).text
    assert "A request for deletion is open in this case." in page
    assert dsr.case.dsrs.filter(right=Right.ERASURE.value).exists()


@pytest.mark.parametrize("role", [Role.INTAKE, Role.APPROVER, Role.DPO])
def test_others_are_not_asked(role: Role) -> None:
    dsr, desk = asked(), desk_client(role)
    assert url(dsr) not in desk.read(case_url(dsr))
    assert desk.post(url(dsr), {"answer": "delete"}).status_code == 403
    assert desk.get(url(dsr)).status_code == 405


def test_an_objection_to_marketing_asks_nothing() -> None:
    dsr = lifecycle.advance(factories.dsr(Right.MARKETING_OBJECTION).pk, Action.START, SYSTEM)
    at_once.confirm(dsr.pk)
    assert 'id="basis"' not in desk_client().read(case_url(dsr))
