"""Logging in: two factors, a new session key at each, and no way round."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from identity.models import User
from identity.services import accounts, second_factor, staff
from requests_app.domain.enums import Role
from requests_app.domain.snapshot import SYSTEM
from tests import factories
from tests.identity import scenes

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse

pytestmark = pytest.mark.django_db

LOGIN, SECOND, DESK = "/desk/login/", "/desk/second-factor/", "/desk/"
CODES = "/desk/account/recovery-codes/"
PAGES = [DESK, "/desk/staff/", "/desk/account/", "/desk/cases/DR-2026-000001-01/", "/desk/anything/at/all"]
NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _organisation() -> None:
    factories.organisation()


def password(client: Client, user: User, **extra: str) -> "_MonkeyPatchedWSGIResponse":
    return client.post(LOGIN, {"email": user.email, "password": factories.PASSWORD, **extra})


def code(client: Client, user: User, **extra: str) -> "_MonkeyPatchedWSGIResponse":
    return client.post(SECOND, {"code": second_factor.begin(user).current_code(), **extra})


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("method", ["get", "head", "post", "put", "delete", "options"])
def test_no_page_of_the_desk_opens_without_a_login(client: Client, page: str, method: str) -> None:
    response = getattr(client, method)(page)
    assert response.status_code == 302
    assert response["Location"].partition("?")[0] == LOGIN


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("method", ["get", "head", "post", "delete"])
def test_nor_with_a_password_alone(client: Client, page: str, method: str) -> None:
    password(client, scenes.enrolled(factories.staff(Role.ADMINISTRATOR)))
    response = getattr(client, method)(page)
    assert response.status_code == 302
    assert response["Location"].partition("?")[0] == SECOND


def test_nor_with_a_factor_of_somebody_else_or_one_never_confirmed(client: Client) -> None:
    user, other = factories.staff(), scenes.enrolled(factories.staff())
    password(client, user)
    for factor in (other.second_factor, second_factor.begin(user)):
        session = client.session
        session["otp_device_id"] = factor.persistent_id
        session.save()
        assert client.get("/desk/account/")["Location"].startswith(SECOND)


def test_a_link_is_remembered_but_not_what_was_posted(client: Client) -> None:
    assert client.get("/desk/staff/?page=2")["Location"] == f"{LOGIN}?next={quote('/desk/staff/?page=2')}"
    assert client.post("/desk/staff/")["Location"] == LOGIN


def test_pages_outside_the_desk_need_no_login(client: Client) -> None:
    assert client.get("/identity/nonsense").status_code == 410
    assert client.get("/api/v1/cases").status_code == 401


@time_machine.travel(NOW, tick=False)
def test_the_whole_way_in_and_out(client: Client) -> None:
    user = factories.staff()
    assert client.get(LOGIN).status_code == 200
    first = client.post(f"{LOGIN}?next=/desk/account/", {"email": user.email, "password": factories.PASSWORD})
    assert first["Location"] == f"{SECOND}?next=/desk/account/"
    page = client.get(first["Location"])
    assert 'name="next" value="/desk/account/"' in page.text
    assert code(client, user, next="/desk/account/")["Location"] == f"{CODES}?next=/desk/account/"
    assert user.name in client.get("/desk/account/").text
    for again in (LOGIN, SECOND):
        assert client.get(again)["Location"] == DESK
    assert client.get("/desk/logout/").status_code == 405
    assert client.post("/desk/logout/")["Location"] == LOGIN
    assert client.get("/desk/account/")["Location"].startswith(LOGIN)


@time_machine.travel(NOW, tick=False)
def test_the_session_key_is_new_at_each_step(client: Client) -> None:
    user = factories.staff()
    session = client.session
    session["left"] = "by an attacker"
    session.save()
    keys = [client.session.session_key]
    password(client, user)
    keys.append(client.session.session_key)
    code(client, user)
    keys.append(client.session.session_key)
    assert len(set(keys)) == 3
    for old in keys[:2]:
        stranger = Client()
        stranger.cookies["sessionid"] = str(old)
        assert stranger.get("/desk/account/")["Location"].startswith(LOGIN)


EVIL = [
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example",
    "http:evil.example",
    "javascript:alert(1)",
    "https://testserver@evil.example/",
    " https://evil.example/",
    "\thttps://evil.example/",
    "///evil.example/",
    "\\\\evil.example/",
    "/\t/evil.example/",
    "/\n/evil.example/",
    "\n//evil.example/",
    "http://testserver:80@evil.example/",
    "http:///evil.example/",
    "http://testserver/desk/",
    "evil.example",
    "data:text/html,x",
    "//evil%2eexample/%2f..",
    "%2f%2fevil.example/",
    "%5c%5cevil.example/",
    "\x00/desk/",
    "",
]


@pytest.mark.parametrize("page", EVIL, ids=ascii)
@time_machine.travel(NOW, tick=False)
def test_the_way_in_leads_to_no_other_site(client: Client, page: str) -> None:
    user = factories.staff()
    assert password(client, user, next=page)["Location"] == f"{SECOND}?next=/desk/"
    assert code(client, user, next=page)["Location"] == f"{CODES}?next=/desk/"
    assert client.get(LOGIN, {"next": page})["Location"] == DESK
    assert f'href="{DESK}" >' in client.get(CODES, {"next": page}).text


@pytest.mark.parametrize("page", ["/%2f%2fevil.example/", "/desk/\n//evil.example", "/desk/\r\nSet-Cookie: a=b"])
@time_machine.travel(NOW, tick=False)
def test_what_looks_like_a_page_of_ours_stays_one(client: Client, page: str) -> None:
    user = factories.staff()
    password(client, user, next=page)
    response = code(client, user, next=page)
    assert urlsplit(response["Location"])[:2] == ("", "")
    assert response["Location"].startswith("/")
    assert not response["Location"].startswith("//")
    assert "\n" not in response["Location"]
    assert "a" not in response.cookies


@time_machine.travel(NOW, tick=False)
def test_a_stranger_who_guesses_all_day_does_not_keep_the_owner_out(client: Client) -> None:
    user = factories.staff()
    with time_machine.travel(NOW - timedelta(minutes=5), tick=False):
        password(client, user)
        code(client, user)
        client.get("/desk/account/")
        client.post("/desk/logout/")
    for number in range(40):
        stranger = Client(REMOTE_ADDR=f"198.51.{number}.7")
        stranger.post(LOGIN, {"email": user.email, "password": f"guess {number}"})
    newcomer = Client()
    assert password(newcomer, user).status_code == 429
    assert password(client, user)["Location"].startswith(SECOND)
    assert code(client, user)["Location"] == DESK


@time_machine.travel(NOW, tick=False)
def test_who_stole_the_password_does_not_keep_the_owner_from_the_second_factor(client: Client) -> None:
    user = factories.staff()
    with time_machine.travel(NOW - timedelta(minutes=5), tick=False):
        password(client, user)
        code(client, user)
        client.get("/desk/account/")
        client.post("/desk/logout/")
    thief = Client()
    password(thief, user)
    codes = [thief.post(SECOND, {"code": "000000"}).status_code for _ in range(6)]
    assert codes[-1] == 429
    password(client, user)
    assert code(client, user)["Location"] == DESK


def test_a_password_alone_makes_no_browser_known(client: Client) -> None:
    password(client, scenes.enrolled(factories.staff()))
    client.get(SECOND)
    assert {name for name in client.cookies if name.startswith("browser-")} == set()


def test_the_page_makes_the_same_queries_for_known_and_unknown_addresses(client: Client) -> None:
    user, closed = factories.staff(), factories.staff(active=False)
    client.get(LOGIN)
    numbers = set()
    for email in (user.email, closed.email, "nobody@optimar.example", user.email):
        with CaptureQueriesContext(connection) as captured:
            client.post(LOGIN, {"email": email, "password": "wrong"})
        numbers.add(len(captured))
    assert len(numbers) == 1


def test_what_is_wrong_is_never_said(client: Client) -> None:
    user, closed = factories.staff(), factories.staff(active=False)
    pages = set()
    for email in (user.email, closed.email, "nobody@optimar.example", "no address"):
        response = client.post(LOGIN, {"email": email, "password": "wrong"})
        assert response.status_code == 200
        pages.add(response.text.replace(email, "").replace(response.context["csrf_token"].__str__(), ""))
    texts = {page.partition("<main")[2] for page in pages}
    assert len({_without_tokens(text) for text in texts}) == 1
    assert 'value="wrong"' not in "".join(texts)


def _without_tokens(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if "csrfmiddlewaretoken" not in line)


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"email": "a"},
        {"password": "b"},
        {"email": "a\0", "password": "b"},
        {"email": "a" * 400, "password": "b"},
        {"email": "a@optimar.example", "password": "b" * 9999},
    ],
)
def test_bad_input_gets_the_form_again(client: Client, data: dict[str, str]) -> None:
    response = client.post(LOGIN, data)
    assert response.status_code == 200
    assert "ds-error-summary" in response.text


@time_machine.travel(NOW, tick=False)
def test_too_many_tries_get_a_pause(client: Client) -> None:
    for _ in range(5):
        assert client.post(LOGIN, {"email": "a@optimar.example", "password": "x"}).status_code == 200
    response = client.post(LOGIN, {"email": "a@optimar.example", "password": "x"})
    assert (response.status_code, response["Retry-After"]) == (429, "1")


@time_machine.travel(NOW, tick=False)
def test_too_many_codes_get_a_pause(client: Client) -> None:
    user = factories.staff()
    password(client, user)
    for _ in range(5):
        assert client.post(SECOND, {"code": "000000"}).status_code == 200
    response = code(client, user)
    assert (response.status_code, response["Retry-After"]) == (429, "1")
    assert client.get("/desk/account/")["Location"].startswith(SECOND)


def test_the_secret_is_shown_until_the_first_code_and_never_again(client: Client) -> None:
    user = factories.staff()
    password(client, user)
    with time_machine.travel(NOW, tick=False) as clock:
        page = client.get(SECOND).text
        assert "<svg" in page
        assert "style=" not in page
        assert 'autocomplete="one-time-code"' in page
        assert 'inputmode="numeric"' in page
        code(client, user)
        client.post("/desk/logout/")
        clock.shift(timedelta(minutes=1))
        password(client, user)
        page = client.get(SECOND).text
    assert 'class="qr"' not in page
    assert 'class="secret"' not in page


@time_machine.travel(NOW, tick=False)
def test_the_language_of_the_account_follows_the_login(client: Client) -> None:
    user = factories.staff()
    accounts.choose_language(user, "en")
    password(client, user)
    code(client, user)
    assert '<html lang="en"' in client.get("/desk/account/").text
    client.post("/desk/account/", {"language": "nb"})
    assert '<html lang="nb"' in client.get("/desk/account/").text
    assert User.objects.get(pk=user.pk).language == "nb"
    client.post("/desk/account/", {"language": ""})
    assert "language" not in client.session


def test_a_language_that_does_not_exist_is_refused(client: Client) -> None:
    user = scenes.signed_in(client, factories.staff())
    assert client.post("/desk/account/", {"language": "xx"}).status_code == 422
    assert User.objects.get(pk=user.pk).language == ""


def test_closing_an_account_or_its_way_in_ends_the_session_at_once(client: Client) -> None:
    factories.staff(Role.ADMINISTRATOR)
    user = scenes.signed_in(client, factories.staff())
    assert client.get("/desk/account/").status_code == 200
    accounts.deactivate(user.pk, actor=SYSTEM)
    assert client.get("/desk/account/")["Location"].startswith(LOGIN)
    accounts.reactivate(user.pk, actor=SYSTEM)
    assert client.get("/desk/account/")["Location"].startswith(LOGIN)
    scenes.signed_in(client, User.objects.get(pk=user.pk))
    staff.renew(user.pk, actor=SYSTEM)
    assert client.get("/desk/account/")["Location"].startswith(LOGIN)


def test_forms_need_their_token() -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post(LOGIN, {"email": "a@optimar.example", "password": "x"}).status_code == 403
