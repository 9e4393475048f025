"""The transition table, exhaustively: every stage, every action, every kind of actor."""

import itertools
from dataclasses import replace
from typing import Any

import pytest

from requests_app.domain import lifecycle
from requests_app.domain.enums import Action, ActorKind, Outcome, RequirementKind, RequirementState, Right, Role, Stage
from requests_app.domain.errors import TransitionDenied
from requests_app.domain.grounds import ARTICLES, GROUNDS, Ground
from requests_app.domain.outcomes import ANSWERABLE, AT_ONCE, ENDINGS, outcomes_of
from requests_app.domain.snapshot import PERSON, SYSTEM, Actor, RequirementFact, Snapshot

SEARCHED = RequirementFact(RequirementKind.SYSTEMS, RequirementState.MET, "")
ROWS = {(t.source, t.action): t for t in lifecycle.TRANSITIONS}


def ready(stage: Stage, action: Action | None = None) -> Snapshot:
    """A request with nothing in its way."""
    right = Right.MARKETING_OBJECTION if action is Action.CONFIRM else Right.ACCESS
    return Snapshot(
        right=right, stage=stage, outcome=Outcome.FULFILLED, prepared_by=1, answer_sent=True, requirements=(SEARCHED,)
    )


def staff(*roles: Role, user_id: int = 2) -> Actor:
    """A member of staff who did not prepare the answer."""
    return Actor(ActorKind.STAFF, user_id, frozenset(roles))


@pytest.mark.parametrize("stage,action", list(itertools.product(Stage, Action)))
def test_only_the_table_moves_a_request(stage: Stage, action: Action) -> None:
    row = ROWS.get((stage, action))
    everybody = staff(*Role)
    if row is None:
        with pytest.raises(TransitionDenied) as denied:
            lifecycle.decide(ready(stage, action), action, everybody, note="why")
        assert denied.value.reason.code == "not_from_here"
    else:
        assert lifecycle.decide(ready(stage, action), action, everybody, note="why").target is row.target


@pytest.mark.parametrize("row", lifecycle.TRANSITIONS, ids=lambda t: f"{t.source}-{t.action}")
@pytest.mark.parametrize("role", Role)
def test_each_role_may_exactly_what_its_row_says(row: lifecycle.Transition, role: Role) -> None:
    reason = lifecycle.refusal(ready(row.source, row.action), row.action, staff(role), note="why")
    assert (reason is None) == (role in row.roles)
    if reason:
        assert reason.code == "role_missing"


@pytest.mark.parametrize("row", lifecycle.TRANSITIONS, ids=lambda t: f"{t.source}-{t.action}")
def test_the_system_does_only_what_the_table_lets_it_and_the_person_nothing(row: lifecycle.Transition) -> None:
    facts = ready(row.source, row.action)
    if row.action is Action.REOPEN:
        denied = lifecycle.refusal(facts, row.action, SYSTEM, note="why")
        assert denied is not None
        assert denied.code == "staff_only"
        facts = replace(facts, outcome=Outcome.CLOSED_UNVERIFIED)  # a late proof needs no person
    reason = lifecycle.refusal(facts, row.action, SYSTEM, note="why")
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


@pytest.mark.parametrize("kind", [kind for kind in RequirementKind if kind is not RequirementKind.RECIPIENTS])
@pytest.mark.parametrize("action,stage", [(Action.SUBMIT, Stage.DECISION_DRAFT), (Action.RELEASE, Stage.IN_REVIEW)])
def test_an_open_requirement_blocks_and_an_override_lets_through(
    kind: RequirementKind, action: Action, stage: Stage
) -> None:
    def facts(overridden: bool) -> Snapshot:
        fact = RequirementFact(kind, RequirementState.OPEN, "website", overridden)
        known = () if kind is RequirementKind.SYSTEMS else (SEARCHED,)
        return Snapshot(
            right=Right.ACCESS, stage=stage, outcome=Outcome.FULFILLED, prepared_by=1, requirements=(*known, fact)
        )

    reason = lifecycle.refusal(facts(overridden=False), action, staff(*Role))
    assert reason is not None
    assert reason.params["kind"] == kind
    assert lifecycle.refusal(facts(overridden=True), action, staff(*Role)) is None


def decided(right: Right, outcome: Outcome, **facts: Any) -> Snapshot:
    """A draft with an outcome, its reasons and the first ground that fits."""
    given: dict[str, Any] = {"reasoning": "fordi", "grounds": GROUNDS[right][:1], "requirements": (SEARCHED,)} | facts
    return Snapshot(right=right, stage=Stage.DECISION_DRAFT, outcome=outcome, prepared_by=1, **given)


