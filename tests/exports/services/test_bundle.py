"""The package: drawn once for the same facts, kept whole or not at all, never out of step with what it says."""

import json
import sys
from io import BytesIO

import pytest
from django.utils import timezone
from pypdf import PdfReader

from exports import vault
from exports.domain.enums import TaskState
from exports.models import Bundle, ConcernedRegister, SystemTask
from exports.services import answer, bundle, bundle_files, decide, register, requirements, tasks
from identity.models import User
from requests_app import outbox
from requests_app.domain.enums import Action, Outcome, RequirementKind, Role
from requests_app.domain.grounds import Ground
from requests_app.models import AuditEntry, DataSubjectRequest, Override
from requests_app.services import lifecycle
from tests import factories
from tests.exports import scenes
from tests.exports.conftest import REGISTER
from tests.exports.house import House, PowerCut, everything_logged, owed, planned, task_of
from tests.exports.manifests import mismatches


@pytest.fixture
def handler(house: House) -> User:
    """Somebody who prepares answers."""
    return factories.staff(Role.HANDLER)


def standing(dsr: DataSubjectRequest) -> tuple[str, str]:
    """State and reason of the requirement ANSWER."""
    row = dsr.requirements.get(kind=RequirementKind.ANSWER.value)
    return row.state, row.reason


def package_of(kept: Bundle) -> dict[str, bytes]:
    """The files of a package in clear."""
    return {file.name: bundle_files.read(file) for file in kept.files.all()}


def test_a_package_is_drawn_proved_and_kept_once(house: House, handler: User) -> None:
    dsr = scenes.drafted(handler)
    assert standing(dsr) == ("open", "answer_not_built")
    bundle.build(dsr.pk)
    kept = scenes.current(dsr)
    files = package_of(kept)
    letter = f"{dsr.case.reference}-innsyn.pdf"
    assert {letter, "data.json", "manifest.json"} < files.keys()
    assert sum(name.startswith("tables/") for name in files) == 6
    assert mismatches(files["manifest.json"], files) == ()
    assert {line["file"] for line in kept.manifest} == files.keys() - {"manifest.json"}
    assert PdfReader(BytesIO(files[letter])).attachments["data.json"] == [files["data.json"]]
    assert json.loads(files["data.json"])["counts"]["entries"] == task_of(dsr).rows
    assert standing(dsr) == ("met", "")
    bundle.build(dsr.pk)
    assert Bundle.objects.count() == 1
    assert package_of(scenes.current(dsr)) == files
    assert "Ingrid" not in everything_logged()
    for path in (house.folder / "files").rglob("*"):
        assert path.is_dir() or b"Ingrid" not in path.read_bytes()


def test_a_new_round_of_the_outbox_draws_nothing_anew(handler: User) -> None:
    dsr = scenes.drafted(handler)
    scenes.packed(dsr)
    while outbox.relay():
        pass
    assert owed("BundleRequested") == owed("DecisionDrafted") == 0
    assert Bundle.objects.filter(dsr=dsr).count() == 1
    assert standing(dsr) == ("met", "")


def test_nothing_is_built_before_the_draft_and_before_the_outcome(handler: User) -> None:
    dsr = scenes.searched()
    bundle.build(dsr.pk)
    assert not dsr.requirements.filter(kind=RequirementKind.ANSWER.value).exists()
    decide.begin(dsr.pk, actor=handler.as_actor())
    bundle.build(dsr.pk)
    assert standing(dsr) == ("open", "answer_waits_outcome")
    assert not Bundle.objects.exists()


def test_while_the_register_is_silent_the_requirement_says_so(handler: User) -> None:
    dsr = planned()
    scenes.answer_all(dsr)
    decide.begin(dsr.pk, actor=handler.as_actor())
    decide.choose(dsr.pk, Outcome.FULFILLED, "", actor=handler.as_actor())
    bundle.build(dsr.pk)
    assert standing(dsr) == ("open", "answer_waits_register")
    register = dsr.requirements.get(kind=RequirementKind.REGISTER.value)
    assert register.reason.startswith("register_unknown:")
    assert not Bundle.objects.exists()


def test_a_change_while_it_was_drawn_makes_it_worthless(handler: User) -> None:
    dsr = scenes.drafted(handler)
    given = answer.facts(dsr)
    files = scenes.stand_ins(answer.compose(given, on=timezone.localdate()))
    decide.choose(
        dsr.pk, Outcome.PARTLY_FULFILLED, "Navnet på en kollega er sladdet.", grounds=[Ground.RIGHTS_OF_OTHERS],
        actor=handler.as_actor(),
    )  # fmt: skip
    before = owed("BundleRequested")
    assert bundle.keep(dsr.pk, given.sha256, files, drawn_at=timezone.now()) is None
    assert not Bundle.objects.exists()
    assert owed("BundleRequested") == before + 1
    assert standing(dsr) == ("open", "answer_not_built")


def test_what_somebody_built_meanwhile_is_not_built_twice(handler: User) -> None:
    dsr = scenes.drafted(handler)
    given = answer.facts(dsr)
    files = scenes.stand_ins(answer.compose(given, on=timezone.localdate()))
    first = bundle.keep(dsr.pk, given.sha256, files, drawn_at=timezone.now())
    assert bundle.keep(dsr.pk, given.sha256, files, drawn_at=timezone.now()) is None
    assert scenes.current(dsr) == first


