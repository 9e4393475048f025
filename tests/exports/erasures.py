"""Deletions that tests begin with: searched, planned, submitted, approved, due."""

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock

import pytest
from django.utils import timezone

from exports import registry
from exports.connectors.base import Announce, ConnectorError, Fault, ProbeResult
from exports.demo.people import INGRID
from exports.domain import erasure_rules as rules
from exports.domain.changes import Affected, ChangeResult, Measures
from exports.domain.enums import Measure, TaskAction, TaskMode, TaskState
from exports.domain.records import (
    ContactChannel,
    Hit,
    Label,
    LocateResult,
    Outcome,
    QueryLogEntry,
    ReadResult,
    Record,
    Subject,
    Verb,
)
from exports.models import ErasureLine, ErasurePlan, SystemTask
from exports.services import collect, erasure, erasure_by_hand, erasure_proposal, erasure_run, plan, tasks
from exports.services.erasure_by_hand import Answer
from identity.models import User
from requests_app.domain.enums import Outcome as Ending
from requests_app.domain.enums import Right, Role, Stage
from requests_app.models import DataSubjectRequest, Decision, OutboxEvent
from tests import factories

from .house import House

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)


def searched(*rights: Right, email: str = INGRID.email, by_hand: tuple[str, ...] = ()) -> DataSubjectRequest:
    """Return a deletion whose systems have all answered: the website by itself, the others by hand.

    `by_hand` are the systems in which somebody found something, under the address in the request if the website
    holds that one.
    """
    dsr = factories.case(*(rights or (Right.ERASURE,)), email=email).dsrs.get(right=Right.ERASURE)
    plan.locate_and_plan(dsr.pk)
    actor = factories.staff(Role.HANDLER).as_actor()
    for task in dsr.tasks.filter(mode=TaskMode.AUTOMATIC.value):
        collect.run_task(task.pk)
    for task in dsr.tasks.filter(mode=TaskMode.MANUAL.value):
        found = TaskState.DONE if task.system in by_hand else TaskState.NOT_FOUND
        contact = email if found is TaskState.DONE and email == INGRID.email else ""
        tasks.complete(task.pk, state=found, note="Søkt på e-post", contact=contact, actor=actor)
    return fresh(dsr)


def proposed(*rights: Right, **how: object) -> ErasurePlan:
    """Return the plan that is made of it."""
    dsr = searched(*rights, **how)  # type: ignore[arg-type]
    erasure_proposal.propose(dsr.pk)
    return ErasurePlan.objects.get(dsr=dsr)


def submitted(handler: User, *rights: Right, **how: object) -> ErasurePlan:
    """Return a plan that waits for the second person."""
    row = proposed(*rights, **how)
    return erasure.submit(row.dsr_id, actor=handler.as_actor())


def approved(*rights: Right, **how: object) -> ErasurePlan:
    """Return a plan that two persons stand behind."""
    row = submitted(factories.staff(), *rights, **how)
    return erasure.approve(row.dsr_id, actor=factories.staff(Role.APPROVER).as_actor())


def begun(*rights: Right, **how: object) -> ErasurePlan:
    """Return a plan whose tasks are made."""
    row = approved(*rights, **how)
    pass_the_window(row)
    erasure_run.begin(row.dsr_id)
    return again(row)


def ordered(**how: object) -> ErasurePlan:
    """Return an answered and closed deletion that the vendors of website and HubSpot have only accepted."""
    row = begun(by_hand=("hubspot",), **how)
    accepted = Answer(state=TaskState.ACCEPTED, finishes_on=timezone.localdate() + timedelta(days=30), note="Sak 17")
    for system in ("website", "hubspot"):
        erasure_by_hand.complete(erase_task(row, system).pk, accepted, actor=factories.staff().as_actor())
    factories.force(row.dsr, Stage.CLOSED, closed_at=timezone.now(), outcome=Ending.PARTLY_FULFILLED.value)
    Decision.objects.filter(dsr=row.dsr).update(released_at=timezone.now())
    return again(row)


def pass_the_window(row: ErasurePlan) -> None:
    """The time to take the approval back is over."""
    ErasurePlan.objects.filter(pk=row.pk).update(runs_at=timezone.now() - timedelta(seconds=1))


def again(row: ErasurePlan) -> ErasurePlan:
    """The plan as it is now."""
    return ErasurePlan.objects.select_related("dsr__case").get(pk=row.pk)


def fresh(dsr: DataSubjectRequest) -> DataSubjectRequest:
    """The request as it is now."""
    return DataSubjectRequest.objects.select_related("case").get(pk=dsr.pk)


def line_of(row: ErasurePlan, activity: str, system: str = "website") -> ErasureLine:
    """One line of a plan, as it is now."""
    return row.lines.get(activity=activity, system=system)


def erase_task(row: ErasurePlan, system: str = "website", action: TaskAction = TaskAction.ERASE) -> SystemTask:
    """The task of a deletion in a system, as it is now."""
    return row.tasks.get(system=system, action=action.value)


