"""What people do with the draft of an answer; whatever changes it asks for a new package in the same transaction.

`version` is the version of the case that the page was opened with: what somebody else did meanwhile stops the step.
"""

from datetime import date
from uuid import UUID

from django.db import transaction

from exports.models import Bundle
from identity.services import delivery
from requests_app import audit
from requests_app.domain.enums import Action, Outcome, RequirementKind, RequirementState, Stage
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import Actor, Reason
from requests_app.models import DataSubjectRequest, Decision, Override
from requests_app.permissions import Staff
from requests_app.services import collision, decision, notes
from requests_app.services.requirements import put
from requests_app.services.rows import lock_request

from . import answer, correction_plan, rebuild
from . import bundle as package

LONGEST_REASONING = 8000
_WITH_PACKAGE = (Stage.DECISION_DRAFT, Stage.IN_REVIEW)


def begin(dsr_id: int, *, actor: Actor, version: int | None = None) -> DataSubjectRequest:
    """Start the draft. Raises TransitionDenied, ActionRefused."""
    with transaction.atomic():
        _seen(dsr_id, version)
        dsr = decision.begin(dsr_id, actor)
        put(dsr, RequirementKind.ANSWER, met=False, reason="answer_waits_outcome")
        return dsr


def choose(dsr_id: int, outcome: Outcome, reasoning: str, *, actor: Actor, version: int | None = None) -> Decision:
    """Write outcome and reasoning into the draft and have its package built. Raises ActionRefused.

    Refused are outcomes that contradict what was found, and a partial answer that does not say why.
    """
    with transaction.atomic():
        dsr = _seen(dsr_id, version)
        _check(dsr, outcome, reasoning)
        row = decision.choose(dsr_id, outcome, reasoning, actor)
        correction_plan.review(dsr)
        rebuild.request(dsr)
        collision.touch(dsr.case_id)
        return row


def submit(dsr_id: int, *, actor: Actor, bundle: UUID | None, version: int | None = None) -> DataSubjectRequest:
    """Hand the draft over for review, with the package that was looked at. Raises TransitionDenied, ActionRefused."""
    package.review(dsr_id)  # stays, also when the step itself is refused
    with transaction.atomic():
        _looked_at(_seen(dsr_id, version), bundle)
        return decision.submit(dsr_id, actor)


def release(dsr_id: int, *, actor: Actor, bundle: UUID | None, version: int | None = None) -> DataSubjectRequest:
    """Release the package that was looked at, as the second person. Raises TransitionDenied, ActionRefused.

    From then on its code goes to the address of this moment, whatever is learnt about the person later.
    """
    package.review(dsr_id)
    with transaction.atomic():
        dsr = _seen(dsr_id, version)
        _looked_at(dsr, bundle)
        if reason := why_not_release(dsr, actor):
            raise ActionRefused(reason)
        delivery.review(dsr.case)
        Bundle.objects.drafts().filter(dsr=dsr).update(delivery_address=delivery.address_for(dsr.case) or "")
        return decision.release(dsr_id, actor)


def why_not_release(dsr: DataSubjectRequest, actor: Actor) -> Reason | None:
    """Return why this person may not release to the address there is, or None: nobody both names and releases it."""
    alone = actor.user_id is not None and delivery.named_by_one(dsr.case) == actor.user_id
    return Reason("second_person_address") if alone else None


def send_back(dsr_id: int, note: str, *, actor: Actor, user: Staff, version: int | None = None) -> DataSubjectRequest:
    """Return the draft to whoever prepared it; why is kept as a note. Raises TransitionDenied, ActionRefused."""
    with transaction.atomic():
        _seen(dsr_id, version)
        return notes.advance(dsr_id, Action.SEND_BACK, actor=actor, user=user, note=note)


def override(
    dsr_id: int, kind: RequirementKind, *, reason: str, missing: str, promised_on: date, actor: Actor
) -> Override:
    """Let the answer go although `kind` is open; the letter says what is missing. Raises ActionRefused."""
    with transaction.atomic():
        dsr = lock_request(dsr_id)
        if not dsr.requirements.filter(kind=kind.value, state=RequirementState.OPEN.value).exists():
            raise ActionRefused(Reason("override_pointless"))
        row = decision.override(dsr_id, kind, reason=reason, missing=missing, promised_on=promised_on, actor=actor)
        collision.touch(dsr.case_id)
        if dsr.stage in _WITH_PACKAGE:
            rebuild.request(dsr)
        return row


def build_again(dsr_id: int, *, actor: Actor) -> None:
    """Try once more to put the package together, for instance after a font was installed."""
    with transaction.atomic():
        dsr = lock_request(dsr_id)
        if dsr.stage not in _WITH_PACKAGE:
            raise ActionRefused(Reason("not_a_draft"))
        rebuild.request(dsr)
        audit.record("answer.requested", f"dsr:{dsr.pk}", actor)


def _seen(dsr_id: int, version: int | None) -> DataSubjectRequest:
    """The request, locked, if its case still is as it was seen."""
    dsr = lock_request(dsr_id)
    collision.check(dsr.case, version)
    return dsr


def _looked_at(dsr: DataSubjectRequest, bundle: UUID | None) -> None:
    """Stop when the package is another one than the page showed: nobody has looked at that."""
    current = Bundle.objects.drafts().filter(dsr=dsr).first()
    if current is not None and current.uuid != bundle:
        raise ActionRefused(Reason("answer_changed"))


def _check(dsr: DataSubjectRequest, outcome: Outcome, reasoning: str) -> None:
    if len(reasoning) > LONGEST_REASONING or "\0" in reasoning:
        raise ActionRefused(Reason("reasoning_too_long", {"most": str(LONGEST_REASONING)}))
    if outcome is Outcome.PARTLY_FULFILLED and not reasoning.strip():
        raise ActionRefused(Reason("reasoning_missing"))
    found = answer.something_found(dsr)
    if reason := answer.contradiction(outcome, found=found, missing=bool(answer.needed_overrides(dsr))):
        raise ActionRefused(reason)
    if outcome is Outcome.FULFILLED and not found:
        raise ActionRefused(Reason("outcome_nothing_found"))
