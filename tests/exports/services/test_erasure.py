"""Planning a deletion, standing behind it, and carrying it out in systems that answer, fail, wait and die."""

import json
import sqlite3
from contextlib import AbstractContextManager
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone
from pytest_django import Settings

from exports.connectors.sql.connector import SqlConnector
from exports.demo.people import INGRID
from exports.domain.changes import Affected, ChangeResult
from exports.domain.enums import LEFT_OVER, Measure, TaskAction, TaskMode, TaskState
from exports.domain.erasure_rules import Decision
from exports.domain.records import Outcome as Answered
from exports.models import ErasurePlan
from exports.services import (
    collect,
    complaint_scope,
    decide,
    deliver,
    emptied,
    erasure,
    erasure_by_hand,
    erasure_freeze,
    erasure_perform,
    erasure_proposal,
    erasure_run,
    erasure_suppression,
    recipients,
    requirements,
    tasks,
)  # fmt: skip
from exports.services.erasure_by_hand import Answer
from identity.models import User
from requests_app import audit, outbox
from requests_app.domain.enums import (
    Action,
    Outcome,
    RequirementKind,
    RequirementState,
    Right,
    Role,
    Stage,
    SuppressionState,
)
from requests_app.domain.errors import ActionRefused
from requests_app.domain.grounds import Ground
from requests_app.models import AuditEntry, DataSubjectRequest, OutboxEvent, Suppression
from requests_app.services import holds, lifecycle, retention
from tests import factories
from tests.exports import scenes
from tests.exports.erasures import (
    Killed,
    Store,
    again,
    approved,
    asked,
    begun,
    erase_task,
    fresh,
    line_of,
    pass_the_window,
    proposed,
    searched,
    set_up,
    submitted,
    writable,
)  # fmt: skip
from tests.exports.house import House, everything_logged

pytestmark = pytest.mark.django_db

BOOKS = date(timezone.localdate().year + 5, 12, 31)
KEEP = Decision(Measure.KEEP, "legal_claims", BOOKS, "Tvist om ordre")


@pytest.fixture
def handler(house: House) -> User:
    """A handler."""
    return factories.staff()


@pytest.fixture
def approver(house: House) -> User:
    """A second person."""
    return factories.staff(Role.APPROVER)


def requirement(row: ErasurePlan | DataSubjectRequest, kind: RequirementKind = RequirementKind.PLAN) -> str:
    """Why a requirement is open, empty when it is met."""
    dsr = row.dsr if isinstance(row, ErasurePlan) else row
    found = dsr.requirements.get(kind=kind.value)
    return found.reason if found.state == "open" else ""


def refused(code: str) -> AbstractContextManager[object]:
    """Expect this refusal."""
    return pytest.raises(ActionRefused, check=lambda error: error.reason.code == code)


# the plan


def test_the_plan_is_made_once_everything_was_searched(house: House) -> None:
    dsr = searched()
    assert requirement(dsr) == "erasure_no_plan"
    outbox.relay()
    plan = ErasurePlan.objects.get(dsr=dsr)
    assert {line.activity for line in plan.lines.all()} == {
        "PA01",
        "PA03",
        "PA04",
        "PA08",
        "bookkeeping",
        "consent_proof",
    }
    assert {line.system for line in plan.lines.all()} == {"website"}
    erasure_proposal.propose(dsr.pk)
    assert ErasurePlan.objects.count() == 1
    assert requirement(dsr) == "erasure_not_submitted"


def test_every_row_found_stands_in_one_line(house: House) -> None:
    plan = proposed()
    read = plan.dsr.tasks.get(system="website")
    assert sum(line.rows for line in plan.lines.all()) == read.rows > 0


def test_bookkeeping_and_the_proof_of_consent_stay_with_ground_and_computed_end(house: House) -> None:
    plan = proposed()
    books, consent = line_of(plan, "bookkeeping"), line_of(plan, "consent_proof")
    assert (books.measure, books.ground) == (Measure.KEEP, "legal_obligation")
    assert books.kept_until is not None
    assert (books.kept_until.month, books.kept_until.day) == (12, 31)
    assert consent.ground == "legal_claims"
    assert consent.rows > 0
    assert line_of(plan, "PA08").measure == Measure.DELETE


def test_what_was_found_by_hand_gets_lines_without_counts(house: House) -> None:
    plan = proposed(by_hand=("hubspot",))
    assert [(line.activity, line.measure, line.rows) for line in plan.lines.filter(system="hubspot")] == [
        ("PA08", Measure.DELETE, 0)
    ]


def test_where_nothing_was_found_there_is_nothing_to_plan(house: House) -> None:
    dsr = searched(email="nobody@example.com")
    assert requirement(dsr) == ""
    erasure_proposal.propose(dsr.pk)
    assert not ErasurePlan.objects.exists()


