"""The settings of the organisation: version by version, and what another promise, country or zone does to the dates."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from time_machine import travel

from requests_app import outbox
from requests_app.domain import organisation as domain
from requests_app.domain.calendars import for_country
from requests_app.domain.enums import Role, SuspensionKind
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import SYSTEM, Actor
from requests_app.models import (
    AuditEntry,
    Case,
    DataSubjectRequest,
    DeadlineHistory,
    Organisation,
    OrganisationVersion,
    OutboxEvent,
)
from requests_app.services import clock, organisation, organisation_dates
from tests import factories

pytestmark = pytest.mark.django_db

FILE = Path(__file__).resolve().parents[3] / "config" / "organisation.yaml"
RECEIVED = datetime(2026, 9, 1, 8, tzinfo=UTC)  # due on 1 October by a promise of 30 days
NOON = datetime(2026, 9, 10, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _on_10_september() -> Any:
    with travel(NOON, tick=False):
        yield


@pytest.fixture
def chief() -> Actor:
    """Somebody who may change the settings."""
    factories.organisation()
    return factories.staff(Role.DECISION_MAKER).as_actor()


def change(chief: Actor, why: str = "Vedtak 12/26", version: int | None = None, **values: Any) -> int:
    """Change some settings of those in force."""
    row = Organisation.objects.get(pk=1)
    given = organisation.as_json(row) | values
    return organisation.change(given, expected_version=version or row.version, reason=why, actor=chief)


def work_off() -> int:
    """Run every event of outdated dates that is due, as a worker would; return how many there were."""
    rounds = 0
    while row := OutboxEvent.objects.filter(name="DatesOutdated", done_at__isnull=True, run_at__lte=NOON).first():
        assert outbox.run(row)
        rounds += 1
    return rounds


def due(dsr: DataSubjectRequest) -> date | None:
    dsr.refresh_from_db()
    return dsr.effective_due


def test_the_file_is_the_first_version_and_reads_back_as_itself() -> None:
    assert organisation.load(FILE)
    first = OrganisationVersion.objects.get()
    assert (first.number, first.reason, first.created_by) == (1, organisation.LOADED, None)
    assert domain.from_json(first.content) == domain.load(FILE)
    assert organisation.as_json(Organisation.objects.get(pk=1)) == first.content
    assert not organisation.load(FILE)


def test_a_change_is_a_version_with_who_and_why_and_the_audit_names_the_settings_only(chief: Actor) -> None:
    number = change(chief, dpo="ombud@optimar.example", name="Optimar AS")
    row = Organisation.objects.get(pk=1)
    assert (number, row.version, row.name, row.dpo) == (2, 2, "Optimar AS", "ombud@optimar.example")
    before, after = OrganisationVersion.objects.order_by("number")
    assert (before.number, before.content["name"], before.reason) == (1, "Optimar", organisation.LOADED)
    assert (after.created_by_id, after.reason, after.content["dpo"]) == (
        chief.user_id, "Vedtak 12/26", "ombud@optimar.example",
    )  # fmt: skip
    entry = AuditEntry.objects.get(action="organisation.changed")
    assert entry.details == {"changed": ["name", "dpo"]}
    assert OutboxEvent.objects.filter(name="OrganisationChanged").count() == 1
    assert not OutboxEvent.objects.filter(name="DatesOutdated").exists()


def test_whoever_saves_on_top_of_another_change_is_told(chief: Actor) -> None:
    change(chief, name="Optimar AS")
    with pytest.raises(ActionRefused) as caught:
        change(chief, version=1, name="Optimar Norge AS")
    assert caught.value.reason.code == "organisation_changed"
    assert OrganisationVersion.objects.count() == 2


@pytest.mark.parametrize(
    "why, values, code",
    [(" ", {"name": "Optimar AS"}, "organisation_reason_missing"), ("Vedtak", {}, "organisation_same")],
)
def test_a_change_needs_a_reason_and_a_difference(chief: Actor, why: str, values: dict[str, Any], code: str) -> None:
    with pytest.raises(ActionRefused) as caught:
        change(chief, why, **values)
    assert caught.value.reason.code == code
    assert not OrganisationVersion.objects.exists()


def test_the_rules_are_those_of_the_file_and_name_each_setting(chief: Actor) -> None:
    with pytest.raises(domain.OrganisationError) as caught:
        change(
            chief, country="US", time_zone="Oslo", policy_days=91, rights_contact="info", own_addresses=[],
            own_domains=["optimar.no", "optimar.no"], name="x" * 201, privacy_page={"nb": "http://[", "en": ""},
        )  # fmt: skip
    found = {(problem.key, problem.code) for problem in caught.value.problems}
    assert found >= {
        ("country", "country"), ("time_zone", "time_zone"), ("policy_days", "out_of_range"),
        ("rights_contact", "address"), ("own_addresses", "missing"), ("own_domains", "twice"), ("name", "too_long"),
        ("privacy_page.en", "missing"),
    }  # fmt: skip
    assert Organisation.objects.get(pk=1).version == 1


def test_a_shorter_promise_moves_every_open_request_and_says_why(chief: Actor) -> None:
    open_one, answered = factories.dsr(received_at=RECEIVED), factories.dsr(received_at=RECEIVED)
    factories.close(answered.case)
    change(chief, policy_days=21)
    assert due(open_one) == date(2026, 10, 1)  # the change itself is quick; what follows is owed
    work_off()
    assert due(open_one) == date(2026, 9, 22)
    assert clock.derive(open_one).effective_due == open_one.effective_due
    assert Case.objects.get(pk=open_one.case_id).due_on == date(2026, 9, 22)
    assert due(answered) == date(2026, 10, 1)
    causes = DeadlineHistory.objects.filter(dsr=open_one).values_list("cause", flat=True)
    assert list(causes) == ["received", "organisation:2"]
    entry = AuditEntry.objects.get(action="clock.recomputed")
    assert (entry.subject, entry.details) == (
        f"dsr:{open_one.pk}", {"settings": 2, "was": "2026-10-01", "until": "2026-09-22"},
    )  # fmt: skip


def test_another_country_and_zone_move_the_month_of_the_law(chief: Actor) -> None:
    """Received at 22:30 UTC on 2 September 2028: 3 September in Berlin, where 3 October is a holiday."""
    dsr = factories.dsr(received_at=datetime(2028, 9, 2, 22, 30, tzinfo=UTC))
    change(chief, policy_days=60)
    work_off()
    assert due(dsr) == date(2028, 10, 3)
    change(chief, country="DE", time_zone="Europe/Berlin")
    work_off()
    assert due(dsr) == date(2028, 10, 4)
    assert DeadlineHistory.objects.filter(dsr=dsr).last().holiday_version == "DE/1"  # type: ignore[union-attr]


def test_a_request_that_waits_for_the_person_goes_on_waiting(chief: Actor) -> None:
    dsr = factories.dsr(received_at=RECEIVED)
    with travel(datetime(2026, 9, 2, 8, tzinfo=UTC), tick=False), transaction.atomic():
        clock.suspend(dsr, SuspensionKind.IDENTITY, "mismatch", SYSTEM)
    change(chief, policy_days=10)
    work_off()
    assert clock.derive(dsr).paused
    assert due(dsr) == date(2026, 9, 11)  # the alarm, which follows the promise


def test_many_cases_are_reckoned_in_batches_and_each_once(chief: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(organisation_dates, "BATCH", 2)
    dsrs = [factories.dsr(received_at=RECEIVED) for _ in range(5)]
    change(chief, policy_days=21)
    assert work_off() == 4  # 2, 2, 1 and the look that finds nothing more
    assert {due(dsr) for dsr in dsrs} == {date(2026, 9, 22)}
    organisation_dates.recompute(2, after=0)
    assert DeadlineHistory.objects.filter(cause="organisation:2").count() == 5


def test_a_batch_that_fails_half_way_leaves_nothing_and_is_done_again(
    chief: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    dsrs = [factories.dsr(received_at=RECEIVED) for _ in range(3)]
    change(chief, policy_days=21)
    row = OutboxEvent.objects.get(name="DatesOutdated", run_at=NOON)
    whole, reckoned = clock.recompute, list[int]()

    def dies(dsr: DataSubjectRequest, cause: str) -> Any:
        reckoned.append(dsr.pk)
        if len(reckoned) == 2:
            raise RuntimeError("the worker is gone")
        return whole(dsr, cause)

    with monkeypatch.context() as patch:
        patch.setattr(clock, "recompute", dies)
        assert not outbox.run(row)
    assert {due(dsr) for dsr in dsrs} == {date(2026, 10, 1)}
    OutboxEvent.objects.filter(pk=row.pk).update(run_at=NOON)
    work_off()
    assert {due(dsr) for dsr in dsrs} == {date(2026, 9, 22)}
    assert DeadlineHistory.objects.filter(cause="organisation:2").count() == 3


def test_a_request_written_down_meanwhile_is_found_by_the_second_look(chief: Actor) -> None:
    change(chief, policy_days=21)
    work_off()
    late = factories.dsr(received_at=RECEIVED)
    DeadlineHistory.objects.filter(dsr=late).delete()
    DataSubjectRequest.objects.filter(pk=late.pk).update(effective_due=date(2026, 10, 1))
    again = OutboxEvent.objects.get(name="DatesOutdated", done_at__isnull=True)
    assert again.run_at == NOON + settings.ORGANISATION_SECOND_LOOK
    with travel(again.run_at, tick=False):
        assert outbox.run(again)
    assert due(late) == date(2026, 9, 22)


def test_the_effect_is_counted_before_anything_is_saved(chief: Actor) -> None:
    for received in (RECEIVED, datetime(2026, 8, 14, 8, tzinfo=UTC)):
        factories.dsr(received_at=received)
    norway = for_country("NO")
    effect = organisation_dates.effect_of(clock.Rule(norway, 21))
    # One is due on 22 September instead of 1 October, the other was due on the 13th and would be since the 4th.
    assert effect == organisation_dates.Effect(open=2, earlier=2, later=0, overdue=1)
    assert organisation_dates.effect_of(clock.Rule(norway, 30)).moved == 0
    change(chief, policy_days=20)
    work_off()
    assert organisation_dates.effect_of(clock.Rule(norway, 25)) == organisation_dates.Effect(2, 0, 2, 0)


@pytest.mark.parametrize(
    "sql", ["UPDATE requests_organisationversion SET reason = 'x'", "DELETE FROM requests_organisationversion"]
)
def test_the_database_changes_and_forgets_no_version(chief: Actor, sql: str) -> None:
    change(chief, policy_days=21)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
