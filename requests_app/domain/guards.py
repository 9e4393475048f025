"""Small predicates of the lifecycle: each returns None, or the reason why not."""

from collections.abc import Callable

from .enums import Outcome, RequirementKind, Right
from .snapshot import Actor, Reason, Snapshot

Guard = Callable[[Snapshot, Actor], "Reason | None"]

# What this version can decide and send for each right; the other outcomes come with their letters.
ANSWERABLE: dict[Right, frozenset[Outcome]] = {
    Right.ACCESS: frozenset({Outcome.FULFILLED, Outcome.PARTLY_FULFILLED, Outcome.NO_DATA}),
}


def right_known(snapshot: Snapshot, actor: Actor) -> Reason | None:
    """A request is sorted once it is known which right it is about."""
    return None if snapshot.right else Reason("right_unknown")


def right_answerable(snapshot: Snapshot, actor: Actor) -> Reason | None:
    """An answer can be drafted only for rights that have one."""
    return None if snapshot.right in ANSWERABLE else Reason("right_not_answerable")


def outcome_chosen(snapshot: Snapshot, actor: Actor) -> Reason | None:
    """A decision names one outcome that fits the right."""
    if snapshot.outcome is None:
        return Reason("outcome_missing")
    if snapshot.right is None or snapshot.outcome not in ANSWERABLE.get(snapshot.right, frozenset()):
        return Reason("outcome_unfit")
    return None


def reasoning_given(snapshot: Snapshot, actor: Actor) -> Reason | None:
    """What is not full fulfilment must say why (Art. 12(4))."""
    if snapshot.outcome is Outcome.PARTLY_FULFILLED and not snapshot.reasoning.strip():
        return Reason("reasoning_missing")
    return None


def systems_answered(snapshot: Snapshot, actor: Actor) -> Reason | None:
    """No answer while a system is silent, unless the decision-maker took that on; none before there is a plan.

    The plan writes the requirement. It may come late (a broken systems file, a worker that is away), and a request
    that nobody planned to search for must never look like one for which nothing was found.
    """
    if all(fact.kind is not RequirementKind.SYSTEMS for fact in snapshot.requirements):
        return Reason("requirement_open", {"kind": RequirementKind.SYSTEMS.value, "reason": ""})
    return _requirement(snapshot, RequirementKind.SYSTEMS)


def requirements_met(snapshot: Snapshot, actor: Actor) -> Reason | None:
    """Nothing that must hold before a release may be open."""
    for fact in snapshot.open_requirements():
        return Reason("requirement_open", {"kind": fact.kind.value, "reason": fact.reason})
    return None


def second_person(snapshot: Snapshot, actor: Actor) -> Reason | None:
    """Who prepared the answer may not release it (two-person release)."""
    if snapshot.prepared_by is None:
        return Reason("nobody_prepared")
    return Reason("second_person") if actor.user_id == snapshot.prepared_by else None


def answer_sent(snapshot: Snapshot, actor: Actor) -> Reason | None:
    """A request closes only with an outcome and a sent answer; silence is never an outcome."""
    return None if snapshot.answer_sent else Reason("answer_not_sent")


def nothing_promised(snapshot: Snapshot, actor: Actor) -> Reason | None:
    """While a part was promised for later (an override), the request stays open until it was sent."""
    return Reason("part_promised") if any(r.overridden for r in snapshot.requirements) else None


def _requirement(snapshot: Snapshot, kind: RequirementKind) -> Reason | None:
    for fact in snapshot.open_requirements():
        if fact.kind is kind:
            return Reason("requirement_open", {"kind": fact.kind.value, "reason": fact.reason})
    return None