def test_a_plan_falls_when_a_system_is_asked_again(house: House, handler: User) -> None:
    plan = approved()
    tasks.reopen(plan.dsr.tasks.get(system="website").pk, actor=handler.as_actor())
    assert not ErasurePlan.objects.exists()
    assert requirement(plan.dsr) == "erasure_waits_search"
    collect.run_task(plan.dsr.tasks.get(system="website").pk)
    OutboxEvent.objects.filter(name="ErasureDue").delete()
    outbox.relay()
    assert ErasurePlan.objects.get(dsr=plan.dsr_id).approved_at is None


@pytest.mark.parametrize(
    "decision,code",
    [
        (Decision(Measure.KEEP, "", BOOKS, "x"), "erasure_ground_missing"),
        (Decision(Measure.KEEP, "excessive", BOOKS, "x"), "erasure_ground_missing"),
        (Decision(Measure.KEEP, "legal_claims", None, "x"), "erasure_end_missing"),
        (Decision(Measure.KEEP, "legal_claims", date(2020, 1, 1), "x"), "erasure_end_past"),
        (Decision(Measure.KEEP, "legal_claims", BOOKS), "erasure_end_unjustified"),
        (Decision(Measure.ANONYMISE), "erasure_method_missing"),
        (Decision(Measure.RESTRICT), "erasure_reason_missing"),
        (Decision(Measure.RESTRICT, reason="x" * 501), "erasure_reason_too_long"),
    ],
)
def test_a_line_says_why_and_until_when(handler: User, decision: Decision, code: str) -> None:
    line = line_of(proposed(), "PA03")
    with refused(code):
        erasure.change(line.pk, decision, actor=handler.as_actor())
    assert line_of(line.plan, "PA03").measure == Measure.DELETE


def test_the_end_of_a_duty_cannot_be_typed(handler: User) -> None:
    plan = proposed()
    line = line_of(plan, "bookkeeping")
    typed = Decision(Measure.KEEP, "legal_obligation", date(2099, 1, 1), "fordi")
    assert erasure.change(line.pk, typed, actor=handler.as_actor()).kept_until == line.kept_until


def test_keeping_one_use_moves_the_rows_that_belong_to_several(handler: User) -> None:
    plan = proposed()
    before = {line.activity: line.rows for line in plan.lines.all()}
    erasure.change(line_of(plan, "PA08").pk, KEEP, actor=handler.as_actor())
    after = {line.activity: line.rows for line in plan.lines.all()}
    assert after["PA08"] > before["PA08"]
    assert sum(after.values()) == sum(before.values())


def test_a_part_that_nobody_asked_for_stands_outside_until_it_is_put_in_again(handler: User) -> None:
    plan = proposed()
    erasure.leave_out(line_of(plan, "PA08").pk, actor=handler.as_actor())
    assert not plan.lines.filter(activity="PA08").exists()
    erasure.include_all(plan.dsr_id, actor=handler.as_actor())
    assert line_of(plan, "PA08").measure == Measure.DELETE


# two persons


def test_two_persons_stand_behind_a_deletion(handler: User, approver: User, settings: Settings) -> None:
    plan = submitted(handler)
    with refused("erasure_second_person"):
        erasure.approve(plan.dsr_id, actor=handler.as_actor())
    row = erasure.approve(plan.dsr_id, actor=approver.as_actor())
    assert row.approved_at is not None
    assert row.runs_at == row.approved_at + settings.ERASURE_UNDO
    due = OutboxEvent.objects.get(name="ErasureDue")
    assert due.run_at >= row.runs_at
    assert requirement(plan.dsr) == "erasure_not_begun"


def test_the_database_knows_it_too(handler: User) -> None:
    plan = submitted(handler)
    with pytest.raises(IntegrityError), transaction.atomic():
        ErasurePlan.objects.filter(pk=plan.pk).update(approved_by=handler)


def test_an_incomplete_plan_is_not_submitted(handler: User) -> None:
    plan = proposed()
    plan.lines.filter(activity="PA01").update(measure="keep", ground="legal_obligation")
    with refused("erasure_incomplete"):
        erasure.submit(plan.dsr_id, actor=handler.as_actor())


def test_a_change_takes_the_approval_back(handler: User) -> None:
    plan = approved()
    erasure.change(line_of(plan, "PA03").pk, KEEP, actor=handler.as_actor())
    row = again(plan)
    assert (row.approved_by, row.approved_at, row.runs_at, row.prepared_at) == (None, None, None, None)
    erasure_run.begin(plan.dsr_id)
    assert again(plan).begun_at is None


