"""Single sign-on of the staff: tied by oneself, never by an address, and what people try instead."""

import html
import re
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import pytest
import time_machine
from django.test import Client
from django.utils import timezone, translation
from pytest_django.fixtures import Settings

from identity.models import OidcAttempt, SingleSignOn, User
from identity.oidc import discovery
from identity.oidc.errors import OidcError
from identity.services import accounts, single_sign_on
from identity.services import staff as invitations
from requests_app.domain.enums import Role
from requests_app.domain.snapshot import SYSTEM, Reason
from requests_app.models import AuditEntry
from requests_app.reasons import sentence
from tests import factories
from tests.identity import scenes
from tests.services.openid_program import OpenIdProgram
from tests.services.openid_provider import OpenIdProvider, public, rsa_key

pytestmark = pytest.mark.django_db

SwitchOn = Callable[..., None]
LOGIN, SECOND, DESK, ACCOUNT = "/desk/login/", "/desk/second-factor/", "/desk/", "/desk/account/"
START, BACK, CONNECT, REMOVE = (
    "/desk/login/sso/",
    "/desk/login/sso/return",
    "/desk/account/sso/",
    "/desk/account/sso/remove/",
)
AWAY = re.compile(r'http-equiv="refresh" content="0; url=([^"]+)"')
MFA = {"amr": ["pwd", "mfa"]}


@pytest.fixture(autouse=True)
def _organisation() -> None:
    factories.organisation()


@pytest.fixture
def theirs(wayward: OpenIdProvider, switch_on: SwitchOn) -> OpenIdProvider:
    """A provider that is switched on and whose second factor counts."""
    switch_on("SSO", wayward.issuer, SECOND_FACTOR="amr=mfa")
    return wayward


def leave(client: Client, path: str = START, **form: str) -> str:
    found = AWAY.search(client.post(path, form).text)
    assert found
    return html.unescape(found.group(1))


def come_back(client: Client, query: dict[str, str]) -> str:
    """Come back from the provider; return where that leads."""
    response = client.get(f"{BACK}?{urlencode(query)}")
    assert response.status_code == 302
    return response["Location"]


def inside(client: Client) -> bool:
    return client.get(ACCOUNT).status_code == 200


def tied(theirs: OpenIdProvider, subject: str = "s1", *roles: Role) -> User:
    """Return somebody who connected their account, with both factors shown."""
    client = Client()
    user = scenes.signed_in(client, factories.staff(*roles))
    assert come_back(client, theirs.log_in(leave(client, CONNECT), subject)) == ACCOUNT
    assert SingleSignOn.objects.get(user=user).subject == f"sub:{subject}"
    return user


def refused(client: Client, query: dict[str, str]) -> None:
    assert come_back(client, query) == LOGIN
    assert not inside(client)


def test_it_is_not_offered_unless_it_is_set_up(client: Client) -> None:
    assert START not in client.get(LOGIN).text
    assert client.post(START)["Location"] == LOGIN
    scenes.signed_in(client, factories.staff())
    assert CONNECT not in client.get(ACCOUNT).text
    assert client.post(CONNECT)["Location"] == ACCOUNT
    assert not OidcAttempt.objects.exists()


def test_the_whole_way_with_a_provider_of_somebody_else(
    client: Client, program: OpenIdProgram, switch_on: SwitchOn
) -> None:
    switch_on("SSO", program.issuer, SECOND_FACTOR="amr=mfa")
    user, first = factories.staff(), Client()
    scenes.signed_in(first, user)
    assert CONNECT in first.get(ACCOUNT).text
    program.knows("entra-1", amr=["pwd", "mfa"], email=user.email)
    assert come_back(first, program.log_in(leave(first, CONNECT), "entra-1")) == ACCOUNT
    assert REMOVE in first.get(ACCOUNT).text
    assert START in client.get(LOGIN).text
    assert come_back(client, program.log_in(leave(client, next="/desk/account/"), "entra-1")) == "/desk/account/"
    assert user.name in client.get(ACCOUNT).text
    entry = AuditEntry.objects.get(action="staff.logged_in")
    assert (entry.actor, entry.details) == (f"user:{user.pk}", {"by": "single_sign_on"})
    assert AuditEntry.objects.filter(action="staff.sso_connected", subject=f"user:{user.pk}").count() == 1


