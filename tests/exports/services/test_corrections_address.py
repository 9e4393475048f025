"""No way round: an address goes into a system when the person has confirmed the old and the new one, not before."""

from datetime import timedelta
from functools import partial

import pytest
from django.urls import reverse

from exports.domain.enums import TaskAction, TaskState
from exports.models import SystemTask
from exports.services import collect, correction_run, corrections, plan, tasks
from identity.domain.enums import ContactChannel, Level
from identity.models import Verification
from identity.services import contact_points, new_address
from requests_app.domain.enums import Right, Role
from requests_app.domain.snapshot import Actor
from requests_app.models import DataSubjectRequest, Message
from tests import factories
from tests.desk_client import DeskClient
from tests.exports.ledger import Ledger
from tests.exports.rectifying import (
    EMAIL,
    NEW,
    carried_out,
    confirm_all,
    corrected,
    refused,
    searched,
    searched_by_hand,
    task_of,
    wish,
)
from tests.exports.scenes import fresh
from tests.identity import scenes


@pytest.fixture
def actor(ledger: Ledger) -> Actor:
    """A handler."""
    return factories.staff().as_actor()


def failed(dsr: DataSubjectRequest, actor: Actor) -> SystemTask:
    """A harmless correction that the website could not make."""
    corrected(dsr, actor)
    correction_run.carry_out(dsr.pk, actor=actor)
    SystemTask.objects.filter(pk=task_of(dsr, "website").pk).update(state="failed", fault="wrong_type")
    return task_of(dsr, "website")


def ordered_by_hand(dsr: DataSubjectRequest, actor: Actor) -> SystemTask:
    """A harmless correction that a person is to make."""
    searched_by_hand(dsr, actor)
    corrections.enter_by_hand(dsr.pk, "hubspot", "Job title", "Sjef", "Leder", actor=actor)
    correction_run.carry_out(dsr.pk, actor=actor)
    return task_of(dsr, "hubspot")


def test_opening_a_finished_task_again_writes_no_address(ledger: Ledger, actor: Actor) -> None:
    dsr = searched()
    corrected(dsr, actor)
    done = carried_out(dsr, actor)
    corrections.enter(dsr.pk, [wish(dsr, "email", NEW)], actor=actor)
    assert refused(lambda: tasks.reopen(done.pk, actor=actor)) == "identity_new_address_open"
    assert dsr.corrections.get(field="name").done_at is not None
    confirm_all(dsr)
    tasks.reopen(done.pk, actor=actor)
    collect.run_task(done.pk)
    assert ledger.rows[("users", "7")]["email"] == EMAIL  # nobody has ordered it yet
    carried_out(dsr, actor)
    assert ledger.rows[("users", "7")]["email"] == NEW


def test_asking_a_system_once_more_writes_no_address(ledger: Ledger, actor: Actor) -> None:
    dsr = searched()
    task = failed(dsr, actor)
    corrections.enter(dsr.pk, [wish(dsr, "email", NEW)], actor=actor)
    assert refused(lambda: tasks.retry(task.pk, actor=actor)) == "identity_new_address_open"
    confirm_all(dsr)
    tasks.retry(task.pk, actor=actor)
    collect.run_task(task.pk)
    assert (ledger.rows[("users", "7")]["name"], ledger.rows[("users", "7")]["email"]) == ("Kari Holm", EMAIL)


def test_asking_once_more_needs_something_that_was_ordered(ledger: Ledger, actor: Actor) -> None:
    dsr = searched()
    task = failed(dsr, actor)
    corrected(dsr, actor, text="Kåre Holm")
    assert refused(lambda: tasks.retry(task.pk, actor=actor)) == "corrections_not_ordered"
    assert carried_out(dsr, actor).state == TaskState.DONE
    assert ledger.rows[("users", "7")]["name"] == "Kåre Holm"


