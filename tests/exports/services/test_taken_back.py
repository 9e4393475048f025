"""Marketing is allowed again: open tasks are called off, what was stopped already is put right by a person."""

import pytest

from exports.demo.people import INGRID
from exports.domain.enums import TaskAction, TaskMode, TaskState
from exports.services import collect, plan, taken_back, tasks
from requests_app import audit, outbox
from requests_app.domain.enums import Action, Right, Stage
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import Actor
from requests_app.models import AuditEntry, Case, DataSubjectRequest, Message
from requests_app.services import at_once, closure, lifecycle, marketing, suppression_list
from tests import factories
from tests.exports.house import House
from tests.exports.scenes import fresh


@pytest.fixture
def actor(house: House) -> Actor:
    """Somebody who works on tasks."""
    return factories.staff().as_actor()


def told(right: Right = Right.MARKETING_OBJECTION) -> DataSubjectRequest:
    """A withdrawal whose systems have to be told, and whose letter has been sent."""
    dsr = factories.case(right, email=INGRID.email).dsrs.get()
    plan.locate_and_plan(dsr.pk)
    at_once.confirm(dsr.pk)
    mail = Message.objects.get(dsr=dsr, intent="confirmation")
    Message.objects.filter(pk=mail.pk).update(state="sent", sent_at=mail.created_at)
    closure.close_answered(mail.pk)
    return fresh(dsr)


def take_back(case: Case) -> None:
    """The staff allow it again; the effect runs."""
    hanne = factories.staff()
    marketing.lift(case.pk, "Angret.", actor=hanne.as_actor(), user=hanne)
    taken_back.follow(case.pk)


def states(dsr: DataSubjectRequest, action: TaskAction) -> dict[str, str]:
    """How the tasks of one kind stand, by system."""
    return dict(dsr.tasks.filter(action=action.value).values_list("system", "state"))


def test_open_tasks_are_called_off_and_the_request_closes(actor: Actor) -> None:
    dsr = told()
    assert set(states(dsr, TaskAction.WITHDRAW).values()) == {TaskState.OPEN}
    for _ in range(2):
        take_back(dsr.case)
    assert set(states(dsr, TaskAction.WITHDRAW).values()) == {TaskState.CALLED_OFF}
    assert states(dsr, TaskAction.RESUME) == {}
    assert fresh(dsr).stage == Stage.CLOSED
    assert AuditEntry.objects.filter(action="task.called_off").count() == dsr.tasks.count()
    assert audit.verify()[1] is None


def test_what_was_stopped_already_is_put_right_by_a_person(actor: Actor) -> None:
    dsr = told()
    done = dsr.tasks.filter(mode=TaskMode.MANUAL.value).earliest("id")
    tasks.complete(done.pk, state=TaskState.DONE, note="Meldt av.", actor=actor)
    for _ in range(2):
        take_back(dsr.case)
    assert states(dsr, TaskAction.RESUME) == {done.system: TaskState.OPEN}
    assert fresh(dsr).stage == Stage.RELEASED  # it waits for that
    resumed = dsr.tasks.get(action=TaskAction.RESUME.value)
    tasks.complete(resumed.pk, state=TaskState.DONE, note="Satt tilbake, og sett etter.", actor=actor)
    assert fresh(dsr).stage == Stage.CLOSED
    taken_back.follow(dsr.case_id)
    assert states(dsr, TaskAction.RESUME) == {done.system: TaskState.DONE}


def test_that_can_be_done_although_the_request_is_closed(actor: Actor) -> None:
    dsr = told()
    for task in dsr.tasks.all():
        tasks.complete(task.pk, state=TaskState.DONE, note="Meldt av.", actor=actor)
    assert fresh(dsr).stage == Stage.CLOSED
    take_back(dsr.case)
    for task in dsr.tasks.filter(action=TaskAction.RESUME.value):
        tasks.complete(task.pk, state=TaskState.NOT_FOUND, actor=actor)
    assert set(states(dsr, TaskAction.RESUME).values()) == {TaskState.NOT_FOUND}
    assert fresh(dsr).stage == Stage.CLOSED


