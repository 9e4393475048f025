"""From a sorted request to its tasks, whatever is away or dies meanwhile."""

from datetime import UTC, date, datetime

import pytest
from django.utils import timezone

from exports.demo.people import INGRID
from exports.domain import register as domain
from exports.domain.enums import TaskMode, TaskState
from exports.domain.planning import PLANNED
from exports.models import SystemTask
from exports.services import asking, collect, due_days, plan, register, tasks
from identity.domain.enums import ContactChannel, DoubtReason
from identity.models import ContactPoint
from identity.services import contact_points, verify
from requests_app import outbox
from requests_app.domain.calendars import for_country
from requests_app.domain.enums import Action, Requester, RequirementKind, RequirementState, Right, Role, Stage
from requests_app.models import AuditHead, Case, DataSubjectRequest, OutboxEvent, Requirement
from requests_app.services import lifecycle
from tests import factories
from tests.exports.house import House, PowerCut, everything_logged, owed, planned, task_of
from tests.identity import scenes

OSLO = for_country("NO")
ALL_SYSTEMS = ["website", "dynamics", "hubspot", "ga", "google_ads", "gmp", "meta", "bing", "linkedin",
               "other_ads", "mailbox"]  # fmt: skip


def state(dsr: DataSubjectRequest) -> object:
    """Everything the plan may have written for a request."""
    return (
        DataSubjectRequest.objects.values_list("stage", flat=True).get(pk=dsr.pk),
        list(SystemTask.objects.filter(dsr=dsr).order_by("id").values_list("id", "system", "mode", "state", "round")),
        sorted(ContactPoint.objects.filter(case=dsr.case).values_list("channel", "value", "system")),
        sorted(Requirement.objects.filter(dsr=dsr).values_list("kind", "state", "reason")),
        sorted(OutboxEvent.objects.exclude(name="RequestTriaged").values_list("key", flat=True)),
        AuditHead.objects.get(pk=1).number,
    )


def test_every_system_of_the_search_plan_gets_a_task(house: House) -> None:
    dsr = planned()
    tasks = list(dsr.tasks.order_by("id"))
    assert [task.system for task in tasks] == ALL_SYSTEMS
    assert {task.system for task in tasks if task.mode == TaskMode.AUTOMATIC} == {"website"}
    assert {task.state for task in tasks} == {TaskState.OPEN}
    assert task_of(dsr, "mailbox").system_name == "Postkassen info@optimar.no"
    assert task_of(dsr).activities == ["PA01", "PA03", "PA08"]
    assert dsr.stage == Stage.IN_PROGRESS


def test_only_the_automatic_task_is_owed_to_a_connector(house: House) -> None:
    dsr = planned()
    rows = OutboxEvent.objects.filter(name="TaskOpened")
    assert [row.payload for row in rows] == [{"task_id": task_of(dsr).pk}]


def test_what_the_systems_know_goes_down_to_identity(house: House) -> None:
    dsr = planned()
    points = {(point.channel, point.value) for point in ContactPoint.objects.filter(case=dsr.case, system="website")}
    assert ("email", INGRID.email) in points
    assert dsr.requirements.get(kind=RequirementKind.DELIVERY_ADDRESS.value).state == RequirementState.MET


def test_the_systems_are_silent_at_first(house: House) -> None:
    found = planned().requirements.get(kind=RequirementKind.SYSTEMS.value)
    assert (found.state, found.reason) == (RequirementState.OPEN, f"systems_silent:{','.join(ALL_SYSTEMS)}")


def test_running_twice_changes_nothing(house: House) -> None:
    dsr = planned()
    before = state(dsr)
    plan.locate_and_plan(dsr.pk)
    assert state(dsr) == before


def test_killed_before_the_commit_it_starts_over_without_a_trace(house: House) -> None:
    dsr = factories.case(email=INGRID.email).dsrs.get()
    before = state(dsr)
    with PowerCut(), pytest.raises(AuditHead.DoesNotExist):
        plan.locate_and_plan(dsr.pk)
    assert state(dsr) == before
    plan.locate_and_plan(dsr.pk)
    assert dsr.tasks.count() == len(ALL_SYSTEMS)
    assert owed("TaskOpened") == 1