def test_without_the_claim_the_second_factor_follows(
    client: Client, theirs: OpenIdProvider, settings: Settings
) -> None:
    user = tied(theirs)
    for claims in ({"amr": ["pwd"]}, {"amr": "pwd mfa"}, {}):
        client.post("/desk/logout/")
        url = leave(client, next="/desk/staff/?page=2")
        assert come_back(client, theirs.log_in(url, "s1", **claims)) == f"{SECOND}?next={quote('/desk/staff/?page=2')}"
        assert client.get(ACCOUNT)["Location"].startswith(SECOND)
    code = user.second_factor.current_code()
    assert client.post(SECOND, {"code": code, "next": ACCOUNT})["Location"] == ACCOUNT
    assert inside(client)
    settings.SSO_SECOND_FACTOR = ""
    other = Client()
    assert come_back(other, theirs.log_in(leave(other), "s1", **MFA)).startswith(SECOND)
    assert not inside(other)


def test_an_address_opens_nothing(client: Client, theirs: OpenIdProvider) -> None:
    """An account of the provider with the address of somebody here, also one said to be verified."""
    user, other = factories.staff(Role.ADMINISTRATOR), tied(theirs, "s1")
    for address in (user.email, other.email):
        claims = {"email": address, "email_verified": True, "preferred_username": address, "upn": address, **MFA}
        refused(client, theirs.log_in(leave(client), "s2", **claims))
    with translation.override("nb"):
        assert sentence(Reason("sso_unknown")) in html.unescape(client.get(LOGIN).text)
    assert not User.objects.exclude(pk__in=[user.pk, other.pk]).exists()
    assert SingleSignOn.objects.count() == 1


def test_one_account_of_the_provider_opens_one_account_here(client: Client, theirs: OpenIdProvider) -> None:
    first = tied(theirs, "s1")
    second = scenes.signed_in(client, factories.staff())
    assert come_back(client, theirs.log_in(leave(client, CONNECT), "s1")) == ACCOUNT
    assert single_sign_on.of(second) is None
    assert single_sign_on.of(first) is not None


def test_connecting_anew_takes_the_place_of_the_old_one(client: Client, theirs: OpenIdProvider) -> None:
    user = scenes.signed_in(client, factories.staff())
    for subject in ("s1", "s2"):
        come_back(client, theirs.log_in(leave(client, CONNECT), subject))
    assert SingleSignOn.objects.get().subject == "sub:s2"
    again = Client()
    refused(again, theirs.log_in(leave(again), "s1", **MFA))
    assert single_sign_on.of(user)


def test_connecting_takes_both_factors(client: Client, theirs: OpenIdProvider) -> None:
    for path in (CONNECT, REMOVE):
        assert client.post(path)["Location"] == LOGIN
    user = scenes.enrolled(factories.staff())
    client.post(LOGIN, {"email": user.email, "password": factories.PASSWORD})
    for path in (CONNECT, REMOVE):
        assert client.post(path)["Location"] == SECOND
    assert not SingleSignOn.objects.exists()


def test_ending_the_connection_ends_what_rests_on_it(client: Client, theirs: OpenIdProvider) -> None:
    tied(theirs)
    come_back(client, theirs.log_in(leave(client), "s1", auth_time=int(timezone.now().timestamp()), **MFA))
    assert inside(client)
    assert client.post(REMOVE)["Location"] == ACCOUNT
    assert client.get(ACCOUNT)["Location"].startswith(SECOND)
    again = Client()
    refused(again, theirs.log_in(leave(again), "s1", **MFA))
    assert AuditEntry.objects.filter(action="staff.sso_disconnected").count() == 1


def test_a_session_at_the_provider_is_no_second_look(client: Client, theirs: OpenIdProvider) -> None:
    """At a desk that somebody left, the provider asks for nothing: what it asked for in the morning is not recent."""
    user = tied(theirs)
    long_ago = int((timezone.now() - timedelta(hours=3)).timestamp())
    for said in ({}, {"auth_time": long_ago}, {"auth_time": "now"}, {"auth_time": True}, {"auth_time": 1e300}):
        come_back(client, theirs.log_in(leave(client), "s1", **said, **MFA))
        assert inside(client)
        assert client.post(REMOVE).status_code == 403
        assert client.post("/desk/account/recovery-codes/").status_code == 403
        client.post("/desk/logout/")
    assert single_sign_on.of(user)


