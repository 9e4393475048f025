"""The page behind an invitation."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from identity.models import StaffInvitation, User
from identity.services import staff
from requests_app.domain.enums import Role
from requests_app.domain.snapshot import SYSTEM
from tests import factories
from tests.identity import scenes

pytestmark = pytest.mark.django_db

EMAIL = "ola@optimar.example"
GOOD = {"name": "Ola Lie", "password": "grønne epler i mai", "again": "grønne epler i mai"}


@pytest.fixture
def page() -> str:
    factories.organisation()
    _, url = staff.invite(EMAIL, [Role.HANDLER])
    return url.replace("http://localhost:8000", "")


def test_opening_it_uses_nothing_up_and_sending_it_makes_the_account(client: Client, page: str) -> None:
    for method in (client.get, client.head, client.get):
        assert method(page).status_code == 200
    assert EMAIL in client.get(page).text
    assert not User.objects.exists()
    assert client.post(page, GOOD)["Location"] == "/desk/second-factor/"
    user = User.objects.get()
    assert (user.email, user.name) == (EMAIL, "Ola Lie")
    assert user.roles == {Role.HANDLER}
    assert client.get("/desk/account/")["Location"].startswith("/desk/second-factor/")


@pytest.mark.parametrize(
    "change,field",
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"name": "a\0b"}, "name"),
        ({"again": "another password"}, "again"),
        ({"password": "short", "again": "short"}, "password"),
        ({"password": "passwordpassword", "again": "passwordpassword"}, "password"),
        ({"password": "hest batteri stift", "again": "hest batteri stift"}, ""),
        ({"password": "ola@optimar.example", "again": "ola@optimar.example"}, "password"),
        ({"password": "x" * 5000, "again": "x" * 5000}, "password"),
    ],
)
def test_bad_input_gets_the_form_again_and_keeps_the_link(
    client: Client, page: str, change: dict[str, str], field: str
) -> None:
    response = client.post(page, GOOD | change)
    if not field:  # long, and not among the common ones
        assert response.status_code == 302
        return
    assert response.status_code == 200
    assert field in response.context["form"].errors
    assert StaffInvitation.objects.get().used_at is None


def test_used_old_withdrawn_and_unknown_links_look_alike(client: Client, page: str) -> None:
    client.post(page, GOOD)
    used = Client().get(page)
    _, url = staff.invite("old@optimar.example", [Role.HANDLER])
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        old = Client().get(url)
    invitation, url = staff.invite("gone@optimar.example", [Role.HANDLER])
    staff.withdraw(invitation.pk, actor=SYSTEM)
    responses = [used, old, Client().get(url), Client().get("/desk/invite/nonsense"), Client().post(page, GOOD)]
    assert {response.status_code for response in responses} == {410}
    assert len({response.text for response in responses}) == 1
    assert User.objects.count() == 1


def test_it_makes_an_account_of_its_own_whoever_is_logged_in(client: Client, page: str) -> None:
    administrator = scenes.signed_in(client, factories.staff(Role.ADMINISTRATOR))
    before = client.session.session_key
    client.post(page, GOOD)
    assert client.session["_auth_user_id"] == str(User.objects.exclude(pk=administrator.pk).get().pk)
    assert client.session.session_key != before
    assert "otp_device_id" not in client.session


def test_a_new_way_in_shows_the_name_and_keeps_the_roles(client: Client) -> None:
    factories.organisation()
    user = factories.staff(Role.DPO, name="Berit Dahl")
    _, url = staff.renew(user.pk, actor=SYSTEM)
    assert 'value="Berit Dahl"' in client.get(url).text
    client.post(url, GOOD | {"name": "Berit Dahl"})
    assert User.objects.get().roles == {Role.DPO}


def test_the_title_names_nobody(client: Client, page: str) -> None:
    title = client.get(page).text.partition("<title>")[2].partition("</title>")[0]
    assert "optimar.example" not in title
