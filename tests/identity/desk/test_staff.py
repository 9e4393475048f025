"""The pages for those who give accounts and take them away."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from identity.models import StaffInvitation, User
from identity.services import staff
from requests_app.domain.enums import Role
from tests import factories
from tests.identity import scenes

pytestmark = pytest.mark.django_db

LIST = "/desk/staff/"


@pytest.fixture
def administrator(client: Client) -> User:
    factories.organisation()
    return scenes.signed_in(client, factories.staff(Role.ADMINISTRATOR, name="Berit Dahl"))


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_only_administrators_get_there(client: Client, role: Role) -> None:
    factories.organisation()
    user = scenes.signed_in(client, factories.staff(role))
    assert client.get(LIST).status_code == 403
    assert client.get(f"{LIST}{user.pk}/").status_code == 403
    for verb in ("roles", "deactivate", "reactivate", "renew"):
        assert client.post(f"{LIST}{user.pk}/{verb}/", {"roles": ["administrator"]}).status_code == 403
    assert client.post(LIST, {"email": "x@optimar.example", "roles": ["administrator"]}).status_code == 403
    assert client.post(f"{LIST}invitations/1/withdraw/").status_code == 403
    assert User.objects.get().roles == {role}


def test_the_list_shows_people_and_open_links(client: Client, administrator: User) -> None:
    closed = factories.staff(Role.HANDLER, name="Ola Lie", active=False)
    staff.invite("kari@optimar.example", [Role.APPROVER])
    page = client.get(LIST)
    assert page.status_code == 200
    for text in (administrator.name, closed.name, closed.email, "kari@optimar.example"):
        assert text in page.text
    assert "/desk/invite/" not in page.text


def test_the_list_takes_the_same_queries_however_many_there_are(client: Client, administrator: User) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(LIST)
        return len(captured)

    few = queries()
    for _ in range(4):
        scenes.enrolled(factories.staff(Role.HANDLER, Role.INTAKE))
    assert queries() == few


def test_inviting_shows_the_link_once(client: Client, administrator: User) -> None:
    response = client.post(LIST, {"email": "Ola@Optimar.example", "roles": ["handler", "intake"]}, follow=True)
    url = staff.invitation_url(StaffInvitation.objects.get())
    assert url in response.text
    assert url not in client.get(LIST).text
    assert StaffInvitation.objects.get().roles == ["handler", "intake"]


@pytest.mark.parametrize(
    "data,field",
    [
        ({"email": "", "roles": ["handler"]}, "email"),
        ({"email": "ola", "roles": ["handler"]}, "email"),
        ({"email": "ola@optimar.example"}, "roles"),
        ({"email": "ola@optimar.example", "roles": ["king"]}, "roles"),
    ],
)
def test_what_cannot_be_invited_is_said_at_its_field(
    client: Client, administrator: User, data: dict[str, object], field: str
) -> None:
    response = client.post(LIST, data)
    assert response.status_code == 200
    assert list(response.context["form"].errors) == [field]
    assert f'value="{data["email"]}"' in response.text or not data["email"]
    assert not StaffInvitation.objects.exists()


def test_an_account_that_exists_is_said_to_exist(client: Client, administrator: User) -> None:
    response = client.post(LIST, {"email": administrator.email, "roles": ["handler"]})
    assert response.context["form"].errors["email"]


def test_changing_roles(client: Client, administrator: User) -> None:
    user = factories.staff(Role.INTAKE)
    page = client.get(f"{LIST}{user.pk}/")
    assert page.text.count(" checked") == 1
    client.post(f"{LIST}{user.pk}/roles/", {"roles": ["approver", "dpo"]})
    assert User.objects.get(pk=user.pk).roles == {Role.APPROVER, Role.DPO}
    response = client.post(f"{LIST}{user.pk}/roles/", {"roles": []})
    assert response.context["form"].errors["roles"]


def test_closing_and_opening(client: Client, administrator: User) -> None:
    user = factories.staff()
    client.post(f"{LIST}{user.pk}/deactivate/")
    assert not User.objects.get(pk=user.pk).is_active
    client.post(f"{LIST}{user.pk}/reactivate/")
    assert User.objects.get(pk=user.pk).is_active
    for verb in ("reactivate", "renew", "roles"):
        assert client.get(f"{LIST}{user.pk}/{verb}/").status_code == 405
    for verb in ("deactivate", "reactivate", "renew", "roles"):
        assert client.post(f"{LIST}999999/{verb}/", {"roles": ["handler"]}).status_code == 404


def test_the_last_administrator_stays_and_the_page_says_so(client: Client, administrator: User) -> None:
    page = client.get(f"{LIST}{administrator.pk}/")
    assert f"{LIST}{administrator.pk}/deactivate/" not in page.text
    assert page.context["why_not_deactivate"] in page.text
    assert page.context["why_not_renew"] in page.text
    client.post(f"{LIST}{administrator.pk}/deactivate/")
    response = client.post(f"{LIST}{administrator.pk}/roles/", {"roles": ["handler"]})
    assert response.context["form"].errors["roles"]
    assert User.objects.get(pk=administrator.pk).roles == {Role.ADMINISTRATOR}


def test_a_new_way_in_shows_its_link_once(client: Client, administrator: User) -> None:
    user = factories.staff()
    response = client.post(f"{LIST}{user.pk}/renew/", follow=True)
    url = staff.invitation_url(StaffInvitation.objects.get(user=user))
    assert url in response.text
    assert url not in client.get(LIST).text


def test_withdrawing_a_link(client: Client, administrator: User) -> None:
    invitation, url = staff.invite("ola@optimar.example", [Role.HANDLER])
    client.post(f"{LIST}invitations/{invitation.pk}/withdraw/")
    assert client.get(url).status_code == 410
