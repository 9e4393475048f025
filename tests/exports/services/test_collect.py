"""Asking a system: answered once, whatever is away, locked, mistyped, slow or killed."""

import sqlite3
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Self

import pytest
from django.utils import timezone
from pytest_django import Settings

from exports import registry, vault
from exports.connectors.base import Fault, ProbeResult
from exports.connectors.sql import SqlConnector
from exports.demo.people import INGRID
from exports.domain.enums import NOTHING_TO_SEARCH_BY, TaskMode, TaskState
from exports.domain.records import LocateResult, ReadResult, Subject, Verb
from exports.models import SystemTask
from exports.services import collect, plan, task_files, tasks
from identity.models import ContactPoint, ExpectedAnswer
from identity.services import call_back
from requests_app import outbox
from requests_app.domain.enums import RequirementKind, RequirementState, Right
from requests_app.domain.envelope import DamagedEnvelope
from requests_app.models import AuditEntry, AuditHead, Case, OutboxEvent
from tests import factories
from tests.exports.erasures import writable
from tests.exports.house import House, PowerCut, answer_the_rest, everything_logged, planned, task_of


class SlowWebsite:
    """The website, during whose reading something else happens."""

    meanwhile: Callable[[], object] = staticmethod(lambda: None)

    def __init__(self, inner: SqlConnector) -> None:
        self.inner = inner

    @property
    def key(self) -> str:
        return self.inner.key

    @property
    def abilities(self) -> frozenset[Verb]:
        return self.inner.abilities

    @classmethod
    def from_settings(cls, system_id: str, settings: Mapping[str, object]) -> Self:
        return cls(SqlConnector.from_settings(system_id, settings))

    def probe(self) -> ProbeResult:
        return self.inner.probe()

    def locate(self, subject: Subject) -> LocateResult:
        return self.inner.locate(subject)

    def read(self, subject: Subject) -> ReadResult:
        found = self.inner.read(subject)
        type(self).meanwhile()
        return found


@pytest.fixture
def slow(house: House, monkeypatch: pytest.MonkeyPatch) -> type[SlowWebsite]:
    """The website is reached by a connector during whose reading `meanwhile` is called."""
    monkeypatch.setitem(registry.CONNECTORS, "slow", SlowWebsite)
    monkeypatch.setattr(SlowWebsite, "meanwhile", staticmethod(lambda: None))
    house.systems.write_text(
        house.systems.read_text(encoding="utf-8").replace("connector: sql", "connector: slow"), encoding="utf-8"
    )
    return SlowWebsite


def test_what_was_found_is_kept_encrypted_and_counted(house: House) -> None:
    dsr = planned()
    collect.run_task(task_of(dsr).pk)
    task = task_of(dsr)
    result = task_files.result(task)
    assert result is not None
    assert (task.state, task.rows, task.truncated, task.attempts) == (TaskState.DONE, len(result.records), False, 1)
    assert task.rows > 40
    assert task.extracted_at == result.extracted_at
    assert house.files() == [f"tasks/{task.pk}/1-result.json"]
    assert INGRID.email.encode() not in (house.folder / "files" / task.result_file).read_bytes()


def test_the_result_of_one_case_does_not_open_in_another(house: House) -> None:
    dsr = planned()
    collect.run_task(task_of(dsr).pk)
    with pytest.raises(DamagedEnvelope):
        vault.load(task_of(dsr).result_file, binding=vault.binding_of(factories.case()))


def test_somebody_we_do_not_know_is_not_found_and_the_search_is_kept(house: House) -> None:
    dsr = planned("nobody@example.com")
    collect.run_task(task_of(dsr).pk)
    task = task_of(dsr)
    result = task_files.result(task)
    assert (task.state, task.rows) == (TaskState.NOT_FOUND, 0)
    assert result is not None
    assert "accounts" in {entry.collection for entry in result.query_log}


def test_running_twice_asks_once(house: House) -> None:
    dsr = planned()
    collect.run_task(task_of(dsr).pk)
    before = task_of(dsr).result_sha256, AuditHead.objects.get(pk=1).number
    collect.run_task(task_of(dsr).pk)
    assert (task_of(dsr).result_sha256, AuditHead.objects.get(pk=1).number, task_of(dsr).attempts) == (*before, 1)


def test_a_database_that_is_away_makes_the_task_wait_and_say_so(house: House) -> None:
    house.take_away()
    dsr = planned()
    task = task_of(dsr)
    row = OutboxEvent.objects.get(name="TaskOpened")
    OutboxEvent.objects.exclude(pk=row.pk).update(done_at=timezone.now())
    outbox.relay()
    task.refresh_from_db()
    row.refresh_from_db()
    assert (task.state, task.fault, task.attempts) == (TaskState.OPEN, Fault.UNREACHABLE, 1)
    assert task.error
    assert task.error in row.error
    assert row.done_at is None
    assert row.run_at - timezone.now() <= collect.LONGEST_WAIT

    house.bring_back()
    OutboxEvent.objects.filter(pk=row.pk).update(run_at=timezone.now())
    outbox.relay(1)
    task.refresh_from_db()
    assert (task.state, task.fault, task.error, task.attempts) == (TaskState.DONE, "", "", 2)
    assert ContactPoint.objects.filter(case=dsr.case, value=INGRID.email).exists()


