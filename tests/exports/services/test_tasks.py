"""What a person does with a task."""

from collections.abc import Callable
from functools import partial

import pytest
from django.test import TestCase

from exports.domain.enums import TaskState
from exports.services import collect, plan, task_files, tasks
from identity.models import ContactPoint
from requests_app.domain import evidence as kinds
from requests_app.domain.enums import RequirementKind, RequirementState, Stage
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import Actor
from requests_app.models import AuditEntry, AuditHead, Case, OutboxEvent
from tests import factories
from tests.exports.house import House, PowerCut, answer_the_rest, everything_logged, planned, task_of

PDF = tasks.Evidence("Ingrid Solvang.exe", b"%PDF-1.7\nIngrid\nstartxref\n9\n%%EOF")


@pytest.fixture
def actor(house: House) -> Actor:
    """A handler."""
    return factories.staff().as_actor()


def refused(act: Callable[[], object]) -> str:
    """The code with which an act is refused."""
    with pytest.raises(ActionRefused) as caught:
        act()
    return caught.value.reason.code


def test_nothing_found_takes_no_more_than_saying_so(house: House, actor: Actor) -> None:
    dsr = planned()
    tasks.complete(task_of(dsr, "hubspot").pk, state=TaskState.NOT_FOUND, note="", actor=actor)
    task = task_of(dsr, "hubspot")
    assert (task.state, task.done_by_id, task.done_at is None) == (TaskState.NOT_FOUND, actor.user_id, False)
    reason = dsr.requirements.get(kind=RequirementKind.SYSTEMS.value).reason
    assert ("hubspot" in reason, "dynamics" in reason) == (False, True)


def test_when_all_have_answered_the_requirement_holds(house: House) -> None:
    dsr = planned()
    collect.run_task(task_of(dsr).pk)
    answer_the_rest(dsr)
    assert dsr.requirements.get(kind=RequirementKind.SYSTEMS.value).state == RequirementState.MET


def test_evidence_is_kept_encrypted_under_a_harmless_name(house: House, actor: Actor) -> None:
    dsr = planned()
    tasks.complete(task_of(dsr, "hubspot").pk, state=TaskState.DONE, note="", evidence=PDF, actor=actor)
    task = task_of(dsr, "hubspot")
    assert (task.evidence_name, task.evidence_type) == ("Ingrid Solvang.pdf", "application/pdf")
    assert task_files.evidence(task) == PDF.content
    assert b"Ingrid" not in (house.folder / "files" / task.evidence_file).read_bytes()
    assert "Ingrid" not in everything_logged()


@pytest.mark.parametrize(
    "evidence, code",
    [
        (tasks.Evidence("a.pdf", b"MZ\x90\x00\x03"), "evidence_type"),
        (tasks.Evidence("a.pdf", b""), "evidence_type"),
        (tasks.Evidence("a.pdf", b"%PDF-" + b"x" * kinds.LARGEST), "evidence_too_large"),
    ],
)
def test_evidence_that_cannot_be_handed_on_is_refused(
    house: House, actor: Actor, evidence: tasks.Evidence, code: str
) -> None:
    task = task_of(planned(), "hubspot")
    act = lambda: tasks.complete(task.pk, state=TaskState.DONE, note="x", evidence=evidence, actor=actor)  # noqa: E731
    assert refused(act) == code
    task.refresh_from_db()
    assert (task.state, house.files()) == (TaskState.OPEN, [])


def test_what_was_found_must_be_shown(house: House, actor: Actor) -> None:
    task = task_of(planned(), "hubspot")
    assert refused(lambda: tasks.complete(task.pk, state=TaskState.DONE, note=" ", actor=actor)) == "task_nothing_shown"
    tasks.complete(task.pk, state=TaskState.DONE, note="To e-poster fra mars.", actor=actor)