def test_a_power_cut_leaves_no_row_and_the_next_run_heals_it(house: House, handler: User) -> None:
    dsr = scenes.drafted(handler)
    with PowerCut(), pytest.raises(Exception, match="AuditHead"):
        scenes.packed(dsr)
    assert not Bundle.objects.exists()
    assert standing(dsr) == ("open", "answer_not_built")
    orphans = [name for name in house.files() if name.startswith("bundles/")]
    assert orphans
    kept = scenes.packed(dsr)
    assert {file.stored_as for file in kept.files.all()} == set(orphans)
    assert package_of(kept)


def test_files_that_a_crash_left_go_when_the_package_is_kept(house: House, handler: User) -> None:
    dsr = scenes.drafted(handler)
    left = f"bundles/{dsr.pk}/1/099"
    vault.store(left, b"from a run that died", binding=vault.binding_of(dsr.case))
    scenes.packed(dsr)
    assert left not in house.files()


def test_a_disk_that_fails_half_way_keeps_nothing(house: House, handler: User) -> None:
    dsr = scenes.drafted(handler)
    (house.folder / "files").rename(house.folder / "away")
    (house.folder / "files").write_bytes(b"no folder")
    given = answer.facts(dsr)
    with pytest.raises(NotADirectoryError):
        bundle.keep(dsr.pk, given.sha256, [scenes.TABLE], drawn_at=timezone.now())
    (house.folder / "files").unlink()
    (house.folder / "away").rename(house.folder / "files")
    assert not Bundle.objects.exists()
    assert scenes.packed(dsr).files.count() == 2


def test_a_pdf_that_cannot_be_drawn_is_said_and_tried_again(handler: User, monkeypatch: pytest.MonkeyPatch) -> None:
    dsr = scenes.drafted(handler)
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(outbox.Later):
        bundle.build(dsr.pk)
    assert standing(dsr) == ("open", "answer_pdf_failed")
    assert not Bundle.objects.exists()


def test_a_change_of_a_task_asks_for_a_new_package(handler: User) -> None:
    dsr = scenes.drafted(handler)
    first = scenes.packed(dsr)
    tasks.reopen(task_of(dsr, "hubspot").pk, actor=handler.as_actor())
    assert standing(dsr) == ("open", "answer_outdated")
    bundle.build(dsr.pk)
    assert standing(dsr) == ("open", "answer_waits_systems")
    tasks.complete(task_of(dsr, "hubspot").pk, state=TaskState.DONE, note="Ett kort.", actor=handler.as_actor())
    second = scenes.packed(dsr)
    first.refresh_from_db()
    assert (first.current, second.current) == (False, True)
    assert first.input_sha256 != second.input_sha256
    assert standing(dsr) == ("met", "")


def test_asking_again_without_a_change_finds_the_package_again(handler: User) -> None:
    dsr = scenes.drafted(handler)
    kept = scenes.packed(dsr)
    requirements.review(scenes.fresh(dsr))
    assert standing(dsr) == ("open", "answer_outdated")
    bundle.build(dsr.pk)
    assert standing(dsr) == ("met", "")
    assert scenes.current(dsr) == kept


def test_a_second_answer_gets_a_package_of_its_own_even_with_the_same_facts(handler: User) -> None:
    dsr = scenes.released(handler)
    first = scenes.current(dsr)
    lifecycle.advance(dsr.pk, Action.REOPEN, handler.as_actor(), note="Kunden savner en ordre")
    decide.begin(dsr.pk, actor=handler.as_actor())
    bundle.build(dsr.pk)
    assert standing(dsr) == ("open", "answer_waits_outcome")
    decide.choose(dsr.pk, Outcome.FULFILLED, "", actor=handler.as_actor())
    second = scenes.packed(dsr)
    first.refresh_from_db()
    assert second.input_sha256 == first.input_sha256
    assert (second.released_at, first.released_at is None) == (None, False)
    assert package_of(first)


def test_an_override_lapses_when_the_system_answers_in_time(handler: User) -> None:
    dsr = scenes.drafted(handler, Outcome.FULFILLED)
    Override.objects.create(
        dsr=dsr, kind=RequirementKind.SYSTEMS.value, reason="-", missing="-", promised_on=timezone.localdate(),
        decided_by=handler, decided_at=timezone.now(),
    )  # fmt: skip
    scenes.packed(dsr)
    assert not dsr.overrides.exists()
    assert AuditEntry.objects.filter(action="decision.override_lapsed", subject=f"dsr:{dsr.pk}").exists()


def test_the_audit_remembers_hashes_only(handler: User) -> None:
    dsr = scenes.drafted(handler)
    kept = scenes.packed(dsr)
    entry = AuditEntry.objects.get(action="answer.built")
    assert entry.details["input_sha256"] == kept.input_sha256
    assert entry.details["files"] == [f"{line['file']}:{line['sha256']}" for line in kept.manifest]
    assert entry.actor == "system"


def test_the_audit_remembers_which_versions_of_which_registers_an_answer_was_made_from(handler: User) -> None:
    dsr = scenes.drafted(handler)
    register.load(REGISTER.parent / "registers" / "employer.yaml", key="employees")
    ConcernedRegister.objects.create(case=dsr.case, register="employees", added_by=handler, added_at=timezone.now())
    number = register.current()[0]
    scenes.packed(dsr)
    entry = AuditEntry.objects.get(action="answer.built")
    assert entry.details["registers"] == [f"customers:{number}", "employees:1"]


def test_a_request_that_is_answered_is_left_alone(handler: User) -> None:
    dsr = scenes.released(handler)
    before = standing(dsr)
    SystemTask.objects.filter(dsr=dsr).update(note="later")
    bundle.build(dsr.pk)
    assert standing(dsr) == before
    assert Bundle.objects.filter(dsr=dsr).count() == 1
