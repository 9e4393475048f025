"""Without a mandate that holds on the day nothing is released to whoever writes for another."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from time_machine import travel

from requests_app import audit
from requests_app.domain.enums import (
    MandateCheck,
    MandateKind,
    Outcome,
    Requester,
    RequirementKind,
    RequirementState,
    Right,
    Stage,
)
from requests_app.domain.errors import ActionRefused
from requests_app.domain.grounds import Ground
from requests_app.domain.mandates import NEEDED
from requests_app.domain.snapshot import Actor
from requests_app.models import AuditEntry, Case, Mandate, OutboxEvent
from requests_app.services import decision, mandate_record
from tests import factories

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 27, 9, tzinfo=UTC)
TODAY = date(2026, 11, 27)


@pytest.fixture
def actor() -> Actor:
    """A handler."""
    return factories.staff().as_actor()


def by(requester: Requester, *rights: Right) -> Case:
    """A case in which somebody of this kind writes for another."""
    case = factories.case(*rights, email="advokat@example.com", received_at=NOW)
    Case.objects.filter(pk=case.pk).update(requester=requester.value)
    case.refresh_from_db()
    return case


def recorded(case: Case, actor: Actor, **changes: object) -> str:
    """Record an agent's mandate with these changes; return why not, or nothing."""
    values: dict[str, object] = {
        "kind": MandateKind.AGENT, "rights": [], "valid_from": TODAY,
        "valid_until": TODAY + timedelta(days=10), "to_agent": False,
    }  # fmt: skip
    values |= changes
    values.setdefault("checks", NEEDED[MandateKind(str(values["kind"]))])
    try:
        mandate_record.record(case.pk, actor=actor, **values)  # type: ignore[arg-type]
    except ActionRefused as refused:
        return refused.reason.code
    return ""


def stands(case: Case) -> list[tuple[str, str]]:
    """What each request says of its mandate."""
    rows = [dsr.requirements.filter(kind=RequirementKind.MANDATE.value).first() for dsr in case.dsrs.order_by("id")]
    return [(row.state, row.reason) if row else ("", "") for row in rows]


def test_every_request_waits_for_one_but_those_that_take_effect_at_once() -> None:
    case = by(Requester.REPRESENTATIVE, Right.ACCESS, Right.MARKETING_OBJECTION, Right.ERASURE)
    with transaction.atomic():
        mandate_record.review(case)
    assert stands(case) == [("open", "mandate_missing"), ("", ""), ("open", "mandate_missing")]


def test_who_asks_for_themselves_needs_none(actor: Actor) -> None:
    case = by(Requester.SELF)
    with transaction.atomic():
        mandate_record.review(case)
    assert stands(case) == [("", "")]
    assert recorded(case, actor) == "mandate_not_needed"


@travel(NOW, tick=False)
def test_recorded_it_opens_what_it_covers_and_is_told(actor: Actor) -> None:
    case = by(Requester.REPRESENTATIVE, Right.ACCESS, Right.ERASURE)
    assert recorded(case, actor, rights=[Right.ACCESS], to_agent=True) == ""
    assert stands(case) == [("met", ""), ("open", "mandate_other_right")]
    row = Mandate.objects.get()
    assert (row.checked_by_id, row.to_agent, row.rights) == (actor.user_id, True, ["access"])
    told = AuditEntry.objects.get(action="mandate.recorded")
    assert told.details == {
        "kind": "agent", "checks": sorted(NEEDED[MandateKind.AGENT]), "rights": ["access"], "until": "2026-12-07",
        "to_agent": True,
    }  # fmt: skip
    assert OutboxEvent.objects.filter(name="MandateChanged").count() == 1
    assert audit.verify()[1] is None