def test_a_system_that_is_away_does_not_hold_up_the_plan(house: House) -> None:
    house.take_away()
    dsr = planned()
    assert dsr.stage == Stage.IN_PROGRESS
    assert dsr.tasks.count() == len(ALL_SYSTEMS)
    assert not ContactPoint.objects.exists()


def test_a_typo_in_a_dataset_does_not_hold_up_the_plan(house: House) -> None:
    house.dataset.write_text("dataset: [{}]\n", encoding="utf-8")
    dsr = planned()
    assert (dsr.stage, task_of(dsr).mode) == (Stage.IN_PROGRESS, TaskMode.AUTOMATIC)


def test_a_broken_systems_file_makes_the_plan_wait_and_say_so(house: House) -> None:
    dsr = factories.case(email=INGRID.email).dsrs.get()
    house.systems.write_text("schema: datarett-systems/1\nsystem: {}\n", encoding="utf-8")
    while outbox.relay():
        pass
    row = OutboxEvent.objects.get(name="RequestTriaged", handler__endswith=".locate_and_plan")
    assert (row.done_at, row.error) == (None, "systems.yaml:2: system: is no key of this place (did you mean systems?)")
    dsr.refresh_from_db()
    assert dsr.stage == Stage.TRIAGED
    house.connect()
    OutboxEvent.objects.filter(pk=row.pk).update(run_at=timezone.now())
    outbox.relay(1)
    dsr.refresh_from_db()
    assert dsr.stage == Stage.IN_PROGRESS


def test_without_a_register_the_plan_waits(db: None) -> None:
    factories.organisation()
    dsr = factories.case().dsrs.get()
    with pytest.raises(outbox.Later):
        plan.locate_and_plan(dsr.pk)
    assert not dsr.tasks.exists()


def test_a_system_with_a_long_name_has_its_task_too(house: House) -> None:
    actor = factories.staff(Role.DECISION_MAKER).as_actor()
    name = domain.same("Arkivet " * 50)
    register.fill("systems.mailbox.name", name, expected_version=1, reason="x", actor=actor, replace=True)
    assert task_of(planned(), "mailbox").system_name == name.nb[:200]


def test_the_due_date_is_ten_working_days_after_the_receipt() -> None:
    received = datetime.fromisoformat("2026-03-24T23:30:00+00:00")  # 25 March in Oslo; Easter follows
    assert due_days.due_on(received, OSLO) == date(2026, 4, 13)


@pytest.mark.parametrize("right", Right)
def test_every_right_asks_of_the_systems_what_it_needs(right: Right, house: House) -> None:
    dsr = factories.dsr(right)
    plan.locate_and_plan(dsr.pk)
    dsr.refresh_from_db()
    assert dsr.stage == Stage.IN_PROGRESS
    assert set(dsr.tasks.values_list("action", flat=True)) == ({PLANNED[right].value} if right in PLANNED else set())
    systems = dsr.requirements.get(kind=RequirementKind.SYSTEMS.value)
    assert (systems.state == RequirementState.OPEN) == (right in PLANNED)


def test_marketing_is_to_stop_within_three_working_days(house: House) -> None:
    friday = datetime(2026, 9, 4, 9, tzinfo=UTC)
    dsr = factories.dsr(Right.MARKETING_OBJECTION, received_at=friday)
    plan.locate_and_plan(dsr.pk)
    assert set(dsr.tasks.values_list("due_on", flat=True)) == {date(2026, 9, 9)}


def test_what_a_connector_cannot_do_is_done_by_hand(house: House) -> None:
    dsr = factories.dsr(Right.MARKETING_OBJECTION)
    plan.locate_and_plan(dsr.pk)
    assert task_of(dsr).mode == TaskMode.MANUAL


def test_who_writes_for_somebody_else_is_never_searched_for(house: House) -> None:
    case = factories.case(email=INGRID.email)
    Case.objects.filter(pk=case.pk).update(requester=Requester.REPRESENTATIVE.value)
    dsr = case.dsrs.get()
    plan.locate_and_plan(dsr.pk)
    assert set(dsr.tasks.values_list("mode", flat=True)) == {TaskMode.MANUAL}
    assert not ContactPoint.objects.exists()