def test_until_it_begins_it_can_be_taken_back(handler: User) -> None:
    plan = approved()
    erasure.cancel(plan.dsr_id, actor=handler.as_actor())
    with refused("erasure_not_approved"):
        erasure.cancel(plan.dsr_id, actor=handler.as_actor())
    pass_the_window(begun_plan := begun())
    for act in (erasure.cancel, erasure.submit, erasure.approve, erasure.include_all):
        with refused("erasure_begun"):
            act(begun_plan.dsr_id, actor=handler.as_actor())


def test_of_two_handlers_the_second_is_told(handler: User) -> None:
    plan = proposed()
    seen = fresh(plan.dsr).case.version
    erasure.change(line_of(plan, "PA03").pk, KEEP, actor=handler.as_actor(), version=seen)
    with refused("case_changed"):
        erasure.submit(plan.dsr_id, actor=factories.staff().as_actor(), version=seen)


def test_the_second_click_changes_nothing(handler: User, approver: User) -> None:
    plan = submitted(handler)
    with refused("erasure_submitted_already"):
        erasure.submit(plan.dsr_id, actor=handler.as_actor())
    erasure.approve(plan.dsr_id, actor=approver.as_actor())
    with refused("erasure_approved_already"):
        erasure.approve(plan.dsr_id, actor=approver.as_actor())


# freezing


def why(plan: ErasurePlan) -> str:
    reason = erasure_freeze.why(fresh(plan.dsr))
    return reason.code if reason else ""


def test_the_copy_reaches_the_person_before_anything_is_deleted(handler: User, approver: User) -> None:
    scenes.trial()
    plan = submitted(handler, Right.ACCESS, Right.ERASURE)
    with refused("erasure_waits_access"):
        erasure.approve(plan.dsr_id, actor=approver.as_actor())


def test_a_copy_that_is_offered_is_waited_for_until_it_was_fetched_or_its_link_ended(house: House) -> None:
    access = scenes.released()
    other = factories.dsr(Right.ERASURE)
    DataSubjectRequest.objects.filter(pk=access.pk).update(answer_sent_at=timezone.now())
    DataSubjectRequest.objects.filter(pk=other.pk).update(case=access.case)
    plan = ErasurePlan(dsr=fresh(other))
    assert why(plan) == "erasure_waits_download"
    for file in deliver.files_of(scenes.current(access)):
        if file.for_people:
            deliver.fetch(access.case, file.file.pk)
    assert why(plan) == ""


def test_who_asks_twice_is_one_person(handler: User) -> None:
    plan = proposed()
    held = factories.case(Right.ACCESS, email=plan.dsr.case.person_email.upper())
    assert why(plan) == "erasure_waits_access"
    held.dsrs.update(answer_sent_at=timezone.now())
    assert why(plan) == ""
    tomorrow = timezone.localdate() + timedelta(days=1)
    holds.put(held.pk, reason="Krav", review_on=tomorrow, actor=handler.as_actor())
    assert why(plan) == "erasure_waits_hold"


def test_a_link_that_ended_holds_nothing_back(house: House) -> None:
    access, other = scenes.released(), factories.dsr(Right.ERASURE)
    DataSubjectRequest.objects.filter(pk=access.pk).update(answer_sent_at=timezone.now())
    DataSubjectRequest.objects.filter(pk=other.pk).update(case=access.case)
    scenes.expire(scenes.current(access))
    assert why(ErasurePlan(dsr=other)) == ""


def test_what_is_refused_is_not_deleted(handler: User, house: House) -> None:
    plan = approved()
    pass_the_window(plan)
    decide.begin(plan.dsr_id, actor=handler.as_actor())
    decide.choose(
        plan.dsr_id, Outcome.REFUSED, "En tvist pågår.", grounds=[Ground.LEGAL_CLAIMS], actor=handler.as_actor()
    )
    assert plan.dsr.requirements.get(kind=RequirementKind.PLAN.value).state == RequirementState.MET
    assert why(plan) == "erasure_waits_outcome"
    erasure_run.begin(plan.dsr_id)
    assert again(plan).begun_at is None
    decide.choose(
        plan.dsr_id, Outcome.PARTLY_FULFILLED, "Noe beholdes.", grounds=[Ground.LEGAL_CLAIMS], actor=handler.as_actor()
    )
    assert fresh(plan.dsr).requirements.get(kind=RequirementKind.PLAN.value).state == RequirementState.OPEN
    erasure_run.begin(plan.dsr_id)
    assert again(plan).begun_at is not None


def test_an_open_restriction_freezes(house: House) -> None:
    assert why(proposed(Right.ERASURE, Right.RESTRICTION)) == "erasure_waits_restriction"


