"""What people do with the draft of an answer; whatever changes it asks for a new package in the same transaction.

`version` is the version of the case that the page was opened with: what somebody else did meanwhile stops the step.
"""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from exports.models import Bundle
from identity.services import delivery
from requests_app import audit
from requests_app.domain.enums import Action, Outcome, RequirementKind, RequirementState, Right, Stage
from requests_app.domain.errors import ActionRefused
from requests_app.domain.grounds import GROUNDS, Ground
from requests_app.domain.outcomes import ENDINGS, NEEDS_WORDS, needs_ground, outcomes_of
from requests_app.domain.snapshot import Actor, Reason
from requests_app.models import DataSubjectRequest, Decision, Override
from requests_app.permissions import Staff
from requests_app.services import clock, collision, decision, notes, wording
from requests_app.services.requirements import put
from requests_app.services.rows import lock_request

from . import bundle as package
from . import contradictions, deliver, endings, letters, rebuild, requirements, second_look

LONGEST_REASONING = 8000
SHORTEST_PROOF = 100
"""Characters: that a request is excessive is proved in writing, never by one click (Art. 12(5), burden of proof)."""
_PROMISES_NOTHING = ENDINGS | {Outcome.REFUSED}
_WITH_PACKAGE = (Stage.DECISION_DRAFT, Stage.IN_REVIEW)


def begin(dsr_id: int, *, actor: Actor, version: int | None = None) -> DataSubjectRequest:
    """Start the draft. Raises TransitionDenied, ActionRefused."""
    with transaction.atomic():
        _seen(dsr_id, version)
        dsr = decision.begin(dsr_id, actor)
        put(dsr, RequirementKind.ANSWER, met=False, reason="answer_waits_outcome")
        return dsr


def choose(
    dsr_id: int,
    outcome: Outcome,
    reasoning: str,
    *,
    actor: Actor,
    grounds: Sequence[Ground] = (),
    why_alone: str = "",
    version: int | None = None,
) -> Decision:
    """Write outcome, grounds and reasoning into the draft and have its package built. Raises ActionRefused.

    `why_alone` says of a complaint why whoever handled its matter answers it, where nobody else can.

    Refused are outcomes that contradict what was found or done, and what is not full fulfilment without a ground of
    the law and words that say why. Grounds of any other outcome are left out.
    """
    with transaction.atomic():
        dsr = _seen(dsr_id, version)
        barred = second_look.why_not_prepare(dsr, actor)
        _check(dsr, outcome, reasoning, grounds)
        kept = grounds if needs_ground(Right(dsr.right), outcome) else ()
        row = decision.choose(dsr_id, outcome, reasoning, actor, grounds=kept)
        requirements.review(dsr)
        delivery.review(dsr.case)  # an answer by which nothing changes needs less of who asks
        second_look.settle(dsr, barred, why_alone, actor=actor)
        collision.touch(dsr.case_id)
        return row


def submit(dsr_id: int, *, actor: Actor, bundle: UUID | None, version: int | None = None) -> DataSubjectRequest:
    """Hand the draft over for review, with the package that was looked at. Raises TransitionDenied, ActionRefused.

    A letter that was drawn on an earlier day is drawn anew at once, so that the second person finds today's.
    """
    package.review(dsr_id)  # stays, also when the step itself is refused
    with transaction.atomic():
        dsr = _seen(dsr_id, version)
        _looked_at(dsr, bundle)
        _can_be_told(dsr)
        submitted = decision.submit(dsr_id, actor)
    package.review(dsr_id)
    return submitted


def release(
    dsr_id: int, *, actor: Actor, bundle: UUID | None, why_alone: str = "", version: int | None = None
) -> DataSubjectRequest:
    """Release the package that was looked at, as the second person. Raises TransitionDenied, ActionRefused.

    From then on its code goes to the address of this moment, whatever is learnt about the person later. `why_alone` is
    that of `choose`. A letter of an earlier day is refused and drawn anew; one that promises a missing part by a day
    that has come is refused until a new day is given.
    """
    package.review(dsr_id)
    with transaction.atomic():
        dsr = _seen(dsr_id, version)
        _looked_at(dsr, bundle)
        if reason := why_not_release(dsr, actor):
            raise ActionRefused(reason)
        barred = second_look.why_not_release(dsr, actor)
        _can_be_told(dsr)
        delivery.review(dsr.case)
        Bundle.objects.drafts().filter(dsr=dsr).update(
            delivery_address=delivery.address_for(dsr.case) or "",
            address_named_by=delivery.named_by_one(dsr.case),
        )
        released = decision.release(dsr_id, actor)
        _carries_its_day(released)
        second_look.settle(dsr, barred, why_alone, actor=actor)
        return released


