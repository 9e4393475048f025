"""The commands for accounts and tokens."""

import json
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from pytest_django import Settings

from identity.models import ApiToken, StaffInvitation
from identity.services import api_tokens, second_factor, staff
from requests_app.domain.enums import Role
from tests import factories

pytestmark = pytest.mark.django_db

EMAIL = "ola@optimar.example"


def run(*args: str) -> str:
    out = StringIO()
    call_command(*args, stdout=out)
    return out.getvalue()


def refused(*args: str) -> str:
    with pytest.raises(CommandError) as caught:
        run(*args)
    assert caught.value.returncode == 2
    return str(caught.value)


def test_an_invitation_as_json() -> None:
    facts = json.loads(run("invite_staff", EMAIL, "--role", "handler", "intake", "--role", "approver", "--json"))
    assert facts["email"] == EMAIL
    assert facts["roles"] == ["approver", "handler", "intake"]
    invitation = staff.open_invitation(facts["url"].rpartition("/")[2])
    assert invitation == StaffInvitation.objects.get()


def test_an_invitation_in_words_ends_with_the_link() -> None:
    text = run("invite_staff", EMAIL, "--role", "handler", "--label", "invite_handler")
    assert text.splitlines()[-1] == staff.invitation_url(StaffInvitation.objects.get())
    assert StaffInvitation.objects.get().label == "invite_handler"


@pytest.mark.parametrize(
    "args,words",
    [
        ([EMAIL], "--role"),
        ([EMAIL, "--role", "king"], "not a role: king; roles are: intake, handler"),
        (["ola", "--role", "handler"], "not an e-mail address"),
        ([EMAIL, "--renew"], "no account"),
        ([EMAIL, "--renew", "--role", "handler"], "--renew"),
    ],
)
def test_what_cannot_be_invited_is_one_clear_line(args: list[str], words: str) -> None:
    message = refused("invite_staff", *args)
    assert words in message
    assert "\n" not in message
    assert not StaffInvitation.objects.exists()


def test_an_account_that_exists_is_renewed_not_invited() -> None:
    user = factories.staff(Role.ADMINISTRATOR)
    assert "--renew" in refused("invite_staff", user.email, "--role", "handler")
    facts = json.loads(run("invite_staff", user.email.upper(), "--renew", "--json"))
    assert facts["email"] == user.email
    assert StaffInvitation.objects.get().user == user


@time_machine.travel("2026-11-02T09:00+01:00", tick=False)
def test_a_code_that_lets_in(settings: Settings) -> None:
    settings.EMBEDDED = True  # whatever stack the tests run on
    user = factories.staff()
    assert "not begun" in refused("totp", user.email)
    second_factor.begin(user)
    for _ in range(2):
        assert second_factor.check(user, run("totp", user.email.upper()).strip()).right


def test_no_code_where_real_people_work(settings: Settings) -> None:
    settings.EMBEDDED = False
    user = factories.staff()
    second_factor.begin(user)
    assert "embedded" in refused("totp", user.email)


def test_a_token_is_printed_once() -> None:
    text = run("api_token", "crm", "--scope", "cases:read", "inquiries:read").strip()
    row = api_tokens.find(text)
    assert row is not None
    assert row.scopes == ["cases:read", "inquiries:read"]
    assert "names are never used twice" in refused("api_token", "crm", "--scope", "cases:read")
    assert run("api_token", "crm", "--revoke").strip() == "revoked"
    assert api_tokens.find(text) is None


@pytest.mark.parametrize(
    "args,words",
    [
        (["crm"], "--scope"),
        (["crm", "--scope", "all"], "not a scope: all; scopes are: inquiries:write"),
        ([" ", "--scope", "cases:read"], "1 to 64"),
        (["x" * 65, "--scope", "cases:read"], "1 to 64"),
        (["crm", "--revoke"], "no token of this name"),
    ],
)
def test_what_is_no_token_is_one_clear_line(args: list[str], words: str) -> None:
    assert words in refused("api_token", *args)
    assert not ApiToken.objects.exists()
