"""While the register is silent no answer goes out, until the decision-maker lets it go in time (rule 11)."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation
from time_machine import travel

from exports.desk import decision_words
from exports.domain.enums import TaskState
from exports.services import bundle, collect, decide, requirements, tasks
from requests_app.domain.enums import Outcome, RequirementKind, Role, Stage
from requests_app.domain.errors import ActionRefused, TransitionDenied
from requests_app.domain.grounds import Ground
from requests_app.domain.snapshot import Reason
from requests_app.models import DataSubjectRequest
from requests_app.services import decision
from tests import factories
from tests.exports import scenes
from tests.exports.house import House, planned, task_of

RECEIVED = datetime(2026, 5, 1, 9, tzinfo=UTC)
BEGINS = datetime(2026, 5, 27, 6, tzinfo=UTC)  # two working days before the last one
KIND = RequirementKind.REGISTER


@pytest.fixture
def dsr(house: House) -> DataSubjectRequest:
    """A request whose systems have all answered, in an installation whose register is as it was shipped."""
    with travel(RECEIVED, tick=False):
        dsr = planned()
        collect.run_task(task_of(dsr).pk)
        actor = factories.staff(Role.HANDLER).as_actor()
        for task in dsr.tasks.filter(state=TaskState.OPEN.value):
            tasks.complete(task.pk, state=TaskState.NOT_FOUND, note="", actor=actor)
        requirements.review(scenes.fresh(dsr))
    return scenes.fresh(dsr)


def reason_of(action: Callable[[], object]) -> Reason:
    """Why something is refused."""
    try:
        action()
    except (ActionRefused, TransitionDenied) as refused:
        return refused.reason
    raise AssertionError("it was not refused")


def test_what_would_print_unknown_stays_until_it_is_filled_or_let_go_in_time(dsr: DataSubjectRequest) -> None:
    maker, handler, approver = (factories.staff(role) for role in (Role.DECISION_MAKER, Role.HANDLER, Role.APPROVER))

    def let_go() -> object:
        return decide.override(
            dsr.pk, KIND, reason="Ledelsen har ikke bestemt det", missing="enkelte punkter",
            promised_on=date(2026, 6, 10), actor=maker.as_actor(),
        )  # fmt: skip

    with travel(BEGINS - timedelta(days=1), tick=False):
        decide.begin(dsr.pk, actor=handler.as_actor())
        decide.choose(dsr.pk, Outcome.FULFILLED, "", actor=handler.as_actor())
        bundle.build(dsr.pk)
        assert scenes.fresh(dsr).bundles.count() == 0  # nothing is even drawn
        barred = reason_of(lambda: decide.submit(dsr.pk, actor=handler.as_actor(), bundle=None))
        with translation.override("en"):
            told = decision_words.refusal(barred, dsr)
        assert "the register does not say the legal name of the company that answers" in told
        assert reason_of(let_go).code == "override_too_early"
    with travel(BEGINS, tick=False):
        assert decision.override_from(dsr) == date(2026, 5, 27)
        let_go()
        decide.choose(
            dsr.pk, Outcome.PARTLY_FULFILLED, "Noe mangler.", grounds=[Ground.SECTION_16_E], actor=handler.as_actor()
        )
        kept = scenes.packed(dsr)
        decide.submit(dsr.pk, actor=handler.as_actor(), bundle=kept.uuid)
        decide.release(dsr.pk, actor=approver.as_actor(), bundle=kept.uuid)
    assert scenes.fresh(dsr).stage == Stage.RELEASED
