"""What takes a second look: nothing happens without a fresh factor, and nothing typed is lost."""

import json
import re
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import TYPE_CHECKING

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django_otp import DEVICE_ID_SESSION_KEY

from identity.desk import recency
from identity.domain.enums import VerificationPurpose
from identity.models import RecoveryCodes, SecondFactor, StaffInvitation, User, Verification
from identity.services import new_address, passkeys, recovery, second_factor
from requests_app.domain.enums import Right, Role
from requests_app.models import AuditEntry
from tests import factories
from tests.identity import scenes
from tests.identity.authenticator import Authenticator

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
ASKED, INVITE = "identity/desk/again.html", "/desk/staff/"
TYPED = {"email": "ny@optimar.example", "roles": ["handler", "intake"]}

# Pages that change something and go on without the factor, each with the reason why. What is new has to be put here or
# into `config/wiring.py`.
WITHOUT = {
    "identity:login", "identity:second-factor", "identity:first-passkey", "identity:recovery",  # lead to the factor
    "identity:logout", "identity:invite",
    "identity:account", "identity:account-absence", "identity:account-mails",  # language, absence, mails: no access
    "identity:staff-person", "identity:staff-absence",
    "identity:ask", "identity:withdraw", "identity:address",  # questions to a person
    "identity:confirm", "identity:new-link", "identity:questions", "identity:sms", "identity:sms-send",  # of persons
    "identity:eid-return", "identity:eid-result", "identity:eid-from-status", "identity:eid-from-link",
    "identity:call-back", "identity:shown",  # records what a person has shown
    "identity:sso", "identity:sso-return",  # lead to the factor
    "identity:emergency-approver-back",  # takes a link away
    "identity:session-end", "identity:sessions-end-others",  # take access away from oneself
    "exports:desk:answer-withdraw",  # closes, gives nothing away
}  # fmt: skip

# What gives access, approves, or confirms as the second person, by the name of its page.
WEIGHTY = r"desk:.*(approve|confirm|release|offer|override|answer-withdraw|system-owners)"


@pytest.fixture
def user(client: Client) -> User:
    """Somebody with every role, logged in a while ago."""
    factories.organisation()
    found = scenes.signed_in(client, factories.staff(*Role))
    age(client)
    return found


def age(client: Client, by: timedelta = settings.RECENT_FACTOR_AGE + timedelta(seconds=1)) -> None:
    session = client.session
    session[recency.KEY] = datetime.now(UTC).timestamp() - by.total_seconds()
    session.save()


def names(patterns: list[URLPattern | URLResolver], space: str = "") -> dict[str, str]:
    """Return every named page of the site and the pattern of its address."""
    found: dict[str, str] = {}
    for one in patterns:
        if isinstance(one, URLResolver):
            inner = f"{space}{one.namespace}:" if one.namespace else space
            found |= {name: f"{one.pattern}{path}" for name, path in names(one.url_patterns, inner).items()}
        elif one.name:
            found[f"{space}{one.name}"] = str(one.pattern)
    return found


def address(name: str) -> str:
    """Return an address of a page; what it is about need not exist."""
    wanted = re.findall(r"<(?:\w+:)?(\w+)>", names(get_resolver().url_patterns)[name])
    return reverse(name, kwargs={word: "DR-2026-999999-38" if word == "reference" else 1 for word in wanted})


def asked(response: "_MonkeyPatchedWSGIResponse") -> bool:
    return response.status_code == 403 and any(one.name == ASKED for one in response.templates)