def test_a_person_says_whether_a_complaint_is_about_the_deletion(handler: User) -> None:
    plan = proposed(Right.ERASURE, Right.COMPLAINT)
    complaint = plan.dsr.case.dsrs.get(right=Right.COMPLAINT)

    def say(is_about: bool) -> None:
        complaint_scope.answer(plan.dsr_id, complaint.pk, is_about=is_about, actor=handler.as_actor())

    assert why(plan) == "erasure_waits_scope"  # «slett alt, ellers klager jeg», or a complaint about what is deleted
    say(False)
    assert why(plan) == ""
    say(True)
    assert why(plan) == "erasure_waits_complaint"
    factories.force(complaint, Stage.CLOSED, closed_at=timezone.now(), outcome=Outcome.FULFILLED.value)
    assert why(plan) == ""
    with refused("complaint_not_open"):
        say(False)
    said = AuditEntry.objects.filter(subject=f"dsr:{plan.dsr_id}", action__startswith="complaint.").order_by("number")
    assert list(said.values_list("action", flat=True)) == ["complaint.not_about_erasure", "complaint.about_erasure"]


def test_a_complaint_that_came_after_the_demand_freezes_until_somebody_says_that_it_is_about_something_else(
    handler: User,
) -> None:
    plan = proposed(Right.ERASURE, Right.COMPLAINT)
    later = plan.dsr.received_at + timedelta(minutes=1)
    plan.dsr.case.dsrs.filter(right=Right.COMPLAINT).update(received_at=later)
    assert why(plan) == "erasure_waits_later_complaint"
    complaint = plan.dsr.case.dsrs.get(right=Right.COMPLAINT)
    complaint_scope.answer(plan.dsr_id, complaint.pk, is_about=False, actor=handler.as_actor())
    assert why(plan) == ""


def test_a_complaint_in_another_case_of_the_person_is_asked_about_and_one_of_somebody_else_is_not(
    handler: User,
) -> None:
    plan = proposed()
    theirs = factories.case(Right.COMPLAINT, email=plan.dsr.case.person_email).dsrs.get()
    strangers = factories.dsr(Right.COMPLAINT)
    assert [one.complaint.pk for one in complaint_scope.questions(fresh(plan.dsr))] == [theirs.pk]
    with refused("complaint_not_open"):
        complaint_scope.answer(plan.dsr_id, strangers.pk, is_about=False, actor=handler.as_actor())
    with refused("case_changed"):
        complaint_scope.answer(plan.dsr_id, theirs.pk, is_about=False, actor=handler.as_actor(), version=-1)


def test_a_legal_hold_freezes_until_it_is_lifted(handler: User, approver: User) -> None:
    plan = approved()
    tomorrow = timezone.localdate() + timedelta(days=1)
    holds.put(plan.dsr.case_id, reason="Krav", review_on=tomorrow, actor=handler.as_actor())
    with refused("hold_stands"):
        holds.put(plan.dsr.case_id, reason="Krav", review_on=tomorrow, actor=handler.as_actor())
    pass_the_window(plan)
    erasure_run.begin(plan.dsr_id)
    assert again(plan).begun_at is None
    holds.lift(plan.dsr.case_id, actor=handler.as_actor())
    assert erasure_run.sweep() == 1
    assert again(plan).begun_at is not None