def test_the_wait_grows_but_never_beyond_a_quarter_of_an_hour(house: House) -> None:
    house.take_away()
    task = task_of(planned())
    waits = []
    for _ in range(12):
        with pytest.raises(outbox.Later) as caught:
            collect.run_task(task.pk)
        waits.append(caught.value.delay or timedelta())
    assert waits == sorted(waits)
    assert waits[-1] == timedelta(minutes=15)


def test_a_locked_database_is_asked_again(house: House) -> None:
    dsr = planned()
    house.connect("    timeout: 0.05\n")
    lock = sqlite3.connect(house.database, isolation_level=None)
    lock.execute("BEGIN EXCLUSIVE")
    with pytest.raises(outbox.Later):
        collect.run_task(task_of(dsr).pk)
    assert (task_of(dsr).state, task_of(dsr).fault) == (TaskState.OPEN, Fault.LOCKED)
    lock.close()
    collect.run_task(task_of(dsr).pk)
    assert task_of(dsr).state == TaskState.DONE


def test_a_typo_in_the_dataset_fails_with_file_line_and_key(house: House) -> None:
    text = house.dataset.read_text(encoding="utf-8")
    line = text[: text.index("fides_key")].count("\n") + 1
    house.dataset.write_text(text.replace("fides_key", "fides_kee", 1), encoding="utf-8")
    dsr = planned()
    collect.run_task(task_of(dsr).pk)
    task = task_of(dsr)
    assert (task.state, task.fault) == (TaskState.FAILED, Fault.BAD_DATASET)
    assert f"website.dataset.yaml:{line}: website.fides_kee" in task.error or f":{line}: " in task.error
    assert dsr.requirements.get(kind=RequirementKind.SYSTEMS.value).state == RequirementState.OPEN


def test_a_table_that_is_gone_fails_and_can_be_tried_again(house: House) -> None:
    dsr = planned()
    with sqlite3.connect(house.database) as connection:
        connection.execute("ALTER TABLE orders RENAME TO old_orders")
    collect.run_task(task_of(dsr).pk)
    assert (task_of(dsr).state, task_of(dsr).fault) == (TaskState.FAILED, Fault.MISSING_COLLECTION)
    with sqlite3.connect(house.database) as connection:
        connection.execute("ALTER TABLE old_orders RENAME TO orders")
    tasks.retry(task_of(dsr).pk, actor=factories.staff().as_actor())
    while outbox.relay():
        pass
    assert (task_of(dsr).state, task_of(dsr).fault, task_of(dsr).round) == (TaskState.DONE, "", 2)


@pytest.mark.parametrize("right", [Right.RESTRICTION, Right.CONSENT_WITHDRAWAL])
def test_an_order_without_an_address_says_what_is_in_the_way(house: House, right: Right) -> None:
    writable(house)
    dsr = factories.case(right, email="").dsrs.get()
    plan.locate_and_plan(dsr.pk)
    task = dsr.tasks.get(system="website")
    collect.run_task(task.pk)
    task.refresh_from_db()
    assert (task.mode, task.state, task.fault) == (TaskMode.AUTOMATIC, TaskState.FAILED, NOTHING_TO_SEARCH_BY)


def test_a_case_without_an_address_says_that_there_is_nothing_to_search_by(house: House) -> None:
    dsr = planned()
    Case.objects.filter(pk=dsr.case_id).update(person_email="", person_phone=INGRID.phone)
    collect.run_task(task_of(dsr).pk)
    assert (task_of(dsr).state, task_of(dsr).fault) == (TaskState.FAILED, NOTHING_TO_SEARCH_BY)


def test_a_phone_number_anybody_could_have_typed_hands_over_nobodys_data(house: House) -> None:
    factories.organisation(asks_own_data=True)
    dsr = planned("stranger@example.com")
    Case.objects.filter(pk=dsr.case_id).update(person_phone=INGRID.phone)
    collect.run_task(task_of(dsr).pk)
    assert (task_of(dsr).state, task_of(dsr).rows) == (TaskState.NOT_FOUND, 0)
    found = ContactPoint.objects.filter(case=dsr.case)
    assert found.filter(value=INGRID.email).exists()
    assert found.filter(channel="phone").exists()
    assert {tuple(keys) for keys in found.values_list("found_by", flat=True)} == {()}
    assert call_back.phones(dsr.case) == []
    assert not ExpectedAnswer.objects.exists()
    assert dsr.requirements.get(kind=RequirementKind.DELIVERY_ADDRESS.value).state == RequirementState.OPEN


