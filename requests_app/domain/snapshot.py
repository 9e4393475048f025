"""The frozen view of a request that guards may look at: facts only, no database."""

from dataclasses import dataclass, field

from .enums import ActorKind, Outcome, RequirementKind, RequirementState, Right, Role, Stage
from .grounds import Ground


@dataclass(frozen=True)
class Reason:
    """Why something cannot be done: a code with its parameters; `requests_app.reasons` puts it into words."""

    code: str
    params: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Actor:
    """Who wants to act. `user_id` is set for staff only, and for the owner of a system who has no account.

    There it is the member of staff who sent the link, and stands for whom it was sent to.
    """

    kind: ActorKind
    user_id: int | None = None
    roles: frozenset[Role] = frozenset()
    emergency: bool = False  # the approver outside the team: `services.emergency` tells of what they do

    @property
    def label(self) -> str:
        """The pseudonym under which the audit knows the actor."""
        return f"user:{self.user_id}" if self.kind is ActorKind.STAFF else self.kind.value


SYSTEM = Actor(ActorKind.SYSTEM)
PERSON = Actor(ActorKind.PERSON)


@dataclass(frozen=True)
class RequirementFact:
    """One thing that must hold before a release."""

    kind: RequirementKind
    state: RequirementState
    reason: str
    overridden: bool = False


@dataclass(frozen=True)
class Snapshot:
    """Everything a guard may know about one request."""

    right: Right | None
    stage: Stage
    requirements: tuple[RequirementFact, ...] = ()
    outcome: Outcome | None = None
    reasoning: str = ""
    grounds: tuple[Ground, ...] = ()
    prepared_by: int | None = None
    answer_sent: bool = False

    def open_requirements(self) -> tuple[RequirementFact, ...]:
        """The requirements that neither hold nor were overridden by the decision-maker."""
        return tuple(r for r in self.requirements if r.state is RequirementState.OPEN and not r.overridden)