@pytest.mark.parametrize("right,outcome", list(itertools.product(sorted(set(Right) - AT_ONCE), Outcome)))
def test_only_outcomes_that_can_be_answered_are_submitted(right: Right, outcome: Outcome) -> None:
    allowed = lifecycle.refusal(decided(right, outcome), Action.SUBMIT, staff(Role.HANDLER)) is None
    assert allowed == (outcome in outcomes_of(right))


@pytest.mark.parametrize("outcome", [Outcome.PARTLY_FULFILLED, Outcome.REFUSED])
@pytest.mark.parametrize(
    "lacking,code",
    [
        ({"reasoning": " "}, "reasoning_missing"),
        ({"grounds": ()}, "ground_missing"),
        ({"grounds": (Ground.DATA_ACCURATE,)}, "ground_missing"),
    ],
)
def test_what_is_not_met_in_full_needs_reasons_and_a_ground_that_fits(
    outcome: Outcome, lacking: dict[str, Any], code: str
) -> None:
    reason = lifecycle.refusal(decided(Right.ERASURE, outcome, **lacking), Action.SUBMIT, staff(Role.HANDLER))
    assert reason is not None
    assert reason.code == code


def test_a_part_that_follows_later_is_no_refusal() -> None:
    later = RequirementFact(RequirementKind.REGISTER, RequirementState.OPEN, "x", overridden=True)
    facts = decided(Right.ACCESS, Outcome.PARTLY_FULFILLED, grounds=(), requirements=(SEARCHED, later))
    assert lifecycle.refusal(facts, Action.SUBMIT, staff(Role.HANDLER)) is None


@pytest.mark.parametrize(
    "facts",
    [
        decided(Right.ERASURE, Outcome.REFUSED),
        decided(Right.ACCESS, Outcome.PARTLY_FULFILLED, grounds=(Ground.EXCESSIVE,)),
    ],
    ids=["refused", "excessive"],
)
def test_a_refusal_goes_out_by_the_decision_maker_only(facts: Snapshot) -> None:
    facts = replace(facts, stage=Stage.IN_REVIEW)
    approver, decider = (
        lifecycle.refusal(facts, Action.RELEASE, staff(r)) for r in (Role.APPROVER, Role.DECISION_MAKER)
    )
    assert approver is not None
    assert approver.code == "decision_maker_only"
    assert decider is None


@pytest.mark.parametrize("right", Right)
def test_what_takes_effect_at_once_is_confirmed_and_everything_else_decided_on(right: Right) -> None:
    facts = Snapshot(right=right, stage=Stage.IN_PROGRESS, requirements=(SEARCHED,))
    confirm, draft = (lifecycle.refusal(facts, action, staff(*Role)) for action in (Action.CONFIRM, Action.DRAFT))
    assert (confirm is None, draft is None) == (right in AT_ONCE, right not in AT_ONCE)


@pytest.mark.parametrize("outcome", sorted(ENDINGS))
def test_what_ends_without_a_decision_needs_no_search(outcome: Outcome) -> None:
    silent = RequirementFact(RequirementKind.SYSTEMS, RequirementState.OPEN, "website")
    facts = decided(Right.ACCESS, outcome, reasoning="", grounds=(), requirements=(silent,))
    assert lifecycle.refusal(facts, Action.SUBMIT, staff(Role.HANDLER)) is None


def test_no_right_lacks_its_outcomes_or_its_grounds() -> None:
    assert set(ANSWERABLE) == set(GROUNDS) == set(Right)
    assert {ground for fitting in GROUNDS.values() for ground in fitting} == set(Ground)
    assert all(ground in ARTICLES or ground.startswith("section_16_") for ground in Ground)


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
        (
            {"requirements": (SEARCHED, RequirementFact(RequirementKind.RECIPIENTS, RequirementState.OPEN, "x"))},
            "requirement_open",
        ),
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
    facts = decided(Right.ACCESS, Outcome.NO_DATA, requirements=())
    reason = lifecycle.refusal(facts, Action.SUBMIT, staff(Role.HANDLER))
    assert reason is not None
    assert (reason.code, reason.params["kind"]) == ("requirement_open", RequirementKind.SYSTEMS)


@pytest.mark.parametrize("row", [t for t in lifecycle.TRANSITIONS if t.needs_note], ids=lambda t: t.action)
def test_going_back_needs_a_reason(row: lifecycle.Transition) -> None:
    reason = lifecycle.refusal(ready(row.source), row.action, staff(*Role), note="  ")
    assert reason is not None
    assert reason.code == "note_missing"