def why_not_release(dsr: DataSubjectRequest, actor: Actor) -> Reason | None:
    """Return why this person may not release the answer now, or None.

    Nobody both names an address and releases to it, and no letter promises a day that is not after its own.
    """
    if actor.user_id is not None and delivery.named_by_one(dsr.case) == actor.user_id:
        return Reason("second_person_address")
    return _ends_no_more(dsr) or _promise_over(dsr)


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


def _carries_its_day(dsr: DataSubjectRequest) -> None:
    """Stop when midnight passed between the look at the package and its release; the next try has it drawn anew."""
    released_at = Decision.objects.get(dsr=dsr).released_at
    draft = Bundle.objects.drafts().filter(dsr=dsr).first()
    if draft is not None and released_at is not None and not package.same_day(draft.created_at, released_at):
        raise ActionRefused(Reason("answer_redated"))


def _ends_no_more(dsr: DataSubjectRequest) -> Reason | None:
    """Why a request cannot end without a decision after all: something happened since that was chosen."""
    ending = endings.of(dsr)
    return contradictions.of_request(dsr, ending) if ending else None


def _promise_over(dsr: DataSubjectRequest) -> Reason | None:
    """Why the letter cannot carry today's date: a part was to follow by a day that has come since it was promised."""
    outcome = Decision.objects.filter(dsr=dsr).values_list("outcome", flat=True).first()
    if outcome in _PROMISES_NOTHING:
        return None
    today = clock.calendar().local_date(timezone.now())
    over = [row.promised_on for row in contradictions.needed_overrides(dsr) if row.promised_on <= today]
    return Reason("promise_over", {"date": min(over).isoformat()}) if over else None


def _can_be_told(dsr: DataSubjectRequest) -> None:
    """Stop when the mail that would tell the person has a hole in it."""
    try:
        deliver.announcement(dsr)
    except wording.Unresolved as error:
        raise ActionRefused(error.reason) from None


def needs_words(right: Right, outcome: Outcome) -> bool:
    """Tell whether the letter says nothing without somebody's own words: why not, who else, or what was found."""
    return outcome in NEEDS_WORDS or (outcome not in ENDINGS and right in letters.NEEDS_FINDINGS)


def _check(dsr: DataSubjectRequest, outcome: Outcome, reasoning: str, grounds: Sequence[Ground]) -> None:
    if outcome not in outcomes_of(Right(dsr.right)):
        raise ActionRefused(Reason("outcome_unfit"))
    if len(reasoning) > LONGEST_REASONING or "\0" in reasoning:
        raise ActionRefused(Reason("reasoning_too_long", {"most": str(LONGEST_REASONING)}))
    if needs_words(Right(dsr.right), outcome) and not reasoning.strip():
        raise ActionRefused(Reason("reasoning_missing"))
    if reason := contradictions.of_request(dsr, outcome):
        raise ActionRefused(reason)
    if needs_ground(Right(dsr.right), outcome):
        _check_grounds(dsr, outcome, reasoning, grounds)


def _check_grounds(dsr: DataSubjectRequest, outcome: Outcome, reasoning: str, grounds: Sequence[Ground]) -> None:
    """A part that follows later needs no ground; "excessive" needs proof in writing."""
    follows = outcome is Outcome.PARTLY_FULFILLED and bool(contradictions.needed_overrides(dsr))
    if not set(grounds) <= set(GROUNDS[Right(dsr.right)]) or not (grounds or follows):
        raise ActionRefused(Reason("ground_missing"))
    if Ground.EXCESSIVE in grounds and len(" ".join(reasoning.split())) < SHORTEST_PROOF:
        raise ActionRefused(Reason("reasoning_no_proof"))