def test_what_lies_under_the_address_is_told_from_what_the_number_led_to(house: House) -> None:
    dsr = planned()
    phone = ContactPoint.objects.get(case=dsr.case, channel="phone")
    assert phone.found_by == [INGRID.email]
    Case.objects.filter(pk=dsr.case_id).update(person_phone=INGRID.phone)
    collect.run_task(task_of(dsr).pk)
    phone.refresh_from_db()
    assert phone.found_by == [INGRID.email]
    assert call_back.phones(dsr.case) == [phone]


def test_a_search_cut_short_is_no_answer(house: House) -> None:
    house.connect("    row_limit: 3\n")
    dsr = planned()
    collect.run_task(task_of(dsr).pk)
    answer_the_rest(dsr)
    assert task_of(dsr).truncated
    found = dsr.requirements.get(kind=RequirementKind.SYSTEMS.value)
    assert (found.state, found.reason) == (RequirementState.OPEN, "systems_incomplete:website")


def test_killed_between_file_and_commit_it_starts_over_and_leaves_one_file(house: House) -> None:
    dsr = planned()
    with PowerCut(), pytest.raises(AuditHead.DoesNotExist):
        collect.run_task(task_of(dsr).pk)
    task = task_of(dsr)
    assert (task.state, task.result_file) == (TaskState.OPEN, "")
    collect.run_task(task.pk)
    task.refresh_from_db()
    assert task.state == TaskState.DONE
    assert house.files() == [task.result_file]
    assert task_files.result(task) is not None
    assert AuditEntry.objects.filter(action="task.answered").count() == 1


def test_an_answer_by_hand_during_the_reading_stands(house: House, slow: type[SlowWebsite]) -> None:
    dsr = planned()
    task, actor = task_of(dsr), factories.staff().as_actor()
    slow.meanwhile = staticmethod(
        lambda: tasks.complete(task.pk, state=TaskState.NOT_FOUND, note="Sett etter selv", actor=actor)
    )
    collect.run_task(task.pk)
    task.refresh_from_db()
    assert (task.state, task.note, task.result_file) == (TaskState.NOT_FOUND, "Sett etter selv", "")
    assert house.files() == []


def test_an_answer_to_an_older_round_is_not_taken(house: House, slow: type[SlowWebsite]) -> None:
    dsr = planned()
    task, actor = task_of(dsr), factories.staff().as_actor()

    def answered_and_taken_back() -> SystemTask:
        slow.meanwhile = staticmethod(lambda: None)
        tasks.complete(task.pk, state=TaskState.NOT_FOUND, note="", actor=actor)
        return tasks.reopen(task.pk, actor=actor)

    slow.meanwhile = staticmethod(answered_and_taken_back)
    collect.run_task(task.pk)
    task.refresh_from_db()
    assert (task.state, task.round, task.result_file) == (TaskState.OPEN, 2, "")
    collect.run_task(task.pk)
    task.refresh_from_db()
    assert (task.state, task.result_file) == (TaskState.DONE, f"tasks/{task.pk}/2-result.json")


def test_two_workers_with_one_task_leave_one_answer(house: House, slow: type[SlowWebsite]) -> None:
    dsr = planned()
    task = task_of(dsr)

    def the_other_worker() -> None:
        slow.meanwhile = staticmethod(lambda: None)
        collect.run_task(task.pk)

    slow.meanwhile = staticmethod(the_other_worker)
    collect.run_task(task.pk)
    task.refresh_from_db()
    result = task_files.result(task)
    assert result is not None
    assert (task.state, task.attempts, task.extracted_at) == (TaskState.DONE, 2, result.extracted_at)
    assert AuditEntry.objects.filter(action="task.answered").count() == 1


def test_a_system_that_lost_its_connector_waits_for_its_file(house: House, settings: Settings) -> None:
    dsr = planned()
    house.systems.write_text("schema: wrong\nsystems: {}\n", encoding="utf-8")
    with pytest.raises(outbox.Later):
        collect.run_task(task_of(dsr).pk)
    assert (task_of(dsr).state, task_of(dsr).fault) == (TaskState.OPEN, Fault.BAD_SETTINGS)
    settings.SYSTEMS_FILE = house.folder / "gone.yaml"
    collect.run_task(task_of(dsr).pk)
    assert (task_of(dsr).state, task_of(dsr).fault) == (TaskState.FAILED, Fault.BAD_SETTINGS)


def test_nothing_that_is_logged_names_the_person(house: House) -> None:
    dsr = planned()
    collect.run_task(task_of(dsr).pk)
    told = everything_logged()
    assert INGRID.email not in told
    assert INGRID.last_name not in told
