"""A deletion that was carried out, opened again and carried out once more: what went first is not forgotten."""

import json
from datetime import date
from importlib import import_module

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import IntegrityError, transaction

from exports.domain.enums import TaskAction, TaskState
from exports.domain.letter import Letter, LetterKind
from exports.models import ErasurePlan, SystemTask
from exports.services import (
    collect,
    decide,
    erasure,
    erasure_by_hand,
    erasure_proposal,
    erasure_run,
    erasure_suppression,
    letters,
    orders,
    tasks,
)  # fmt: skip
from exports.services.erasure_by_hand import Answer
from identity.domain.enums import ContactChannel
from identity.models import User
from identity.services import contact_points
from requests_app.domain.enums import Outcome, Right, Role
from requests_app.domain.errors import ActionRefused
from requests_app.domain.grounds import Ground
from tests import factories
from tests.exports import scenes
from tests.exports.erasures import (
    Store,
    again,
    begun,
    erase_task,
    fresh,
    pass_the_window,
    set_up,
)  # fmt: skip
from tests.exports.house import House

pytestmark = pytest.mark.django_db

ON = date(2026, 12, 24)
GONE = Answer(state=TaskState.DONE, looked_again=True, note="Slettet")


@pytest.fixture
def handler(house: House) -> User:
    """A handler."""
    scenes.trial()
    return factories.staff(name="Hanna Nilsen")


def first(monkeypatch: pytest.MonkeyPatch) -> tuple[ErasurePlan, Store]:
    """A deletion that is carried out: two rows went from the website, the books stay; HubSpot held nothing."""
    website = Store("website", [("PA03",), ("PA03",), ("bookkeeping",)])
    set_up(monkeypatch, website)
    plan = begun()
    collect.run_task(erase_task(plan).pk)
    return again(plan), website


def searched_anew(plan: ErasurePlan, handler: User, *, found: bool = True) -> None:
    """Somebody has HubSpot searched once more, and with it what the deletion changed."""
    hubspot = plan.dsr.tasks.get(system="hubspot", action=TaskAction.READ.value)
    tasks.reopen(hubspot.pk, actor=handler.as_actor())
    collect.run_task(plan.dsr.tasks.get(system="website", action=TaskAction.READ.value).pk)
    state = TaskState.DONE if found else TaskState.NOT_FOUND
    contact_points.record(plan.dsr.case, ContactChannel.EMAIL, plan.dsr.case.person_email, "hubspot", None)
    tasks.complete(hubspot.pk, state=state, note="Søkt på nytt", actor=handler.as_actor())
    erasure_proposal.propose(plan.dsr_id)


def second(plan: ErasurePlan, handler: User) -> ErasurePlan:
    """The next plan of the same request, begun."""
    searched_anew(plan, handler)
    erasure.submit(plan.dsr_id, actor=handler.as_actor())
    approver = factories.staff(Role.APPROVER, name="Berit Moe")
    renewed = erasure.approve(plan.dsr_id, actor=approver.as_actor())
    pass_the_window(renewed)
    erasure_run.begin(plan.dsr_id)
    return again(renewed)


def twice(monkeypatch: pytest.MonkeyPatch, handler: User) -> tuple[ErasurePlan, ErasurePlan]:
    """Both plans, carried out: one more row has turned up on the website, and a card in HubSpot."""
    plan, website = first(monkeypatch)
    website.rows.append(("PA03",))
    renewed = second(plan, handler)
    collect.run_task(erase_task(renewed).pk)
    erasure_by_hand.complete(erase_task(renewed, "hubspot").pk, GONE, actor=handler.as_actor())
    return again(plan), again(renewed)


def letter(plan: ErasurePlan, handler: User) -> Letter:
    """The letter that answers the request now."""
    decide.begin(plan.dsr_id, actor=handler.as_actor())
    decide.choose(
        plan.dsr_id, Outcome.PARTLY_FULFILLED, "Ordrene er bilag.", grounds=(Ground.LEGAL_OBLIGATION,),
        actor=handler.as_actor(),
    )  # fmt: skip
    return letters.compose(letters.facts(scenes.fresh(plan.dsr)), on=ON)


def cells(shown: Letter, number: int = 0) -> list[tuple[str, ...]]:
    """The rows of a section."""
    return [line.cells for line in shown.sections[number].lines]


def test_the_first_plan_stays_with_its_lines_and_its_tasks(handler: User, monkeypatch: pytest.MonkeyPatch) -> None:
    plan, renewed = twice(monkeypatch, handler)
    assert (plan.current, renewed.current) == (False, True)
    assert set(plan.lines.values_list("activity", "rows")) == {("PA03", 2), ("bookkeeping", 1)}
    assert (erase_task(plan).state, erase_task(plan).rows) == (TaskState.DONE, 2)
    assert (erase_task(renewed).state, erase_task(renewed).rows) == (TaskState.DONE, 1)
    assert renewed.done_at is not None