def test_a_hold_stops_the_systems_that_have_not_been_asked_yet(
    house: House, handler: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store("website", [("PA03",)])
    set_up(monkeypatch, store)
    plan = begun()
    tomorrow = timezone.localdate() + timedelta(days=1)
    holds.put(plan.dsr.case_id, reason="Krav", review_on=tomorrow, actor=handler.as_actor())
    with pytest.raises(outbox.Later):
        collect.run_task(erase_task(plan).pk)
    task = erase_task(plan)
    assert (task.state, task.begun_at, store.calls) == (TaskState.OPEN, None, [])
    holds.lift(plan.dsr.case_id, actor=handler.as_actor())
    collect.run_task(task.pk)
    assert (erase_task(plan).state, store.rows) == (TaskState.DONE, [])


@pytest.mark.parametrize("reason,days,code", [(" ", 1, "hold_reason_missing"), ("Krav", 0, "hold_review_past")])
def test_a_hold_has_a_reason_and_a_day(handler: User, reason: str, days: int, code: str) -> None:
    case = factories.case()
    with refused(code):
        holds.put(
            case.pk, reason=reason, review_on=timezone.localdate() + timedelta(days=days), actor=handler.as_actor()
        )


# the run


def test_nothing_begins_before_its_time(house: House) -> None:
    plan = approved()
    erasure_run.begin(plan.dsr_id)
    assert erasure_run.sweep() == 0
    assert again(plan).begun_at is None
    pass_the_window(plan)
    assert erasure_run.sweep() == 1
    assert erasure_run.sweep() == 0
    assert AuditEntry.objects.filter(action="erasure.begun").count() == 1


def test_what_no_connector_changes_is_done_by_hand(house: House) -> None:
    plan = begun(by_hand=("hubspot",))  # the website may only be read
    assert {(task.system, task.mode) for task in plan.dsr.tasks.filter(action="erase")} == {
        ("website", TaskMode.MANUAL.value), ("hubspot", TaskMode.MANUAL.value),
    }  # fmt: skip
    assert requirement(plan) == "erasure_running"
    assert "website" in requirement(plan, RequirementKind.SYSTEMS)


def test_the_website_is_erased_proved_and_told_about(house: House) -> None:
    writable(house)
    plan = begun()
    collect.run_task(erase_task(plan).pk)
    task, row = erase_task(plan), again(plan)
    assert (task.state, task.fault) == (TaskState.DONE, "")
    assert task.verified_at is not None
    assert task.rows > 0
    assert row.done_at is not None
    assert requirement(row) == ""
    told = row.dsr.tasks.filter(action=TaskAction.NOTIFY.value)
    assert "recipient:hubspot" in told.values_list("system", flat=True)
    assert "recipients_untold" in requirement(row, RequirementKind.RECIPIENTS)
    assert audit.verify()[1] is None
    assert "solvang" not in everything_logged().casefold()


def test_what_bookkeeping_keeps_loses_its_free_text_and_the_task_says_so(house: House) -> None:
    writable(house)
    plan = begun()
    [loss] = emptied.planned(plan, "en")
    assert (loss.system, loss.kind, loss.fields) == ("website", "Order", "Comment")
    collect.run_task(erase_task(plan).pk)
    assert emptied.done([erase_task(plan)], "nb") == [emptied.Loss("website", "Ordre", "Kommentar", loss.rows)]
    with sqlite3.connect(house.database) as database:
        mine = database.execute("SELECT comment, total_nok FROM orders WHERE email = ?", [INGRID.email]).fetchall()
    assert mine
    assert all(comment is None and total for comment, total in mine)


def test_a_claim_about_the_orders_keeps_their_free_text(house: House, handler: User) -> None:
    plan = proposed()
    erasure.change(line_of(plan, "PA04").pk, KEEP, actor=handler.as_actor())
    assert emptied.planned(again(plan), "en") == []
    house.take_away()  # nobody asks the system for it
    erasure.change(line_of(plan, "PA04").pk, Decision(Measure.DELETE), actor=handler.as_actor())
    assert emptied.planned(again(plan), "en")
    house.systems.write_text("nonsense", encoding="utf-8")
    assert emptied.planned(again(plan), "en") == []


def test_what_turns_up_after_a_deletion_gets_a_plan_of_its_own(house: House, handler: User) -> None:
    writable(house)
    plan = begun()
    collect.run_task(erase_task(plan).pk)
    hubspot = plan.dsr.tasks.get(system="hubspot", action=TaskAction.READ.value)
    tasks.reopen(hubspot.pk, actor=handler.as_actor())
    # The first plan is history; what it deleted is not found again, so the website is asked once more.
    assert not ErasurePlan.objects.current().filter(dsr=plan.dsr).exists()
    assert requirement(plan) == "erasure_waits_search"
    website = plan.dsr.tasks.get(system="website", action=TaskAction.READ.value)
    assert website.state == TaskState.OPEN
    collect.run_task(website.pk)
    tasks.complete(hubspot.pk, state=TaskState.DONE, note="Ett kort til", actor=handler.as_actor())
    erasure_proposal.propose(plan.dsr_id)
    renewed = ErasurePlan.objects.current().get(dsr=plan.dsr)
    assert "hubspot" in set(renewed.lines.values_list("system", flat=True))
    assert (renewed.prepared_at, renewed.begun_at) == (None, None)
    assert requirement(renewed) == "erasure_not_submitted"
    assert erase_task(plan).state == TaskState.DONE  # what was done stays told


def test_recipients_told_of_one_deletion_are_told_of_the_next(house: House) -> None:
    writable(house)
    plan = begun()
    collect.run_task(erase_task(plan).pk)
    notices = plan.dsr.tasks.filter(action=TaskAction.NOTIFY.value)
    notices.update(state=TaskState.DONE.value, done_at=timezone.now() - timedelta(days=1))
    ErasurePlan.objects.filter(pk=plan.pk).update(done_at=None)  # the next one, with the same uses of data
    requirements.review(fresh(plan.dsr))
    assert set(notices.values_list("state", flat=True)) == {TaskState.OPEN}
    assert "recipients_untold" in requirement(plan, RequirementKind.RECIPIENTS)


def test_recipients_are_not_told_twice_of_the_same_deletion(house: House, handler: User) -> None:
    writable(house)
    plan = begun()
    collect.run_task(erase_task(plan).pk)
    notices = plan.dsr.tasks.filter(action=TaskAction.NOTIFY.value)
    notices.update(state=TaskState.DONE.value, done_at=timezone.now())
    tasks.reopen(erase_task(plan).pk, actor=handler.as_actor())
    collect.run_task(erase_task(plan).pk)
    assert set(notices.values_list("state", flat=True)) == {TaskState.DONE}


def test_a_plan_that_keeps_everything_is_done_at_once(handler: User, approver: User) -> None:
    plan = proposed()
    for line in plan.lines.exclude(measure="keep"):
        erasure.change(line.pk, KEEP, actor=handler.as_actor())
    erasure.submit(plan.dsr_id, actor=handler.as_actor())
    erasure.approve(plan.dsr_id, actor=approver.as_actor())
    pass_the_window(plan)
    erasure_run.begin(plan.dsr_id)
    assert again(plan).done_at is not None
    assert not plan.dsr.tasks.filter(action__in=["erase", "notify"]).exists()


def test_systems_that_hold_the_addresses_are_erased_last(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    website, shop = Store("website", [("PA03",)], holds_address=True), Store("dynamics", [("PA08",)])
    set_up(monkeypatch, website, shop)
    plan = begun()
    assert asked(plan) == {"dynamics"}
    collect.run_task(erase_task(plan, "dynamics").pk)
    assert asked(plan) == {"dynamics", "website"}
    collect.run_task(erase_task(plan, "website").pk)
    assert again(plan).done_at is not None


def test_a_worker_killed_after_the_system_has_deleted_did_the_work(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store("website", [("PA03",), ("PA08",)], dies_after=True)
    set_up(monkeypatch, store)
    plan = begun()
    with pytest.raises(Killed):
        collect.run_task(erase_task(plan).pk)
    assert (erase_task(plan).state, store.rows) == (TaskState.OPEN, [])
    collect.run_task(erase_task(plan).pk)
    task = erase_task(plan)
    assert (task.state, task.rows) == (TaskState.DONE, 2)
    assert task.verified_at is not None


@pytest.mark.parametrize("is_killed", [False, True])
def test_a_worker_killed_after_the_system_has_changed_calls_nothing_deleted_that_stands(
    house: House, monkeypatch: pytest.MonkeyPatch, is_killed: bool
) -> None:
    writable(house)
    plan = begun()
    planned = sum(plan.lines.filter(system="website", measure=Measure.DELETE.value).values_list("rows", flat=True))
    if is_killed:
        erase = SqlConnector.erase
        with monkeypatch.context() as dying:
            dying.setattr(SqlConnector, "erase", lambda *given: _die(erase(*given)))
            with pytest.raises(Killed):
                collect.run_task(erase_task(plan).pk)
    collect.run_task(erase_task(plan).pk)
    task = erase_task(plan)
    assert (task.state, task.rows, task.otherwise) == (TaskState.DONE, planned - 1, {"anonymise": 1})


def _die(_result: ChangeResult) -> None:
    raise Killed


def test_what_was_gone_before_anybody_began_is_not_said_to_be_deleted(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store("website", [("PA03",)])
    set_up(monkeypatch, store)
    plan = begun()
    store.rows.clear()
    collect.run_task(erase_task(plan).pk)
    assert erase_task(plan).state == TaskState.NOT_FOUND


def test_a_part_under_which_nothing_happened_is_not_called_done(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store("website", [("PA03",), ("bookkeeping",), ("PA08",)])
    set_up(monkeypatch, store)
    plan = proposed()
    line = line_of(plan, "PA08")
    erasure.change(line.pk, Decision(Measure.ANONYMISE, reason="uten navn"), actor=factories.staff().as_actor())
    erasure.submit(plan.dsr_id, actor=factories.staff().as_actor())
    erasure.approve(plan.dsr_id, actor=factories.staff(Role.APPROVER).as_actor())
    pass_the_window(again(plan))
    erasure_run.begin(plan.dsr_id)
    store.rows.remove(("PA08",))  # it goes by itself before it is the system's turn
    collect.run_task(erase_task(plan).pk)
    gone, nothing = erase_task(plan), erase_task(plan, action=TaskAction.ANONYMISE)
    assert (gone.state, gone.rows) == (TaskState.DONE, 1)
    assert (nothing.state, nothing.rows, nothing.verified_at) == (TaskState.NOT_FOUND, 0, None)


def test_rows_that_are_left_fail_with_their_count_and_are_tried_again(
    house: House, handler: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store("website", [("PA03",)] * 3, stuck=2)
    set_up(monkeypatch, store)
    plan = begun()
    collect.run_task(erase_task(plan).pk)
    task = erase_task(plan)
    assert (task.state, task.fault, task.error) == (TaskState.FAILED, LEFT_OVER, "rows: 2 (delete)")
    assert task.verified_at is None
    assert requirement(plan) == "erasure_running"
    store.stuck = 0
    tasks.retry(task.pk, actor=handler.as_actor())
    collect.run_task(task.pk)
    assert (erase_task(plan).state, erase_task(plan).rows, store.rows) == (TaskState.DONE, 2, [])


def test_rows_that_another_table_needs_are_named_and_nothing_is_half_done(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store("website", [("PA03",)], needed="invoices")
    set_up(monkeypatch, store)
    plan = begun()
    collect.run_task(erase_task(plan).pk)
    task = erase_task(plan)
    assert (task.state, task.fault) == (TaskState.FAILED, "still_needed")
    assert "invoices" in task.error
    assert len(store.rows) == 1


def test_what_is_only_ordered_says_by_when_and_is_never_proved(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    set_up(monkeypatch, Store("website", [("PA03",)], later=True))
    plan = begun()
    collect.run_task(erase_task(plan).pk)
    task = erase_task(plan)
    assert (task.state, task.verified_at) == (TaskState.ACCEPTED, None)
    assert task.finishes_on is not None


def test_a_system_is_asked_once_for_all_that_happens_there(
    handler: User, approver: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store("website", [("PA03",), ("PA08",)])
    set_up(monkeypatch, store)
    plan = proposed()
    masked = Decision(Measure.ANONYMISE, reason="Navn og adresse fjernes")
    erasure.change(line_of(plan, "PA08").pk, masked, actor=handler.as_actor())
    erasure.submit(plan.dsr_id, actor=handler.as_actor())
    erasure.approve(plan.dsr_id, actor=approver.as_actor())
    pass_the_window(plan)
    erasure_run.begin(plan.dsr_id)
    collect.run_task(erase_task(plan).pk)
    assert store.calls == [{"PA03": Measure.DELETE, "PA08": Measure.ANONYMISE}]
    assert erase_task(plan, action=TaskAction.ANONYMISE).state == TaskState.DONE


def test_what_nobody_asked_for_stays_as_planned(house: House, handler: User, approver: User) -> None:
    writable(house)
    plan = proposed()
    erasure.leave_out(line_of(plan, "PA08").pk, actor=handler.as_actor())
    erasure.submit(plan.dsr_id, actor=handler.as_actor())
    erasure.approve(plan.dsr_id, actor=approver.as_actor())
    pass_the_window(plan)
    erasure_run.begin(plan.dsr_id)
    collect.run_task(erase_task(plan).pk)
    assert erase_task(plan).state == TaskState.DONE
    assert not erase_task(plan).otherwise.get("keep")


def test_rows_that_became_something_else_than_planned_are_counted_by_what_they_became(house: House) -> None:
    plan = begun()
    task, at = erase_task(plan), timezone.now()
    result = ChangeResult(
        system="website", outcome=Answered.DONE, at=at, verified=True,
        affected=(
            Affected("orders", Measure.KEEP, 4, ("PA03", "bookkeeping")),
            Affected("accounts", Measure.ANONYMISE, 1, ("PA03", "PA08")),
            Affected("visits", Measure.DELETE, 7, ("PA03",)),
            Affected("letters", Measure.KEEP, 2, ("PA03",)),
        ),
    )  # fmt: skip
    task.state = TaskState.DONE.value
    erasure_perform.after(task, result)
    assert erase_task(plan).otherwise == {"anonymise": 1, "keep": 2}


def test_a_begin_that_dies_half_way_has_done_nothing(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = approved()
    pass_the_window(plan)

    def die(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(requirements, "review", die)
        with pytest.raises(Killed):
            erasure_run.begin(plan.dsr_id)
    assert again(plan).begun_at is None
    assert not plan.dsr.tasks.filter(action="erase").exists()
    erasure_run.sweep()
    assert plan.dsr.tasks.filter(action="erase").count() == 1


def test_a_reopened_result_opens_the_plan_again(house: House, handler: User) -> None:
    writable(house)
    plan = begun()
    collect.run_task(erase_task(plan).pk)
    tasks.reopen(erase_task(plan).pk, actor=handler.as_actor())
    assert again(plan).done_at is None
    assert requirement(plan) == "erasure_running"


# by hand


@pytest.mark.parametrize(
    "answer,code",
    [
        (Answer(state=TaskState.DONE), "erasure_not_looked"),
        (Answer(state=TaskState.ACCEPTED), "erasure_finish_missing"),
        (Answer(state=TaskState.ACCEPTED, finishes_on=date(2020, 1, 1)), "erasure_finish_missing"),
        (Answer(state=TaskState.KEPT), "erasure_ground_missing"),
        (Answer(state=TaskState.KEPT, ground="legal_claims", kept_until=BOOKS), "erasure_end_unjustified"),
        (Answer(state=TaskState.OPEN), "task_outcome"),
        (Answer(state=TaskState.NOT_FOUND, note="x" * 4001), "task_note_too_long"),
    ],
)
def test_an_answer_by_hand_says_enough(handler: User, answer: Answer, code: str) -> None:
    task = erase_task(begun())
    with refused(code):
        erasure_by_hand.complete(task.pk, answer, actor=handler.as_actor())


def test_the_last_answer_by_hand_ends_the_deletion(handler: User) -> None:
    plan = begun()
    done = Answer(state=TaskState.DONE, looked_again=True, note="Slettet")
    erasure_by_hand.complete(erase_task(plan).pk, done, actor=handler.as_actor())
    assert erase_task(plan).verified_at is not None
    assert again(plan).done_at is not None
    with refused("task_answered"):
        erasure_by_hand.complete(erase_task(plan).pk, done, actor=handler.as_actor())


# afterwards


def test_recipients_are_told_once_each(house: House) -> None:
    dsr = searched()
    for _ in range(2):
        recipients.plan(dsr, ["PA08", "PA07"])
    recipients.plan(dsr, ["PA05"])
    told = dsr.tasks.filter(action=TaskAction.NOTIFY.value)
    assert told.get(system_name="Microsoft (Dynamics)").activities == ["PA08"]
    assert told.filter(system__startswith="recipient:google-analytics").count() == 1
    assert all(task.mode == TaskMode.MANUAL and len(task.system) <= 64 for task in told)


def test_the_block_stands_once_the_deletion_is_done(house: House) -> None:
    plan = proposed()
    assert Suppression.objects.get().state == SuppressionState.PROVISIONAL
    for _ in range(2):
        erasure_suppression.confirm(plan.dsr_id)
    assert Suppression.objects.get().state == SuppressionState.STANDING
    assert AuditEntry.objects.filter(action="marketing.blocked").count() == 1


def test_a_system_that_kept_everything_gives_nobody_anything_to_tell(house: House, handler: User) -> None:
    plan = begun()
    kept = Answer(state=TaskState.KEPT, ground="legal_claims", kept_until=BOOKS, note="Tvist")
    erasure_by_hand.complete(erase_task(plan).pk, kept, actor=handler.as_actor())
    assert again(plan).done_at is not None
    assert not plan.dsr.tasks.filter(action=TaskAction.NOTIFY.value).exists()


def test_a_plan_that_cannot_begin_holds_up_no_other(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    broken, sound = approved(), approved(email="aase.bjornstad@example.com")
    for plan in (broken, sound):
        pass_the_window(plan)
    real = erasure_run.begin

    def begin(dsr_id: int) -> None:
        if dsr_id == broken.dsr_id:
            raise RuntimeError
        real(dsr_id)

    monkeypatch.setattr(erasure_run, "begin", begin)
    assert erasure_run.sweep() == 2
    assert again(sound).begun_at is not None


def test_the_replay_list_names_systems_and_nobody(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    writable(house)
    plan = begun()
    collect.run_task(erase_task(plan).pk)
    call_command("deletions", "2020-01-01")
    [line] = capsys.readouterr().out.splitlines()
    told = json.loads(line)
    assert (told["case"], told["system"], told["action"]) == (plan.dsr.case.reference, "website", "erase")
    assert "solvang" not in line.casefold()


def test_a_plan_without_marketing_leaves_the_block_as_it_is(house: House) -> None:
    plan = proposed()
    plan.lines.exclude(activity="PA03").delete()
    assert not erasure_suppression.concerned(plan.dsr)


def test_a_case_under_a_hold_is_not_forgotten(house: House, handler: User) -> None:
    case = factories.case()
    factories.close(case, timezone.now() - timedelta(days=4 * 366))
    holds.put(case.pk, reason="Krav", review_on=timezone.localdate() + timedelta(days=9), actor=handler.as_actor())
    assert retention.sweep() == 0
    holds.lift(case.pk, actor=handler.as_actor())
    assert retention.sweep() == 1
    assert case.legal_holds.get().reason == ""


def test_an_answer_waits_for_the_deletion(house: House) -> None:
    plan = begun()
    factories.force(plan.dsr, Stage.DECISION_DRAFT)
    assert dict(lifecycle.available(fresh(plan.dsr), factories.staff().as_actor()))[Action.SUBMIT] is not None
