"""An owner with an account gets one mail for each task that comes to wait for them, and none that is not theirs."""

import pytest
from django.utils import timezone

from exports.domain.enums import TaskState
from exports.models import SystemTask
from exports.services import owner_mail, ownership, plan, tasks
from identity.models import User
from identity.services import absence, accounts
from requests_app import outbox
from requests_app.domain.enums import Role
from requests_app.models import AuditHead, Message, OutboxEvent
from requests_app.services import shield, still_news
from tests import factories
from tests.exports.house import House, PowerCut, planned

pytestmark = pytest.mark.django_db
WAITS = {"name": "OwnTaskWaits"}


@pytest.fixture
def owner(house: House) -> User:
    """Who owns HubSpot, by an account."""
    found = factories.staff(Role.SYSTEM_OWNER)
    decides = factories.staff(Role.DECISION_MAKER)
    ownership.name_owner("hubspot", user_id=found.pk, email="", actor=decides.as_actor())
    return found


def mails(owner: User) -> list[Message]:
    """What was written to somebody about their tasks, after all that is owed was done, twice over."""
    for row in OutboxEvent.objects.filter(**WAITS):
        for _ in range(2):
            owner_mail.tell(**row.payload)
    return list(Message.objects.filter(to_address=owner.email, key__startswith="own-task:").order_by("id"))


def task_of(email: str = "ola@example.com") -> SystemTask:
    """The search of HubSpot for a new case."""
    return planned(email).tasks.get(system="hubspot")


def test_each_task_brings_one_mail_that_names_nobody(owner: User) -> None:
    task, second = task_of(), task_of("kari@example.com")
    plan.locate_and_plan(task.dsr_id)  # what was planned is planned once more
    first, other = mails(owner)
    assert OutboxEvent.objects.filter(**WAITS).count() == 2
    assert {first.key, other.key} == {
        f"own-task:{one.dsr.case_id}:{one.pk}:1:{owner.pk}" for one in (task, second)
    }  # fmt: skip
    words = first.subject + first.body
    for said in (task.dsr.case.reference, "HubSpot", "Søk", f"/desk/own/{task.pk}/"):
        assert said in words, said
    for secret in (task.dsr.case.person_name, task.dsr.case.person_email):
        assert secret not in words + str(OutboxEvent.objects.filter(**WAITS).values_list("payload", "key"))


def test_it_is_owed_with_the_task_or_not_at_all(owner: User) -> None:
    dsr = factories.case().dsrs.get()
    with PowerCut(), pytest.raises(AuditHead.DoesNotExist):
        plan.locate_and_plan(dsr.pk)
    assert not dsr.tasks.exists()
    assert not OutboxEvent.objects.filter(**WAITS).exists()
    plan.locate_and_plan(dsr.pk)
    assert dsr.tasks.filter(system="hubspot").count() == OutboxEvent.objects.filter(**WAITS).count() == 1


def test_a_question_that_is_put_anew_brings_another(owner: User) -> None:
    task = task_of()
    handler = factories.staff().as_actor()
    tasks.complete(task.pk, state=TaskState.NOT_FOUND, actor=handler)
    assert mails(owner) == []  # answered before anybody wrote
    tasks.reopen(task.pk, actor=handler)
    assert [mail.key for mail in mails(owner)] == [f"own-task:{task.dsr.case_id}:{task.pk}:2:{owner.pk}"]


def test_whoever_must_not_see_the_case_hears_nothing(owner: User) -> None:
    task, decides = task_of(), factories.staff(Role.DECISION_MAKER)
    (held,) = mails(owner)
    assert still_news.notice_holds(held.key or "")
    shield.shield(task.dsr.case_id, [decides.pk], "x", actor=decides.as_actor(), user=decides)
    assert not still_news.notice_holds(held.key or "")  # nor is what was written before, and still waits
    Message.objects.filter(pk=held.pk).delete()
    assert mails(owner) == []


def test_an_owner_without_an_account_or_with_a_closed_one_gets_no_such_mail(owner: User) -> None:
    task_of()
    User.objects.filter(pk=owner.pk).update(is_active=False)
    assert mails(owner) == []
    decides = factories.staff(Role.DECISION_MAKER)
    ownership.name_owner("hubspot", user_id=None, email="eier@leverandor.example", actor=decides.as_actor())
    before = OutboxEvent.objects.filter(**WAITS).count()
    task_of("kari@example.com")
    assert OutboxEvent.objects.filter(**WAITS).count() == before


def test_an_owner_who_lost_the_role_gets_no_mail_about_a_page_that_is_closed_to_them(owner: User) -> None:
    task_of()
    accounts.change_roles(owner.pk, [Role.AUDITOR], actor=factories.staff(Role.ADMINISTRATOR).as_actor())
    assert mails(owner) == []


def test_it_waits_in_the_mailbox_of_an_owner_who_is_away(owner: User) -> None:
    """A deputy owns no system of theirs, so nobody stands in."""
    deputy = factories.staff(Role.SYSTEM_OWNER)
    today = timezone.localdate()
    absence.change(owner.pk, today, None, deputy.pk, actor=owner.as_actor())
    task_of()
    assert len(mails(owner)) == 1
    assert not Message.objects.filter(to_address=deputy.email).exists()


def test_the_worker_runs_what_is_owed(owner: User) -> None:
    task_of()
    OutboxEvent.objects.exclude(**WAITS).update(done_at=timezone.now())
    (row,) = outbox.claim(100)
    assert outbox.run(row)
    assert Message.objects.filter(to_address=owner.email).count() == 1
