"""`advance` is the only writer of `stage`; `available` tells the buttons what it would say."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from requests_app import audit, outbox
from requests_app.domain import lifecycle
from requests_app.domain.enums import Action, ActorKind, Outcome, RequirementKind, RequirementState, Right, Stage
from requests_app.domain.errors import TransitionDenied
from requests_app.domain.grounds import Ground
from requests_app.domain.outcomes import AT_ONCE
from requests_app.domain.snapshot import Actor, Reason, RequirementFact, Snapshot
from requests_app.models import Case, DataSubjectRequest, Decision

from . import clock, collision, emergency, readers, rows


def advance(dsr_id: int, action: Action, actor: Actor, *, note: str = "") -> DataSubjectRequest:
    """Move a request one stage, with its audit entry and its event, in one transaction.

    Raises TransitionDenied with the reason when the table or a guard says no; nothing is changed then.
    `note` (why) is kept on the case's timeline by the caller; the audit only remembers that there was one.
    """
    with transaction.atomic():
        dsr = rows.lock_request(dsr_id)
        if aside := readers.why_stands_aside(dsr.case_id, actor):
            raise TransitionDenied(aside)
        transition = lifecycle.decide(snapshot(dsr), action, actor, note)
        if action is Action.REOPEN:
            _forget_answer(dsr)
        if action is Action.RELEASE:  # before the stage: the database lets nothing be released that one person signed
            Decision.objects.filter(dsr=dsr).update(released_by=actor.user_id, released_at=timezone.now())
        dsr.stage = transition.target.value
        dsr.outcome, dsr.closed_at = _ending(dsr, transition.target)
        dsr.next_milestone_on = clock.calendar().local_date(dsr.received_at)
        dsr.save(update_fields=["stage", "outcome", "closed_at", "answer_sent_at", "next_milestone_on"])
        _refresh_case(dsr.case)
        if actor.kind is not ActorKind.SYSTEM:
            collision.touch(dsr.case_id)
        audit.record(
            f"request.{action}",
            f"dsr:{dsr.pk}",
            actor,
            case=dsr.case.reference,
            right=dsr.right,
            source=transition.source.value,
            target=transition.target.value,
            outcome=dsr.outcome,
            with_note=bool(note.strip()),
        )
        if action is Action.RELEASE:
            emergency.used(dsr.case, actor)
        if transition.emits:
            outbox.publish(transition.emits(dsr.pk))
        return dsr


def available(dsr: DataSubjectRequest, actor: Actor) -> list[tuple[Action, Reason | None]]:
    """Return the actions that start at the present stage, each with the reason why not (None: allowed)."""
    facts, aside = snapshot(dsr), readers.why_stands_aside(dsr.case_id, actor)
    return [
        (t.action, aside or lifecycle.refusal(facts, t.action, actor, note="-"))
        for t in lifecycle.actions_from(facts.stage)
    ]


def snapshot(dsr: DataSubjectRequest) -> Snapshot:
    """Collect what the guards may know about a request."""
    decision = Decision.objects.filter(dsr=dsr).first()
    overridden = set(dsr.overrides.values_list("kind", flat=True))
    return Snapshot(
        right=Right(dsr.right) if dsr.right else None,
        stage=Stage(dsr.stage),
        requirements=tuple(
            RequirementFact(RequirementKind(r.kind), RequirementState(r.state), r.reason, r.kind in overridden)
            for r in dsr.requirements.order_by("id")
        ),
        outcome=_outcome(dsr, decision),
        reasoning=decision.reasoning if decision else "",
        grounds=tuple(Ground(code) for code in decision.grounds) if decision else (),
        prepared_by=decision.prepared_by_id if decision else None,
        answer_sent=dsr.answer_sent_at is not None,
    )


def _outcome(dsr: DataSubjectRequest, decision: Decision | None) -> Outcome | None:
    """What was decided on; what took effect at once has no decision, only its outcome."""
    chosen = (decision.outcome if decision else "") or dsr.outcome
    return Outcome(chosen) if chosen else None


def _ending(dsr: DataSubjectRequest, target: Stage) -> tuple[str, datetime | None]:
    if target is Stage.RELEASED:
        at_once = dsr.right in AT_ONCE
        return Outcome.FULFILLED.value if at_once else dsr.decision.outcome, None
    if target is Stage.CLOSED:
        return dsr.outcome, timezone.now()
    return "", None


def _forget_answer(dsr: DataSubjectRequest) -> None:
    """A request that is worked on again needs a new answer by two persons; the audit remembers the old one."""
    dsr.answer_sent_at = None
    dsr.overrides.all().delete()
    Decision.objects.filter(dsr=dsr).update(
        prepared_by=None, prepared_at=None, released_by=None, released_at=None, delivered_on=None
    )


def _refresh_case(case: Case) -> None:
    still_open = DataSubjectRequest.objects.open().filter(case=case).exists()
    if still_open != (case.closed_at is None):
        case.closed_at = None if still_open else timezone.now()
        case.save(update_fields=["closed_at"])
    clock.refresh_case(case.pk)
