"""Owners of systems: what their account shows them, and what a link opens for whom and for how long."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from time_machine import travel

from exports.domain.enums import TaskState
from exports.models import SystemOwner, SystemTask, TaskLink
from exports.services import ownership, tasks
from identity.models import User
from identity.services import accounts
from requests_app.domain.enums import LookedAt, Role
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import SYSTEM
from requests_app.models import AuditEntry, Case, Look, Message
from requests_app.services import looks, shield
from tests import factories
from tests.desk_client import desk_client, text
from tests.exports.house import House, everything_logged, planned
from tests.identity.scenes import revealed

pytestmark = pytest.mark.django_db
EMAIL = "eier@leverandor.example"


@pytest.fixture
def decides(house: House) -> User:
    """Who names owners."""
    return factories.staff(Role.DECISION_MAKER)


@pytest.fixture
def hubspot(house: House) -> SystemTask:
    """The search of HubSpot, which a person has to do."""
    return planned().tasks.get(system="hubspot")


def linked(task: SystemTask, decides: User) -> tuple[TaskLink, str]:
    """A link to a task, and its path as the mail holds it."""
    ownership.name_owner(task.system, user_id=None, email=EMAIL, actor=decides.as_actor())
    link = ownership.send(task.pk, actor=factories.staff().as_actor())
    mail = Message.objects.get(key=f"task-link:{link.pk}")
    return link, "/task/" + revealed(mail)["task_link"].rpartition("/")[2]


def refused(code: str, act: object, *args: object, **how: object) -> None:
    """The act is refused with this code."""
    with pytest.raises(ActionRefused) as caught:
        act(*args, **how)  # type: ignore[operator]
    assert caught.value.reason.code == code


def test_an_owner_sees_the_tasks_of_their_own_systems_and_no_others(decides: User, hubspot: SystemTask) -> None:
    owner = desk_client(Role.SYSTEM_OWNER, name="Siv")
    ownership.name_owner("hubspot", user_id=owner.user.pk, email="", actor=decides.as_actor())
    shown = owner.read(reverse("exports:desk:own-tasks"))
    assert "HubSpot" in shown
    assert hubspot.dsr.case.reference in shown
    assert hubspot.dsr.case.person_email not in shown
    assert "Google" not in shown
    page = owner.read(reverse("exports:desk:own-task", args=[hubspot.pk]))
    assert hubspot.dsr.case.person_email in page
    assert hubspot.dsr.case.reference in page
    shield.shield(hubspot.dsr.case_id, [decides.pk], "x", actor=decides.as_actor(), user=decides)
    assert "HubSpot" not in owner.read(reverse("exports:desk:own-tasks"))
    assert owner.get(reverse("exports:desk:own-task", args=[hubspot.pk])).status_code in (403, 404)
    shield.lift(hubspot.dsr.case_id, "x", actor=decides.as_actor(), user=decides)
    other = hubspot.dsr.tasks.exclude(system="hubspot").filter(mode="manual")[0]
    assert owner.get(reverse("exports:desk:own-task", args=[other.pk])).status_code == 404
    done = owner.post(reverse("exports:desk:own-task", args=[hubspot.pk]), {"outcome": "not_found", "note": "Søkt"})
    assert done.headers["Location"] == reverse("exports:desk:own-tasks")
    hubspot.refresh_from_db()
    assert (hubspot.state, hubspot.done_by_id) == (TaskState.NOT_FOUND, owner.user.pk)
    assert owner.get(reverse("exports:desk:own-task", args=[hubspot.pk])).status_code == 404


def test_a_link_opens_one_task_for_whoever_presses_the_button(decides: User, hubspot: SystemTask) -> None:
    link, path = linked(hubspot, decides)
    scanner, browser = Client(), Client()
    for _ in range(3):
        assert scanner.get(path).status_code == 200
    link.refresh_from_db()
    assert link.opened_at is None
    assert scanner.get("/task/").status_code == 410
    assert browser.post(path).headers["Location"] == "/task/"
    page = text(browser.get("/task/"))
    assert hubspot.dsr.case.person_email in page
    assert hubspot.dsr.case.reference not in page
    assert browser.get("/desk/").status_code == 302
    assert text(browser.post("/task/", {"outcome": "not_found", "note": "Ingenting"})).count("<form") == 0
    hubspot.refresh_from_db()
    assert (hubspot.state, hubspot.note) == (TaskState.NOT_FOUND, "Ingenting")
    assert hubspot.done_by_id == link.sent_by_id  # who stands for it: never nobody, as if a connector had answered
    assert AuditEntry.objects.get(action="task.answered", details__task=hubspot.pk).actor == "owner"
    assert browser.get("/task/").status_code == browser.post(path).status_code == 410


def test_what_an_owner_opens_by_a_link_is_kept_as_a_look_of_theirs(decides: User, hubspot: SystemTask) -> None:
    link, path = linked(hubspot, decides)
    browser = Client()
    browser.get(path)
    browser.post(path)
    assert not Look.objects.exists()  # a button shows nothing of the case
    looks.keep([looks.Opened(LookedAt.TASK, hubspot.dsr.case_id)], link.sent_by_id)  # the sender's own, minutes ago
    browser.get("/task/")
    browser.get("/task/")
    look = Look.objects.exclude(by_link=None).get()
    assert (look.what, look.case_id, look.user_id) == ("task", hubspot.dsr.case_id, link.sent_by_id)
    assert look.by_link == link.pk
    shown = desk_client(Role.DPO).read(reverse("requests:desk:case", args=[hubspot.dsr.case.reference]))
    assert f"the owner of a system, by a link that {link.sent_by.name} sent" in shown


def test_an_answer_that_comes_back_shows_the_task_and_is_a_look(decides: User, hubspot: SystemTask) -> None:
    _, path = linked(hubspot, decides)
    browser = Client()
    browser.post(path)
    assert browser.post("/task/", {"outcome": ""}).status_code == 422
    assert Look.objects.get().by_link is not None
    assert browser.post("/task/", {"outcome": "not_found", "note": "Ingenting"}).status_code == 200
    assert Look.objects.count() == 1  # the thanks show nothing


def test_what_an_owner_with_an_account_opens_is_kept_as_a_task(decides: User, hubspot: SystemTask) -> None:
    owner = desk_client(Role.SYSTEM_OWNER)
    ownership.name_owner("hubspot", user_id=owner.user.pk, email="", actor=decides.as_actor())
    page = reverse("exports:desk:own-task", args=[hubspot.pk])
    owner.read(reverse("exports:desk:own-tasks"))
    assert not Look.objects.exists()  # a list is no look
    assert owner.post(page, {"outcome": ""}).status_code == 422
    owner.read(page)
    look = Look.objects.get()
    assert (look.what, look.case_id, look.user_id, look.by_link) == (
        "task", hubspot.dsr.case_id, owner.user.pk, None
    )  # fmt: skip


def test_the_mail_holds_nothing_of_the_person_and_no_row_holds_the_link(decides: User, hubspot: SystemTask) -> None:
    link, path = linked(hubspot, decides)
    mail, case, token = Message.objects.get(key=f"task-link:{link.pk}"), hubspot.dsr.case, path.rpartition("/")[2]
    assert mail.to_address == EMAIL
    for secret in (case.person_name, case.person_email, case.reference, token):
        assert secret not in mail.subject + mail.body
    assert token not in str(TaskLink.objects.values()) + everything_logged()
    assert EMAIL not in everything_logged()


@pytest.mark.parametrize("ending", ["withdrawn", "over", "answered", "asked anew", "another owner", "account", "left"])
def test_a_link_ends_with_every_browser_that_opened_it(ending: str, decides: User, hubspot: SystemTask) -> None:
    link, path = linked(hubspot, decides)
    browser, handler = Client(), factories.staff()
    browser.post(path)
    later = timedelta(0)
    if ending == "withdrawn":
        ownership.withdraw(link.pk, actor=handler.as_actor())
    elif ending == "over":
        later = ownership.LIFETIME
    elif ending == "left":
        User.objects.filter(pk=link.sent_by_id).update(is_active=False)
    elif ending in ("answered", "asked anew"):
        tasks.complete(hubspot.pk, state=TaskState.NOT_FOUND, actor=handler.as_actor())
        if ending == "asked anew":
            tasks.reopen(hubspot.pk, actor=handler.as_actor())
    elif ending == "another owner":
        ownership.name_owner("hubspot", user_id=None, email="ny@leverandor.example", actor=decides.as_actor())
    else:
        owner = factories.staff(Role.SYSTEM_OWNER)
        ownership.name_owner("hubspot", user_id=owner.pk, email="", actor=decides.as_actor())
    with travel(timezone.now() + later, tick=False):
        stranger = Client()
        assert {browser.get("/task/").status_code, browser.post("/task/", {"outcome": "not_found"}).status_code} == {
            410
        }
        assert {stranger.get(path).status_code, stranger.post(path).status_code} == {410}


def test_a_new_link_ends_the_earlier_one(decides: User, hubspot: SystemTask) -> None:
    _, path = linked(hubspot, decides)
    ownership.send(hubspot.pk, actor=factories.staff().as_actor())
    assert Client().get(path).status_code == 410


def test_pressing_the_same_button_again_sends_no_second_mail(decides: User, hubspot: SystemTask) -> None:
    ownership.name_owner("hubspot", user_id=None, email=EMAIL, actor=decides.as_actor())
    handler = desk_client()
    page, press = reverse("exports:desk:task", args=[hubspot.pk]), reverse("exports:desk:task-link", args=[hubspot.pk])
    assert 'name="after" value="0"' in handler.read(page)
    for _ in range(2):
        assert "The link is on its way." in text(handler.post(press, {"after": "0"}, follow=True))
    link = TaskLink.objects.get()
    assert f'name="after" value="{link.pk}"' in handler.read(page)
    handler.post(press, {"after": str(link.pk)})  # a new one, on purpose
    assert [one.withdrawn_at is None for one in TaskLink.objects.order_by("pk")] == [False, True]
    ownership.withdraw(TaskLink.objects.latest("pk").pk, actor=decides.as_actor())
    handler.post(press, {"after": "0"})  # what was sent works no more: it is sent anew
    assert TaskLink.objects.count() == 3


@pytest.mark.parametrize("after", ["", "x", "-1", "9" * 40])
def test_a_button_that_says_nothing_of_use_sends_a_link(after: str, decides: User, hubspot: SystemTask) -> None:
    linked(hubspot, decides)
    desk_client().post(reverse("exports:desk:task-link", args=[hubspot.pk]), {"after": after})
    assert TaskLink.objects.count() == 2


def test_the_browser_forgets_the_task_after_two_hours(decides: User, hubspot: SystemTask) -> None:
    _, path = linked(hubspot, decides)
    browser = Client()
    with travel(timezone.now(), tick=False) as clock:
        browser.post(path)
        clock.shift(timedelta(hours=2, seconds=1))
        assert browser.get("/task/").status_code == 410
        assert browser.get(path).status_code == 200


def test_who_can_be_an_owner(decides: User, house: House) -> None:
    handler, actor = factories.staff(), decides.as_actor()
    refused("owner_unfit", ownership.name_owner, "hubspot", user_id=handler.pk, email="", actor=actor)
    refused("owner_has_account", ownership.name_owner, "hubspot", user_id=None, email=handler.email, actor=actor)
    refused("bad_address", ownership.name_owner, "hubspot", user_id=None, email="siv", actor=actor)
    assert not SystemOwner.objects.exists()


def test_a_mailbox_that_the_team_reads_owns_nothing_and_gets_no_link(decides: User, hubspot: SystemTask) -> None:
    """The desk would show the link to everybody who sorts the inbox."""
    name, actor = ownership.name_owner, decides.as_actor()
    refused("shared_mailbox", name, "hubspot", user_id=None, email="Info+eier@optimar.no", actor=actor)
    SystemOwner.objects.create(system="hubspot", email="info@optimar.no")  # it became ours since
    refused("shared_mailbox", ownership.send, hubspot.pk, actor=actor)


def test_whoever_came_to_work_here_since_gets_no_link(decides: User, hubspot: SystemTask) -> None:
    ownership.name_owner("hubspot", user_id=None, email=EMAIL, actor=decides.as_actor())
    User.objects.filter(pk=factories.staff().pk).update(email=EMAIL)
    refused("owner_has_account", ownership.send, hubspot.pk, actor=factories.staff().as_actor())


def test_the_desk_names_owners_sends_links_and_takes_them_back(decides: User, hubspot: SystemTask) -> None:
    browser, handler = desk_client(Role.DECISION_MAKER), desk_client()
    owners = reverse("exports:desk:system-owners")
    assert browser.post(owners, {"system": "hubspot", "email": "x"}).status_code == 422
    assert EMAIL in text(browser.post(owners, {"system": "hubspot", "email": EMAIL}, follow=True))
    page = reverse("exports:desk:task", args=[hubspot.pk])
    assert "Send a link" in handler.read(page)
    assert "Withdraw the link" in text(handler.post(reverse("exports:desk:task-link", args=[hubspot.pk]), follow=True))
    link = TaskLink.objects.get()
    shown = text(handler.post(reverse("exports:desk:task-link-withdraw", args=[link.pk]), follow=True))
    assert "works no more" in shown


def test_an_address_that_came_to_work_here_opens_nothing_by_an_old_link(decides: User, hubspot: SystemTask) -> None:
    """Also once the account is closed: whoever left does not go on by a link."""
    _, path = linked(hubspot, decides)
    browser = Client()
    browser.post(path)
    colleague = factories.staff(Role.INTAKE)
    User.objects.filter(pk=colleague.pk).update(email=EMAIL)
    assert {browser.get("/task/").status_code, Client().get(path).status_code} == {410}
    accounts.deactivate(colleague.pk, actor=SYSTEM)
    assert {browser.get("/task/").status_code, Client().get(path).status_code} == {410}


def test_nobody_does_the_work_of_their_own_case_by_a_link(decides: User, hubspot: SystemTask) -> None:
    _, path = linked(hubspot, decides)
    Case.objects.filter(pk=hubspot.dsr.case_id).update(person_email=EMAIL.upper())
    assert Client().get(path).status_code == 410
    hubspot.dsr.case.refresh_from_db()
    refused("owner_is_party", ownership.send, hubspot.pk, actor=factories.staff().as_actor())
    Case.objects.filter(pk=hubspot.dsr.case_id).update(person_email="kari@example.com", concerned_known_as=EMAIL)
    assert Client().get(path).status_code == 410
    refused("owner_is_party", ownership.send, hubspot.pk, actor=factories.staff().as_actor())


def test_shielding_a_case_ends_the_links_that_were_sent_before(decides: User, hubspot: SystemTask) -> None:
    _, path = linked(hubspot, decides)
    browser = Client()
    browser.post(path)
    shield.shield(hubspot.dsr.case_id, [decides.pk], "x", actor=decides.as_actor(), user=decides)
    assert {browser.get("/task/").status_code, Client().get(path).status_code} == {410}
    anew = ownership.send(hubspot.pk, actor=decides.as_actor())
    found = revealed(Message.objects.get(key=f"task-link:{anew.pk}"))["task_link"].rpartition("/")[2]
    assert Client().get(f"/task/{found}").status_code == 200


@pytest.mark.parametrize("how", ["named", "person_email", "concerned_known_as"])
def test_a_link_whose_sender_became_a_party_opens_nothing(how: str, decides: User, hubspot: SystemTask) -> None:
    """Whoever steps aside stands for nobody who works on the case."""
    link, path = linked(hubspot, decides)
    browser = Client()
    browser.post(path)
    if how == "named":
        shield.set_parties(hubspot.dsr.case_id, [link.sent_by_id], "x", actor=decides.as_actor(), user=decides)
    else:
        Case.objects.filter(pk=hubspot.dsr.case_id).update(**{how: link.sent_by.email.upper()})
    assert {browser.get("/task/").status_code, browser.post("/task/", {"outcome": "not_found"}).status_code} == {410}
    assert Client().get(path).status_code == 410
    ownership.send(hubspot.pk, actor=decides.as_actor())  # somebody else can