@pytest.mark.parametrize("state", [TaskState.OPEN, TaskState.FAILED, TaskState.ACCEPTED, TaskState.KEPT])
def test_reading_by_hand_ends_in_found_or_not_found(house: House, actor: Actor, state: TaskState) -> None:
    task = task_of(planned(), "hubspot")
    assert refused(lambda: tasks.complete(task.pk, state=state, note="x", actor=actor)) == "task_outcome"


def test_who_cannot_be_recognised_was_not_found(house: House, actor: Actor) -> None:
    dsr = planned()
    done = lambda: tasks.complete(  # noqa: E731
        task_of(dsr, "ga").pk, state=TaskState.DONE, note="x", cannot_identify=True, actor=actor
    )
    assert refused(done) == "task_outcome"
    tasks.complete(task_of(dsr, "ga").pk, state=TaskState.NOT_FOUND, note="", cannot_identify=True, actor=actor)
    assert task_of(dsr, "ga").cannot_identify


@pytest.mark.parametrize("note", ["x" * (tasks.LONGEST_NOTE + 1), "a\0b"])
def test_a_note_that_cannot_be_kept_is_refused(house: House, actor: Actor, note: str) -> None:
    task = task_of(planned(), "hubspot")
    code = refused(lambda: tasks.complete(task.pk, state=TaskState.NOT_FOUND, note=note, actor=actor))
    assert code == "task_note_too_long"


def test_a_contact_that_was_found_becomes_an_address_on_file(house: House, actor: Actor) -> None:
    dsr = planned("new.address@example.com")
    assert dsr.requirements.get(kind=RequirementKind.DELIVERY_ADDRESS.value).state == RequirementState.MET

    def complete(contact: str) -> None:
        task_id = task_of(dsr, "hubspot").pk
        tasks.complete(task_id, state=TaskState.DONE, note="Kontakt 7", contact=contact, actor=actor)

    assert refused(lambda: complete("not an address")) == "task_contact"
    complete(" old.address@example.com ")
    point = ContactPoint.objects.get(case=dsr.case)
    assert (point.system, point.value) == ("hubspot", "old.address@example.com")
    assert dsr.requirements.get(kind=RequirementKind.DELIVERY_ADDRESS.value).state == RequirementState.OPEN


def test_a_task_is_answered_once(house: House, actor: Actor) -> None:
    task = task_of(planned(), "hubspot")
    tasks.complete(task.pk, state=TaskState.NOT_FOUND, note="", actor=actor)
    again = lambda: tasks.complete(task.pk, state=TaskState.DONE, note="x", actor=actor)  # noqa: E731
    assert refused(again) == "task_answered"


def test_killed_before_the_commit_nothing_was_answered(house: House, actor: Actor) -> None:
    dsr = planned()
    task_id = task_of(dsr, "hubspot").pk
    with PowerCut(), pytest.raises(AuditHead.DoesNotExist):
        tasks.complete(task_id, state=TaskState.DONE, note="", evidence=PDF, actor=actor)
    assert (task_of(dsr, "hubspot").state, task_of(dsr, "hubspot").evidence_file) == (TaskState.OPEN, "")
    tasks.complete(task_of(dsr, "hubspot").pk, state=TaskState.NOT_FOUND, note="", actor=actor)
    assert house.files() == []


def test_an_answer_can_be_taken_back_and_its_file_goes(house: House, actor: Actor) -> None:
    dsr = planned()
    tasks.complete(task_of(dsr, "hubspot").pk, state=TaskState.DONE, note="Funnet", evidence=PDF, actor=actor)
    with TestCase.captureOnCommitCallbacks(execute=True):
        tasks.reopen(task_of(dsr, "hubspot").pk, actor=actor)
    task = task_of(dsr, "hubspot")
    assert (task.state, task.note, task.evidence_file, task.done_by) == (TaskState.OPEN, "Funnet", "", None)
    assert house.files() == []
    assert "hubspot" in dsr.requirements.get(kind=RequirementKind.SYSTEMS.value).reason
    assert refused(lambda: tasks.reopen(task.pk, actor=actor)) == "task_not_answered"


