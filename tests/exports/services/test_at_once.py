"""Several at once: on PostgreSQL in threads, on SQLite one after the other (it has one writer anyway)."""

from itertools import count

import pytest
from django.db import transaction

from exports.demo.people import INGRID
from exports.domain import register as domain
from exports.domain.enums import TaskAction, TaskState
from exports.models import RegisterVersion, SystemTask
from exports.services import (
    collect,
    correction_run,
    corrections,
    plan,
    recipients,
    register,
    task_files,
    tasks,
)
from requests_app import audit
from requests_app.domain.enums import Role, Stage
from requests_app.domain.errors import ActionRefused
from requests_app.models import AuditEntry, OutboxEvent
from requests_app.services.rows import lock_request
from tests import factories
from tests.exports import rectifying
from tests.exports.house import House, planned, task_of, worked
from tests.exports.ledger import Ledger
from tests.exports.scenes import fresh
from tests.identity.together import at_once, together

pytestmark = pytest.mark.django_db(transaction=True)

FIELDS = ("controller.org_number", "activities.PA10.retention", "activities.PA08.retention", "controller.dpo")


def test_of_several_who_fill_at_once_one_wins_and_the_others_are_told(house: House) -> None:
    actor, numbers = factories.staff(Role.DECISION_MAKER).as_actor(), count()

    def fill() -> str:
        path = FIELDS[next(numbers)]
        try:
            register.fill(path, domain.same("sagt"), expected_version=1, reason="Vedtak", actor=actor)
        except ActionRefused as error:
            return error.reason.code
        return "saved"

    results = together(4, fill)
    assert sorted(results) == ["register_changed"] * 3 + ["saved"]
    assert RegisterVersion.objects.count() == 2


def test_several_workers_with_one_request_make_one_plan(house: House) -> None:
    dsr = factories.case(email=INGRID.email).dsrs.get()
    together(3, lambda: plan.locate_and_plan(dsr.pk))
    dsr.refresh_from_db()
    assert (dsr.stage, dsr.tasks.count()) == (Stage.IN_PROGRESS, 11)
    assert OutboxEvent.objects.filter(name="TaskOpened").count() == 1
    assert AuditEntry.objects.filter(action="request.start").count() == 1
    assert audit.verify()[1] is None


def test_several_workers_with_one_task_leave_one_answer_that_fits_its_file(house: House) -> None:
    dsr = planned()
    together(3, lambda: worked(task_of(dsr).pk))
    task = task_of(dsr)
    result = task_files.result(task)
    assert result is not None
    assert (task.state, task.rows, task.extracted_at) == (TaskState.DONE, len(result.records), result.extracted_at)
    assert AuditEntry.objects.filter(action="task.answered").count() == 1
    assert house.files() == [task.result_file]


def test_several_who_answer_tasks_of_one_request_do_not_wait_for_each_other_for_ever(house: House) -> None:
    dsr, actor = planned(), factories.staff().as_actor()
    ids = list(SystemTask.objects.filter(dsr=dsr, mode="manual").values_list("pk", flat=True)[:4])
    numbers = count()

    def answer() -> str:
        task_id = ids[next(numbers)]
        return tasks.complete(task_id, state=TaskState.NOT_FOUND, note="", contact="a@example.com", actor=actor).state

    assert together(4, answer) == [TaskState.NOT_FOUND] * 4
    assert audit.verify()[1] is None


def test_of_two_who_answer_one_task_one_is_told(house: House) -> None:
    task, actor = task_of(planned(), "hubspot"), factories.staff().as_actor()

    def answer() -> str:
        try:
            return tasks.complete(task.pk, state=TaskState.NOT_FOUND, note="", actor=actor).state
        except ActionRefused as error:
            return error.reason.code

    assert sorted(together(3, answer)) == ["not_found", "task_answered", "task_answered"]


def test_of_several_who_correct_one_field_at_once_one_wins_and_the_others_are_told(ledger: Ledger) -> None:
    dsr, actor, numbers = rectifying.searched(), factories.staff().as_actor(), count()
    wishes = [rectifying.wish(dsr, "name", f"Kari {n}") for n in range(3)]

    def enter() -> str:
        try:
            corrections.enter(dsr.pk, [wishes[next(numbers)]], actor=actor, version=dsr.case.version)
        except ActionRefused as error:
            return error.reason.code
        return "saved"

    assert sorted(together(3, enter)) == ["case_changed", "case_changed", "saved"]
    assert dsr.corrections.count() == 1
    assert audit.verify()[1] is None


def test_several_who_press_carry_out_order_once_and_several_workers_correct_once(ledger: Ledger) -> None:
    dsr, actor = rectifying.searched(), factories.staff().as_actor()
    rectifying.corrected(dsr, actor)
    version = fresh(dsr).case.version
    orders = together(3, lambda: correction_run.carry_out(dsr.pk, actor=actor, version=version))
    assert sorted(orders) == [0, 0, 1]
    task_id = rectifying.task_of(dsr, "website").pk
    together(3, lambda: worked(task_id))
    assert rectifying.task_of(dsr, "website").state == TaskState.DONE
    answered = AuditEntry.objects.filter(action="task.answered", details__verb="rectify")
    assert answered.count() == 1
    notices = dsr.tasks.filter(action=TaskAction.NOTIFY.value)
    assert notices.count() == len(set(notices.values_list("system", flat=True)))
    assert audit.verify()[1] is None


def test_an_address_that_is_confirmed_while_others_write_holds_nobody_up(ledger: Ledger) -> None:
    dsr, actor = rectifying.searched(), factories.staff().as_actor()
    rectifying.corrected(dsr, actor, "email", rectifying.NEW)
    change = [rectifying.wish(dsr, "name", "Kari Holm")]

    def confirm() -> str:
        rectifying.confirm_all(dsr)
        return "confirmed"

    def enter() -> str:
        corrections.enter(dsr.pk, change, actor=actor)
        return "saved"

    def tell() -> str:
        with transaction.atomic():
            recipients.plan(lock_request(dsr.pk), ["PA08"])
        return "told"

    assert at_once(confirm, enter, tell) == ["confirmed", "saved", "told"]
    correction_run.carry_out(dsr.pk, actor=actor)
    collect.run_task(rectifying.task_of(dsr, "website").pk)
    assert ledger.rows[("users", "7")]["email"] == rectifying.NEW
