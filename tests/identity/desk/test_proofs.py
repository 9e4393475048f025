"""What the identity panel offers beside the link, and what recording a shown document does."""

import pytest
from django.test import Client

from identity import selectors
from identity.models import User, Verification
from requests_app.domain.enums import Right, Role
from requests_app.models import AuditEntry, Case, Suspension
from tests import factories
from tests.identity import scenes

from .test_panel import at, drawn

pytestmark = pytest.mark.django_db


def given(result: str = "yes", **more: str) -> dict[str, str]:
    return {"shown-method": "video_call", "shown-looked_only": "on", "shown-result": result} | more


@pytest.fixture
def handler(client: Client) -> User:
    return scenes.signed_in(client, factories.staff(Role.HANDLER, name="Ola Lie"))


def test_a_shown_document_answers_the_question(client: Client, handler: User) -> None:
    row = scenes.doubted(Right.ACCESS)
    assert "I looked only at the name, the issuer, the expiry date and the photo" in drawn(row.case, handler)
    assert client.post(at(row.case, "shown"), given()).status_code == 302
    found = Verification.objects.latest("id")
    assert (found.method, found.level, found.state, found.asked_by) == ("video_call", "L4", "confirmed", handler)
    assert found.doubt_reason == row.doubt_reason
    assert Suspension.objects.get().answered_at == found.concluded_at
    html = drawn(row.case, handler)
    assert "L4" in html
    assert "Identity document shown in a video call, recorded by Ola Lie" in " ".join(html.split())


def test_a_no_is_written_down_and_everything_waits_on(client: Client, handler: User) -> None:
    row = scenes.doubted(Right.ACCESS)
    token = scenes.link_token(row)
    assert client.post(at(row.case, "shown"), given("no")).status_code == 302
    assert selectors.standing(row.case).waiting == row
    assert Suspension.objects.get().answered_at is None
    entry = AuditEntry.objects.get(action="identity.not_shown")
    assert entry.details == {"method": "video_call", "doubt": "unknown_address"}
    assert client.post(f"/identity/{token}").status_code == 200
    row.refresh_from_db()
    assert row.state == "confirmed"


def test_without_a_question_the_doubt_is_asked_for(client: Client, handler: User) -> None:
    case = factories.case(Right.ACCESS)
    assert "shown-doubt" in drawn(case, handler)
    for result in ("yes", "no"):
        response = client.post(at(case, "shown"), given(result))
        assert response.status_code == 422
        assert set(response.context["form"].errors) == {"doubt"}
    assert not Verification.objects.exists()
    assert not AuditEntry.objects.filter(action="identity.not_shown").exists()
    client.post(at(case, "shown"), given(**{"shown-doubt": "fraud_sign"}))
    assert Verification.objects.get().doubt_reason == "fraud_sign"


@pytest.mark.parametrize("lacking", ["method", "looked_only", "result"])
def test_nothing_is_recorded_by_halves_and_what_was_chosen_stays(client: Client, handler: User, lacking: str) -> None:
    row = scenes.doubted()
    typed = given("no")
    del typed[f"shown-{lacking}"]
    response = client.post(at(row.case, "shown"), typed)
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {lacking}
    assert response.text.count("checked") >= 2
    assert Verification.objects.count() == 1


@pytest.mark.parametrize("method", ["eid", "email_link", "call_back", "one_time_code", "x"])
def test_only_a_document_is_recorded_here(client: Client, handler: User, method: str) -> None:
    row = scenes.doubted()
    assert client.post(at(row.case, "shown"), given(**{"shown-method": method})).status_code == 422


def test_a_right_that_is_never_asked_about_asks_for_no_document(client: Client, handler: User) -> None:
    case = factories.case(Right.MARKETING_OBJECTION)
    assert at(case, "shown") not in drawn(case, handler)
    response = client.post(at(case, "shown"), given(**{"shown-doubt": "mismatch"}))
    assert response.status_code == 422
    assert not Verification.objects.exists()


@pytest.mark.parametrize("role", [Role.INTAKE, Role.APPROVER, Role.DPO, Role.ADMINISTRATOR, Role.AUDITOR])
def test_other_roles_record_nothing(client: Client, role: Role) -> None:
    row = scenes.doubted()
    user = scenes.signed_in(client, factories.staff(role))
    assert at(row.case, "shown") not in drawn(row.case, user)
    assert client.post(at(row.case, "shown"), given()).status_code == 403
    assert client.get(at(row.case, "shown")).status_code in (403, 405)


def test_the_panel_tells_which_ways_are_open_and_why_others_are_not(handler: User) -> None:
    case: Case = factories.case()
    html = " ".join(drawn(case, handler).split())
    assert "Not open: No system has given us an e-mail address of this person to ask at." in html
    scenes.on_file(case)
    assert "Not open: No system has given us" not in drawn(case, handler)