def test_a_closed_account_stays_closed(client: Client, theirs: OpenIdProvider) -> None:
    user = tied(theirs)
    query = theirs.log_in(leave(client), "s1", **MFA)
    accounts.deactivate(user.pk, actor=SYSTEM)
    refused(client, query)
    closed = client.get(LOGIN).text
    refused(client, theirs.log_in(leave(client), "unknown", **MFA))
    strip = re.compile(r'value="[^"]{64}"')
    assert strip.sub("", closed) == strip.sub("", client.get(LOGIN).text)


def test_a_new_way_in_takes_the_old_one_away(client: Client, theirs: OpenIdProvider) -> None:
    user = tied(theirs)
    invitations.renew(user.pk, actor=SYSTEM)
    refused(client, theirs.log_in(leave(client), "s1", **MFA))


def test_the_tenant_has_to_be_that_of_the_issuer(client: Client, theirs: OpenIdProvider, settings: Settings) -> None:
    """Entra: `tid` and `oid`; what the token calls `sub` is then not looked at."""
    with pytest.raises(OidcError, match="token_tenant"):
        single_sign_on.who({"iss": "https://login.example/t1/v2.0", "sub": "s", "tid": "t2", "oid": "o"})
    for tenant in ("", 7, "t1/v2.0", "login.example"):
        with pytest.raises(OidcError):
            single_sign_on.who({"iss": "https://login.example/t1/v2.0", "sub": "s", "tid": tenant, "oid": "o"})
    for number in (None, 7, "", "o" * 300):
        with pytest.raises(OidcError):
            single_sign_on.who({"iss": "https://login.example/t1/v2.0", "sub": "s", "tid": "t1", "oid": number})
    found = single_sign_on.who({"iss": "https://login.example/t1/v2.0", "sub": "s", "tid": "t1", "oid": "o"})
    assert found == single_sign_on.Who("https://login.example/t1/v2.0", "oid:o")
    tied(theirs, "s1")
    refused(client, theirs.log_in(leave(client), "s1", tid="another-tenant", oid="s1", **MFA))


def test_another_issuer_with_the_same_subject_is_another_person(
    client: Client, theirs: OpenIdProvider, program: OpenIdProgram, switch_on: SwitchOn
) -> None:
    tied(theirs, "s1")
    switch_on("SSO", program.issuer, SECOND_FACTOR="amr=mfa")
    program.knows("s1", **MFA)
    refused(client, program.log_in(leave(client), "s1"))


def test_login_csrf(client: Client, theirs: OpenIdProvider) -> None:
    """Somebody begins in their browser and makes another's come back: nobody works in an account not their own."""
    tied(theirs, "attacker")
    attacker = Client()
    query = theirs.log_in(leave(attacker), "attacker", **MFA)
    refused(client, query)
    leave(client)  # also one who has begun to log in
    refused(client, query)
    assert come_back(attacker, query) == DESK


def test_nobody_is_made_to_connect_with_a_strangers_account(client: Client, theirs: OpenIdProvider) -> None:
    """A binding that an attacker began, finished in the browser of somebody who is logged in."""
    attacker = Client()
    scenes.signed_in(attacker, factories.staff())
    query = theirs.log_in(leave(attacker, CONNECT), "attacker")
    scenes.signed_in(client, factories.staff())
    leave(client, CONNECT)
    assert come_back(client, query) == ACCOUNT
    assert not SingleSignOn.objects.exists()
    attacker.post("/desk/logout/")
    assert come_back(attacker, query) == LOGIN
    assert not SingleSignOn.objects.exists()


def test_an_answer_works_once(client: Client, theirs: OpenIdProvider) -> None:
    tied(theirs)
    query = theirs.log_in(leave(client), "s1", **MFA)
    assert come_back(client, query) == DESK
    client.post("/desk/logout/")
    heard = len(theirs.heard)
    refused(client, query)
    assert len(theirs.heard) == heard


def test_a_state_without_its_code_and_codes_of_others(client: Client, theirs: OpenIdProvider) -> None:
    tied(theirs)
    mine, other = leave(client), leave(Client())
    state = parse_qs(urlsplit(mine).query)["state"][0]
    stolen = theirs.log_in(other, "s1", **MFA)["code"]
    refused(client, {"code": stolen, "state": state})
    for query in ({}, {"code": stolen}, {"state": "x" * 5000, "code": "c"}, {"error": "access_denied", "state": state}):
        refused(client, query)


