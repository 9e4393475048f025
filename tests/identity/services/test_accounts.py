"""Roles and closed accounts; there is always an administrator left."""

import pytest

from identity.models import User
from identity.services import accounts, staff
from requests_app.domain.enums import Role
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import SYSTEM
from requests_app.models import AuditEntry
from requests_app.permissions import TABLE, Permission, may
from tests import factories
from tests.identity.together import together

pytestmark = pytest.mark.django_db


def roles_of(user: User) -> frozenset[Role]:
    return User.objects.get(pk=user.pk).roles


def test_roles_become_exactly_what_was_said() -> None:
    user = factories.staff(Role.INTAKE, Role.HANDLER)
    accounts.change_roles(user.pk, [Role.HANDLER, Role.APPROVER], actor=SYSTEM)
    assert roles_of(user) == {Role.HANDLER, Role.APPROVER}
    entry = AuditEntry.objects.get(action="staff.roles_changed")
    assert entry.details == {"before": ["handler", "intake"], "after": ["approver", "handler"]}


def test_the_same_roles_again_are_no_news() -> None:
    user = factories.staff(Role.HANDLER)
    accounts.change_roles(user.pk, [Role.HANDLER], actor=SYSTEM)
    assert not AuditEntry.objects.exists()


def test_an_account_keeps_at_least_one_role() -> None:
    user = factories.staff(Role.HANDLER)
    with pytest.raises(ActionRefused, match="role_needed"):
        accounts.change_roles(user.pk, [], actor=SYSTEM)
    assert roles_of(user) == {Role.HANDLER}


def test_a_closed_account_has_no_roles_and_new_sessions_only() -> None:
    user = factories.staff(Role.HANDLER)
    session = user.get_session_auth_hash()
    accounts.deactivate(user.pk, actor=SYSTEM)
    accounts.deactivate(user.pk, actor=SYSTEM)
    assert roles_of(user) == frozenset()
    accounts.reactivate(user.pk, actor=SYSTEM)
    assert roles_of(user) == {Role.HANDLER}
    assert User.objects.get(pk=user.pk).get_session_auth_hash() != session
    actions = list(AuditEntry.objects.values_list("action", flat=True))
    assert actions == ["staff.deactivated", "staff.reactivated"]


def test_the_last_administrator_stays() -> None:
    last = factories.staff(Role.ADMINISTRATOR, Role.HANDLER)
    factories.staff(Role.ADMINISTRATOR, active=False)
    with pytest.raises(ActionRefused, match="last_administrator"):
        accounts.deactivate(last.pk, actor=last.as_actor())
    with pytest.raises(ActionRefused, match="last_administrator"):
        accounts.change_roles(last.pk, [Role.HANDLER], actor=last.as_actor())
    assert roles_of(last) == {Role.ADMINISTRATOR, Role.HANDLER}
    accounts.change_roles(last.pk, [Role.ADMINISTRATOR], actor=SYSTEM)
    assert roles_of(last) == {Role.ADMINISTRATOR}


def test_one_of_two_administrators_may_go() -> None:
    first, second = factories.staff(Role.ADMINISTRATOR), factories.staff(Role.ADMINISTRATOR)
    accounts.deactivate(first.pk, actor=second.as_actor())
    with pytest.raises(ActionRefused, match="last_administrator"):
        accounts.deactivate(second.pk, actor=second.as_actor())


def test_an_administrator_who_has_no_way_in_yet_is_not_the_one_who_stays() -> None:
    first, second = factories.staff(Role.ADMINISTRATOR), factories.staff(Role.ADMINISTRATOR)
    _, url = staff.renew(second.pk, actor=first.as_actor())
    with pytest.raises(ActionRefused, match="last_administrator"):
        accounts.deactivate(first.pk, actor=first.as_actor())
    with pytest.raises(ActionRefused, match="last_administrator"):
        accounts.change_roles(first.pk, [Role.HANDLER], actor=first.as_actor())
    staff.accept(url.rpartition("/")[2], name="Ola", password=factories.PASSWORD)
    accounts.deactivate(first.pk, actor=first.as_actor())


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("verb", ["close", "demote"])
def test_two_administrators_cannot_remove_each_other(verb: str) -> None:
    pair = [factories.staff(Role.ADMINISTRATOR), factories.staff(Role.ADMINISTRATOR)]
    turns = iter(pair)

    def one() -> bool:
        user = next(turns)
        try:
            if verb == "close":
                accounts.deactivate(user.pk, actor=SYSTEM)
            else:
                accounts.change_roles(user.pk, [Role.HANDLER], actor=SYSTEM)
        except ActionRefused:
            return False
        return True

    assert together(2, one).count(True) == 1
    assert sum(Role.ADMINISTRATOR in roles_of(user) for user in pair) == 1


# What the pages of the desk let each role do: written down a second time, so that a slip in the table is seen.
EXPECTED = {
    Role.INTAKE: "view_cases sort write assign",
    Role.HANDLER: "view_cases sort write assign ask_identity work_tasks decide view_register keep_clock advise shield",
    Role.APPROVER: "view_cases release write view_register",
    Role.DECISION_MAKER: (
        "view_cases sort write assign ask_identity work_tasks decide view_register release override edit_register"
        " edit_organisation keep_clock advise extend edit_texts shield see_looks name_emergency"
    ),
    Role.DPO: "view_cases view_register advise shield see_looks",
    Role.SYSTEM_OWNER: "work_own_tasks",
    Role.AUDITOR: "view_masked view_register",
    Role.ADMINISTRATOR: "manage_staff view_register edit_organisation",
}


@pytest.mark.parametrize("role", list(Role))
def test_the_roles_table(role: Role) -> None:
    assert TABLE[role] == {Permission(name) for name in EXPECTED[role].split()}
    user = factories.staff(role)
    assert {permission for permission in Permission if may(user, permission)} == TABLE[role]


def test_roles_add_up() -> None:
    user = factories.staff(Role.INTAKE, Role.ADMINISTRATOR)
    assert may(user, Permission.SORT)
    assert may(user, Permission.MANAGE_STAFF)
    assert not may(user, Permission.RELEASE)
