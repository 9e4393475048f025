"""The register names a further system while people wait for their answers: it is asked for them, too."""

import pytest

from exports.domain import register as domain
from exports.domain.enums import TaskAction, TaskMode, TaskState
from exports.services import plan, register, requirements, tasks
from identity.models import User
from requests_app.domain.enums import Action, RequirementKind, Right, Role, Stage
from requests_app.models import DataSubjectRequest
from requests_app.services import lifecycle
from tests import factories
from tests.exports import scenes
from tests.exports.house import House, owed, planned, task_of

pytestmark = pytest.mark.django_db

SYSTEMS = "systems:\n"
SHOP = f"{SYSTEMS}- id: shop\n  name: Nettbutikken\n"


@pytest.fixture
def decider(house: House) -> User:
    """Who answers for the register."""
    return factories.staff(Role.DECISION_MAKER)


def shop_opens(decider: User, right: Right = Right.ACCESS) -> None:
    """A file names a web shop, and the decision-maker says that the first activity to grant a right uses it."""
    number, current = register.current()
    named = domain.parse_text(register.as_yaml(register.version(number)).replace(SYSTEMS, SHOP, 1))
    number = register.take_over(named, register.Edit(decider.as_actor(), "Nettbutikken åpnet.", number))
    activity = next(one for one in current.activities if one.grants(right))
    systems = [one for one in activity.source_systems if isinstance(one, str)]
    fill(decider, activity.id, [*systems, "shop"], number)


def fill(decider: User, activity: str, systems: list[str], seen: int) -> None:
    """The decision-maker says where the data of an activity lies; the news reaches those who wait for it."""
    number = register.fill(
        f"activities.{activity}.source_systems", systems, expected_version=seen, reason="Vedtak",
        actor=decider.as_actor(), replace=True,
    )  # fmt: skip
    told(number)


def told(version: int) -> None:
    """The news of a version reaches those who wait for it."""
    plan.ask_new_systems(version)
    requirements.review_open_requests(version)


def systems_of(dsr: DataSubjectRequest) -> set[str]:
    """The systems that have a task of a request."""
    return set(dsr.tasks.values_list("system", flat=True))


def waits_for_systems(dsr: DataSubjectRequest) -> bool:
    """Whether an answer has to wait for a system."""
    return dsr.requirements.filter(kind=RequirementKind.SYSTEMS.value, state="open").exists()


def test_whoever_waits_for_an_answer_is_searched_for_in_it(decider: User) -> None:
    dsr = planned()
    scenes.answer_all(dsr)
    assert not waits_for_systems(dsr)
    shop_opens(decider)
    task = task_of(dsr, "shop")
    assert (task.state, task.mode, task.action) == (TaskState.OPEN, TaskMode.MANUAL, TaskAction.READ)
    assert (task.system_name, task.activities) == ("Nettbutikken", ["PA01"])
    assert waits_for_systems(dsr)


def test_the_news_of_a_version_is_owed_to_the_plan(decider: User) -> None:
    before = owed("RegisterChanged")
    fill(decider, "PA02", ["mailbox"], 1)
    assert owed("RegisterChanged") - before == 2


def test_a_system_that_was_asked_already_is_asked_for_the_further_activity(decider: User) -> None:
    dsr = planned()
    assert "PA02" not in task_of(dsr, "mailbox").activities
    fill(decider, "PA02", ["mailbox"], 1)
    assert task_of(dsr, "mailbox").activities[-1] == "PA02"
    assert systems_of(dsr) == systems_of(planned())


def test_an_answer_that_is_looked_at_already_waits_for_it(decider: User) -> None:
    dsr = scenes.in_review(factories.staff())
    shop_opens(decider)
    assert waits_for_systems(dsr)
    refusals = dict(lifecycle.available(scenes.fresh(dsr), factories.staff(Role.APPROVER).as_actor()))
    assert refusals[Action.RELEASE] is not None


def test_the_task_can_be_answered_while_the_answer_is_a_draft(decider: User) -> None:
    handler = factories.staff()
    dsr = scenes.drafted(handler)
    shop_opens(decider)
    tasks.complete(task_of(dsr, "shop").pk, state=TaskState.NOT_FOUND, note="", actor=handler.as_actor())
    assert not waits_for_systems(dsr)


def test_whoever_has_the_answer_is_not_searched_for_again(decider: User) -> None:
    dsr = scenes.released()
    before = systems_of(dsr)
    shop_opens(decider)
    assert systems_of(dsr) == before


def test_the_news_may_come_twice(decider: User) -> None:
    dsr = planned()
    shop_opens(decider)
    told(3)
    assert dsr.tasks.filter(system="shop").count() == 1


@pytest.mark.parametrize("right", [Right.RESTRICTION, Right.PORTABILITY, Right.ERASURE, Right.MARKETING_OBJECTION])
def test_so_it_is_with_every_right_that_asks_systems(decider: User, right: Right) -> None:
    dsr = factories.case(right).dsrs.get()
    plan.locate_and_plan(dsr.pk)
    before = systems_of(dsr)
    shop_opens(decider, right)
    assert systems_of(dsr) - before == {"shop"}


def test_the_letter_about_a_deletion_tells_of_the_search_that_it_was_made_from(decider: User) -> None:
    dsr = factories.case(Right.ERASURE).dsrs.get()
    plan.locate_and_plan(dsr.pk)
    factories.force(dsr, Stage.DECISION_DRAFT)
    shop_opens(decider, Right.ERASURE)
    assert "shop" not in systems_of(dsr)


def test_no_system_is_told_of_what_the_person_took_back(decider: User) -> None:
    dsr = factories.case(Right.MARKETING_OBJECTION).dsrs.get()
    plan.locate_and_plan(dsr.pk)
    dsr.tasks.update(state=TaskState.CALLED_OFF.value)
    shop_opens(decider, Right.MARKETING_OBJECTION)
    assert "shop" not in systems_of(dsr)
