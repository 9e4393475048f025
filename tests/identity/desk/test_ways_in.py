"""Passkeys, app and recovery codes as their owner sees them, and the ways in that they open."""

import json
import re
from base64 import b64decode
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
import time_machine
from django.test import Client, override_settings

from identity.models import SecondFactor, User
from identity.services import passkeys, recovery, second_factor
from requests_app.domain.enums import Role
from tests import factories
from tests.desk_client import desk_client
from tests.identity import scenes
from tests.identity.authenticator import Authenticator

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse

pytestmark = pytest.mark.django_db

LOGIN, SECOND, ACCOUNT = "/desk/login/", "/desk/second-factor/", "/desk/account/"
CODES, PASSKEYS, APP = f"{ACCOUNT}recovery-codes/", f"{ACCOUNT}passkeys/", f"{ACCOUNT}app/"
NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
CODE = re.compile(r"<code>([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4})</code>")


@pytest.fixture(autouse=True)
def _organisation() -> None:
    factories.organisation()


def password(client: Client, user: User) -> None:
    client.post(LOGIN, {"email": user.email, "password": factories.PASSWORD})


def offered(page: "_MonkeyPatchedWSGIResponse") -> dict[str, object]:
    found: dict[str, object] = json.loads(page.context["passkey_options"])
    return found


def enrol(client: Client, user: User, key: Authenticator) -> "_MonkeyPatchedWSGIResponse":
    """Log in for the first time, with a passkey as the first factor."""
    password(client, user)
    answer = json.dumps(key.create(offered(client.get(SECOND))))
    return client.post(f"{SECOND}passkey/", {"name": "laptop", "passkey": answer, "next": ACCOUNT})


def is_in(client: Client) -> bool:
    return client.get(ACCOUNT).status_code == 200


def test_the_first_factor_may_be_a_passkey(client: Client) -> None:
    user, key = factories.staff(), Authenticator()
    before = client.session.session_key
    assert enrol(client, user, key)["Location"] == f"{CODES}?next={ACCOUNT}"
    assert is_in(client)
    assert client.session.session_key != before
    client.post("/desk/logout/")
    password(client, user)
    assert not is_in(client)
    page = client.get(SECOND)
    assert 'class="secret"' not in page.text  # a password alone must not see how to set up an app
    answer = json.dumps(key.get(offered(page)))
    assert client.post(SECOND, {"passkey": answer, "next": ACCOUNT})["Location"] == ACCOUNT
    assert is_in(client)


def test_a_password_alone_sets_up_nothing_beside_a_passkey(client: Client) -> None:
    user = factories.staff()
    enrol(client, user, Authenticator())
    thief = Client()
    password(thief, user)
    thief.get(SECOND)
    assert not second_factor.check(user, second_factor.begin(user).current_code()).right
    ceremony = passkeys.to_add(user)
    session = thief.session
    session["passkey_challenges"] = [ceremony.state]
    session.save()
    theirs = json.dumps(Authenticator().create(ceremony.options))
    page = thief.post(f"{SECOND}passkey/", {"name": "x", "passkey": theirs})
    assert "ds-error-summary" in page.text
    assert len(passkeys.of(user)) == 1
    for path in (PASSKEYS, APP, CODES):
        assert thief.post(path, {"name": "x", "passkey": theirs})["Location"].startswith(SECOND)
    assert not is_in(thief)


def test_only_that_of_whoever_gave_the_password_opens_a_session(client: Client) -> None:
    user, theirs = factories.staff(), Authenticator()
    enrol(Client(), factories.staff(), theirs)
    enrol(Client(), user, Authenticator())
    password(client, user)
    page = client.post(SECOND, {"passkey": json.dumps(theirs.get(offered(client.get(SECOND))))})
    assert page.status_code == 200
    assert "ds-error-summary" in page.text
    assert not is_in(client)


def test_an_answer_counts_once_and_only_in_the_session_that_asked(client: Client) -> None:
    user, key = factories.staff(), Authenticator()
    enrol(Client(), user, key)
    password(client, user)
    answer = json.dumps(key.get(offered(client.get(SECOND))))
    elsewhere = Client()
    password(elsewhere, user)
    elsewhere.get(SECOND)
    elsewhere.post(SECOND, {"passkey": answer})
    assert not is_in(elsewhere)
    client.post(SECOND, {"passkey": answer})
    assert is_in(client)
    client.post("/desk/logout/")
    password(client, user)
    client.post(SECOND, {"passkey": answer})
    assert not is_in(client)


@pytest.mark.parametrize(
    "junk", ["", "x", "[]", "{}", "[" * 5000, '{"response": {"clientDataJSON": "!"}}', "x" * 40_000]
)
def test_junk_gets_the_page_again(junk: str, client: Client) -> None:
    user = factories.staff()
    enrol(Client(), user, Authenticator())
    password(client, user)
    assert client.post(SECOND, {"passkey": junk}).status_code == 200
    assert not is_in(client)
    newcomer = factories.staff()
    other = Client()
    password(other, newcomer)
    assert other.post(f"{SECOND}passkey/", {"passkey": junk, "name": "x"}).status_code == 200
    assert passkeys.of(newcomer) == []