def test_an_answer_after_ten_minutes_is_worth_nothing(client: Client, theirs: OpenIdProvider) -> None:
    tied(theirs)
    query = theirs.log_in(leave(client), "s1", **MFA)
    with time_machine.travel(timezone.now() + timedelta(minutes=10, seconds=1)):
        refused(client, query)


EVIL = ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "http:evil.example"]


@pytest.mark.parametrize("page", EVIL)
def test_nobody_is_led_to_another_site(client: Client, theirs: OpenIdProvider, page: str) -> None:
    tied(theirs)
    assert come_back(client, theirs.log_in(leave(client, next=page), "s1", **MFA)) == DESK
    browser = Client()
    assert come_back(browser, theirs.log_in(leave(browser, next=page), "s1")) == f"{SECOND}?next={quote(DESK)}"


def test_the_session_key_is_new_and_an_older_session_is_not_taken_over(client: Client, theirs: OpenIdProvider) -> None:
    tied(theirs)
    session = client.session
    session["left"] = "by an attacker"
    session.save()
    keys = [client.session.session_key]
    come_back(client, theirs.log_in(leave(client), "s1", **MFA))
    keys.append(client.session.session_key)
    assert len(set(keys)) == 2
    stranger = Client()
    stranger.cookies["sessionid"] = str(keys[0])
    assert not inside(stranger)


WRONG = [
    {"nonce": "another"}, {"iss": "https://evil.example"}, {"aud": "another-client"}, {"exp": 1_000_000_000},
    {"iat": 1_000_000_000}, {"sub": None}, {"azp": "another-client"},
]  # fmt: skip


@pytest.mark.parametrize("claims", WRONG)
def test_a_wrong_claim_lets_nobody_in(client: Client, theirs: OpenIdProvider, claims: dict[str, object]) -> None:
    tied(theirs)
    theirs.claims = claims
    refused(client, theirs.log_in(leave(client), "s1", **MFA))
    theirs.claims = {}
    assert come_back(client, theirs.log_in(leave(client), "s1", **MFA)) == DESK


def test_a_wrong_signature_lets_nobody_in(client: Client, theirs: OpenIdProvider) -> None:
    tied(theirs)
    theirs.listed = [public(rsa_key(), "k1")]
    theirs.key = rsa_key("evil")
    refused(client, theirs.log_in(leave(client), "s1", **MFA))
    theirs.algorithm = "none"
    refused(client, theirs.log_in(leave(client), "s1", **MFA))
    theirs.algorithm, theirs.secret = "HS256", rsa_key().as_pem(private=False)
    refused(client, theirs.log_in(leave(client), "s1", **MFA))


def test_a_provider_that_is_down_slow_or_endless_leaves_the_password(
    client: Client, theirs: OpenIdProvider, settings: Settings
) -> None:
    user = tied(theirs)
    query = theirs.log_in(leave(client), "s1", **MFA)
    theirs.status = 503
    refused(client, query)
    query = theirs.log_in(leave(client), "s1", **MFA)
    theirs.status, theirs.raw = 200, b" " * 300_000
    refused(client, query)
    discovery.forget()
    theirs.raw, theirs.silent, settings.OIDC_SECONDS = None, True, 0.2
    assert client.post(START)["Location"] == LOGIN
    assert not OidcAttempt.objects.filter(used_at__isnull=True).exists()
    answer = client.post(LOGIN, {"email": user.email, "password": factories.PASSWORD})
    assert answer["Location"].startswith(SECOND)


def test_only_a_press_begins_it(client: Client, theirs: OpenIdProvider) -> None:
    for method in (client.get, client.head, client.options):
        assert method(START).status_code == 405
    assert client.post(BACK).status_code == 405
    assert Client(enforce_csrf_checks=True).post(START).status_code == 403
    assert not OidcAttempt.objects.exists()
    assert theirs.heard == []


def test_a_device_of_it_takes_no_code(theirs: OpenIdProvider) -> None:
    user = tied(theirs)
    assert not SingleSignOn.objects.get(user=user).verify_token("000000")
    client = Client()
    client.post(LOGIN, {"email": user.email, "password": factories.PASSWORD})
    assert not inside(client)
