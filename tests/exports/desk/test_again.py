"""An answer goes out, and data is deleted or used again, only where the second factor was shown a short while ago."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from exports.models import Lifting
from identity.desk import recency
from identity.models import User
from identity.services import second_factor
from requests_app.domain.enums import Role, Stage
from tests import factories
from tests.exports import erasures, restrictions, scenes
from tests.exports.house import House
from tests.identity.scenes import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def approver(client: Client, house: House) -> User:
    """An approver who logged in a while ago."""
    user = signed_in(client, factories.staff(Role.APPROVER))
    session = client.session
    session[recency.KEY] = (timezone.now() - settings.RECENT_FACTOR_AGE - timedelta(seconds=1)).timestamp()
    session.save()
    return user


def test_a_deletion_is_approved_only_with_the_factor(client: Client, approver: User) -> None:
    plan = erasures.submitted(factories.staff(Role.HANDLER))
    page = reverse("exports:desk:erasure-approve", args=[plan.dsr_id])
    fields = {"version": str(erasures.fresh(plan.dsr).case.version)}
    assert client.post(page, fields).status_code == 403
    assert erasures.again(plan).approved_by_id is None
    client.post(page, {**fields, "factor-code": second_factor.begin(approver).current_code()})
    assert erasures.again(plan).approved_by_id == approver.pk


def test_an_answer_is_released_only_with_the_factor(client: Client, approver: User) -> None:
    dsr = scenes.in_review(factories.staff(Role.HANDLER))
    page = reverse("exports:desk:answer-release", args=[dsr.pk])
    fields = {"version": str(scenes.fresh(dsr).case.version), "bundle": str(scenes.current(dsr).uuid)}
    assert client.post(page, fields).status_code == 403
    assert scenes.fresh(dsr).stage == Stage.IN_REVIEW
    client.post(page, {**fields, "factor-code": second_factor.begin(approver).current_code()})
    assert scenes.fresh(dsr).stage == Stage.RELEASED


def test_a_restriction_is_lifted_only_with_the_factor(client: Client, approver: User, house: House) -> None:
    row = restrictions.proposed(restrictions.restricted(house))
    page = reverse("exports:desk:lifting-approve", args=[row.pk])
    fields = {"version": str(restrictions.fresh(row.dsr).case.version)}
    assert client.post(page, fields).status_code == 403
    assert Lifting.objects.get().approved_by_id is None
    client.post(page, {**fields, "factor-code": second_factor.begin(approver).current_code()})
    assert Lifting.objects.get().approved_by_id == approver.pk
