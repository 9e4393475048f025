"""What earlier versions left behind is taken up."""

from importlib import import_module

import pytest
from django.apps import apps

from exports.domain.enums import TaskAction
from exports.models import Correction
from exports.services import corrections, requirements
from requests_app import outbox
from requests_app.domain.enums import RequirementKind, RequirementState, Right, Stage
from requests_app.models import DataSubjectRequest, OutboxEvent, Suppression
from requests_app.services.requirements import put
from tests import factories
from tests.exports import rectifying, scenes
from tests.exports.house import House, planned
from tests.exports.ledger import Ledger

mark_ordered = import_module("exports.migrations.0016_ordered_corrections").mark_ordered
owe_plans = import_module("exports.migrations.0007_plan_what_waited").owe_plans
owe_the_look = import_module("exports.migrations.0019_ask_new_systems").owe_the_look


def left_behind(right: Right) -> DataSubjectRequest:
    """A request as the version before left it: under work, and nobody asked any system."""
    dsr = factories.dsr(right)
    DataSubjectRequest.objects.filter(pk=dsr.pk).update(stage=Stage.IN_PROGRESS.value)
    put(dsr, RequirementKind.SYSTEMS, met=False, reason="right_not_planned")
    OutboxEvent.objects.all().delete()
    Suppression.objects.all().delete()
    return scenes.fresh(dsr)


@pytest.mark.parametrize("right", [Right.ERASURE, Right.RECTIFICATION, Right.RESTRICTION, Right.CONSENT_WITHDRAWAL])
def test_what_nobody_planned_is_planned(house: House, right: Right) -> None:
    scenes.trial()
    dsr = left_behind(right)
    for _ in range(2):
        owe_plans(apps, None)
    assert outbox.relay() >= 1
    assert dsr.tasks.exclude(action=TaskAction.NOTIFY.value).exists()
    if right is Right.CONSENT_WITHDRAWAL:
        assert Suppression.objects.in_force().exists()
        assert scenes.fresh(dsr).stage == Stage.RELEASED


def test_a_system_that_was_named_too_late_is_asked_after_all(house: House) -> None:
    dsr = planned()
    dsr.tasks.filter(system="ga").delete()  # as if the register had named it afterwards
    OutboxEvent.objects.all().delete()
    for _ in range(2):
        owe_the_look(apps, None)
    assert outbox.relay() == 1
    assert dsr.tasks.filter(system="ga").count() == 1


def test_before_the_set_up_nothing_is_looked_at(db: None) -> None:
    owe_the_look(apps, None)
    assert not OutboxEvent.objects.exists()


def test_a_request_that_nobody_searched_for_never_looks_as_if_nothing_was_found(house: House) -> None:
    scenes.trial()
    dsr = left_behind(Right.ERASURE)
    requirements.review(dsr)
    assert dsr.requirements.get(kind=RequirementKind.SYSTEMS.value).state == RequirementState.OPEN


def test_what_was_ordered_before_stays_ordered_and_what_came_later_does_not(ledger: Ledger) -> None:
    dsr, actor = rectifying.searched(), factories.staff().as_actor()
    first = rectifying.corrected(dsr, actor)
    rectifying.carried_out(dsr, actor)
    corrections.enter(dsr.pk, [rectifying.wish(dsr, "visits", "4")], actor=actor)
    Correction.objects.update(ordered_in=None)
    mark_ordered(apps, None)
    assert dict(dsr.corrections.values_list("field", "ordered_in")) == {first.field: 1, "visits": None}
