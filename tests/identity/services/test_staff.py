"""Invitations: one link, one account, within seven days."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from identity.models import SecondFactor, StaffInvitation, User
from identity.services import accounts, second_factor, staff
from requests_app.domain import tokens
from requests_app.domain.enums import Role
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import SYSTEM
from requests_app.models import AuditEntry
from tests import factories
from tests.identity.together import together

pytestmark = pytest.mark.django_db

EMAIL = "ola@optimar.example"


def token_of(url: str) -> str:
    return url.rpartition("/")[2]


def refused(code: str) -> "pytest.RaisesExc[ActionRefused]":
    return pytest.raises(ActionRefused, match=f"^{code}$")


def accept(url: str, name: str = "Ola Lie") -> User:
    return staff.accept(token_of(url), name=name, password=factories.PASSWORD)


def test_an_invitation_becomes_an_account_with_its_roles() -> None:
    _, url = staff.invite(f" {EMAIL.upper()} ", [Role.HANDLER, Role.INTAKE, Role.HANDLER])
    user = accept(url)
    assert (user.email, user.name, user.is_active) == (EMAIL, "Ola Lie", True)
    assert user.roles == {Role.HANDLER, Role.INTAKE}
    assert user.check_password(factories.PASSWORD)


def test_the_row_knows_the_link_by_its_hash_only() -> None:
    invitation, url = staff.invite(EMAIL, [Role.HANDLER])
    assert invitation.token_digest == tokens.digest(token_of(url))
    assert token_of(url) not in str(StaffInvitation.objects.values().get())
    assert staff.invitation_url(StaffInvitation.objects.get()) == url


def test_the_link_works_once() -> None:
    _, url = staff.invite(EMAIL, [Role.HANDLER])
    accept(url)
    assert staff.open_invitation(token_of(url)) is None
    with refused("invitation_dead"):
        accept(url, name="Somebody else")
    assert User.objects.get().name == "Ola Lie"


@pytest.mark.django_db(transaction=True)
def test_the_link_works_once_at_the_same_time_too() -> None:
    _, url = staff.invite(EMAIL, [Role.HANDLER])

    def one() -> bool:
        try:
            accept(url)
        except ActionRefused:
            return False
        return True

    assert together(4, one).count(True) == 1
    assert User.objects.count() == 1


def test_the_link_works_for_seven_days() -> None:
    _, url = staff.invite(EMAIL, [Role.HANDLER])
    with time_machine.travel(timezone.now() + timedelta(days=6, hours=23)):
        assert staff.open_invitation(token_of(url))
    with time_machine.travel(timezone.now() + timedelta(days=7, seconds=1)):
        assert staff.open_invitation(token_of(url)) is None
        with refused("invitation_dead"):
            accept(url)


def test_looking_at_a_link_uses_nothing_up() -> None:
    _, url = staff.invite(EMAIL, [Role.HANDLER])
    assert [bool(staff.open_invitation(token_of(url))) for _ in range(3)] == [True] * 3


def test_a_second_invitation_replaces_the_first() -> None:
    _, first = staff.invite(EMAIL, [Role.HANDLER])
    _, second = staff.invite(EMAIL, [Role.APPROVER])
    with refused("invitation_dead"):
        accept(first)
    assert accept(second).roles == {Role.APPROVER}


def test_a_withdrawn_link_is_dead() -> None:
    invitation, url = staff.invite(EMAIL, [Role.HANDLER])
    staff.withdraw(invitation.pk, actor=SYSTEM)
    staff.withdraw(invitation.pk, actor=SYSTEM)
    with refused("invitation_dead"):
        accept(url)
    assert AuditEntry.objects.filter(action="staff.invitation_withdrawn").count() == 1


def test_a_used_invitation_cannot_be_withdrawn() -> None:
    invitation, url = staff.invite(EMAIL, [Role.HANDLER])
    accept(url)
    staff.withdraw(invitation.pk, actor=SYSTEM)
    assert StaffInvitation.objects.filter(pk=invitation.pk).exists()


@pytest.mark.parametrize("address", ["", "ola", "ola@", "ola@optimar.example\nBcc: x@example.com", "o\0la@example.com"])
def test_what_is_no_address_is_refused(address: str) -> None:
    with refused("bad_address"):
        staff.invite(address, [Role.HANDLER])


def test_without_a_role_nobody_is_invited() -> None:
    with refused("role_needed"):
        staff.invite(EMAIL, [])


def test_who_has_an_account_is_not_invited_again_even_if_it_is_closed() -> None:
    for user in (factories.staff(), factories.staff(active=False)):
        with refused("account_exists"):
            staff.invite(user.email.upper(), [Role.HANDLER])


def test_a_new_way_in_takes_the_old_one_away() -> None:
    user, administrator = factories.staff(Role.HANDLER, name="Ola Lie"), factories.staff(Role.ADMINISTRATOR)
    old_secret, old_session = second_factor.begin(user).secret, user.get_session_auth_hash()
    _, url = staff.renew(user.pk, actor=administrator.as_actor())
    user.refresh_from_db()
    assert not user.has_usable_password()
    assert not SecondFactor.objects.filter(user=user).exists()
    assert user.get_session_auth_hash() != old_session
    again = accept(url, name="Ola M. Lie")
    assert (again.pk, again.name) == (user.pk, "Ola M. Lie")
    assert again.roles == {Role.HANDLER}
    assert again.check_password(factories.PASSWORD)
    assert second_factor.begin(again).secret != old_secret


def test_nobody_takes_away_their_own_way_in() -> None:
    administrator = factories.staff(Role.ADMINISTRATOR)
    with refused("not_yourself"):
        staff.renew(administrator.pk, actor=administrator.as_actor())


def test_a_closed_account_gets_no_new_way_in() -> None:
    user = factories.staff()
    _, url = staff.renew(user.pk, actor=SYSTEM)
    factories.staff(Role.ADMINISTRATOR)
    accounts.deactivate(user.pk, actor=SYSTEM)
    with refused("invitation_dead"):
        accept(url)
    with refused("account_inactive"):
        staff.renew(user.pk, actor=SYSTEM)


def test_the_audit_knows_numbers_and_roles_no_names() -> None:
    administrator = factories.staff(Role.ADMINISTRATOR)
    invitation, url = staff.invite(EMAIL, [Role.HANDLER], actor=administrator.as_actor())
    user = accept(url)
    entries = {entry.action: entry for entry in AuditEntry.objects.all()}
    assert set(entries) == {"staff.invited", "staff.joined"}
    assert entries["staff.invited"].actor == f"user:{administrator.pk}"
    assert entries["staff.invited"].details == {"roles": ["handler"], "emergency": False}
    assert entries["staff.joined"].subject == f"user:{user.pk}"
    assert entries["staff.joined"].details == {"invitation": invitation.pk}