def test_a_system_that_was_being_changed_is_looked_at_by_a_person(actor: Actor) -> None:
    dsr = told()
    automatic = dsr.tasks.earliest("id")
    dsr.tasks.filter(pk=automatic.pk).update(begun_at=dsr.received_at)
    take_back(dsr.case)
    assert states(dsr, TaskAction.RESUME) == {automatic.system: TaskState.OPEN}
    assert states(dsr, TaskAction.WITHDRAW)[automatic.system] == TaskState.CALLED_OFF


def test_whoever_said_no_again_is_not_allowed_again_by_an_old_task(actor: Actor) -> None:
    dsr = told()
    done = dsr.tasks.filter(mode=TaskMode.MANUAL.value).earliest("id")
    tasks.complete(done.pk, state=TaskState.DONE, note="Meldt av.", actor=actor)
    take_back(dsr.case)
    factories.case(Right.ERASURE, email=INGRID.email)
    resumed = dsr.tasks.get(action=TaskAction.RESUME.value)
    with pytest.raises(ActionRefused) as refused:
        tasks.complete(resumed.pk, state=TaskState.DONE, note="Satt tilbake.", actor=actor)
    assert refused.value.reason.code == "task_blocked_again"
    tasks.complete(resumed.pk, state=TaskState.NOT_FOUND, actor=actor)


def test_nothing_is_called_off_when_the_person_has_said_no_again_meanwhile(actor: Actor) -> None:
    dsr = told()
    hanne = factories.staff()
    marketing.lift(dsr.case_id, "Angret.", actor=hanne.as_actor(), user=hanne)
    marketing.block(dsr.case_id, INGRID.email, actor=actor)
    taken_back.follow(dsr.case_id)
    assert set(states(dsr, TaskAction.WITHDRAW).values()) == {TaskState.OPEN}


def test_a_request_that_is_reopened_with_its_block_asks_the_systems_anew(actor: Actor) -> None:
    dsr = told()
    take_back(dsr.case)
    marketing.block(dsr.case_id, INGRID.email, actor=actor)
    lifecycle.advance(dsr.pk, Action.REOPEN, actor, note="Kari ombestemte seg.")
    plan.locate_and_plan(dsr.pk)
    assert set(states(dsr, TaskAction.WITHDRAW).values()) == {TaskState.OPEN}


def test_what_else_was_asked_for_in_the_case_goes_on(actor: Actor) -> None:
    case = factories.case(Right.MARKETING_OBJECTION, Right.ACCESS, email=INGRID.email)
    for dsr in case.dsrs.all():
        plan.locate_and_plan(dsr.pk)
    take_back(case)
    other = case.dsrs.get(right=Right.ACCESS.value)
    assert TaskState.CALLED_OFF not in set(states(other, TaskAction.READ).values())
    assert not suppression_list.blocks(case)


def test_a_system_is_not_told_what_was_called_off_while_its_turn_came(
    actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    dsr = factories.case(Right.MARKETING_OBJECTION, email=INGRID.email).dsrs.get()
    plan.locate_and_plan(dsr.pk)
    task = dsr.tasks.earliest("id")
    dsr.tasks.filter(pk=task.pk).update(mode=TaskMode.AUTOMATIC.value)
    begin = collect._begin

    def begin_and_take_back(task_id: int) -> object:
        begun = begin(task_id)
        take_back(dsr.case)
        return begun

    monkeypatch.setattr(collect, "_begin", begin_and_take_back)
    monkeypatch.setattr(collect, "_connector", lambda task: None)
    with pytest.raises(outbox.Later):
        collect.run_task(task.pk)
    task.refresh_from_db()
    assert (task.state, task.begun_at) == (TaskState.CALLED_OFF, None)
    assert states(dsr, TaskAction.RESUME) == {}
