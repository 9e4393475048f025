"""The decision: drafted by one person, released by another, overridden only by the decision-maker."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from requests_app import audit
from requests_app.domain.enums import Action, Outcome, RequirementKind, Role, Stage
from requests_app.domain.errors import ActionRefused
from requests_app.domain.grounds import Ground
from requests_app.domain.snapshot import Actor, Reason
from requests_app.labels import REQUIREMENTS
from requests_app.models import DataSubjectRequest, Decision, Note, Override

from . import clock, lifecycle, mandate_record, readers, rows
from .requirements import put

OVERRIDE_WORKING_DAYS = 2
NEVER_OVERRIDDEN = frozenset(
    {
        RequirementKind.ANSWER,
        RequirementKind.DELIVERY_ADDRESS,
        RequirementKind.IDENTITY,
        # No answer waits for it; why somebody is not told is said of each recipient (Art. 19).
        RequirementKind.RECIPIENTS,
        # What takes effect at once has no decision that could be overridden.
        RequirementKind.BLOCK,
        # What goes to somebody who may not have it is a breach, not a delay.
        RequirementKind.MANDATE,
        RequirementKind.BASIS,
    }
)


def by_hand(dsr: DataSubjectRequest) -> bool:
    """Tell whether the answer goes by post or is handed over, instead of by mail and the status page."""
    return Decision.objects.filter(dsr=dsr).exclude(delivery_way="").exists()


def begin(dsr_id: int, actor: Actor) -> DataSubjectRequest:
    """Start the draft of an answer (in_progress -> decision_draft). Raises TransitionDenied."""
    with transaction.atomic():
        dsr = lifecycle.advance(dsr_id, Action.DRAFT, actor)
        Decision.objects.get_or_create(dsr=dsr)
        put(dsr, RequirementKind.ANSWER, met=False, reason="answer_not_built")
        mandate_record.review(dsr.case)
        return dsr


def choose(dsr_id: int, outcome: Outcome, reasoning: str, actor: Actor, *, grounds: Sequence[Ground] = ()) -> Decision:
    """Write outcome, grounds and reasoning into the draft; who writes last has prepared it.

    Raises ActionRefused when there is no draft to write into.
    """
    with transaction.atomic():
        dsr = rows.lock_request(dsr_id)
        if dsr.stage != Stage.DECISION_DRAFT:
            raise ActionRefused(Reason("not_a_draft"))
        readers.require(dsr.case_id, actor)
        decision, _ = Decision.objects.get_or_create(dsr=dsr)
        decision.outcome = outcome.value
        decision.reasoning = reasoning.strip()
        decision.grounds = [ground.value for ground in grounds]
        decision.prepared_by_id = actor.user_id
        decision.prepared_at = timezone.now()
        decision.save()
        put(dsr, RequirementKind.ANSWER, met=False, reason="answer_not_built")
        mandate_record.look_again(dsr.case)
        audit.record("decision.chosen", f"dsr:{dsr.pk}", actor, outcome=outcome.value, grounds=list(decision.grounds))
        return decision


def submit(dsr_id: int, actor: Actor) -> DataSubjectRequest:
    """Hand the draft over for review. Raises TransitionDenied."""
    return lifecycle.advance(dsr_id, Action.SUBMIT, actor)


def send_back(dsr_id: int, actor: Actor, note: str) -> DataSubjectRequest:
    """Return a draft to whoever prepared it, with a reason. Raises TransitionDenied."""
    return lifecycle.advance(dsr_id, Action.SEND_BACK, actor, note=note)


def release(dsr_id: int, actor: Actor) -> DataSubjectRequest:
    """Release the answer as the second person. Raises TransitionDenied; the database refuses one person alone.

    A mandate has to hold on this very day.
    """
    with transaction.atomic():
        mandate_record.review(rows.lock_request(dsr_id).case)
        return lifecycle.advance(dsr_id, Action.RELEASE, actor)


def override_from(dsr: DataSubjectRequest) -> date | None:
    """Return the day from which the decision-maker may override: two working days before `act_by`."""
    if dsr.act_by is None:
        return None
    day, calendar = dsr.act_by, clock.calendar()
    for _ in range(OVERRIDE_WORKING_DAYS):
        day = calendar.last_working_day_on_or_before(day - timedelta(days=1))
    return day


def override(
    dsr_id: int, kind: RequirementKind, *, reason: str, missing: str, promised_on: date, actor: Actor
) -> Override:
    """Let the answer go although `kind` is open; the letter names `missing` and the day it will follow.

    Only by the decision-maker, only from `override_from` on, never for two persons, identity or the answer
    itself (a block may never itself cause the breach). Raises ActionRefused.
    """
    with transaction.atomic():
        dsr = rows.lock_request(dsr_id)
        start, today = override_from(dsr), clock.calendar().local_date(timezone.now())
        if Role.DECISION_MAKER not in actor.roles:
            raise ActionRefused(Reason("decision_maker_only"))
        if kind in NEVER_OVERRIDDEN:
            raise ActionRefused(Reason("override_never"))
        if start is None or today < start:
            raise ActionRefused(Reason("override_too_early", {"date": start.isoformat() if start else ""}))
        if not reason.strip() or not missing.strip() or promised_on <= today:
            raise ActionRefused(Reason("override_incomplete"))
        row, _ = Override.objects.update_or_create(
            dsr=dsr,
            kind=kind.value,
            defaults={
                "reason": reason.strip(),
                "missing": missing.strip(),
                "promised_on": promised_on,
                "decided_by_id": actor.user_id,
                "decided_at": timezone.now(),
            },
        )
        if actor.user_id is not None:  # the row goes when the missing part comes in; why it was let go must stay
            words = f"{REQUIREMENTS[kind]}: {reason.strip()}"
            Note.objects.create(case=dsr.case, author_id=actor.user_id, text=words, created_at=timezone.now())
        put(dsr, RequirementKind.ANSWER, met=False, reason="answer_not_built")
        audit.record("decision.overridden", f"dsr:{dsr.pk}", actor, kind=kind.value, until=promised_on.isoformat())
        return row
