"""Nobody acts alone where two are needed: by statements that go round the services, and by all a handler can reach.

Refusals and releases, extensions, deletions, changes of where an answer goes (section by section of domain law: GDPR
Art. 5(1)(f), 32). Each statement is plain SQL on the connection; the database itself says no.
"""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_otp import DEVICE_ID_SESSION_KEY

from exports.models import Bundle, ErasurePlan
from exports.services import decide, erasure
from identity.domain.enums import ApiScope, ContactChannel
from identity.models import User, Verification
from identity.services import api_tokens, contact_points, new_address
from requests_app.domain.enums import Outcome, Right, Role, Stage
from requests_app.domain.errors import ActionRefused, TransitionDenied
from requests_app.models import DataSubjectRequest, Decision, Extension
from tests import factories
from tests.desk_client import DeskClient
from tests.exports import erasures, scenes
from tests.exports.house import House
from tests.identity import scenes as identity_scenes
from tests.requests_app import extensions

pytestmark = pytest.mark.django_db


def barred(sql: str, *values: "datetime | str | int") -> None:
    """The database refuses a statement."""
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, [str(value) if isinstance(value, datetime) else value for value in values])


@pytest.fixture
def both(house: House) -> User:
    """A handler who may release as well: with both roles, nobody but the database and the services stop them."""
    return factories.staff(Role.HANDLER, Role.APPROVER, Role.DECISION_MAKER)


@pytest.mark.parametrize("outcome", [Outcome.FULFILLED, Outcome.REFUSED, Outcome.PARTLY_FULFILLED])
def test_no_statement_releases_or_closes_what_one_person_signed(outcome: Outcome, both: User) -> None:
    dsr = scenes.in_review(both)
    Decision.objects.filter(dsr=dsr).update(outcome=outcome.value)
    alone = "UPDATE requests_decision SET released_by_id = prepared_by_id, released_at = %s WHERE dsr_id = %s"
    barred(alone, timezone.now(), dsr.pk)
    barred("UPDATE requests_datasubjectrequest SET stage = 'released' WHERE id = %s", dsr.pk)
    barred(
        "UPDATE requests_datasubjectrequest SET stage = 'closed', closed_at = %s, outcome = %s WHERE id = %s",
        timezone.now(), outcome.value, dsr.pk,
    )  # fmt: skip
    barred("UPDATE requests_decision SET prepared_by_id = NULL, released_by_id = %s WHERE dsr_id = %s", both.pk, dsr.pk)
    assert DataSubjectRequest.objects.get(pk=dsr.pk).stage == Stage.IN_REVIEW


def test_no_statement_extends_alone(both: User) -> None:
    row = extensions.proposed(factories.dsr(), both)
    now = timezone.now()
    barred("UPDATE requests_extension SET approved_by_id = proposed_by_id, approved_at = %s WHERE id = %s", now, row.pk)
    barred("UPDATE requests_extension SET notice_sent_at = %s WHERE id = %s", now, row.pk)
    assert Extension.objects.get().approved_by_id is None


def test_no_statement_deletes_alone(both: User) -> None:
    plan = erasures.submitted(both)
    now = timezone.now()
    barred("UPDATE exports_erasureplan SET approved_by_id = prepared_by_id WHERE id = %s", plan.pk)
    barred("UPDATE exports_erasureplan SET runs_at = %s WHERE id = %s", now, plan.pk)
    barred("UPDATE exports_erasureplan SET begun_at = %s WHERE id = %s", now, plan.pk)
    barred("UPDATE exports_erasureplan SET prepared_by_id = NULL, approved_by_id = %s WHERE id = %s", both.pk, plan.pk)
    assert ErasurePlan.objects.get().approved_by_id is None


