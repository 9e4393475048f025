"""The box on which a request is proposed to end because nobody showed who asks."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from pytest_django import Settings
from time_machine import travel

from identity.domain.enums import DoubtReason
from identity.services import verify
from requests_app.domain.enums import Role, Stage
from requests_app.models import Case
from tests import factories
from tests.desk_client import desk_client
from tests.identity import scenes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("house")]

RECEIVED = datetime(2026, 9, 1, 8, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _with_its_panel(settings: Settings) -> None:
    settings.CASE_PANELS = ("exports.desk.panels.unverified", "exports.desk.panels.decision")
    settings.CASE_SIDE_PANELS = ()


def asked() -> Case:
    with travel(RECEIVED, tick=False):
        case = factories.case(received_at=RECEIVED)
        point = scenes.on_file(case)
        verify.ask(case.pk, DoubtReason.MISMATCH, point.pk, actor=factories.staff().as_actor())
    return case


def test_the_box_comes_after_thirty_days_with_the_letter_and_goes_with_the_proposal() -> None:
    case = asked()
    url = reverse("requests:desk:case", args=[case.reference])
    propose = reverse("exports:desk:unverified-propose", args=[case.dsrs.get().pk])
    with travel(RECEIVED + timedelta(days=29), tick=False):
        assert 'id="unverified"' not in desk_client().read(url)
    with travel(RECEIVED + timedelta(days=30), tick=False):
        desk = desk_client()
        page = desk.read(url)
        assert "når som helst ta saken opp igjen" in page
        assert propose in page
        assert propose not in desk_client(Role.APPROVER).read(url)
        assert desk_client(Role.APPROVER).post(propose).status_code == 403
        desk.post(propose, {"version": "nonsense"})
        assert case.dsrs.get().stage == Stage.TRIAGED
        desk.post(propose, {"version": str(Case.objects.get(pk=case.pk).version)})
        assert case.dsrs.get().stage == Stage.IN_REVIEW
        assert 'id="unverified"' not in desk.read(url)
        assert "Closed without confirmed identity" in desk_client(Role.APPROVER).read(url)


def test_the_outcome_is_offered_only_when_it_can_be_chosen() -> None:
    case = asked()
    factories.force(case.dsrs.get(), Stage.DECISION_DRAFT)
    url = reverse("requests:desk:case", args=[case.reference])
    offered = 'value="closed_unverified"'
    with travel(RECEIVED + timedelta(days=29), tick=False):
        assert offered not in desk_client().read(url)
    with travel(RECEIVED + timedelta(days=30), tick=False):
        assert offered in desk_client().read(url)