def test_an_automatic_task_that_is_taken_back_is_asked_again(house: House, actor: Actor) -> None:
    dsr = planned()
    collect.run_task(task_of(dsr).pk)
    tasks.reopen(task_of(dsr).pk, actor=actor)
    keys = OutboxEvent.objects.filter(name="TaskOpened").order_by("id").values_list("key", flat=True)
    assert list(keys) == [f"task:{task_of(dsr).pk}:{number}>run_task" for number in (1, 2)]


def test_only_a_failed_automatic_task_can_be_tried_again(house: House, actor: Actor) -> None:
    dsr = planned()
    open_ones = [task_of(dsr, "website").pk, task_of(dsr, "hubspot").pk]
    for act in [partial(tasks.retry, task_id, actor=actor) for task_id in open_ones]:
        assert refused(act) == "task_not_failed"


def test_a_failed_automatic_task_may_be_answered_by_hand(house: House, actor: Actor) -> None:
    house.dataset.unlink()
    dsr = planned()
    collect.run_task(task_of(dsr).pk)
    tasks.complete(task_of(dsr).pk, state=TaskState.NOT_FOUND, note="Sett etter selv", actor=actor)
    assert (task_of(dsr).state, task_of(dsr).fault, task_of(dsr).error) == (TaskState.NOT_FOUND, "", "")


@pytest.mark.parametrize("stage", [Stage.IN_REVIEW, Stage.RELEASED])
def test_what_lies_with_the_approver_is_not_changed(house: House, actor: Actor, stage: Stage) -> None:
    dsr = planned()
    factories.force(dsr, stage)
    task = task_of(dsr, "hubspot")
    assert refused(lambda: tasks.complete(task.pk, state=TaskState.NOT_FOUND, note="", actor=actor)) == "task_not_now"
    assert refused(lambda: tasks.reopen(task.pk, actor=actor)) == "task_not_now"


def test_the_audit_knows_who_and_which_system(house: House, actor: Actor) -> None:
    dsr = planned()
    tasks.complete(task_of(dsr, "hubspot").pk, state=TaskState.NOT_FOUND, note="Ingrid finnes ikke", actor=actor)
    entry = AuditEntry.objects.get(action="task.answered")
    assert (entry.actor, entry.subject) == (actor.label, f"dsr:{dsr.pk}")
    assert (entry.details["system"], entry.details["state"]) == ("hubspot", "not_found")
    assert "Ingrid" not in everything_logged()


@pytest.mark.parametrize("requester", ["self", "representative"])
def test_what_is_found_by_name_never_goes_to_a_stranger(house: House, actor: Actor, requester: str) -> None:
    dsr = factories.case(email="attacker@evil.example").dsrs.get()
    Case.objects.filter(pk=dsr.case_id).update(requester=requester)
    plan.locate_and_plan(dsr.pk)
    address = dsr.requirements.get(kind=RequirementKind.DELIVERY_ADDRESS.value)
    for_another = (RequirementState.OPEN, "delivery_to_the_person") if requester != "self" else None
    assert (address.state, address.reason) == (for_another or (RequirementState.MET, ""))
    task = task_of(dsr, "hubspot")
    tasks.complete(task.pk, state=TaskState.DONE, note="Søkte på navn, 14 rader.", actor=actor)
    address.refresh_from_db()
    assert (address.state, address.reason) == (for_another or (RequirementState.OPEN, "delivery_found_by_hand"))
    tasks.reopen(task.pk, actor=actor)
    address.refresh_from_db()
    assert (address.state, address.reason) == (for_another or (RequirementState.MET, ""))
    tasks.complete(task.pk, state=TaskState.DONE, note="Søkte på navn.", contact="kari@work.example", actor=actor)
    address.refresh_from_db()
    assert (address.state, address.reason) == (for_another or (RequirementState.OPEN, "delivery_unknown_address"))
