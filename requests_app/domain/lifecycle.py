"""The one table of what may happen to a request, and the function that reads it.

Whoever needs to know which stage follows which (services, the desk's buttons, the drawing in `docs/lifecycle.md`,
the tests) asks `TRANSITIONS`.
"""

from dataclasses import dataclass

from . import events, guards
from .enums import Action, ActorKind, Role, Stage
from .errors import TransitionDenied
from .guards import Guard
from .snapshot import Actor, Reason, Snapshot

_WORKERS = frozenset({Role.HANDLER, Role.DECISION_MAKER})
_SORTERS = frozenset({Role.INTAKE, Role.HANDLER, Role.DECISION_MAKER})
_APPROVERS = frozenset({Role.APPROVER, Role.DECISION_MAKER})


@dataclass(frozen=True)
class Transition:
    """One row of the table: from, action, to, who may, what must hold, what is announced."""

    source: Stage
    action: Action
    target: Stage
    roles: frozenset[Role]
    guards: tuple[Guard, ...] = ()
    system: bool = False
    needs_note: bool = False
    emits: type[events.RequestEvent] | None = None


TRANSITIONS: tuple[Transition, ...] = (
    Transition(Stage.RECEIVED, Action.TRIAGE, Stage.TRIAGED, _SORTERS, (guards.right_known,),
               system=True, emits=events.RequestTriaged),
    Transition(Stage.TRIAGED, Action.START, Stage.IN_PROGRESS, _WORKERS, (),
               system=True, emits=events.RequestStarted),
    Transition(Stage.IN_PROGRESS, Action.DRAFT, Stage.DECISION_DRAFT, _WORKERS,
               (guards.right_answerable,), emits=events.DecisionDrafted),
    Transition(Stage.IN_PROGRESS, Action.CONFIRM, Stage.RELEASED, _WORKERS,
               (guards.takes_effect_at_once, guards.person_found),
               system=True, emits=events.RequestConfirmed),
    Transition(Stage.DECISION_DRAFT, Action.SUBMIT, Stage.IN_REVIEW, _WORKERS,
               (guards.outcome_chosen, guards.reasoning_given, guards.systems_answered, guards.requirements_met)),
    Transition(Stage.IN_REVIEW, Action.SEND_BACK, Stage.DECISION_DRAFT, _APPROVERS | _WORKERS, (),
               needs_note=True),
    Transition(Stage.IN_REVIEW, Action.RELEASE, Stage.RELEASED, _APPROVERS,
               (guards.second_person, guards.refusal_by_decision_maker, guards.outcome_chosen, guards.reasoning_given,
                guards.requirements_met),
               emits=events.RequestReleased),
    Transition(Stage.RELEASED, Action.CLOSE, Stage.CLOSED, _WORKERS,
               (guards.outcome_chosen, guards.answer_sent, guards.nothing_promised, guards.systems_answered,
                guards.recipients_told, guards.basis_looked_at),
               system=True, emits=events.RequestClosed),
    Transition(Stage.RELEASED, Action.REOPEN, Stage.IN_PROGRESS, _WORKERS, (guards.system_only_by_proof,),
               system=True, needs_note=True, emits=events.RequestReopened),
    Transition(Stage.CLOSED, Action.REOPEN, Stage.IN_PROGRESS, _WORKERS, (guards.system_only_by_proof,),
               system=True, needs_note=True, emits=events.RequestReopened),
)  # fmt: skip

_BY_KEY = {(t.source, t.action): t for t in TRANSITIONS}


def refusal(snapshot: Snapshot, action: Action, actor: Actor, note: str = "") -> Reason | None:
    """Return why `actor` may not take `action` now, or None when it is allowed."""
    transition = _BY_KEY.get((snapshot.stage, action))
    if transition is None:
        return Reason("not_from_here", {"stage": snapshot.stage.value})
    if actor.kind is ActorKind.SYSTEM:
        if not transition.system:
            return Reason("staff_only")
    elif actor.kind is not ActorKind.STAFF or not actor.roles & transition.roles:
        return Reason("role_missing", {"roles": ",".join(sorted(transition.roles))})
    for guard in transition.guards:
        if reason := guard(snapshot, actor):
            return reason
    if transition.needs_note and not note.strip():
        return Reason("note_missing")
    return None


def decide(snapshot: Snapshot, action: Action, actor: Actor, note: str = "") -> Transition:
    """Return the transition to carry out; raise `TransitionDenied` with the reason otherwise."""
    if reason := refusal(snapshot, action, actor, note):
        raise TransitionDenied(reason)
    return _BY_KEY[(snapshot.stage, action)]


def actions_from(stage: Stage) -> tuple[Transition, ...]:
    """Return the rows of the table that start at `stage`, in the table's order."""
    return tuple(t for t in TRANSITIONS if t.source is stage)