@travel(NOW, tick=False)
@pytest.mark.parametrize(
    ("requester", "changes", "code"),
    [
        (Requester.REPRESENTATIVE, {"checks": [MandateCheck.WRITTEN]}, "mandate_unchecked"),
        (Requester.REPRESENTATIVE, {"kind": MandateKind.GUARDIAN}, "mandate_other_kind"),
        (Requester.GUARDIAN, {"kind": MandateKind.LAWYER}, "mandate_other_kind"),
        (Requester.GUARDIAN, {"kind": MandateKind.GUARDIAN, "checks": [MandateCheck.ADDRESS]}, "mandate_unchecked"),
        (Requester.REPRESENTATIVE, {"valid_until": TODAY - timedelta(days=1)}, "mandate_ends_first"),
        (Requester.REPRESENTATIVE, {"version": 99}, "case_changed"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_kept(
    requester: Requester, changes: dict[str, object], code: str, actor: Actor
) -> None:
    assert recorded(by(requester), actor, **changes) == code
    assert not Mandate.objects.exists()


@travel(NOW, tick=False)
def test_a_parent_states_it_from_an_address_on_file_and_gets_the_answer(actor: Actor) -> None:
    case = by(Requester.GUARDIAN)
    assert recorded(case, actor, kind=MandateKind.GUARDIAN, to_agent=True, valid_until=None) == ""
    assert stands(case) == [("met", "")]
    assert mandate_record.goes_to_agent(case)


@travel(NOW, tick=False)
def test_a_later_one_takes_the_place_and_taken_back_nothing_is_left(actor: Actor) -> None:
    case = by(Requester.REPRESENTATIVE)
    recorded(case, actor, to_agent=True)
    recorded(case, actor, kind=MandateKind.LAWYER)
    row = mandate_record.current(case)
    assert row is not None
    assert row.kind == "lawyer"
    assert not mandate_record.goes_to_agent(case)
    mandate_record.take_back(case.pk, actor=actor)
    assert mandate_record.current(case) is None
    assert stands(case) == [("open", "mandate_missing")]
    assert Mandate.objects.count() == 2
    with pytest.raises(ActionRefused):
        mandate_record.take_back(case.pk, actor=actor)


def test_one_that_has_run_out_sends_nothing_to_the_agent_any_more(actor: Actor) -> None:
    with travel(NOW, tick=False):
        case = by(Requester.REPRESENTATIVE)
        recorded(case, actor, to_agent=True)
        assert mandate_record.goes_to_agent(case)
    with travel(NOW + timedelta(days=11), tick=False):
        assert not mandate_record.goes_to_agent(case)
        with transaction.atomic():
            mandate_record.review(case)
    assert stands(case) == [(RequirementState.OPEN.value, "mandate_expired")]


@travel(NOW, tick=False)
@pytest.mark.parametrize(
    ("outcome", "grounds", "turned_away"),
    [
        (Outcome.REFUSED, [Ground.IDENTITY_NOT_CONFIRMED], True),
        (Outcome.REFUSED, [Ground.IDENTITY_NOT_CONFIRMED, Ground.RIGHTS_OF_OTHERS], False),
        (Outcome.REFUSED, [Ground.RIGHTS_OF_OTHERS], False),
        (Outcome.PARTLY_FULFILLED, [Ground.IDENTITY_NOT_CONFIRMED], False),
        (Outcome.NO_DATA, [], False),
    ],
)
def test_who_never_shows_one_can_be_told_so_and_nothing_else(
    outcome: Outcome, grounds: list[Ground], turned_away: bool, actor: Actor
) -> None:
    case = by(Requester.REPRESENTATIVE)
    dsr = case.dsrs.get()
    factories.force(dsr, Stage.DECISION_DRAFT)
    decision.choose(dsr.pk, outcome, "Ingen fullmakt.", actor, grounds=grounds)
    assert stands(case) == [("", "") if turned_away else ("open", "mandate_missing")]
    assert mandate_record.goes_to_agent(case) == turned_away
    assert OutboxEvent.objects.filter(name="MandateChanged").count() == 1


def test_the_decision_maker_cannot_let_an_answer_go_without_one() -> None:
    assert RequirementKind.MANDATE in decision.NEVER_OVERRIDDEN


def test_the_database_keeps_one_living_mandate_a_case() -> None:
    case = by(Requester.REPRESENTATIVE)
    factories.mandate(case)
    with pytest.raises(IntegrityError), transaction.atomic():
        Mandate.objects.create(
            case=case, kind="agent", valid_from=TODAY, checked_by=factories.staff(), checked_at=timezone.now()
        )
