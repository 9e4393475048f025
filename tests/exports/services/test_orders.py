"""What was only ordered is looked at again, written down without opening anything, and told to the person once."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta

import pytest
from django.utils import timezone
from time_machine import travel

from exports.domain.enums import ORDER_FAILED, TaskState
from exports.models import ErasurePlan, SystemTask
from exports.services import erasure_by_hand, orders
from exports.services.erasure_by_hand import Answer
from identity.models import User
from requests_app import audit, outbox
from requests_app.domain.enums import Action, DeliveryWay, Intent, Right, Role, Stage
from requests_app.domain.errors import ActionRefused
from requests_app.models import AuditEntry, Decision, Message, OutboxEvent
from requests_app.services import lifecycle, notes
from tests import factories
from tests.exports import erasures, scenes
from tests.exports.erasures import again, erase_task, fresh
from tests.exports.house import House
from tests.identity.together import at_once

YESTERDAY, TODAY = timezone.localdate() - timedelta(days=1), timezone.localdate()


@pytest.fixture
def handler(house: House) -> User:
    """Whoever has the case."""
    scenes.trial()
    return factories.staff(Role.HANDLER)


def ordered(handler: User, finishes_on: date | None) -> SystemTask:
    """A restriction that a vendor has accepted."""
    dsr = factories.dsr(Right.RESTRICTION)
    notes.assign(dsr.case_id, handler.pk, actor=handler.as_actor())
    return SystemTask.objects.create(
        dsr=dsr, system="hubspot", system_name="HubSpot", action="restrict", mode="manual", due_on=TODAY,
        state=TaskState.ACCEPTED.value, finishes_on=finishes_on, done_at=timezone.now(),
    )  # fmt: skip


def settle(task: SystemTask, actor: User, state: TaskState = TaskState.DONE) -> SystemTask:
    """Write down what became of an order."""
    return orders.settle(task.pk, state=state, note="Søkt på e-post", looked_again=True, actor=actor.as_actor())


def refused(code: str) -> AbstractContextManager[object]:
    """Expect this refusal."""
    return pytest.raises(ActionRefused, check=lambda error: error.reason.code == code)


def letters(plan: ErasurePlan) -> list[Message]:
    """The mails that tell the person of orders."""
    return list(Message.objects.filter(dsr=plan.dsr_id, intent=Intent.ORDERS_DONE.value))


def test_the_staff_are_told_once_when_the_day_is_over(handler: User) -> None:
    task = ordered(handler, YESTERDAY)
    assert [orders.sweep() for _ in range(2)] == [1, 1]
    told = Message.objects.get(to_address=handler.email)
    assert task.dsr.case.reference in told.body
    assert task.dsr.case.person_name not in told.body + told.subject


@pytest.mark.parametrize("state,day", [("accepted", TODAY), ("accepted", None), ("done", YESTERDAY)])
def test_what_has_time_or_is_done_needs_no_word(handler: User, state: str, day: date | None) -> None:
    task = ordered(handler, day)
    SystemTask.objects.filter(pk=task.pk).update(state=state)
    assert orders.sweep() == 0
    assert not Message.objects.filter(to_address=handler.email).exists()


def test_an_order_without_a_day_is_looked_at_every_month_while_it_stays_one(handler: User) -> None:
    with travel("2026-11-02T10:00:00Z", tick=False) as clock:
        task = ordered(handler, None)
        for day in ("2026-12-01", "2026-12-02", "2026-12-03", "2027-01-02"):
            clock.move_to(f"{day}T10:00:00Z")
            orders.sweep()
        told = Message.objects.filter(to_address=handler.email).order_by("id")
        assert [message.created_at.date().isoformat() for message in told] == ["2026-12-02", "2027-01-02"]
        assert "2. november 2026" in told[0].body
        SystemTask.objects.filter(pk=task.pk).update(state=TaskState.DONE.value)
        clock.move_to("2027-02-02T10:00:00Z")
        assert orders.sweep() == 0


def test_the_mail_about_a_deletion_leads_to_the_page_where_it_is_written_down(handler: User) -> None:
    plan = erasures.ordered()
    SystemTask.objects.filter(dsr=plan.dsr).update(finishes_on=YESTERDAY)
    assert orders.sweep() == 2
    assert f"/desk/erasures/tasks/{erase_task(plan).pk}/" in Message.objects.filter(intent="reminder")[0].body


def test_a_closed_deletion_takes_the_word_of_who_looked_and_stays_closed(handler: User) -> None:
    plan = erasures.ordered()
    before = erase_task(plan)
    task = settle(before, handler)
    assert (task.state, task.done_by_id, task.ordered_at) == (TaskState.DONE, handler.pk, before.done_at)
    assert task.verified_at is not None
    assert task.note == "Sak 17\n\nSøkt på e-post"
    assert fresh(plan.dsr).stage == Stage.CLOSED
    entry = AuditEntry.objects.get(action="erasure.order_done")
    assert (entry.actor, entry.details["system"]) == (f"user:{handler.pk}", "website")
    assert "e-post" not in str(entry.details)
    assert audit.verify()[1] is None


@pytest.mark.parametrize(
    "state,note,looked_again,code",
    [
        (TaskState.DONE, "Søkt", False, "erasure_not_looked"),
        (TaskState.DONE, " ", True, "order_unchecked"),
        (TaskState.FAILED, "", False, "order_unchecked"),
        (TaskState.FAILED, "x" * 4001, False, "task_note_too_long"),
        (TaskState.KEPT, "Søkt", True, "task_outcome"),
    ],
)
def test_who_writes_it_down_says_how_it_was_checked(
    handler: User, state: TaskState, note: str, looked_again: bool, code: str
) -> None:
    task = erase_task(erasures.ordered())
    with refused(code):
        orders.settle(task.pk, state=state, note=note, looked_again=looked_again, actor=handler.as_actor())
    assert not OutboxEvent.objects.filter(name="OrderDone").exists()


def test_only_an_order_of_a_deletion_is_settled_and_only_once(handler: User) -> None:
    task = erase_task(erasures.ordered())
    settle(task, handler)
    search = task.dsr.tasks.get(system="hubspot", action="read")
    for other in (task, search, ordered(handler, TODAY)):
        with refused("order_settled"):
            settle(other, handler, TaskState.FAILED)
    assert OutboxEvent.objects.filter(name="OrderDone").count() == 1


def test_what_was_not_carried_out_owes_an_answer_once_the_request_is_open_again(handler: User) -> None:
    plan = erasures.ordered()
    task = settle(erase_task(plan), handler, TaskState.FAILED)
    assert (task.state, task.fault, task.done_at) == (TaskState.FAILED, ORDER_FAILED, None)
    assert again(plan).done_at is None
    gone = Answer(state=TaskState.DONE, looked_again=True, note="Slettet selv")
    with refused("task_not_now"):
        erasure_by_hand.complete(task.pk, gone, actor=handler.as_actor())
    lifecycle.advance(plan.dsr_id, Action.REOPEN, handler.as_actor(), note="Ikke slettet")
    erasure_by_hand.complete(task.pk, gone, actor=handler.as_actor())
    assert again(plan).done_at is not None


def test_the_person_is_told_once_when_the_last_order_is_carried_out(handler: User) -> None:
    plan = erasures.ordered()
    settle(erase_task(plan), handler)
    outbox.relay()
    assert letters(plan) == []
    settle(erase_task(plan, "hubspot"), handler)
    outbox.relay()
    for _ in range(2):  # killed after the mail was written, and run again
        orders.tell_person(plan.dsr_id)
    [letter] = letters(plan)
    assert (letter.to_address, letter.language) == (plan.dsr.case.person_email, "nb")
    assert "HubSpot: kontrollert" in letter.body
    assert "Søkt på e-post" not in letter.body
    assert fresh(plan.dsr).stage == Stage.CLOSED


def test_the_mail_speaks_the_language_of_the_case(handler: User) -> None:
    plan = erasures.ordered()
    plan.dsr.case.__class__.objects.update(language="en")
    for system in ("website", "hubspot"):
        settle(erase_task(plan, system), handler)
    outbox.relay()
    [letter] = letters(plan)
    assert "carried out" in letter.subject
    assert "- HubSpot: checked on" in letter.body


def _one_failed(plan: ErasurePlan, handler: User) -> None:
    settle(erase_task(plan, "hubspot"), handler, TaskState.FAILED)


def _by_post(plan: ErasurePlan, handler: User) -> None:
    Decision.objects.filter(dsr=plan.dsr).update(delivery_way=DeliveryWay.POST.value)


def _opened_again(plan: ErasurePlan, handler: User) -> None:
    lifecycle.advance(plan.dsr_id, Action.REOPEN, handler.as_actor(), note="Mer å slette")


def _answered_afterwards(plan: ErasurePlan, handler: User) -> None:
    Decision.objects.filter(dsr=plan.dsr).update(released_at=timezone.now() + timedelta(minutes=5))


@pytest.mark.parametrize("however", [_one_failed, _by_post, _opened_again, _answered_afterwards])
def test_no_mail_says_what_another_letter_says_or_what_is_not_so(
    handler: User, however: Callable[[ErasurePlan, User], None]
) -> None:
    plan = erasures.ordered()
    however(plan, handler)
    for task in orders.open_orders(plan.dsr):
        settle(task, handler)
    orders.tell_person(plan.dsr_id)
    assert letters(plan) == []


@pytest.mark.django_db(transaction=True)
def test_of_two_who_settle_an_order_at_once_the_second_is_told(house: House) -> None:
    scenes.trial()
    task, staff = erase_task(erasures.ordered()), [factories.staff() for _ in range(2)]

    def act(user: User) -> Callable[[], str]:
        def settle_it() -> str:
            try:
                settle(task, user)
            except ActionRefused as error:
                return error.reason.code
            return "done"

        return settle_it

    assert sorted(at_once(*map(act, staff))) == ["done", "order_settled"]
    assert AuditEntry.objects.filter(action="erasure.order_done").count() == 1
