"""The page on which somebody leaves."""

import pytest

from identity.domain.enums import ApiScope
from identity.models import ApiToken, User
from identity.services import api_tokens
from requests_app.domain.enums import Role
from requests_app.domain.snapshot import SYSTEM
from requests_app.models import AuditEntry, Case
from requests_app.services import notes, shield
from tests import factories
from tests.desk_client import DeskClient, desk_client, text
from tests.identity import scenes

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator() -> DeskClient:
    factories.organisation()
    return desk_client(Role.ADMINISTRATOR)


@pytest.fixture
def leaver(administrator: DeskClient) -> User:
    user = scenes.enrolled(factories.staff(name="Ola Lie"))
    notes.assign(factories.case().pk, user.pk, actor=SYSTEM)
    api_tokens.issue("website", [ApiScope.CASES_READ], actor=user.as_actor())
    return user


def page(user: User) -> str:
    return f"/desk/staff/{user.pk}/deactivate/"


def test_a_look_changes_nothing_and_shows_no_content_of_a_case(administrator: DeskClient, leaver: User) -> None:
    shown = administrator.read(page(leaver))
    case = Case.objects.get()
    assert case.reference.split("-")[-1] in shown
    assert case.person_name not in shown
    assert case.person_email not in shown
    for words in ("website", "Nobody: back to the queue", "The second factor and every passkey."):
        assert words in shown
    assert User.objects.get(pk=leaver.pk).is_active
    assert f'href="{page(leaver)}"' in administrator.read(f"/desk/staff/{leaver.pk}/")


def test_one_press_does_it_all_and_a_second_one_nothing(administrator: DeskClient, leaver: User) -> None:
    heir, token = factories.staff(), ApiToken.objects.get()
    data = {"handler": heir.pk, f"token-{token.pk}": "keep", f"why-{token.pk}": "The form of the website"}
    for _ in range(2):
        assert administrator.post(page(leaver), data)["Location"] == f"/desk/staff/{leaver.pk}/"
    assert not User.objects.get(pk=leaver.pk).is_active
    assert Case.objects.get().assignee == heir
    token.refresh_from_db()
    assert (token.revoked_at, token.kept_because) == (None, "The form of the website")
    assert AuditEntry.objects.filter(action="staff.deactivated").count() == 1
    assert "The form of the website" in administrator.read(f"/desk/staff/{leaver.pk}/")
    assert administrator.get(page(leaver))["Location"] == f"/desk/staff/{leaver.pk}/"


def test_what_cannot_be_done_comes_back_as_it_was_filled_in(administrator: DeskClient, leaver: User) -> None:
    heir, token = factories.staff(), ApiToken.objects.get()
    response = administrator.post(page(leaver), {"handler": heir.pk, f"token-{token.pk}": "keep"})
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [f"why-{token.pk}"]
    assert f'<option value="{heir.pk}" selected>' in text(response)
    assert 'value="keep" ' in text(response)
    for handler in (leaver.pk, administrator.user.pk, 999_999, "x"):
        response = administrator.post(page(leaver), {"handler": handler, f"token-{token.pk}": "revoke"})
        assert list(response.context["form"].errors) == ["handler"]
    response = administrator.post(page(leaver), {"handler": ""})
    assert list(response.context["form"].errors) == [f"token-{token.pk}"]
    assert User.objects.get(pk=leaver.pk).is_active


def test_a_token_made_after_the_look_stops_too(administrator: DeskClient, leaver: User) -> None:
    token = ApiToken.objects.get()
    data = {"handler": "", f"token-{token.pk}": "revoke"}
    api_tokens.issue("late", [ApiScope.CASES_READ], actor=leaver.as_actor())
    response = administrator.post(page(leaver), data)
    assert response.status_code == 422  # it is shown first, and asked about
    late = ApiToken.objects.get(name="late")
    administrator.post(page(leaver), data | {f"token-{late.pk}": "revoke"})
    assert not ApiToken.objects.filter(revoked_at__isnull=True).exists()


def test_the_last_administrator_sees_why_not(administrator: DeskClient) -> None:
    url = page(administrator.user)
    shown = administrator.read(url)
    assert "There must always be one active administrator." in shown
    assert '<form class="form"' not in shown
    assert administrator.post(url, {"handler": ""}).status_code == 422
    assert User.objects.get(pk=administrator.user.pk).is_active


def test_who_leaves_by_their_own_press_is_logged_out(administrator: DeskClient) -> None:
    factories.staff(Role.ADMINISTRATOR)
    assert "you will be logged out" in administrator.read(page(administrator.user))
    administrator.post(page(administrator.user), {"handler": ""})
    assert administrator.get("/desk/account/")["Location"].startswith("/desk/login/")


def test_only_administrators_get_there(administrator: DeskClient, leaver: User) -> None:
    for role in Role:
        if role is not Role.ADMINISTRATOR:
            assert desk_client(role).get(page(leaver)).status_code == 403


def test_a_shielded_case_is_not_on_the_page_and_changes_hands_all_the_same(
    administrator: DeskClient, leaver: User
) -> None:
    case = Case.objects.get()
    shield.shield(case.pk, [leaver.pk], "x", actor=leaver.as_actor(), user=leaver)
    assert "The person has no open case." in administrator.read(page(leaver))
    token = ApiToken.objects.get()
    assert administrator.post(page(leaver), {f"token-{token.pk}": "revoke"}).status_code == 302
    assert Case.objects.get().assignee is None


def test_an_administrator_closes_an_account_that_has_a_case_about_them(administrator: DeskClient, leaver: User) -> None:
    heir, token = factories.staff(), ApiToken.objects.get()
    Case.objects.update(person_email=administrator.user.email)
    data = {"handler": heir.pk, f"token-{token.pk}": "revoke"}
    assert administrator.post(page(leaver), data)["Location"] == f"/desk/staff/{leaver.pk}/"
    assert Case.objects.get().assignee is None  # nobody says who handles a case about themselves