def test_whoever_alone_names_an_address_does_not_release_to_it(both: User) -> None:
    dsr = scenes.in_review(factories.staff())
    kept = scenes.current(dsr)
    barred(
        "UPDATE exports_bundle SET released_at = %s, expires_at = %s, delivery_address = 'x@example.com',"
        " address_named_by_id = %s WHERE id = %s", timezone.now(), timezone.now(), both.pk, kept.pk,
    )  # fmt: skip
    second = factories.staff(Role.APPROVER)
    contact_points.record(
        dsr.case, ContactChannel.EMAIL, dsr.case.person_email, "hubspot", datetime(2024, 1, 1, tzinfo=UTC),
        actor=second.as_actor(),
    )  # fmt: skip
    dsr.case.contact_points.exclude(recorded_by=second).delete()
    with pytest.raises(ActionRefused) as caught:
        decide.release(dsr.pk, actor=second.as_actor(), bundle=scenes.current(dsr).uuid)
    assert caught.value.reason.code == "second_person_address"
    decide.release(dsr.pk, actor=both.as_actor(), bundle=scenes.current(dsr).uuid)
    released = Bundle.objects.get(pk=kept.pk)
    assert released.address_named_by_id == second.pk


def test_an_address_does_not_change_once_it_is_released(both: User) -> None:
    kept = scenes.current(scenes.released(approver=both))
    assert kept.delivery_address
    barred("UPDATE exports_bundle SET delivery_address = 'mallory@example.com' WHERE id = %s", kept.pk)
    with connection.cursor() as cursor:  # it can be forgotten
        cursor.execute("UPDATE exports_bundle SET delivery_address = '' WHERE id = %s", [kept.pk])


def test_whoever_enters_a_new_address_does_not_declare_the_old_one_lost(both: User) -> None:
    case = factories.case(Right.RECTIFICATION)
    identity_scenes.on_file(case, case.person_email)
    new_address.require(case.pk, {(case.person_email, "kari.ny@example.com")}, actor=both.as_actor())
    row = Verification.objects.get(purpose="new_address")
    with pytest.raises(ActionRefused) as caught:
        new_address.old_is_lost(row.pk, "Postkassen er stengt.", actor=both.as_actor())
    assert caught.value.reason.code == "old_address_second_person"
    barred("UPDATE identity_verification SET old_lost = 'x', old_lost_by_id = asked_by_id WHERE id = %s", row.pk)
    other = factories.staff(Role.DECISION_MAKER)
    new_address.old_is_lost(row.pk, "Postkassen er stengt.", actor=other.as_actor())


def test_two_sessions_of_one_person_are_one_person(both: User) -> None:
    dsr, plan = scenes.in_review(both), erasures.submitted(both)
    first, second = DeskClient(both), Client()
    second.force_login(both)
    session = second.session
    session[DEVICE_ID_SESSION_KEY] = both.second_factor.persistent_id
    session.save()
    for browser in (first, second):
        kept = scenes.current(dsr)
        browser.post(reverse("exports:desk:answer-release", args=[dsr.pk]), {"bundle": str(kept.uuid)})
        browser.post(reverse("exports:desk:erasure-approve", args=[plan.dsr_id]))
    assert scenes.fresh(dsr).stage == Stage.IN_REVIEW
    assert erasures.again(plan).approved_by_id is None
    with pytest.raises(TransitionDenied):
        decide.release(dsr.pk, actor=both.as_actor(), bundle=scenes.current(dsr).uuid)
    with pytest.raises(ActionRefused):
        erasure.approve(plan.dsr_id, actor=both.as_actor())


def test_no_token_of_the_api_releases_anything(both: User) -> None:
    dsr = scenes.in_review(both)
    token = api_tokens.issue("all", list(ApiScope), actor=both.as_actor())
    browser = Client(headers={"authorization": f"Bearer {token}"})
    address = f"/api/v1/cases/{dsr.case.reference}"
    body = {"requests": [{"id": dsr.pk, "stage": "released"}], "stage": "released"}
    for method in ("post", "put", "patch", "delete"):
        assert getattr(browser, method)(address, body, content_type="application/json").status_code in (403, 405)
    release = reverse("exports:desk:answer-release", args=[dsr.pk])
    assert browser.post(release).headers["Location"].startswith(reverse("identity:login"))
    assert scenes.fresh(dsr).stage == Stage.IN_REVIEW
