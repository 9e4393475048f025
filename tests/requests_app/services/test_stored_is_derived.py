"""Whatever is asked, answered or corrected, in any order: the stored dates are those that follow from the facts."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.db.models import QuerySet
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from time_machine import travel

from identity.models import User
from requests_app.domain import clock as domain
from requests_app.domain.enums import Right, Role, SuspensionKind
from requests_app.domain.errors import ActionRefused
from requests_app.domain.outcomes import AT_ONCE
from requests_app.domain.snapshot import SYSTEM
from requests_app.models import Case, DataSubjectRequest, DeadlineHistory, Inquiry, Suspension
from requests_app.services import clarification, clock, correspondence, receipt
from tests import factories

FIRST = datetime(2026, 1, 28, 22, 30, tzinfo=UTC)  # late in the evening in Oslo, before a short month
RIGHTS = (Right.ACCESS, Right.ERASURE, Right.CONSENT_WITHDRAWAL)
GAPS = st.timedeltas(timedelta(), timedelta(days=4))
KINDS = st.sampled_from(SuspensionKind)
ABOUT = st.sampled_from(RIGHTS)


class Clock(RuleBasedStateMachine):
    """A case with three requests of one message, and staff who do what comes to their mind, sensible or not."""

    def __init__(self) -> None:
        super().__init__()
        self.case = Case()
        self.staff: User
        self.now = FIRST

    @initialize()
    def opened(self) -> None:
        """The message comes in."""
        self.atom = transaction.atomic()
        self.atom.__enter__()
        factories.organisation()
        self.staff = factories.staff(Role.HANDLER, Role.DECISION_MAKER)
        with travel(FIRST, tick=False):
            self.case = factories.case(*RIGHTS, received_at=FIRST)
        self.arrived = Inquiry.objects.get(case=self.case).received_at

    def teardown(self) -> None:
        """Forget the case."""
        transaction.set_rollback(True)
        self.atom.__exit__(None, None, None)

    def dsr(self, right: Right) -> DataSubjectRequest:
        """The request as it is stored now."""
        return DataSubjectRequest.objects.select_related("case").get(case=self.case, right=right)

    def attempt(self, gap: timedelta, verb: Callable[..., object], *args: object, **given: object) -> None:
        """Do something after a while; a refusal leaves every row as it was."""
        self.now += gap
        before = self.facts()
        with travel(self.now, tick=False):
            try:
                with transaction.atomic():
                    verb(*args, **given)
            except ActionRefused:
                assert self.facts() == before

    def facts(self) -> list[object]:
        """What a refusal must not touch."""
        rows = DataSubjectRequest.objects.filter(case=self.case).order_by("pk")
        suspended = rows.values_list("suspensions__asked_at", "suspensions__answered_at", "suspensions__kind")
        history = DeadlineHistory.objects.filter(dsr__case=self.case).count()
        return [*rows.values(), *suspended, history, Case.objects.filter(pk=self.case.pk).values()[0]]

    @rule(right=ABOUT, kind=KINDS, gap=GAPS, back=st.timedeltas(timedelta(), timedelta(days=3)))
    def suspend(self, right: Right, kind: SuspensionKind, gap: timedelta, back: timedelta) -> None:
        """Ask the person, or write down that they were asked some time ago."""
        asked_at = self.now + gap - back
        self.attempt(gap, clock.suspend, self.dsr(right), kind, "mismatch", SYSTEM, asked_at=asked_at)

    @rule(right=ABOUT, kind=KINDS, gap=GAPS)
    def resume_what_may_not_wait(self, right: Right, kind: SuspensionKind, gap: timedelta) -> None:
        """Somebody presses although perhaps nothing was asked."""
        self.attempt(gap, clock.resume, self.dsr(right), kind, SYSTEM)

    @precondition(lambda self: self.waiting().exists())
    @rule(which=st.integers(0, 5), gap=GAPS, share=st.sampled_from((0.4, 1.0, 0.0, -0.5, 1.5)))
    def resume(self, which: int, gap: timedelta, share: float) -> None:
        """The answer came: in between, now, at once, or when it cannot have come."""
        rows = list(self.waiting())
        row = rows[which % len(rows)]
        answered_at = row.asked_at + (self.now + gap - row.asked_at) * share
        self.attempt(gap, clock.resume, row.dsr, SuspensionKind(row.kind), SYSTEM, answered_at=answered_at)

    def waiting(self) -> QuerySet[Suspension]:
        """The questions without an answer."""
        return Suspension.objects.filter(dsr__case=self.case, answered_at__isnull=True).order_by("pk")

    @rule(right=ABOUT, gap=GAPS, number=st.integers(0, 10**6))
    def ask(self, right: Right, gap: timedelta, number: int) -> None:
        """Send the question what the person wants to see."""
        question = clarification.Question("E-post", "Fra når?")
        self.attempt(
            gap, clarification.ask, self.dsr(right).pk, question, large=True, actor=self.staff.as_actor(),
            key=str(number),
        )  # fmt: skip

    @rule(gap=GAPS, wait=GAPS)
    def answer(self, gap: timedelta, wait: timedelta) -> None:
        """The person writes, and later somebody says that it is the answer."""
        self.now += gap
        with travel(self.now, tick=False):
            reply = correspondence.receive(self.case, body="Alt.", at=self.now)
        dsr = self.dsr(Right.ACCESS)
        self.attempt(wait, clarification.answered_by, dsr.pk, reply.pk, actor=self.staff.as_actor())

    @rule(right=ABOUT, gap=GAPS, by=st.timedeltas(-timedelta(days=20), timedelta(days=20)))
    def correct(self, right: Right, gap: timedelta, by: timedelta) -> None:
        """Find out that the message came at another time."""
        dsr, staff = self.dsr(right), self.staff
        self.attempt(
            gap, receipt.correct, dsr.pk, dsr.received_at + by, "Brevet lå.", actor=staff.as_actor(), user=staff
        )

    @invariant()
    def stored_is_derived(self) -> None:
        """The index, the case and the last entry of the history all say what the facts say."""
        dues = []
        for right in RIGHTS:
            dsr = self.dsr(right)
            deadline = clock.derive(dsr)
            stored = (dsr.effective_due, dsr.effective_due_end_utc, dsr.act_by)
            assert stored == (deadline.effective_due, deadline.effective_due_end_utc, deadline.act_by)
            last = DeadlineHistory.objects.filter(dsr=dsr).order_by("id").last()
            assert last is not None
            assert last.deadline == domain.as_plain(deadline)
            dues.append(deadline.effective_due)
        self.case.refresh_from_db()
        assert self.case.due_on == min(dues)

    @invariant()
    def what_never_changes(self) -> None:
        """One message has one receipt, its arrival stays, and what takes effect at once never waits."""
        assert Inquiry.objects.get(case=self.case).received_at == self.arrived
        received = set(self.case.dsrs.values_list("received_at", flat=True))
        assert received == {self.case.received_at}
        assert not DataSubjectRequest.objects.filter(right__in=AT_ONCE, suspensions__isnull=False).exists()


@pytest.mark.django_db
def test_after_any_sequence_of_changes_stored_is_what_follows_from_the_facts() -> None:
    # A sequence that fails is told as it was found: to shrink one takes minutes with a real database.
    steps = settings(max_examples=25, stateful_step_count=12, deadline=None, phases=(Phase.explicit, Phase.generate))
    run_state_machine_as_test(Clock, settings=steps)
