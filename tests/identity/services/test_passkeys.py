"""Passkeys: whose they are, what they signed, and who may add or remove one."""

import copy
from typing import Any

import pytest
from django.test import override_settings
from django_otp_webauthn.models import WebAuthnCredential

from identity.models import SecondFactor, User
from identity.services import passkeys, recovery, second_factor
from requests_app.domain.errors import ActionRefused
from requests_app.models import AuditEntry
from tests import factories
from tests.identity import scenes
from tests.identity.authenticator import Authenticator, raw, text

pytestmark = pytest.mark.django_db

ACTION = "staff.logged_in"


def added(user: User, key: Authenticator, name: str = "laptop", *, verified: bool = True) -> WebAuthnCredential:
    ceremony = passkeys.to_add(user)
    return passkeys.add(user, ceremony.state, key.create(ceremony.options), name=name, verified=verified)


def audited(user: User) -> list[str]:
    return list(AuditEntry.objects.filter(subject=f"user:{user.pk}").values_list("action", flat=True))


def test_one_is_added_used_and_removed() -> None:
    user, key = scenes.enrolled(factories.staff()), Authenticator()
    row = added(user, key)
    assert (row.name, row.last_used_at, [one.pk for one in passkeys.of(user)]) == ("laptop", None, [row.pk])
    ceremony = passkeys.to_use(user)
    assert ceremony.options["allowCredentials"][0]["id"] == text(key.id)
    assert ceremony.options["userVerification"] == "preferred"
    assert passkeys.check(user, ceremony.state, key.get(ceremony.options), action=ACTION) == row
    row.refresh_from_db()
    assert row.last_used_at is not None
    passkeys.remove(user, row.pk)
    assert passkeys.of(user) == []
    assert audited(user) == ["staff.passkey_added", "staff.logged_in", "staff.passkey_removed"]


def test_the_name_of_the_site_follows_its_address() -> None:
    options = passkeys.to_add(factories.staff(name="Kari Nes")).options
    assert options["rp"] == {"id": "localhost", "name": "Datarett"}
    assert options["user"]["displayName"] == "Kari Nes"
    with override_settings(SITE_URL="http://datarett.internal", OTP_WEBAUTHN_RP_ID="datarett.internal"):
        assert not passkeys.possible()
    with override_settings(SITE_URL="https://datarett.example", OTP_WEBAUTHN_RP_ID="datarett.example"):
        assert passkeys.possible()


def test_that_of_another_person_is_refused() -> None:
    user, other, theirs = factories.staff(), factories.staff(), Authenticator()
    added(user, Authenticator())
    added(other, theirs)
    ceremony = passkeys.to_use(user)
    assert passkeys.check(user, ceremony.state, theirs.get(ceremony.options), action=ACTION) is None
    assert ACTION not in audited(user) + audited(other)


def test_one_that_was_never_added_or_is_gone_is_refused() -> None:
    user, key, gone = factories.staff(), Authenticator(), Authenticator()
    added(user, key)
    passkeys.remove(user, added(user, gone).pk)
    ceremony = passkeys.to_use(user)
    for stranger in (Authenticator(), gone):
        assert passkeys.check(user, ceremony.state, stranger.get(ceremony.options), action=ACTION) is None


@pytest.mark.parametrize(
    "key", [{"origin": "https://evil.example"}, {"rp_id": "evil.example"}, {"origin": "http://localhost.evil.example"}]
)
def test_what_was_signed_for_another_site_is_refused(key: dict[str, str]) -> None:
    user, lured = factories.staff(), Authenticator(**key)
    with pytest.raises(ActionRefused, match="passkey_unfit"):
        added(user, lured)
    honest = Authenticator()
    added(user, honest)
    honest.origin, honest.rp_id = lured.origin, lured.rp_id
    ceremony = passkeys.to_use(user)
    assert passkeys.check(user, ceremony.state, honest.get(ceremony.options), action=ACTION) is None


def test_what_was_signed_before_or_for_another_session_is_refused() -> None:
    user, key = factories.staff(), Authenticator()
    added(user, key)
    mine, another = passkeys.to_use(user), passkeys.to_use(user)
    assert passkeys.check(user, mine.state, key.get(another.options), action=ACTION) is None


