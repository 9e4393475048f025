"""Small predicates of the lifecycle: each returns None, or the reason why not."""

from collections.abc import Callable

from .enums import ActorKind, Outcome, RequirementKind, Role
from .grounds import GROUNDS, Ground
from .outcomes import AT_ONCE, ENDINGS, NEEDS_WORDS, needs_ground, outcomes_of
from .snapshot import Actor, Reason, RequirementFact, Snapshot

Guard = Callable[[Snapshot, Actor], "Reason | None"]


def right_known(snapshot: Snapshot, actor: Actor) -> Reason | None:
    """A request is sorted once it is known which right it is about."""
    return None if snapshot.right else Reason("right_unknown")


def right_answerable(snapshot: Snapshot, actor: Actor) -> Reason | None:
    """An answer is drafted only where there is something to decide: what takes effect at once is confirmed."""
    return Reason("right_takes_effect_at_once") if snapshot.right in AT_ONCE else None


def takes_effect_at_once(snapshot: Snapshot, actor: Actor) -> Reason | None:
    """Only a withdrawal of consent or an objection to marketing is confirmed without a decision."""
    return None if snapshot.right in AT_ONCE else Reason("right_needs_a_decision")


def person_found(snapshot: Snapshot, actor: Actor) -> Reason | None:
    """Whoever writes for another is answered when that person's marketing is stopped, or it is said why not."""
    return _first(snapshot, RequirementKind.BLOCK)


def outcome_chosen(snapshot: Snapshot, actor: Actor) -> Reason | None:
    """A decision names one outcome that fits the right."""
    if snapshot.outcome is None:
        return Reason("outcome_missing")
    if snapshot.outcome not in outcomes_of(snapshot.right):
        return Reason("outcome_unfit")
    return None


def reasoning_given(snapshot: Snapshot, actor: Actor) -> Reason | None:
    """What is not full fulfilment must say why (Art. 12(4)), in words and by a ground of the law.

    A part that follows later is no refusal: an override needs no ground. Who else decides about the data is said in
    words alone.
    """
    if snapshot.outcome not in NEEDS_WORDS:
        return None
    if not snapshot.reasoning.strip():
        return Reason("reasoning_missing")
    if not needs_ground(snapshot.right, snapshot.outcome):
        return None
    if snapshot.outcome is Outcome.PARTLY_FULFILLED and any(fact.overridden for fact in snapshot.requirements):
        return None
    fitting = GROUNDS.get(snapshot.right, ()) if snapshot.right else ()
    return None if snapshot.grounds and set(snapshot.grounds) <= set(fitting) else Reason("ground_missing")


def refusal_by_decision_maker(snapshot: Snapshot, actor: Actor) -> Reason | None:
    """A full refusal, and what rests on "excessive" (Art. 12(5)), goes out only by the decision-maker.

    Anybody who works on the request may prepare it: two persons are needed, and a house may have one decision-maker.
    """
    theirs = snapshot.outcome is Outcome.REFUSED or Ground.EXCESSIVE in snapshot.grounds
    if theirs and Role.DECISION_MAKER not in actor.roles:
        return Reason("decision_maker_only")
    return None


def systems_answered(snapshot: Snapshot, actor: Actor) -> Reason | None:
    """No answer while a system is silent, unless the decision-maker took that on; none before there is a plan.

    The plan writes the requirement. It may come late (a broken systems file, a worker that is away), and a request
    that nobody planned to search for must never look like one for which nothing was found. What ends without a
    decision on its matter needs no search.
    """
    if snapshot.outcome in ENDINGS:
        return None
    if all(fact.kind is not RequirementKind.SYSTEMS for fact in snapshot.requirements):
        return Reason("requirement_open", {"kind": RequirementKind.SYSTEMS.value, "reason": ""})
    return _first(snapshot, RequirementKind.SYSTEMS)


def requirements_met(snapshot: Snapshot, actor: Actor) -> Reason | None:
    """Nothing that must hold before a release may be open; recipients are told after it."""
    if snapshot.outcome in ENDINGS:
        return _first(snapshot, RequirementKind.ANSWER)
    return _first(snapshot, *(kind for kind in RequirementKind if kind is not RequirementKind.RECIPIENTS))


def recipients_told(snapshot: Snapshot, actor: Actor) -> Reason | None:
    """A request closes when everybody who received the data was told, or the reason why not is recorded (Art. 19)."""
    return _first(snapshot, RequirementKind.RECIPIENTS)


def basis_looked_at(snapshot: Snapshot, actor: Actor) -> Reason | None:
    """After a withdrawal of consent somebody looks whether the data has another basis (Art. 17(1)(b))."""
    return _first(snapshot, RequirementKind.BASIS)


def second_person(snapshot: Snapshot, actor: Actor) -> Reason | None:
    """Who prepared the answer may not release it (two-person release)."""
    if snapshot.prepared_by is None:
        return Reason("nobody_prepared")
    return Reason("second_person") if actor.user_id == snapshot.prepared_by else None


def system_only_by_proof(snapshot: Snapshot, actor: Actor) -> Reason | None:
    """The system takes up again only what ended because nobody had shown who asks; for the rest it takes a person."""
    by_itself = actor.kind is ActorKind.SYSTEM and snapshot.outcome is not Outcome.CLOSED_UNVERIFIED
    return Reason("staff_only") if by_itself else None


def answer_sent(snapshot: Snapshot, actor: Actor) -> Reason | None:
    """A request closes only with an outcome and a sent answer; silence is never an outcome."""
    return None if snapshot.answer_sent else Reason("answer_not_sent")


def nothing_promised(snapshot: Snapshot, actor: Actor) -> Reason | None:
    """While a part was promised for later (an override), the request stays open until it was sent."""
    return Reason("part_promised") if any(r.overridden for r in snapshot.requirements) else None


def _first(snapshot: Snapshot, *kinds: RequirementKind) -> Reason | None:
    """The first open requirement of one of these kinds."""
    for fact in snapshot.open_requirements():
        if fact.kind in kinds:
            return _open(fact)
    return None


def _open(fact: RequirementFact) -> Reason:
    return Reason("requirement_open", {"kind": fact.kind.value, "reason": fact.reason})