def test_a_request_that_is_further_on_is_left_alone(house: House) -> None:
    dsr = planned()
    factories.force(dsr, Stage.RELEASED)
    dsr.tasks.all().delete()
    plan.locate_and_plan(dsr.pk)
    assert not dsr.tasks.exists()


def test_a_reopened_request_keeps_its_answers_and_gets_what_is_new(house: House) -> None:
    dsr = planned()
    dsr.tasks.filter(system="hubspot").delete()
    dsr.tasks.filter(system="ga").update(state=TaskState.NOT_FOUND.value)
    factories.force(dsr, Stage.RELEASED)
    handler = factories.staff().as_actor()
    lifecycle.advance(dsr.pk, Action.REOPEN, handler, note="Kari skrev igjen")
    plan.locate_and_plan(dsr.pk)
    assert task_of(dsr, "ga").state == TaskState.NOT_FOUND
    assert task_of(dsr, "hubspot").state == TaskState.OPEN


def test_a_reopened_request_asks_again_for_what_was_thrown_away(house: House) -> None:
    dsr = planned()
    collect.run_task(task_of(dsr).pk)
    dsr.tasks.filter(system="website").update(result_file="")
    factories.force(dsr, Stage.RELEASED)
    lifecycle.advance(dsr.pk, Action.REOPEN, factories.staff().as_actor(), note="Kari skrev igjen")
    plan.locate_and_plan(dsr.pk)
    plan.locate_and_plan(dsr.pk)
    assert (task_of(dsr).state, task_of(dsr).round) == (TaskState.OPEN, 2)
    assert dsr.requirements.get(kind=RequirementKind.SYSTEMS.value).state == RequirementState.OPEN


def test_an_address_that_was_confirmed_later_is_searched_for_too(house: House) -> None:
    dsr = planned("new.address@example.com")
    collect.run_task(task_of(dsr).pk)
    tasks.complete(task_of(dsr, "hubspot").pk, state=TaskState.NOT_FOUND, note="", actor=factories.staff().as_actor())
    assert task_of(dsr).state == TaskState.NOT_FOUND
    point = contact_points.record(dsr.case, ContactChannel.EMAIL, INGRID.email, "hubspot", None)
    row = verify.ask(dsr.case_id, DoubtReason.UNKNOWN_ADDRESS, point.pk, actor=factories.staff().as_actor())
    verify.confirm(scenes.link_token(row))
    asking.search_anew(dsr.case_id)
    asking.search_anew(dsr.case_id)
    assert (task_of(dsr).state, task_of(dsr).round) == (TaskState.OPEN, 2)
    assert task_of(dsr, "hubspot").state == TaskState.NOT_FOUND
    while outbox.relay():
        pass
    assert (task_of(dsr).state, task_of(dsr).round) == (TaskState.DONE, 2)
    assert task_of(dsr).rows > 40


def test_confirming_the_address_that_was_searched_by_changes_nothing(house: House) -> None:
    dsr = planned()
    collect.run_task(task_of(dsr).pk)
    point = ContactPoint.objects.get(case=dsr.case, value=INGRID.email)
    row = verify.ask(dsr.case_id, DoubtReason.FRAUD_SIGN, point.pk, actor=factories.staff().as_actor())
    verify.confirm(scenes.link_token(row))
    asking.search_anew(dsr.case_id)
    assert (task_of(dsr).state, task_of(dsr).round) == (TaskState.DONE, 1)


def test_an_address_nobody_confirmed_is_not_searched_for(house: House) -> None:
    dsr = planned("new.address@example.com")
    collect.run_task(task_of(dsr).pk)
    point = contact_points.record(dsr.case, ContactChannel.EMAIL, INGRID.email, "hubspot", None)
    verify.ask(dsr.case_id, DoubtReason.UNKNOWN_ADDRESS, point.pk, actor=factories.staff().as_actor())
    asking.search_anew(dsr.case_id)
    tasks.reopen(task_of(dsr).pk, actor=factories.staff().as_actor())
    collect.run_task(task_of(dsr).pk)
    assert (task_of(dsr).state, task_of(dsr).rows) == (TaskState.NOT_FOUND, 0)


def test_nothing_that_is_logged_names_the_person(house: House) -> None:
    planned()
    told = everything_logged()
    assert INGRID.email not in told
    assert "Kari" not in told