@pytest.mark.parametrize("state", [TaskState.DONE, TaskState.ACCEPTED])
def test_a_failed_order_is_not_answered_by_hand_over_an_open_address(
    ledger: Ledger, actor: Actor, state: TaskState
) -> None:
    dsr = searched()
    task = failed(dsr, actor)
    corrections.enter(dsr.pk, [wish(dsr, "email", NEW)], actor=actor)
    on = task.due_on if state is TaskState.ACCEPTED else None
    act = partial(tasks.complete, task.pk, state=state, note="Gjort for hånd.", finishes_on=on, actor=actor)
    assert refused(act) == "identity_new_address_open"
    confirm_all(dsr)
    act()
    assert dsr.corrections.get(field="email").done_at is None


def test_an_open_order_by_hand_neither_shows_nor_takes_what_was_entered_after_it(ledger: Ledger) -> None:
    user = factories.staff()
    dsr, desk, actor = searched(), DeskClient(user), user.as_actor()
    task = ordered_by_hand(dsr, actor)
    corrections.enter_by_hand(dsr.pk, "hubspot", "E-post", EMAIL, NEW, actor=actor)
    url = reverse("exports:desk:task", args=[task.pk])
    page = desk.read(url)
    assert "Leder" in page
    assert NEW not in page
    done = partial(tasks.complete, task.pk, state=TaskState.DONE, note="Leder.", actor=actor)
    assert refused(done) == "identity_new_address_open"
    confirm_all(dsr)
    assert correction_run.carry_out(dsr.pk, actor=actor, version=fresh(dsr).case.version) == 1
    assert (task_of(dsr, "hubspot").round, NEW in desk.read(url)) == (task.round, True)
    done()
    assert not dsr.corrections.filter(done_at=None).exists()


def test_an_address_by_hand_is_asked_for_though_no_contact_was_written_down(ledger: Ledger, actor: Actor) -> None:
    boss = factories.staff(Role.DECISION_MAKER).as_actor()
    dsr = factories.case(Right.RECTIFICATION, email="per@example.com").dsrs.get()
    plan.locate_and_plan(dsr.pk)
    collect.run_task(task_of(dsr, "website", TaskAction.READ).pk)
    for task in dsr.tasks.filter(state="open"):
        found = {"state": TaskState.DONE, "note": "Et kort."} if task.system == "hubspot" else {}
        tasks.complete(task.pk, actor=actor, **({"state": TaskState.NOT_FOUND} | found))  # type: ignore[arg-type]
    corrections.enter_by_hand(dsr.pk, "hubspot", "E-post", "per@example.com", "per.ny@example.com", actor=actor)
    assert refused(lambda: correction_run.carry_out(dsr.pk, actor=actor)) == "identity_new_address_open"
    confirm_all(dsr)
    assert refused(lambda: correction_run.carry_out(dsr.pk, actor=actor)) == "identity_old_address_open"
    new_address.old_is_lost(Verification.objects.get(purpose="new_address").pk, "Postkassen er stengt.", actor=boss)
    assert refused(lambda: correction_run.carry_out(dsr.pk, actor=actor)) == "identity_old_address_level"
    shown_before = scenes.shown(dsr.case, Level.L2)
    Verification.objects.filter(pk=shown_before.pk).update(asked_at=dsr.received_at - timedelta(days=1))
    assert refused(lambda: correction_run.carry_out(dsr.pk, actor=actor)) == "asker_address"
    contact_points.record(
        dsr.case, ContactChannel.EMAIL, "per@example.com", "hubspot", None, reason="Står på kortet", actor=actor
    )
    assert correction_run.carry_out(dsr.pk, actor=actor) == 1


@pytest.mark.parametrize(
    "right", [f"{NEW} (privat)", f"ny: {NEW}.", f"Kari<{NEW}>", f"mailto:{NEW}", f"{EMAIL}, {NEW}"]
)
def test_an_address_among_other_words_is_one(ledger: Ledger, actor: Actor, right: str) -> None:
    dsr = searched()
    searched_by_hand(dsr, actor)
    corrections.enter_by_hand(dsr.pk, "hubspot", "E-post", f"E-post: {EMAIL}", right, actor=actor)
    assert refused(lambda: correction_run.carry_out(dsr.pk, actor=actor)) == "identity_new_address_open"
    asked = Message.objects.filter(case=dsr.case, intent="identity_request").values_list("to_address", flat=True)
    assert sorted(asked) == [EMAIL, NEW]
