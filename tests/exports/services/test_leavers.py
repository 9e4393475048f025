"""Somebody leaves who owns systems: each goes to whom the page names, or to nobody, and no link of theirs is left."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from exports.models import SystemOwner, SystemTask, TaskLink
from exports.services import ownership
from identity.models import User
from identity.services import accounts
from identity.services.leaving import Handover
from requests_app.domain.enums import Role
from requests_app.domain.errors import ActionRefused
from requests_app.models import AuditEntry, Message
from tests import factories
from tests.desk_client import DeskClient, desk_client, text
from tests.exports.house import House, planned
from tests.faults.waiting import eventually
from tests.identity.scenes import revealed
from tests.identity.together import at_once, somebody_waits

pytestmark = pytest.mark.django_db
EMAIL = "eier@leverandor.example"


@pytest.fixture
def decides(house: House) -> User:
    """Who names owners."""
    return factories.staff(Role.DECISION_MAKER)


@pytest.fixture
def leaver(decides: User) -> User:
    """Somebody who owns two systems."""
    user = factories.staff(Role.SYSTEM_OWNER, Role.HANDLER, name="Siv Lie")
    for system in ("hubspot", "website"):
        ownership.name_owner(system, user_id=user.pk, email="", actor=decides.as_actor())
    return user


@pytest.fixture
def administrator(house: House) -> DeskClient:
    """Who closes accounts."""
    return desk_client(Role.ADMINISTRATOR)


def page(user: User) -> str:
    return f"/desk/staff/{user.pk}/deactivate/"


def owners() -> dict[str, int | None]:
    return dict(SystemOwner.objects.values_list("system", "user"))


def linked(task: SystemTask, sender: User) -> tuple[TaskLink, str]:
    """A link that somebody sent, and its path as the mail holds it."""
    link = ownership.send(task.pk, actor=sender.as_actor())
    mail = Message.objects.get(key=f"task-link:{link.pk}")
    return link, "/task/" + revealed(mail)["task_link"].rpartition("/")[2]


def test_the_page_asks_for_each_system_and_gives_it_away(administrator: DeskClient, leaver: User) -> None:
    heir = factories.staff(Role.SYSTEM_OWNER, name="Arv Ing")
    shown = administrator.read(page(leaver))
    for words in ("Systems that the person owns", "Who takes over HubSpot", "Arv Ing", "Nobody: the handlers do its"):
        assert words in shown
    given = {"handler": "", "system-hubspot": heir.pk, "system-website": "nobody"}
    assert administrator.post(page(leaver), given)["Location"] == f"/desk/staff/{leaver.pk}/"
    assert owners() == {"hubspot": heir.pk}
    told = AuditEntry.objects.filter(action="system.owner_named").order_by("-number")[:2]
    assert {(one.subject, one.details["user"]) for one in told} == {
        ("system:hubspot", heir.pk), ("system:website", None)
    }  # fmt: skip


@pytest.mark.parametrize("chosen", ["", "x", "handler", "leaver"])
def test_a_system_that_nobody_spoke_of_holds_it_up(administrator: DeskClient, leaver: User, chosen: str) -> None:
    people = {"handler": factories.staff().pk, "leaver": leaver.pk}
    given = {"handler": "", "system-hubspot": people.get(chosen, chosen), "system-website": "nobody"}
    answer = administrator.post(page(leaver), given)
    assert answer.status_code == 422
    assert "Say who takes it over." in text(answer)
    assert '<option value="nobody" selected>' in text(answer)
    assert User.objects.get(pk=leaver.pk).is_active
    assert owners() == {"hubspot": leaver.pk, "website": leaver.pk}


def test_an_heir_who_cannot_own_a_system_undoes_all_of_it(decides: User, leaver: User) -> None:
    heir = factories.staff(Role.SYSTEM_OWNER, active=False)
    for unfit in (heir.pk, factories.staff().pk, leaver.pk):
        handover = Handover(systems={"hubspot": unfit, "website": None})
        with pytest.raises(ActionRefused, match="owner_unfit"):
            accounts.deactivate(leaver.pk, actor=decides.as_actor(), handover=handover)
    assert User.objects.get(pk=leaver.pk).is_active
    assert owners() == {"hubspot": leaver.pk, "website": leaver.pk}
    assert not AuditEntry.objects.filter(action="staff.deactivated").exists()


def test_the_heir_has_the_tasks_at_once(decides: User, leaver: User) -> None:
    task, heir = planned().tasks.get(system="hubspot"), desk_client(Role.SYSTEM_OWNER)
    handover = Handover(systems={"hubspot": heir.user.pk, "website": None})
    accounts.deactivate(leaver.pk, actor=decides.as_actor(), handover=handover)
    assert "HubSpot" in heir.read(reverse("exports:desk:own-task", args=[task.pk]))
    assert owners() == {"hubspot": heir.user.pk}


def test_the_links_of_whoever_leaves_end_and_stay_ended(decides: User, leaver: User) -> None:
    task = planned().tasks.get(system="hubspot")
    ownership.name_owner("hubspot", user_id=None, email=EMAIL, actor=decides.as_actor())
    link, path = linked(task, leaver)
    accounts.deactivate(leaver.pk, actor=decides.as_actor())
    link.refresh_from_db()
    assert link.withdrawn_at is not None
    assert AuditEntry.objects.filter(action="task.link_withdrawn", details__link=link.pk).count() == 1
    accounts.reactivate(leaver.pk, actor=decides.as_actor())
    assert Client().get(path).status_code == 410
    assert SystemOwner.objects.get(system="hubspot").email == EMAIL  # somebody else's


def test_a_system_and_a_link_from_before_the_account_end_too(decides: User, administrator: DeskClient) -> None:
    task = planned().tasks.get(system="hubspot")
    ownership.name_owner("hubspot", user_id=None, email=EMAIL, actor=decides.as_actor())
    link, _ = linked(task, decides)
    colleague = factories.staff(Role.INTAKE)
    User.objects.filter(pk=colleague.pk).update(email=EMAIL)
    assert administrator.post(page(colleague), {"handler": ""}).status_code == 422  # the page names the system
    assert administrator.post(page(colleague), {"handler": "", "system-hubspot": "nobody"}).status_code == 302
    link.refresh_from_db()
    assert link.withdrawn_at is not None
    assert owners() == {}


def test_whoever_owns_nothing_is_asked_nothing(administrator: DeskClient) -> None:
    user = factories.staff()
    assert "Systems that the person owns" not in administrator.read(page(user))
    assert administrator.post(page(user), {"handler": ""}).status_code == 302


def test_an_heir_who_leaves_at_once_hands_over_what_they_have_just_got(decides: User, leaver: User) -> None:
    """Their own page was made before, and names no system: nobody loses their owner unseen."""
    heir, actor = factories.staff(Role.SYSTEM_OWNER), decides.as_actor()
    accounts.deactivate(leaver.pk, actor=actor, handover=Handover(systems={"hubspot": heir.pk, "website": None}))
    with pytest.raises(ActionRefused, match="systems_moving"):
        accounts.deactivate(heir.pk, actor=actor, handover=Handover(systems={}))
    assert User.objects.get(pk=heir.pk).is_active
    assert owners() == {"hubspot": heir.pk}
    accounts.deactivate(heir.pk, actor=actor)  # on the command line nothing is chosen, and nobody takes over any
    assert owners() == {}


@pytest.mark.django_db(transaction=True)
def test_nobody_gets_a_system_while_they_leave(decides: User, house: House) -> None:
    factories.staff(Role.ADMINISTRATOR)
    for _turn in range(3):
        user = factories.staff(Role.SYSTEM_OWNER)

        def name(system: str, user: User = user) -> str:
            try:
                ownership.name_owner(system, user_id=user.pk, email="", actor=decides.as_actor())
            except ActionRefused as refusal:
                return refusal.reason.code
            return ""

        leaves = partial(accounts.deactivate, user.pk, actor=decides.as_actor())
        at_once(partial(name, "hubspot"), leaves, partial(name, "website"), partial(name, "crm"))
        assert not SystemOwner.objects.filter(user=user).exists()


@pytest.mark.django_db(transaction=True)
def test_a_system_that_gets_another_owner_meanwhile_stays_theirs(decides: User, leaver: User) -> None:
    heir, named = factories.staff(Role.SYSTEM_OWNER), factories.staff(Role.SYSTEM_OWNER)
    leaves = Handover(systems={"hubspot": heir.pk, "website": heir.pk})

    def leave() -> None:
        try:
            accounts.deactivate(leaver.pk, actor=decides.as_actor(), handover=leaves)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            ownership.name_owner("hubspot", user_id=named.pk, email="", actor=decides.as_actor())
            left = pool.submit(leave) if connection.vendor == "postgresql" else None
            if left:
                eventually(somebody_waits, "a transaction that needs what this one has locked")
        left.result() if left else accounts.deactivate(leaver.pk, actor=decides.as_actor(), handover=leaves)
    assert owners() == {"hubspot": named.pk, "website": heir.pk}
