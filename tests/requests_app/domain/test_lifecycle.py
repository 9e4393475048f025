"""The transition table, exhaustively: every stage, every action, every kind of actor."""

import itertools

import pytest

from requests_app.domain import lifecycle
from requests_app.domain.enums import Action, ActorKind, Outcome, RequirementKind, RequirementState, Right, Role, Stage
from requests_app.domain.errors import TransitionDenied
from requests_app.domain.snapshot import PERSON, SYSTEM, Actor, RequirementFact, Snapshot

ROWS = {(t.source, t.action): t for t in lifecycle.TRANSITIONS}


def ready(stage: Stage) -> Snapshot:
    """A request with nothing in its way."""
    return Snapshot(
        right=Right.ACCESS, stage=stage, outcome=Outcome.FULFILLED, prepared_by=1, answer_sent=True,
        requirements=(RequirementFact(RequirementKind.SYSTEMS, RequirementState.MET, ""),),
    )  # fmt: skip


def staff(*roles: Role, user_id: int = 2) -> Actor:
    """A member of staff who did not prepare the answer."""
    return Actor(ActorKind.STAFF, user_id, frozenset(roles))


@pytest.mark.parametrize("stage,action", list(itertools.product(Stage, Action)))
def test_only_the_table_moves_a_request(stage: Stage, action: Action) -> None:
    row = ROWS.get((stage, action))
    everybody = staff(*Role)
    if row is None:
        with pytest.raises(TransitionDenied) as denied:
            lifecycle.decide(ready(stage), action, everybody, note="why")
        assert denied.value.reason.code == "not_from_here"
    else:
        assert lifecycle.decide(ready(stage), action, everybody, note="why").target is row.target


@pytest.mark.parametrize("row", lifecycle.TRANSITIONS, ids=lambda t: f"{t.source}-{t.action}")
@pytest.mark.parametrize("role", Role)
def test_each_role_may_exactly_what_its_row_says(row: lifecycle.Transition, role: Role) -> None:
    reason = lifecycle.refusal(ready(row.source), row.action, staff(role), note="why")
    assert (reason is None) == (role in row.roles)
    if reason:
        assert reason.code == "role_missing"


@pytest.mark.parametrize("row", lifecycle.TRANSITIONS, ids=lambda t: f"{t.source}-{t.action}")
def test_the_system_does_only_what_the_table_lets_it_and_the_person_nothing(row: lifecycle.Transition) -> None:
    reason = lifecycle.refusal(ready(row.source), row.action, SYSTEM, note="why")
    assert (reason is None) == row.system
    assert lifecycle.refusal(ready(row.source), row.action, PERSON, note="why") is not None


def test_every_stage_can_be_reached_and_every_stage_can_be_left() -> None:
    assert {t.target for t in lifecycle.TRANSITIONS} | {Stage.RECEIVED} == set(Stage)
    assert {t.source for t in lifecycle.TRANSITIONS} == set(Stage)


def test_no_row_stands_twice() -> None:
    assert len(ROWS) == len(lifecycle.TRANSITIONS)


def test_who_prepared_the_answer_may_not_release_it() -> None:
    reason = lifecycle.refusal(ready(Stage.IN_REVIEW), Action.RELEASE, staff(Role.APPROVER, user_id=1))
    assert reason is not None
    assert reason.code == "second_person"


@pytest.mark.parametrize("kind", RequirementKind)
@pytest.mark.parametrize("action,stage", [(Action.SUBMIT, Stage.DECISION_DRAFT), (Action.RELEASE, Stage.IN_REVIEW)])
def test_an_open_requirement_blocks_and_an_override_lets_through(
    kind: RequirementKind, action: Action, stage: Stage
) -> None:
    def facts(overridden: bool) -> Snapshot:
        fact = RequirementFact(kind, RequirementState.OPEN, "website", overridden)
        return Snapshot(right=Right.ACCESS, stage=stage, outcome=Outcome.FULFILLED, prepared_by=1, requirements=(fact,))

    reason = lifecycle.refusal(facts(overridden=False), action, staff(*Role))
    assert reason is not None
    assert reason.params["kind"] == kind
    assert lifecycle.refusal(facts(overridden=True), action, staff(*Role)) is None


@pytest.mark.parametrize("outcome", Outcome)
def test_only_outcomes_that_can_be_answered_are_submitted(outcome: Outcome) -> None:
    facts = Snapshot(right=Right.ACCESS, stage=Stage.DECISION_DRAFT, outcome=outcome, reasoning="fordi", prepared_by=1)
    allowed = lifecycle.refusal(facts, Action.SUBMIT, staff(Role.HANDLER)) is None
    assert allowed == (outcome in {Outcome.FULFILLED, Outcome.PARTLY_FULFILLED, Outcome.NO_DATA})


def test_a_partial_answer_needs_its_reasons() -> None:
    facts = Snapshot(right=Right.ACCESS, stage=Stage.DECISION_DRAFT, outcome=Outcome.PARTLY_FULFILLED, prepared_by=1)
    reason = lifecycle.refusal(facts, Action.SUBMIT, staff(Role.HANDLER))
    assert reason is not None
    assert reason.code == "reasoning_missing"


@pytest.mark.parametrize(
    "facts,code",
    [
        ({"answer_sent": False}, "answer_not_sent"),
        ({"outcome": None}, "outcome_missing"),
        (
            {"requirements": (RequirementFact(RequirementKind.REGISTER, RequirementState.OPEN, "x", True),)},
            "part_promised",
        ),
        ({"requirements": (RequirementFact(RequirementKind.SYSTEMS, RequirementState.OPEN, "x"),)}, "requirement_open"),
    ],
)
def test_nothing_closes_while_something_is_owed(facts: dict[str, object], code: str) -> None:
    values: dict[str, object] = {
        "right": Right.ACCESS, "stage": Stage.RELEASED, "outcome": Outcome.FULFILLED, "answer_sent": True,
    }  # fmt: skip
    reason = lifecycle.refusal(Snapshot(**(values | facts)), Action.CLOSE, SYSTEM)  # type: ignore[arg-type]
    assert reason is not None
    assert reason.code == code


def test_what_nobody_planned_to_search_for_is_not_answered() -> None:
    facts = Snapshot(right=Right.ACCESS, stage=Stage.IN_PROGRESS)
    reason = lifecycle.refusal(facts, Action.DRAFT, staff(Role.HANDLER))
    assert reason is not None
    assert (reason.code, reason.params["kind"]) == ("requirement_open", RequirementKind.SYSTEMS)


@pytest.mark.parametrize("row", [t for t in lifecycle.TRANSITIONS if t.needs_note], ids=lambda t: t.action)
def test_going_back_needs_a_reason(row: lifecycle.Transition) -> None:
    reason = lifecycle.refusal(ready(row.source), row.action, staff(*Role), note="  ")
    assert reason is not None
    assert reason.code == "note_missing"
