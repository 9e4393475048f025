"""Calling back: a number on file, three questions, a count of right answers, and nothing kept."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from identity import selectors
from identity.domain.enums import Level, Method
from identity.models import KnowledgeTry, User, Verification
from requests_app.domain.enums import Right, Role
from requests_app.models import AuditEntry, Case
from tests import factories
from tests.identity import knowing, scenes

from .test_panel import at, drawn

pytestmark = pytest.mark.django_db


def in_english(case: Case) -> str:
    return f"{at(case, 'call')}?lang=en"


@pytest.fixture
def handler(client: Client) -> User:
    return scenes.signed_in(client, factories.staff(Role.HANDLER, name="Ola Lie"))


def test_enough_right_answers_answer_the_question(client: Client, handler: User) -> None:
    row = scenes.doubted(Right.ACCESS)
    point = knowing.phone(knowing.offered(row.case))
    assert at(row.case, "call") in drawn(row.case, handler)
    page = client.get(at(row.case, "call")).text
    assert "+4790000000" in page
    assert "Molde" not in page
    assert client.post(at(row.case, "call"), knowing.RIGHT | {"phone": point.pk}).status_code == 302
    found = Verification.objects.latest("id")
    assert (found.method, found.level, found.asked_by, found.state) == ("call_back", "L2", handler, "confirmed")
    assert (selectors.assurance(row.case).level, selectors.assurance(row.case).method) == (Level.L2, Method.CALL_BACK)
    assert "Call to the number on file, recorded by Ola Lie" in " ".join(drawn(row.case, handler).split())


def test_too_few_are_counted_and_what_was_typed_stays_on_the_page(client: Client, handler: User) -> None:
    row = scenes.doubted(Right.ACCESS)
    point = knowing.phone(knowing.offered(row.case))
    response = client.post(at(row.case, "call"), knowing.WRONG | {"phone": point.pk})
    assert response.status_code == 422
    assert response.context["form"].errors.keys() == {"__all__"}
    assert " 1" in response.context["form"].non_field_errors()[0]
    assert 'value="fisk"' in response.text
    assert selectors.standing(row.case).waiting == row
    entry = AuditEntry.objects.get(action="knowledge.wrong")
    assert entry.details == {"method": "call_back", "tries_left": 4}


def test_after_five_the_page_says_until_when(client: Client, handler: User) -> None:
    row = scenes.doubted(Right.ACCESS)
    point = knowing.phone(knowing.offered(row.case))
    for _ in range(5):
        client.post(at(row.case, "call"), knowing.WRONG | {"phone": point.pk})
    response = client.post(at(row.case, "call"), knowing.RIGHT | {"phone": point.pk})
    assert response.status_code == 422
    assert KnowledgeTry.objects.count() == 5
    assert selectors.standing(row.case).waiting == row
    assert at(row.case, "call") not in drawn(row.case, handler)
    assert "Too many answers were wrong" in drawn(row.case, handler)


def test_only_a_number_on_file_that_has_been_there_for_a_while(client: Client, handler: User) -> None:
    row = scenes.doubted(Right.ACCESS)
    knowing.offered(row.case)
    assert "No system has given us a phone number" in client.get(in_english(row.case)).text
    knowing.phone(row.case, since=timezone.now() - timedelta(days=29))
    assert "No system has given us a phone number" in client.get(in_english(row.case)).text
    knowing.phone(row.case, "+4791111111")
    elsewhere = knowing.phone(factories.case(), "+4792222222")
    text = client.get(in_english(row.case)).text
    assert "+4791111111" in text
    assert "+4790000000" not in text
    assert client.post(at(row.case, "call"), knowing.RIGHT | {"phone": elsewhere.pk}).status_code == 422
    assert not KnowledgeTry.objects.exists()


def test_without_a_question_the_doubt_is_asked_for(client: Client, handler: User) -> None:
    case = knowing.offered(factories.case(Right.ACCESS))
    scenes.on_file(case, case.person_email)
    point = knowing.phone(case, found_by=case.person_email)
    response = client.post(at(case, "call"), knowing.RIGHT | {"phone": point.pk})
    assert set(response.context["form"].errors) == {"doubt"}
    assert not KnowledgeTry.objects.exists()
    client.post(at(case, "call"), knowing.RIGHT | {"phone": point.pk, "doubt": "mismatch"})
    assert Verification.objects.get().doubt_reason == "mismatch"


def test_switched_off_the_page_says_so(client: Client, handler: User) -> None:
    row = scenes.doubted(Right.ACCESS)
    assert "switched off" in client.get(in_english(row.case)).text
    assert client.post(at(row.case, "call"), knowing.RIGHT).status_code == 422


@pytest.mark.parametrize("role", [Role.INTAKE, Role.APPROVER, Role.DPO, Role.ADMINISTRATOR, Role.AUDITOR])
def test_other_roles_call_nobody(client: Client, role: Role) -> None:
    row = scenes.doubted()
    knowing.phone(knowing.offered(row.case))
    scenes.signed_in(client, factories.staff(role))
    assert client.get(at(row.case, "call")).status_code == 403
    assert client.post(at(row.case, "call"), knowing.RIGHT).status_code == 403