def asked(row: ErasurePlan) -> set[str]:
    """The systems whose connector owes an answer to a deletion."""
    ids = [event.payload["task_id"] for event in OutboxEvent.objects.filter(name="TaskOpened")]
    changing = [action.value for action in (TaskAction.ERASE, TaskAction.ANONYMISE, TaskAction.RESTRICT)]
    return set(SystemTask.objects.filter(pk__in=ids, action__in=changing).values_list("system", flat=True))


def writable(house: House) -> None:
    """The website may be written to."""
    house.connect("    writable: true\n")


@dataclass
class Store:
    """A system with a few rows in memory: `rows` are their uses, `stuck` those that do not go, `needed` a table."""

    key: str
    rows: list[tuple[str, ...]]
    holds_address: bool = False
    stuck: int = 0
    needed: str = ""
    dies_after: bool = False
    later: bool = False
    abilities: frozenset[Verb] = frozenset(Verb)
    calls: list[Mapping[str, Measure]] = field(default_factory=list)
    one_at_a_time: AbstractContextManager[object] = field(default_factory=Lock)  # as the rows of a database are locked

    def probe(self) -> ProbeResult:
        return ProbeResult(ok=True)

    def locate(self, subject: Subject) -> LocateResult:
        hit = Hit(self.key, "people", "1", ContactChannel.EMAIL, subject.emails[0], NOW)
        hits = (hit,) if self.holds_address else ()
        return LocateResult(system=self.key, outcome=Outcome.DONE if hits else Outcome.NOT_FOUND, hits=hits)

    def read(self, subject: Subject) -> ReadResult:
        records = tuple(
            Record(self.key, "rows", str(number), Label("Row", "Rad"), (), uses, NOW)
            for number, uses in enumerate(self.rows)
        )
        return ReadResult(
            system=self.key, outcome=Outcome.DONE if records else Outcome.NOT_FOUND, extracted_at=NOW, records=records,
            query_log=(QueryLogEntry("rows", len(records)),), searched_by=("email",),
        )  # fmt: skip

    def erase(self, subject: Subject, measures: Measures, announce: Announce | None = None) -> ChangeResult:
        with self.one_at_a_time:
            return self._erase(measures, announce)

    def _erase(self, measures: Measures, announce: Announce | None) -> ChangeResult:
        self.calls.append(dict(measures))
        if self.needed:
            raise ConnectorError(
                f"{self.key}: rows of {self.needed} still refer to rows of rows", permanent=True,
                fault=Fault.STILL_NEEDED, place=self.needed,
            )  # fmt: skip
        gone = [row for row in self.rows if self._goes(row, measures)]
        if announce and gone:
            announce(self._result(Outcome.DONE, gone).affected)
        for row in gone[self.stuck :]:
            self.rows.remove(row)
        if self.dies_after:
            self.dies_after = False
            raise Killed
        if not gone:
            return self._result(Outcome.NOT_FOUND)
        if self.later:
            return self._result(Outcome.ACCEPTED, gone)
        if self.stuck:
            return self._result(Outcome.FAILED, gone[: self.stuck])
        masked = sum(measures.get(rules.deciding(row, measures) or "") is Measure.ANONYMISE for row in self.rows)
        done = self._result(Outcome.DONE, gone)
        return replace(done, affected=(*done.affected, Affected("rows", Measure.ANONYMISE, masked))) if masked else done

    def verify(self, subject: Subject, measures: Measures) -> ChangeResult:
        left = [row for row in self.rows if self._goes(row, measures)]
        return self._result(Outcome.FAILED, left) if left else self._result(Outcome.DONE)

    def _goes(self, row: tuple[str, ...], measures: Measures) -> bool:
        return bool(row) and all(measures.get(use, Measure.KEEP) is Measure.DELETE for use in row)

    def _result(self, outcome: Outcome, rows: Sequence[tuple[str, ...]] = ()) -> ChangeResult:
        counted = Counter(rows)
        affected = tuple(Affected("rows", Measure.DELETE, number, uses) for uses, number in counted.items())
        return ChangeResult(
            system=self.key, outcome=outcome, at=datetime.now(UTC), affected=affected,
            verified=outcome is Outcome.DONE,
            finishes_on=(datetime.now(UTC) + timedelta(days=30)).date() if outcome is Outcome.ACCEPTED else None,
        )  # fmt: skip


class Killed(BaseException):
    """The worker died here."""


def set_up(monkeypatch: pytest.MonkeyPatch, *stores: Store) -> None:
    """Let these systems be worked by the given connectors, and every other one by hand."""
    known = {store.key: store for store in stores}
    manual = registry.connector_for
    entries = {key: registry.Entry(key, "sql", {}, Path(key).name) for key in known}
    monkeypatch.setattr(registry, "entries", lambda: entries)
    monkeypatch.setattr(registry, "connector_for", lambda system: known.get(system) or manual(system))
