"""One writer of stage, two persons, the override, the end of a case: services over the real database."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from time_machine import travel

from requests_app import audit
from requests_app.domain.enums import Action, Intent, Outcome, RequirementKind, Right, Role, Stage
from requests_app.domain.errors import ActionRefused, TransitionDenied
from requests_app.domain.snapshot import SYSTEM, Actor
from requests_app.models import AuditEntry, DataSubjectRequest, Decision, Message, OutboxEvent
from requests_app.services import closure, decision, lifecycle
from requests_app.services.requirements import put
from tests import factories

pytestmark = pytest.mark.django_db

RECEIVED = datetime(2026, 9, 1, 8, tzinfo=UTC)  # due on 1 October, a Thursday
NORMAL = datetime(2026, 9, 10, 8, tzinfo=UTC)


@pytest.fixture
def handler() -> Actor:
    return factories.staff(Role.HANDLER).as_actor()


@pytest.fixture
def approver() -> Actor:
    return factories.staff(Role.APPROVER, Role.DECISION_MAKER).as_actor()


def in_progress() -> DataSubjectRequest:
    """A request that is being worked on, with every requirement met."""
    dsr = factories.dsr(received_at=RECEIVED)
    lifecycle.advance(dsr.pk, Action.START, SYSTEM)
    put(dsr, RequirementKind.SYSTEMS, met=True)
    dsr.refresh_from_db()
    return dsr


def in_review(handler: Actor) -> DataSubjectRequest:
    """A request that waits for its second person."""
    dsr = in_progress()
    decision.begin(dsr.pk, handler)
    decision.choose(dsr.pk, Outcome.FULFILLED, "", handler)
    put(dsr, RequirementKind.ANSWER, met=True)
    return decision.submit(dsr.pk, handler)


def announced(dsr: DataSubjectRequest) -> None:
    """The mail that announces the answer has gone."""
    message = Message.objects.create(
        case=dsr.case, dsr=dsr, direction="out", intent=Intent.ANSWER_READY.value, state="sent",
        created_at=timezone.now(), sent_at=timezone.now(),
    )  # fmt: skip
    closure.close_answered(message.pk)


def test_the_whole_way_leaves_its_entries_and_its_events(handler: Actor, approver: Actor) -> None:
    dsr = in_review(handler)
    decision.release(dsr.pk, approver)
    announced(dsr)
    dsr.refresh_from_db()
    dsr.case.refresh_from_db()
    assert (dsr.stage, dsr.outcome) == (Stage.CLOSED, Outcome.FULFILLED)
    assert dsr.closed_at is not None
    assert dsr.case.closed_at is not None
    assert dsr.case.due_on is None
    actions = list(AuditEntry.objects.filter(subject=f"dsr:{dsr.pk}").values_list("action", flat=True))
    assert [a for a in actions if a.startswith("request.")] == [
        "request.triage", "request.start", "request.draft", "request.submit", "request.release", "request.close",
    ]  # fmt: skip
    names = set(OutboxEvent.objects.values_list("name", flat=True))
    assert {"RequestTriaged", "DecisionDrafted", "RequestReleased"} <= names
    assert audit.verify()[1] is None


def test_a_refused_step_changes_nothing_and_leaves_no_entry(handler: Actor) -> None:
    dsr = in_review(handler)
    before = AuditEntry.objects.count()
    with pytest.raises(TransitionDenied) as denied:
        decision.release(dsr.pk, handler)
    assert denied.value.reason.code == "role_missing"
    dsr.refresh_from_db()
    assert dsr.stage == Stage.IN_REVIEW
    assert AuditEntry.objects.count() == before


def test_nobody_releases_alone_through_any_door(handler: Actor) -> None:
    both = factories.staff(Role.HANDLER, Role.APPROVER, Role.DECISION_MAKER).as_actor()
    dsr = in_review(both)
    with pytest.raises(TransitionDenied) as denied:
        decision.release(dsr.pk, both)
    assert denied.value.reason.code == "second_person"
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.filter(dsr=dsr).update(released_by=both.user_id)
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.filter(dsr=dsr).update(released_by=both.user_id, prepared_by=None)


def test_the_database_itself_releases_nothing_that_one_person_signed(handler: Actor) -> None:
    dsr = in_review(handler)
    with pytest.raises(IntegrityError), transaction.atomic():
        DataSubjectRequest.objects.filter(pk=dsr.pk).update(stage="released")
    with pytest.raises(IntegrityError), transaction.atomic():
        DataSubjectRequest.objects.filter(pk=dsr.pk).update(stage="closed")
    for stage in (Stage.RELEASED, Stage.CLOSED):
        with pytest.raises(IntegrityError), transaction.atomic():
            DataSubjectRequest.objects.create(case=dsr.case, right="access", received_at=RECEIVED, stage=stage.value)
    dsr.refresh_from_db()
    assert dsr.stage == Stage.IN_REVIEW


def test_a_right_that_takes_effect_at_once_needs_nobody_and_is_no_way_round(handler: Actor) -> None:
    dsr = factories.dsr(Right.MARKETING_OBJECTION)
    DataSubjectRequest.objects.filter(pk=dsr.pk).update(stage="released")
    with pytest.raises(IntegrityError), transaction.atomic():
        DataSubjectRequest.objects.filter(pk=dsr.pk).update(right="access")


def test_who_changes_the_draft_has_prepared_it(handler: Actor, approver: Actor) -> None:
    dsr = in_review(handler)
    decision.send_back(dsr.pk, approver, "mangler et system")
    decision.choose(dsr.pk, Outcome.FULFILLED, "", approver)
    put(dsr, RequirementKind.ANSWER, met=True)
    decision.submit(dsr.pk, approver)
    with pytest.raises(TransitionDenied) as denied:
        decision.release(dsr.pk, approver)
    assert denied.value.reason.code == "second_person"


def test_going_back_needs_a_reason(handler: Actor, approver: Actor) -> None:
    dsr = in_review(handler)
    with pytest.raises(TransitionDenied) as denied:
        decision.send_back(dsr.pk, approver, " ")
    assert denied.value.reason.code == "note_missing"


def test_a_draft_cannot_be_written_into_once_it_is_handed_over(handler: Actor) -> None:
    dsr = in_review(handler)
    with pytest.raises(ActionRefused):
        decision.choose(dsr.pk, Outcome.NO_DATA, "", handler)


def test_what_takes_effect_at_once_is_not_drafted(handler: Actor) -> None:
    dsr = factories.dsr(Right.MARKETING_OBJECTION)
    lifecycle.advance(dsr.pk, Action.START, SYSTEM)
    with pytest.raises(TransitionDenied) as denied:
        decision.begin(dsr.pk, handler)
    assert denied.value.reason.code == "right_takes_effect_at_once"


def test_a_reopened_request_needs_a_new_answer_by_two_persons(handler: Actor, approver: Actor) -> None:
    dsr = in_review(handler)
    decision.release(dsr.pk, approver)
    announced(dsr)
    lifecycle.advance(dsr.pk, Action.REOPEN, handler, note="et system til")
    dsr.refresh_from_db()
    dsr.case.refresh_from_db()
    assert (dsr.stage, dsr.outcome, dsr.answer_sent_at) == (Stage.IN_PROGRESS, "", None)
    assert dsr.case.closed_at is None
    assert dsr.case.due_on == dsr.effective_due
    made = Decision.objects.get(dsr=dsr)
    assert (made.prepared_by, made.released_by) == (None, None)


@pytest.mark.parametrize(
    "today,allowed",
    [
        (datetime(2026, 9, 28, 12, tzinfo=UTC), False),
        (datetime(2026, 9, 29, 12, tzinfo=UTC), True),
        (datetime(2026, 10, 5, 12, tzinfo=UTC), True),
    ],
)
def test_the_override_opens_two_working_days_before_the_last_one(
    approver: Actor, today: datetime, allowed: bool
) -> None:
    dsr = in_progress()
    put(dsr, RequirementKind.REGISTER, met=False, reason="activities.PA03.retention")

    def override() -> None:
        decision.override(
            dsr.pk, RequirementKind.REGISTER, reason="avtalt med daglig leder", missing="lagringstiden",
            promised_on=(today + timedelta(days=14)).date(), actor=approver,
        )  # fmt: skip

    with travel(today, tick=False):
        if allowed:
            override()
            facts = lifecycle.snapshot(dsr)
            assert [fact.kind for fact in facts.open_requirements()] == [RequirementKind.ANSWER]  # a new letter
        else:
            with pytest.raises(ActionRefused) as refused:
                override()
            assert refused.value.reason.code == "override_too_early"


def test_only_the_decision_maker_overrides_and_never_two_persons_or_identity(handler: Actor, approver: Actor) -> None:
    dsr = in_progress()
    late = datetime(2026, 9, 30, 12, tzinfo=UTC)
    given: dict[str, Any] = {"reason": "fordi", "missing": "noe", "promised_on": (late + timedelta(days=9)).date()}
    with travel(late, tick=False):
        with pytest.raises(ActionRefused) as refused:
            decision.override(dsr.pk, RequirementKind.SYSTEMS, actor=handler, **given)
        assert refused.value.reason.code == "decision_maker_only"
        for kind in (RequirementKind.IDENTITY, RequirementKind.ANSWER, RequirementKind.DELIVERY_ADDRESS):
            with pytest.raises(ActionRefused) as refused:
                decision.override(dsr.pk, kind, actor=approver, **given)
            assert refused.value.reason.code == "override_never"


def test_what_was_promised_for_later_keeps_the_case_open(handler: Actor, approver: Actor) -> None:
    dsr = in_progress()
    put(dsr, RequirementKind.SYSTEMS, met=False, reason="dynamics")
    with travel(datetime(2026, 9, 30, 12, tzinfo=UTC), tick=False):
        decision.override(
            dsr.pk, RequirementKind.SYSTEMS, reason="systemet er nede", missing="opplysninger fra Dynamics",
            promised_on=datetime(2026, 10, 14).date(), actor=approver,  # noqa: DTZ001 - a day
        )  # fmt: skip
        decision.begin(dsr.pk, handler)
        decision.choose(dsr.pk, Outcome.PARTLY_FULFILLED, "Resten kommer.", handler)
        put(dsr, RequirementKind.ANSWER, met=True)
        decision.submit(dsr.pk, handler)
        decision.release(dsr.pk, approver)
        announced(dsr)
    dsr.refresh_from_db()
    assert dsr.stage == Stage.RELEASED
    assert dict(lifecycle.available(dsr, handler))[Action.CLOSE] is not None


def test_an_answer_closes_its_own_request_only(handler: Actor, approver: Actor) -> None:
    dsr, other = in_review(handler), in_review(handler)
    DataSubjectRequest.objects.filter(pk=other.pk).update(case=dsr.case, right=Right.PORTABILITY.value)
    decision.release(dsr.pk, approver)
    announced(dsr)
    other.refresh_from_db()
    assert (DataSubjectRequest.objects.get(pk=dsr.pk).stage, other.stage) == (Stage.CLOSED, Stage.IN_REVIEW)


def test_other_mails_close_nothing(handler: Actor, approver: Actor) -> None:
    dsr = in_review(handler)
    decision.release(dsr.pk, approver)
    other = Message.objects.create(
        case=dsr.case, direction="out", intent=Intent.STAFF_MESSAGE.value, state="sent",
        created_at=timezone.now(), sent_at=timezone.now(),
    )  # fmt: skip
    closure.close_answered(other.pk)
    dsr.refresh_from_db()
    assert dsr.stage == Stage.RELEASED