@time_machine.travel(NOW, tick=False)
def test_recovery_codes_are_shown_once_when_enrolling(client: Client) -> None:
    user = factories.staff()
    password(client, user)
    client.post(SECOND, {"code": second_factor.begin(user).current_code()})
    assert client.head(CODES).status_code == 200  # shows nothing and uses nothing up
    stored = str(client.session.items())
    codes = CODE.findall(client.get(f"{CODES}?next={ACCOUNT}").text)
    assert len(codes) == 10
    assert codes[0] not in stored
    assert CODE.findall(client.get(CODES).text) == []
    client.post("/desk/logout/")
    password(client, user)
    assert f"{SECOND}recovery/" in client.get(SECOND).text
    response = client.post(f"{SECOND}recovery/", {"recovery": codes[3], "next": ACCOUNT})
    assert response["Location"] == ACCOUNT
    assert is_in(client)
    assert recovery.remaining(user) == 9
    client.post("/desk/logout/")
    password(client, user)
    assert "ds-error-summary" in client.post(f"{SECOND}recovery/", {"recovery": codes[3]}).text
    assert not is_in(client)


def test_new_codes_end_no_session_and_are_counted() -> None:
    client = desk_client(Role.HANDLER)
    assert "none left" in client.read(ACCOUNT)
    assert client.post(CODES)["Location"] == CODES
    assert len(CODE.findall(client.read(CODES))) == 10
    assert "10 recovery codes" in client.read(CODES)
    assert "10 left" in client.read(ACCOUNT)


def test_passkeys_are_listed_with_their_names_and_removed() -> None:
    client, key = desk_client(Role.HANDLER), Authenticator()
    answer = json.dumps(key.create(offered(client.get(PASSKEYS))))
    assert client.post(PASSKEYS, {"name": "", "passkey": answer}).status_code == 422
    assert client.post(PASSKEYS, {"name": "Nøkkel <b>", "passkey": answer})["Location"] == ACCOUNT
    page = client.read(ACCOUNT)
    assert "Nøkkel &lt;b&gt;" in page
    assert "not used yet" in page
    row = passkeys.of(client.user)[0]
    client.post(f"{PASSKEYS}{row.pk}/remove/")
    assert passkeys.of(client.user) == []
    assert f"{APP}remove/" not in client.read(ACCOUNT)  # the last one cannot be removed
    client.post(f"{APP}remove/")
    assert SecondFactor.objects.filter(user=client.user, confirmed=True).exists()


@time_machine.travel(NOW, tick=False)
def test_the_app_moves_to_another_phone_and_the_old_one_works_until_then() -> None:
    client = desk_client(Role.HANDLER)
    old = second_factor.begin(client.user)
    page = client.read(APP)
    assert client.read(APP).partition("<code")[2][:80] == page.partition("<code")[2][:80]  # the same until it is used
    assert client.post(APP, {"code": "000000"}).status_code == 422
    assert client.post(APP, {"code": old.current_code()}).status_code == 422
    key_id, closed = client.session["app_draft"]
    assert second_factor.begin(client.user).secret == old.secret
    fresh = second_factor.drafted(client.user, key_id, b64decode(closed))
    assert client.post(APP, {"code": fresh.current_code()})["Location"] == ACCOUNT
    now = second_factor.begin(client.user)
    assert now.confirmed
    assert now.secret == fresh.secret != old.secret
    assert not second_factor.check(client.user, fresh.current_code()).right  # its code was used to set it up


def test_a_session_ends_with_the_passkey_that_opened_it(client: Client) -> None:
    user, key = factories.staff(), Authenticator()
    enrol(client, user, key)
    scenes.enrolled(user)
    assert is_in(client)
    passkeys.remove(user, passkeys.of(user)[0].pk)
    assert not is_in(client)


def test_whoever_loses_every_factor_is_logged_out(client: Client) -> None:
    user = factories.staff()
    enrol(client, user, Authenticator())
    second_factor.forget(user)
    assert client.get(SECOND)["Location"].startswith(LOGIN)  # a password from before sets up no new factor
    assert (passkeys.of(user), recovery.remaining(user)) == ([], 0)


@override_settings(SITE_URL="http://datarett.internal", OTP_WEBAUTHN_RP_ID="datarett.internal")
def test_where_browsers_make_none_the_pages_offer_none(client: Client) -> None:
    user = factories.staff()
    password(client, user)
    assert "data-passkey" not in client.get(SECOND).text
    desk = desk_client(Role.HANDLER)
    assert "data-passkey" not in desk.read(PASSKEYS)


def test_a_passkey_counts_as_a_factor_in_the_list_of_staff() -> None:
    admin = desk_client(Role.ADMINISTRATOR, name="Admin")
    user = factories.staff(name="Kari Nes")
    assert "No second factor yet" in admin.read(f"/desk/staff/{user.pk}/")
    enrol(Client(), user, Authenticator())
    assert "No second factor yet" not in admin.read(f"/desk/staff/{user.pk}/")


def test_the_pages_say_what_to_do_without_scripts(client: Client) -> None:
    password(client, factories.staff())
    page = client.get(SECOND).text
    assert "data-passkey-without" in page
    assert re.search(r"<script(?![^>]*\bsrc=)", page) is None