def test_a_copied_key_is_noticed_by_its_counter() -> None:
    user, key = factories.staff(), Authenticator()
    added(user, key)
    for counted, right in ((5, True), (2, False)):
        key.uses = counted
        ceremony = passkeys.to_use(user)
        found = passkeys.check(user, ceremony.state, key.get(ceremony.options), action=ACTION)
        assert (found is not None) == right


def test_one_key_is_added_once_and_never_to_two_people() -> None:
    key = Authenticator()
    user = factories.staff()
    added(user, key)
    for who in (user, factories.staff()):
        with pytest.raises(ActionRefused, match="passkey_unfit"):
            added(who, key)


def test_a_password_alone_adds_none_to_who_has_a_factor() -> None:
    with_app, with_passkey = scenes.enrolled(factories.staff()), factories.staff()
    added(with_passkey, Authenticator(), verified=False)  # the first one: nothing could be shown before
    for user in (with_app, with_passkey):
        with pytest.raises(ActionRefused, match="factor_first"):
            added(user, Authenticator(), verified=False)


def test_an_app_that_was_begun_opens_nothing_once_there_is_a_passkey() -> None:
    user = factories.staff()
    factor = second_factor.begin(user)
    added(user, Authenticator(), verified=False)
    assert not second_factor.check(user, factor.current_code()).right
    assert not SecondFactor.objects.get(user=user).confirmed


def test_the_last_factor_stays() -> None:
    user = factories.staff()
    row = added(user, Authenticator())
    recovery.make(user)  # no factor that could stand alone
    with pytest.raises(ActionRefused, match="last_factor"):
        passkeys.remove(user, row.pk)
    scenes.enrolled(user)
    second_factor.remove(user)
    with pytest.raises(ActionRefused, match="last_factor"):
        passkeys.remove(user, row.pk)
    assert passkeys.of(user) == [row]


def test_nobody_removes_that_of_another_person() -> None:
    user, other = scenes.enrolled(factories.staff()), scenes.enrolled(factories.staff())
    row = added(other, Authenticator())
    passkeys.remove(user, row.pk)
    assert passkeys.of(other) == [row]


def test_there_are_not_too_many() -> None:
    user = factories.staff()
    for _ in range(passkeys.MOST):
        added(user, Authenticator())
    with pytest.raises(ActionRefused, match="passkeys_too_many"):
        added(user, Authenticator())


def broken(answer: dict[str, Any]) -> list[Any]:
    """Return answers that no browser would give."""
    found: list[Any] = [None, [], {}, 7, "x", {"response": None}, {"response": []}, {"id": 1, "rawId": 2}]
    unfit: tuple[Any, ...] = ("", "!", None, 5, [], {}, text(b"\xff" * 40), text(b"{}"), text(b"\xa1"))
    for name in answer["response"]:
        for value in unfit:
            one = copy.deepcopy(answer)
            one["response"][name] = value
            found.append(one)
        cut = copy.deepcopy(answer)
        cut["response"][name] = text(raw(answer["response"][name])[:-3])
        found.append(cut)
        del (less := copy.deepcopy(answer))["response"][name]
        found.append(less)
    strange: tuple[Any, ...] = ("", None, 5, [])
    found += [{**answer, name: value} for name in ("id", "rawId", "type") for value in strange]
    return found


def test_junk_adds_nothing_and_opens_nothing() -> None:
    user, key = factories.staff(), Authenticator()
    ceremony = passkeys.to_add(user)
    for answer in broken(key.create(ceremony.options)):
        with pytest.raises(ActionRefused, match="passkey_unfit"):
            passkeys.add(user, ceremony.state, answer, name="x", verified=True)
    assert passkeys.of(user) == []
    with pytest.raises(ActionRefused, match="passkey_unfit"):
        passkeys.add(user, {}, key.create(ceremony.options), name="x", verified=True)
    added(user, key)
    ceremony = passkeys.to_use(user)
    for answer in broken(key.get(ceremony.options)):
        assert passkeys.check(user, ceremony.state, answer, action=ACTION) is None
