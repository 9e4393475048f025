"""Several at one deletion: on PostgreSQL in threads, on SQLite one after the other (it has one writer anyway)."""

from collections.abc import Callable
from functools import partial
from itertools import count

import pytest

from exports.domain.enums import Measure, TaskState
from exports.domain.erasure_rules import Decision
from exports.models import ErasurePlan
from exports.services import erasure, erasure_proposal, erasure_run
from requests_app import audit
from requests_app.domain.enums import Role
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import Actor
from requests_app.models import AuditEntry
from requests_app.services import correspondence
from tests import factories
from tests.exports.erasures import (
    Store,
    again,
    approved,
    erase_task,
    fresh,
    line_of,
    pass_the_window,
    proposed,
    searched,
    set_up,
    submitted,
)  # fmt: skip
from tests.exports.house import House, worked
from tests.identity.together import at_once, together

pytestmark = pytest.mark.django_db(transaction=True)

STORED = Decision(Measure.RESTRICT, reason="Krav om erstatning")
ROUNDS = 4


def told(act: Callable[[], object]) -> str:
    """What became of an act: "ok", or the code with which it was refused."""
    try:
        act()
    except ActionRefused as error:
        return error.reason.code
    return "ok"


def test_several_workers_make_one_plan(house: House) -> None:
    dsr = searched()
    together(3, lambda: erasure_proposal.propose(dsr.pk))
    assert ErasurePlan.objects.filter(dsr=dsr).count() == 1
    assert AuditEntry.objects.filter(action="erasure.proposed").count() == 1


def test_of_two_approvers_one_approves(house: House) -> None:
    plan = submitted(factories.staff())
    actors, number = [factories.staff(Role.APPROVER).as_actor() for _ in range(2)], count()
    version = fresh(plan.dsr).case.version
    results = together(
        2, lambda: told(lambda: erasure.approve(plan.dsr_id, actor=actors[next(number)], version=version))
    )
    assert sorted(results) == ["case_changed", "ok"]
    assert AuditEntry.objects.filter(action="erasure.approved").count() == 1
    assert audit.verify()[1] is None


def test_a_plan_that_is_changed_while_it_is_approved_is_not_approved_as_it_was(house: House) -> None:
    handler, approver = factories.staff().as_actor(), factories.staff(Role.APPROVER).as_actor()
    plan = proposed()
    line = line_of(plan, "PA08")
    for _ in range(ROUNDS):
        erasure.submit(plan.dsr_id, actor=handler)
        version = fresh(plan.dsr).case.version
        results = at_once(
            partial(told, partial(erasure.approve, plan.dsr_id, actor=approver, version=version)),
            lambda: told(lambda: erasure.change(line.pk, STORED, actor=handler)),
        )
        row = again(plan)
        assert results[1] == "ok"
        assert results[0] in ("ok", "case_changed")
        assert (row.approved_at, row.prepared_at) == (None, None)


def test_a_deletion_that_is_taken_back_when_its_time_comes_is_either_begun_or_not(house: House) -> None:
    actor = factories.staff().as_actor()
    plan = approved()
    pass_the_window(plan)
    _begun, cancelled = at_once(
        lambda: erasure_run.begin(plan.dsr_id), lambda: told(lambda: erasure.cancel(plan.dsr_id, actor=actor))
    )
    row = again(plan)
    assert (cancelled == "ok") == (row.begun_at is None)
    assert (row.approved_at is None) == (row.begun_at is None)


def test_several_workers_begin_once_and_delete_once(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store("website", [("PA03",), ("PA08",)])
    set_up(monkeypatch, store)
    plan = approved()
    pass_the_window(plan)
    together(3, lambda: erasure_run.begin(plan.dsr_id))
    assert plan.dsr.tasks.filter(action="erase").count() == 1
    assert AuditEntry.objects.filter(action="erasure.begun").count() == 1
    task_id = erase_task(plan).pk
    together(3, lambda: worked(task_id))
    assert erase_task(plan).state == TaskState.DONE  # also where a worker that found nothing any more answers first
    assert store.rows == []
    assert AuditEntry.objects.filter(action="task.answered", details__verb="erase").count() == 1
    assert again(plan).done_at is not None


def test_nobody_waits_for_ever_while_others_write(house: House) -> None:
    handler, approver = factories.staff().as_actor(), factories.staff(Role.APPROVER).as_actor()
    plan = proposed()

    def write(actor: Actor) -> object:
        return correspondence.write_to_person(plan.dsr.case_id, subject="Svar", body="Hei", actor=actor)

    for _ in range(ROUNDS):
        at_once(lambda: told(lambda: erasure.submit(plan.dsr_id, actor=handler)), lambda: write(handler))
        at_once(lambda: told(lambda: erasure.approve(plan.dsr_id, actor=approver)), lambda: write(handler))
        at_once(lambda: told(lambda: erasure.cancel(plan.dsr_id, actor=handler)), lambda: write(handler))
        line = line_of(plan, "PA08")
        change = partial(erasure.change, line.pk, STORED, actor=handler)
        at_once(partial(told, change), lambda: write(handler))
    assert audit.verify()[1] is None