def carried(response: "_MonkeyPatchedWSGIResponse") -> dict[str, list[str]]:
    """Return the hidden fields of the page that asks."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', _main(response.text)):
        found.setdefault(unescape(name), []).append(unescape(value))
    return {name: values for name, values in found.items() if name != "csrfmiddlewaretoken"}


def _main(page: str) -> str:
    return page.partition("<main")[2]


@pytest.mark.parametrize("name", settings.RECENT_FACTOR)
def test_every_page_of_the_list_asks_and_changes_nothing(name: str, client: Client, user: User) -> None:
    before = AuditEntry.objects.count()
    assert asked(client.post(address(name), {"version": "1"}))
    assert AuditEntry.objects.count() == before
    age(client, timedelta(minutes=14))
    assert not asked(client.post(address(name), {"version": "1"}))


@pytest.mark.parametrize("name", settings.RECENT_FACTOR)
def test_they_can_be_looked_at_without(name: str, client: Client, user: User) -> None:
    assert client.get(address(name)).status_code in (200, 404, 405)


def test_whoever_gives_access_or_approves_is_on_the_list() -> None:
    known = names(get_resolver().url_patterns)
    weighty = {one for one in known if one.startswith("identity:")}
    weighty |= {one for one in known if re.search(WEIGHTY, one)}
    assert weighty == (set(settings.RECENT_FACTOR) | WITHOUT) & set(known)
    assert set(settings.RECENT_FACTOR) <= set(known)


def test_a_session_that_never_noted_when_is_asked(client: Client, user: User) -> None:
    session = client.session
    del session[recency.KEY]
    session.save()
    assert asked(client.post(INVITE, TYPED))
    age(client, timedelta(minutes=-5))  # a time that has not come
    assert asked(client.post(INVITE, TYPED))


def test_what_was_typed_goes_on_with_the_code(client: Client, user: User) -> None:
    page = client.post(INVITE, TYPED, headers={"Referer": f"http://testserver{INVITE}"})
    fields = carried(page)
    assert fields == {"email": ["ny@optimar.example"], "roles": ["handler", "intake"],
                      "factor-back": [f"http://testserver{INVITE}"]}  # fmt: skip
    assert not StaffInvitation.objects.exists()
    code = second_factor.begin(user).current_code()
    assert client.post(INVITE, {**fields, "factor-code": code})["Location"] == INVITE
    assert StaffInvitation.objects.get().roles == ["handler", "intake"]
    assert AuditEntry.objects.filter(action="staff.factor_shown", subject=f"user:{user.pk}").exists()
    assert client.post(INVITE, {**TYPED, "email": "to@optimar.example"}).status_code == 302  # not asked again


def test_a_wrong_code_does_nothing_and_loses_nothing(client: Client, user: User) -> None:
    awkward = {**TYPED, "note": "«æ» <b>\"'&amp;\r\nto linjer"}
    for given in ("000000", "", "x" * 30):
        page = client.post(INVITE, {**awkward, "factor-code": given})
        assert asked(page)
        assert "ds-error-summary" in page.text
        assert carried(page)["note"] == [awkward["note"]]
    assert not StaffInvitation.objects.exists()


@time_machine.travel(NOW, tick=False)
def test_guessing_is_slow_here_too(client: Client) -> None:
    factories.organisation()
    user = scenes.signed_in(client, factories.staff(Role.ADMINISTRATOR))
    age(client)
    for _ in range(6):  # the first one makes the browser known, which has a brake of its own from then on
        client.post(INVITE, {**TYPED, "factor-code": "000000"})
    page = client.post(INVITE, {**TYPED, "factor-code": second_factor.begin(user).current_code()})
    assert (page.status_code, page["Retry-After"]) == (429, "1")
    assert carried(page)["email"] == ["ny@optimar.example"]


def test_a_recovery_code_or_a_passkey_does_as_well(client: Client, user: User) -> None:
    code, key = recovery.make(user)[0], Authenticator()
    ceremony = passkeys.to_add(user)
    passkeys.add(user, ceremony.state, key.create(ceremony.options), name="laptop", verified=True)
    client.post(INVITE, {**TYPED, "factor-recovery": code})
    assert StaffInvitation.objects.filter(email="ny@optimar.example").exists()
    age(client)
    page = client.post(INVITE, {**TYPED, "email": "to@optimar.example"})
    answer = json.dumps(key.get(json.loads(page.context["passkey_options"])))
    client.post(INVITE, {**TYPED, "email": "to@optimar.example", "factor-passkey": answer})
    assert StaffInvitation.objects.filter(email="to@optimar.example").exists()
    age(client)
    replayed = client.post(INVITE, {**TYPED, "email": "tre@optimar.example", "factor-passkey": answer})
    assert asked(replayed)
    assert not StaffInvitation.objects.filter(email="tre@optimar.example").exists()


def test_the_factor_of_another_person_does_not(client: Client, user: User) -> None:
    other = scenes.enrolled(factories.staff())
    for fields in (
        {"factor-code": second_factor.begin(other).current_code()},
        {"factor-recovery": recovery.make(other)[0]},
    ):
        assert asked(client.post(INVITE, {**TYPED, **fields}))


def test_who_has_neither_app_nor_passkey_is_told_to_come_in_anew(client: Client, user: User) -> None:
    recovery.make(user)
    SecondFactor.objects.filter(user=user).delete()
    session = client.session
    session[DEVICE_ID_SESSION_KEY] = RecoveryCodes.objects.get(user=user).persistent_id
    session.save()
    page = client.post(INVITE, TYPED)
    assert asked(page)
    assert "factor-code" not in _main(page.text)
    assert "/desk/logout/" in _main(page.text)


@pytest.mark.parametrize("page", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_the_way_back_leads_to_no_other_site(page: str, client: Client, user: User) -> None:
    for sent in ({"headers": {"Referer": page}}, {}):
        shown = client.post(INVITE, {**TYPED, **({} if sent else {"factor-back": page})}, **sent)  # type: ignore[arg-type]
        assert shown.context["back"] == "/desk/"


def test_forms_still_need_their_token(user: User) -> None:
    client = Client(enforce_csrf_checks=True)
    scenes.signed_in(client, factories.staff(*Role))
    assert not asked(client.post(INVITE, TYPED))
    assert client.post(INVITE, TYPED).status_code == 403


def test_a_lost_address_is_recorded_only_with_the_factor(client: Client, user: User) -> None:
    case = factories.case(Right.RECTIFICATION)
    scenes.on_file(case)
    new_address.require(case.pk, {(scenes.ON_FILE, "kari.ny@example.com")}, actor=factories.staff().as_actor())
    row = Verification.objects.get(purpose=VerificationPurpose.NEW_ADDRESS)
    page = reverse("identity:old-address-lost", args=[case.reference, row.pk])
    typed = {"reason": "Postkassen er stengt."}
    assert carried(client.post(page, typed))["reason"] == ["Postkassen er stengt."]
    assert Verification.objects.get(pk=row.pk).old_lost == ""
    client.post(page, {**typed, "factor-code": second_factor.begin(user).current_code()})
    assert Verification.objects.get(pk=row.pk).old_lost_by_id == user.pk
