"""Rectification: right values for wrong ones, entered, sealed, carried out by connector or hand."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from exports.domain.enums import TaskAction, TaskMode, TaskState
from exports.models import Correction, SystemTask
from exports.services import collect, correction_run, corrections, decide, holdings, notice, purge, tasks
from identity.domain.enums import Level, VerificationState
from identity.models import Verification
from identity.services import new_address
from requests_app.domain.enums import Outcome, RequirementKind, RequirementState, Role, Stage
from requests_app.domain.grounds import Ground
from requests_app.domain.snapshot import Actor
from requests_app.models import AuditEntry, Case, DataSubjectRequest, Message, Requirement
from tests import factories
from tests.exports.house import House, everything_logged
from tests.exports.ledger import Ledger
from tests.exports.rectifying import (
    EMAIL,
    NEW,
    carried_out,
    confirm_all,
    corrected,
    place_of,
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


def held(dsr: DataSubjectRequest, kind: RequirementKind) -> Requirement:
    return dsr.requirements.get(kind=kind.value)


def test_a_value_is_corrected_and_a_second_look_proves_it(ledger: Ledger, actor: Actor) -> None:
    dsr = searched()
    row = corrected(dsr, actor)
    assert (row.old_value, row.new_value, row.done_at) == ("Kari Hölm", "Kari Holm", None)
    task = carried_out(dsr, actor)
    assert ledger.rows[("users", "7")]["name"] == "Kari Holm"
    assert (task.state, task.mode, task.verified_at is None) == (TaskState.DONE, TaskMode.AUTOMATIC, False)
    row.refresh_from_db()
    assert row.done_at == task.done_at


def test_the_plan_is_open_until_everything_is_corrected(ledger: Ledger, actor: Actor) -> None:
    dsr = searched()
    assert held(dsr, RequirementKind.PLAN).reason == "corrections_missing"
    corrected(dsr, actor)
    assert held(dsr, RequirementKind.PLAN).reason == "corrections_open"
    carried_out(dsr, actor)
    assert held(dsr, RequirementKind.PLAN).state == RequirementState.MET


@pytest.mark.parametrize("outcome, state", [(Outcome.REFUSED, "met"), (Outcome.WITHDRAWN_BY_REQUESTER, "met")])
def test_where_nothing_is_to_change_no_plan_is_needed(
    ledger: Ledger, actor: Actor, outcome: Outcome, state: str
) -> None:
    dsr = searched()
    decide.begin(dsr.pk, actor=actor)
    decide.choose(dsr.pk, outcome, "Opplysningene stemmer.", grounds=[Ground.DATA_ACCURATE], actor=actor)
    assert held(dsr, RequirementKind.PLAN).state == state


@pytest.mark.parametrize("wrong", ["", f"<{EMAIL}>", f"Kari Holm <{EMAIL.upper()}>", "mangler"])
def test_no_way_of_writing_it_changes_an_address_without_the_old_and_the_new_one(
    ledger: Ledger, actor: Actor, wrong: str
) -> None:
    dsr = searched()
    system = dsr.tasks.filter(mode=TaskMode.MANUAL.value).order_by("id").first()
    assert system is not None
    tasks.reopen(system.pk, actor=actor)
    tasks.complete(system.pk, state=TaskState.DONE, note="Et kort", actor=actor)
    corrections.enter_by_hand(dsr.pk, system.system, "E-post", wrong, NEW, actor=actor)
    reason = correction_run.why_not_carry_out(fresh(dsr))
    assert reason is not None
    assert Verification.objects.filter(case=dsr.case, purpose="new_address", sent_to=NEW).exists()


def test_the_audit_proves_values_without_telling_them(ledger: Ledger, actor: Actor) -> None:
    dsr = searched()
    row = corrected(dsr, actor)
    carried_out(dsr, actor)
    entry = AuditEntry.objects.get(action="correction.entered")
    assert (entry.details["before"], entry.details["after"]) == (row.before_hmac, row.after_hmac)
    assert len({row.before_hmac, row.after_hmac, ""}) == 3
    assert "Kari" not in everything_logged()


def test_the_values_go_with_the_working_copies_and_their_hashes_stay(ledger: Ledger, actor: Actor) -> None:
    dsr = searched()
    row = corrected(dsr, actor)
    factories.close(dsr.case)
    with time_machine.travel(timezone.now() + purge.AFTER_CLOSURE + timedelta(hours=1)):
        purge.sweep()
        assert purge.sweep() == 0
    kept = Correction.objects.get()
    assert (kept.old_value, kept.new_value, kept.record_key == row.record_key) == ("", "", False)
    assert (kept.before_hmac, kept.after_hmac) == (row.before_hmac, row.after_hmac)


def test_keys_and_what_the_system_writes_itself_are_never_corrected(ledger: Ledger, actor: Actor) -> None:
    dsr = searched()
    names = {place.value.name for place in holdings.places(holdings.of_request(dsr))}
    assert names == {"email", "name", "visits", "active"}
    key = holdings.Wanted("website", "users", "7", "id", "8")
    assert refused(lambda: corrections.enter(dsr.pk, [key], actor=actor)) == "correction_read_only"
    assert not dsr.corrections.exists()


@pytest.mark.parametrize(
    "name, text",
    [
        ("visits", "three"),
        ("visits", "3.5"),
        ("active", "perhaps"),
        ("email", "nobody"),
        ("email", f"<{NEW}>"),
        ("email", f"mailto:{NEW}"),
        ("email", f"Kari<{NEW}>"),
        ("name", "x" * 4001),
        ("name", "a\0b"),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused_and_nothing_of_it_kept(
    ledger: Ledger, actor: Actor, name: str, text: str
) -> None:
    dsr = searched()
    both = [wish(dsr, "name", "Kari Holm", "newsletter"), wish(dsr, name, text)]
    assert refused(lambda: corrections.enter(dsr.pk, both, actor=actor)) == "correction_wrong_type"
    assert not dsr.corrections.exists()


def test_numbers_and_truths_arrive_as_what_they_are(ledger: Ledger, actor: Actor) -> None:
    dsr = searched()
    corrections.enter(dsr.pk, [wish(dsr, "visits", " 4 "), wish(dsr, "active", "false")], actor=actor)
    carried_out(dsr, actor)
    row = ledger.rows[("users", "7")]
    assert (row["visits"], row["active"]) == (4, False)


def test_the_value_that_stands_there_takes_a_wish_back(ledger: Ledger, actor: Actor) -> None:
    dsr = searched()
    corrected(dsr, actor)
    assert corrections.enter(dsr.pk, [wish(dsr, "name", "Kari Hölm")], actor=actor) == 1
    assert not dsr.corrections.exists()
    assert corrections.enter(dsr.pk, [wish(dsr, "name", "Kari Hölm")], actor=actor) == 0
    assert held(dsr, RequirementKind.PLAN).reason == "corrections_missing"


def test_the_same_value_elsewhere_is_found(ledger: Ledger, actor: Actor) -> None:
    dsr = searched()
    chosen = [place_of(dsr, "email"), place_of(dsr, "name", "newsletter")]
    others, none = holdings.alike(holdings.of_request(dsr), chosen)
    assert [(p.record.collection, p.value.name) for p in others] == [("newsletter", "email")]
    assert none == []


def test_of_two_handlers_the_second_is_told(ledger: Ledger, actor: Actor) -> None:
    dsr, other = searched(), factories.staff().as_actor()
    version = dsr.case.version
    corrections.enter(dsr.pk, [wish(dsr, "name", "Kari Holm")], actor=actor, version=version)
    late = [wish(dsr, "name", "Kåre Holm")]
    assert refused(lambda: corrections.enter(dsr.pk, late, actor=other, version=version)) == "case_changed"
    assert dsr.corrections.get().new_value == "Kari Holm"


def test_pressing_twice_orders_once(ledger: Ledger, actor: Actor) -> None:
    dsr = searched()
    corrected(dsr, actor)
    version = fresh(dsr).case.version
    assert correction_run.carry_out(dsr.pk, actor=actor, version=version) == 1
    assert correction_run.carry_out(dsr.pk, actor=actor, version=version) == 0
    collect.run_task(task_of(dsr, "website").pk)
    collect.run_task(task_of(dsr, "website").pk)
    assert ledger.calls == 1
    assert AuditEntry.objects.filter(action="correction.ordered").count() == 1
    assert refused(lambda: correction_run.carry_out(dsr.pk, actor=actor)) == "corrections_nothing_open"


def test_while_a_system_is_being_corrected_its_orders_stand(ledger: Ledger, actor: Actor) -> None:
    dsr = searched()
    row = corrected(dsr, actor)
    correction_run.carry_out(dsr.pk, actor=actor)
    change = [wish(dsr, "visits", "4")]
    assert refused(lambda: corrections.enter(dsr.pk, change, actor=actor)) == "correction_under_way"
    assert refused(lambda: corrections.remove(row.pk, actor=actor)) == "correction_under_way"


def test_what_was_changed_meanwhile_fails_by_name_and_is_mended_by_looking_again(ledger: Ledger, actor: Actor) -> None:
    dsr = searched()
    corrected(dsr, actor)
    ledger.rows[("users", "7")]["name"] = "Kari H."
    task = carried_out(dsr, actor)
    assert (task.state, task.fault, task.fault_place) == (TaskState.FAILED, "changed_meanwhile", "users.name")
    assert held(dsr, RequirementKind.PLAN).state == RequirementState.OPEN
    read = task_of(dsr, "website", TaskAction.READ)
    tasks.reopen(read.pk, actor=actor)
    collect.run_task(read.pk)
    assert refused(lambda: correction_run.carry_out(dsr.pk, actor=actor)) == "correction_outdated"
    corrections.enter(dsr.pk, [wish(dsr, "name", "Kari Holm")], actor=actor)
    assert carried_out(dsr, actor).state == TaskState.DONE
    assert ledger.rows[("users", "7")]["name"] == "Kari Holm"


def test_a_row_that_is_gone_stops_the_order_before_the_system_does(ledger: Ledger, actor: Actor) -> None:
    dsr = searched()
    corrected(dsr, actor)
    del ledger.rows[("users", "7")]
    assert carried_out(dsr, actor).fault == "not_theirs"
    read = task_of(dsr, "website", TaskAction.READ)
    tasks.reopen(read.pk, actor=actor)
    collect.run_task(read.pk)
    assert refused(lambda: correction_run.carry_out(dsr.pk, actor=actor)) == "correction_outdated"
    corrections.remove(dsr.corrections.get().pk, actor=actor)
    assert not dsr.corrections.exists()


def test_a_worker_that_died_after_the_system_had_changed_does_no_harm(ledger: Ledger, actor: Actor) -> None:
    dsr = searched()
    corrected(dsr, actor)
    correction_run.carry_out(dsr.pk, actor=actor)
    ledger.rows[("users", "7")]["name"] = "Kari Holm"  # the first worker got as far as that
    collect.run_task(task_of(dsr, "website").pk)
    assert task_of(dsr, "website").state == TaskState.DONE


def test_afterwards_every_recipient_is_to_be_told_and_only_the_closing_waits(ledger: Ledger, actor: Actor) -> None:
    dsr = searched()
    corrected(dsr, actor)
    carried_out(dsr, actor)
    notices = dsr.tasks.filter(action=TaskAction.NOTIFY.value)
    assert {n.system for n in notices} >= {"recipient:hubspot"}
    assert held(dsr, RequirementKind.RECIPIENTS).state == RequirementState.OPEN
    assert held(dsr, RequirementKind.SYSTEMS).state == RequirementState.MET


def test_recipients_are_told_of_every_correction_at_once_when_the_last_system_has_answered(
    ledger: Ledger, actor: Actor
) -> None:
    dsr = searched()
    searched_by_hand(dsr, actor)
    corrected(dsr, actor)
    corrections.enter_by_hand(dsr.pk, "hubspot", "Job title", "Sjef", "Leder", actor=actor)
    carried_out(dsr, actor)
    assert not notices(dsr)
    tasks.complete(task_of(dsr, "hubspot").pk, state=TaskState.DONE, note="Søkte på nytt: Leder.", actor=actor)
    assert all("Kari Holm" in (said := notice.text_for(one, "nb").body) and "Leder" in said for one in notices(dsr))
    assert {one.system for one in notices(dsr)} >= {"recipient:hubspot"}


def test_a_recipient_is_told_of_the_data_it_received_and_of_no_other(ledger: Ledger, actor: Actor) -> None:
    ledger.activities["newsletter"] = ("PA07",)
    dsr = searched()
    searched_by_hand(dsr, actor)
    corrections.enter(
        dsr.pk, [wish(dsr, "name", "Kari Holm"), wish(dsr, "name", "Kari H.", "newsletter")], actor=actor
    )  # fmt: skip
    corrections.enter_by_hand(dsr.pk, "hubspot", "Job title", "Sjef", "Leder", actor=actor)
    carried_out(dsr, actor)
    hubspot = task_of(dsr, "hubspot")
    tasks.complete(hubspot.pk, state=TaskState.DONE, note="Søkte på nytt: Leder.", actor=actor)
    for one in notices(dsr):
        said = notice.text_for(one, "nb").body
        assert ("Kari Holm" in said) == ("PA08" in one.activities), one.system
        assert ("Kari H." in said) == ("PA07" in one.activities), one.system
        assert ("Leder" in said) == bool(set(hubspot.activities) & set(one.activities)), one.system
    assert {("PA07" in one.activities, "PA08" in one.activities) for one in notices(dsr)} >= {
        (True, False), (False, True),
    }  # fmt: skip


def test_who_was_told_already_is_told_again_of_what_is_corrected_later(ledger: Ledger, actor: Actor) -> None:
    dsr = searched()
    corrected(dsr, actor)
    carried_out(dsr, actor)
    first, second = notices(dsr)[:2]
    today = timezone.localdate()
    tasks.complete(first.pk, state=TaskState.DONE, note="E-post", told_on=today, actor=actor)
    tasks.complete(second.pk, state=TaskState.KEPT, ground="impossible", note="Selskapet finnes ikke.", actor=actor)
    searched_by_hand(dsr, actor)
    corrections.enter_by_hand(dsr.pk, "hubspot", "Job title", "Sjef", "Leder", actor=actor)
    correction_run.carry_out(dsr.pk, actor=actor)
    tasks.complete(task_of(dsr, "hubspot").pk, state=TaskState.DONE, note="Søkte på nytt: Leder.", actor=actor)
    states = {one.pk: (one.state, one.note) for one in notices(dsr)}
    assert states[first.pk] == (TaskState.OPEN, "E-post")
    assert states[second.pk] == (TaskState.KEPT, "Selskapet finnes ikke.")
    assert held(dsr, RequirementKind.RECIPIENTS).state == RequirementState.OPEN


def notices(dsr: DataSubjectRequest) -> list[SystemTask]:
    """The tasks to tell somebody, in their order."""
    return list(dsr.tasks.filter(action=TaskAction.NOTIFY.value).order_by("id"))


def test_what_was_corrected_is_not_corrected_anew_on_an_old_look(ledger: Ledger, actor: Actor) -> None:
    dsr = searched()
    corrected(dsr, actor)
    carried_out(dsr, actor)
    again = [wish(dsr, "name", "Kåre Holm")]
    assert refused(lambda: corrections.enter(dsr.pk, again, actor=actor)) == "correction_done"
    assert corrections.enter(dsr.pk, [wish(dsr, "name", "Kari Hölm")], actor=actor) == 0  # the page as it was filled
    read = task_of(dsr, "website", TaskAction.READ)
    tasks.reopen(read.pk, actor=actor)
    collect.run_task(read.pk)
    corrections.enter(dsr.pk, [wish(dsr, "name", "Kåre Holm")], actor=actor)
    carried_out(dsr, actor)
    assert ledger.rows[("users", "7")]["name"] == "Kåre Holm"


def test_a_system_without_a_connector_is_corrected_by_hand(ledger: Ledger, actor: Actor) -> None:
    dsr = searched()
    searched_by_hand(dsr, actor)
    corrections.enter_by_hand(dsr.pk, "hubspot", "Job title", "Sjef", "Leder", actor=actor)
    correction_run.carry_out(dsr.pk, actor=actor)
    task = task_of(dsr, "hubspot")
    assert (task.mode, task.state) == (TaskMode.MANUAL, TaskState.OPEN)
    assert refused(lambda: tasks.complete(task.pk, state=TaskState.DONE, actor=actor)) == "task_unverified"
    tasks.complete(task.pk, state=TaskState.DONE, note="Søkte på nytt: Leder.", actor=actor)
    assert dsr.corrections.get().done_at == task_of(dsr, "hubspot").done_at
    tasks.reopen(task.pk, actor=actor)
    assert dsr.corrections.get().done_at is None


def test_two_fields_of_one_name_in_a_system_that_was_searched_by_hand_are_two_corrections(
    ledger: Ledger, actor: Actor
) -> None:
    dsr = searched()
    searched_by_hand(dsr, actor)
    corrections.enter_by_hand(dsr.pk, "hubspot", "Job title", "Sjef", "Leder", actor=actor)
    corrections.enter_by_hand(dsr.pk, "hubspot", "Job title", "Selgerr", "Selger", actor=actor)
    corrections.enter_by_hand(dsr.pk, "hubspot", "Job title", "Selgerr", "Selger", actor=actor)  # pressed twice
    assert list(dsr.corrections.values_list("new_value", flat=True)) == ["Leder", "Selger"]


def test_what_was_corrected_by_hand_stays_written_when_more_is_corrected(ledger: Ledger, actor: Actor) -> None:
    dsr = searched()
    searched_by_hand(dsr, actor)
    corrections.enter_by_hand(dsr.pk, "hubspot", "Job title", "Sjef", "Leder", actor=actor)
    correction_run.carry_out(dsr.pk, actor=actor)
    tasks.complete(task_of(dsr, "hubspot").pk, state=TaskState.DONE, note="Leder.", actor=actor)
    corrections.enter_by_hand(dsr.pk, "hubspot", "Job title", "Selgerr", "Selger", actor=actor)
    made = dict(dsr.corrections.values_list("new_value", "done_at"))
    assert (made["Leder"] is None, made["Selger"]) == (False, None)


def test_what_was_refused_is_not_made_by_a_later_order(ledger: Ledger, actor: Actor) -> None:
    dsr = searched()
    searched_by_hand(dsr, actor)
    corrections.enter_by_hand(dsr.pk, "hubspot", "Job title", "Sjef", "Leder", actor=actor)
    correction_run.carry_out(dsr.pk, actor=actor)
    tasks.complete(task_of(dsr, "hubspot").pk, state=TaskState.KEPT, ground="data_accurate", actor=actor)
    corrections.enter_by_hand(dsr.pk, "hubspot", "Company", "Optimal", "Optimar", actor=actor)
    correction_run.carry_out(dsr.pk, actor=actor)
    tasks.complete(task_of(dsr, "hubspot").pk, state=TaskState.DONE, note="Optimar.", actor=actor)
    made = dict(dsr.corrections.values_list("new_value", "done_at"))
    assert (made["Leder"], made["Optimar"] is None) == (None, False)
    assert held(dsr, RequirementKind.PLAN).state == RequirementState.MET


def test_what_a_vendor_is_at_goes_along_with_a_later_order(ledger: Ledger, actor: Actor) -> None:
    dsr, soon = searched(), timezone.localdate() + timedelta(days=3)
    searched_by_hand(dsr, actor)
    corrections.enter_by_hand(dsr.pk, "hubspot", "Job title", "Sjef", "Leder", actor=actor)
    correction_run.carry_out(dsr.pk, actor=actor)
    tasks.complete(task_of(dsr, "hubspot").pk, state=TaskState.ACCEPTED, finishes_on=soon, actor=actor)
    corrections.enter_by_hand(dsr.pk, "hubspot", "Company", "Optimal", "Optimar", actor=actor)
    correction_run.carry_out(dsr.pk, actor=actor)
    tasks.complete(task_of(dsr, "hubspot").pk, state=TaskState.DONE, note="Begge.", actor=actor)
    assert not dsr.corrections.filter(done_at=None).exists()


def test_a_correction_that_is_only_ordered_or_kept_is_never_called_made(ledger: Ledger, actor: Actor) -> None:
    dsr = searched()
    searched_by_hand(dsr, actor)
    corrections.enter_by_hand(dsr.pk, "hubspot", "Job title", "Sjef", "Leder", actor=actor)
    correction_run.carry_out(dsr.pk, actor=actor)
    task = task_of(dsr, "hubspot")
    tasks.complete(task.pk, state=TaskState.ACCEPTED, finishes_on=timezone.localdate() + timedelta(days=3), actor=actor)
    assert dsr.corrections.get().done_at is None
    assert held(dsr, RequirementKind.PLAN).state == RequirementState.MET
    tasks.reopen(task.pk, actor=actor)
    tasks.complete(task.pk, state=TaskState.KEPT, ground="data_accurate", actor=actor)
    assert (dsr.corrections.get().done_at, held(dsr, RequirementKind.PLAN).state) == (None, RequirementState.MET)


@pytest.mark.parametrize(
    "system, name, right, code",
    [
        ("hubspot", " ", "Leder", "correction_incomplete"),
        ("hubspot", "Job title", " ", "correction_incomplete"),
        ("hubspot", "x" * 201, "Leder", "correction_wrong_type"),
        ("hubspot", "Job\0", "Leder", "correction_wrong_type"),
        ("website", "name", "Leder", "correction_row_gone"),
        ("nowhere", "name", "Leder", "correction_row_gone"),
    ],
)
def test_bad_corrections_by_hand(ledger: Ledger, actor: Actor, system: str, name: str, right: str, code: str) -> None:
    dsr = searched()
    searched_by_hand(dsr, actor)
    act = lambda: corrections.enter_by_hand(dsr.pk, system, name, "", right, actor=actor)  # noqa: E731
    assert refused(act) == code


def test_what_lies_with_the_approver_is_not_corrected(ledger: Ledger, actor: Actor) -> None:
    dsr = searched()
    change = [wish(dsr, "name", "Kari Holm")]
    factories.force(dsr, Stage.IN_REVIEW)
    assert refused(lambda: corrections.enter(dsr.pk, change, actor=actor)) == "task_not_now"
    assert refused(lambda: correction_run.carry_out(dsr.pk, actor=actor)) == "task_not_now"


def test_an_address_on_file_changes_only_when_the_old_and_the_new_one_are_confirmed(
    ledger: Ledger, actor: Actor
) -> None:
    dsr = searched()
    corrected(dsr, actor, "email", NEW)
    asked = Message.objects.filter(case=dsr.case, intent="identity_request").values_list("to_address", flat=True)
    assert sorted(asked) == [EMAIL, NEW]
    assert refused(lambda: correction_run.carry_out(dsr.pk, actor=actor)) == "identity_new_address_open"
    assert held(dsr, RequirementKind.IDENTITY).state == RequirementState.OPEN
    confirm_all(dsr)
    assert held(dsr, RequirementKind.IDENTITY).state == RequirementState.MET
    assert carried_out(dsr, actor).state == TaskState.DONE
    assert ledger.rows[("users", "7")]["email"] == NEW


def test_afterwards_the_person_is_found_by_the_new_address(ledger: Ledger, actor: Actor) -> None:
    dsr = searched()
    corrections.enter(dsr.pk, [wish(dsr, "email", NEW), wish(dsr, "email", NEW, "newsletter")], actor=actor)
    confirm_all(dsr)
    carried_out(dsr, actor)
    read = task_of(dsr, "website", TaskAction.READ)
    tasks.reopen(read.pk, actor=actor)
    collect.run_task(read.pk)
    assert task_of(dsr, "website", TaskAction.READ).rows == 2


def test_only_the_new_address_is_not_enough(ledger: Ledger, actor: Actor) -> None:
    dsr = searched()
    corrected(dsr, actor, "email", NEW)
    Verification.objects.filter(purpose="new_address").update(state=VerificationState.CONFIRMED.value)
    assert refused(lambda: correction_run.carry_out(dsr.pk, actor=actor)) == "identity_old_address_open"


def test_an_old_address_that_is_lost_takes_the_decision_maker_and_a_reason(ledger: Ledger, actor: Actor) -> None:
    dsr, boss = searched(), factories.staff(Role.DECISION_MAKER).as_actor()
    corrected(dsr, actor, "email", NEW)
    link = Verification.objects.get(purpose="new_address")
    why = "Postkassen er stengt; ringt på nummeret vi har."
    assert refused(lambda: new_address.old_is_lost(link.pk, why, actor=actor)) == "decision_maker_only"
    assert refused(lambda: new_address.old_is_lost(link.pk, " ", actor=boss)) == "old_address_reason"
    new_address.old_is_lost(link.pk, why, actor=boss)
    assert refused(lambda: correction_run.carry_out(dsr.pk, actor=actor)) == "identity_new_address_open"
    confirm_all(dsr)
    assert refused(lambda: correction_run.carry_out(dsr.pk, actor=actor)) == "identity_old_address_level"
    scenes.shown(dsr.case, Level.L1)
    assert refused(lambda: correction_run.carry_out(dsr.pk, actor=actor)) == "identity_old_address_level"
    scenes.shown(dsr.case, Level.L2)
    assert carried_out(dsr, actor).state == TaskState.DONE
    assert "Postkassen" not in everything_logged()


def test_another_new_address_is_asked_anew_and_the_first_link_is_dead(ledger: Ledger, actor: Actor) -> None:
    dsr = searched()
    corrected(dsr, actor, "email", NEW)
    corrected(dsr, actor, "email", "kari.riktig@example.com")
    states = dict(Verification.objects.filter(purpose="new_address").values_list("sent_to", "state"))
    assert states == {NEW: "withdrawn", "kari.riktig@example.com": "asked"}
    corrections.remove(dsr.corrections.get().pk, actor=actor)
    assert not Verification.objects.filter(purpose="new_address").exclude(state="withdrawn").exists()


def test_somebody_who_writes_for_another_has_everything_corrected_by_hand(
    house: House, ledger: Ledger, actor: Actor
) -> None:
    dsr = searched()
    corrected(dsr, actor)
    Case.objects.filter(pk=dsr.case_id).update(requester="representative")
    correction_run.carry_out(dsr.pk, actor=actor)
    assert task_of(dsr, "website").mode == TaskMode.MANUAL


def test_what_stands_there_now_is_no_correction_however_odd_it_is(ledger: Ledger, actor: Actor) -> None:
    ledger.rows[("users", "7")] |= {"name": "Kari\n Holm ", "seen_at": None}
    ledger.rows[("newsletter", "40")] |= {"name": "3"}
    dsr = searched()
    same = [wish(dsr, "name", "Kari\r\n Holm "), wish(dsr, "name", "3", "newsletter"), wish(dsr, "visits", "3")]
    assert corrections.enter(dsr.pk, same, actor=actor) == 0


def test_a_blank_behind_a_value_can_be_corrected(ledger: Ledger, actor: Actor) -> None:
    ledger.rows[("users", "7")]["name"] = "Kari Holm "
    dsr = searched()
    assert corrections.enter(dsr.pk, [wish(dsr, "name", "Kari Holm ")], actor=actor) == 0
    corrected(dsr, actor)
    carried_out(dsr, actor)
    assert ledger.rows[("users", "7")]["name"] == "Kari Holm"