def test_the_replay_list_has_both(
    handler: User, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    twice(monkeypatch, handler)
    call_command("deletions", "2020-01-01")
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(one["system"], one["rows"]) for one in told] == [("website", 2), ("website", 1), ("hubspot", 0)]


def test_the_letter_of_the_second_answer_tells_of_both(handler: User, monkeypatch: pytest.MonkeyPatch) -> None:
    _plan, renewed = twice(monkeypatch, handler)
    shown = letter(renewed, handler)
    assert [(row[0].split()[0], row[-1]) for row in cells(shown)] == [
        ("Nettstedet", "2"), ("Nettstedet", "1"), ("HubSpot", "–"),
    ]  # fmt: skip
    assert len(cells(shown, 1)) == 1  # the books are kept once, as the second plan says


def test_what_turns_out_to_be_gone_is_still_told_as_deleted(handler: User, monkeypatch: pytest.MonkeyPatch) -> None:
    plan, website = first(monkeypatch)
    website.rows.clear()
    searched_anew(plan, handler, found=False)
    assert not ErasurePlan.objects.current().exists()
    decide.begin(plan.dsr_id, actor=handler.as_actor())
    with pytest.raises(ActionRefused):
        decide.choose(plan.dsr_id, Outcome.NO_DATA, "", actor=handler.as_actor())
    decide.choose(plan.dsr_id, Outcome.FULFILLED, "", actor=handler.as_actor())
    shown = letters.compose(letters.facts(scenes.fresh(plan.dsr)), on=ON)
    assert (shown.kind, len(shown.signed_by)) == (LetterKind.DELETED, 2)
    assert cells(shown)[0][-1] == "2"


def test_an_order_of_the_first_plan_is_settled_while_the_second_is_worked_on(handler: User, house: House) -> None:
    plan = begun()
    accepted = Answer(state=TaskState.ACCEPTED, finishes_on=date(2099, 1, 31), note="Bestilt")
    erasure_by_hand.complete(erase_task(plan).pk, accepted, actor=handler.as_actor())
    tasks.reopen(plan.dsr.tasks.get(system="hubspot", action="read").pk, actor=handler.as_actor())
    assert not again(plan).current
    [order] = orders.open_orders(fresh(plan.dsr))
    orders.settle(order.pk, state=TaskState.DONE, note="Søkt", looked_again=True, actor=handler.as_actor())
    assert erase_task(plan).state == TaskState.DONE


def test_the_answers_of_an_earlier_plan_cannot_be_taken_back(handler: User, monkeypatch: pytest.MonkeyPatch) -> None:
    plan, _renewed = twice(monkeypatch, handler)
    with pytest.raises(ActionRefused, check=lambda error: error.reason.code == "erasure_earlier"):
        tasks.reopen(erase_task(plan).pk, actor=handler.as_actor())
    assert erase_task(plan).rows == 2


def test_the_block_on_marketing_stands_by_what_any_plan_deleted(handler: User, monkeypatch: pytest.MonkeyPatch) -> None:
    plan, renewed = twice(monkeypatch, handler)
    plan.lines.filter(activity="PA03").update(activity="PA08")
    renewed.lines.filter(activity="PA08").delete()
    assert erasure_suppression.concerned(plan.dsr)


def test_a_system_that_is_asked_once_more_does_not_unsay_what_it_deleted(
    handler: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan, _website = first(monkeypatch)
    tasks.reopen(erase_task(plan).pk, actor=handler.as_actor())
    collect.run_task(erase_task(plan).pk)
    assert (erase_task(plan).state, erase_task(plan).rows) == (TaskState.DONE, 2)


def test_there_is_one_current_plan_and_one_task_for_each_change(handler: User, monkeypatch: pytest.MonkeyPatch) -> None:
    plan, _renewed = twice(monkeypatch, handler)
    with pytest.raises(IntegrityError), transaction.atomic():
        ErasurePlan.objects.filter(pk=plan.pk).update(current=True)
    copy = erase_task(plan)
    copy.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        copy.save()


def test_tasks_of_an_earlier_version_go_to_the_plan_they_carried_out(
    handler: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan, _website = first(monkeypatch)
    task = erase_task(plan)
    left = SystemTask.objects.create(
        dsr=plan.dsr, system="dynamics", system_name="Dynamics", action="erase", mode="manual", due_on=ON
    )
    restriction = factories.dsr(Right.RESTRICTION)
    other = SystemTask.objects.create(
        dsr=restriction, system="website", system_name="W", action="restrict", mode="manual", due_on=ON
    )
    SystemTask.objects.update(plan=None)
    join = import_module("exports.migrations.0009_kept_plans").join
    for _ in range(2):
        join(apps, None)
    ids = {row.pk: row.plan_id for row in SystemTask.objects.filter(pk__in=[task.pk, left.pk, other.pk])}
    assert ids == {task.pk: plan.pk, left.pk: None, other.pk: None}
