"""A case that is about more than one register: its systems are searched too, and its answer says what both say."""

import pytest

from exports.desk import register_page
from exports.domain import register as domain
from exports.domain.enums import TaskState
from exports.models import SystemTask
from exports.services import answer, collect, decide, plan, register, registers, requirements, tasks
from identity.models import User
from requests_app.domain.enums import Outcome, RequirementKind, Right, Role, Stage
from requests_app.domain.errors import ActionRefused
from requests_app.models import AuditEntry, Case, DataSubjectRequest, OutboxEvent
from requests_app.services import intake
from tests import factories
from tests.exports import scenes
from tests.exports.conftest import REGISTER
from tests.exports.house import House, answer_the_rest, planned, task_of

EMPLOYER = REGISTER.parent / "registers" / "employer.yaml"
CAMERAS = "activities.EA06.retention"
OF_EMPLOYEES = ["personnel", "payroll", "recruitment", "time_and_absence", "access_control", "cameras",
                "collaboration_tools", "whistleblowing"]  # fmt: skip


@pytest.fixture
def both(house: House) -> None:
    """The register of the customers and that of the employees."""
    register.load(EMPLOYER, key="employees")


@pytest.fixture
def handler(both: None) -> User:
    """Who works on the case."""
    return factories.staff(Role.HANDLER)


def added(dsr: DataSubjectRequest, handler: User) -> DataSubjectRequest:
    """Add the register of the employees to the case of a request, with what follows from it."""
    registers.add(dsr.case_id, "employees", handler.as_actor())
    plan.locate_and_plan(dsr.pk)
    return scenes.fresh(dsr)


def found_by_hand(dsr: DataSubjectRequest, system: str) -> None:
    """Somebody finds the person in a system."""
    actor = factories.staff(Role.HANDLER).as_actor()
    tasks.complete(task_of(dsr, system).pk, state=TaskState.DONE, note="Tre opptak.", actor=actor)


def test_a_case_is_about_customers_until_somebody_says_more(both: None) -> None:
    dsr = planned()
    assert registers.keys_of(dsr.case) == ["customers"]
    assert not SystemTask.objects.filter(system__in=OF_EMPLOYEES).exists()


def test_an_added_register_has_its_systems_searched_and_what_was_asked_stays(handler: User) -> None:
    dsr = planned()
    before = set(dsr.tasks.values_list("pk", flat=True))
    version = scenes.fresh(dsr).case.version
    registers.add(dsr.case_id, "employees", handler.as_actor(), version=version)
    event = OutboxEvent.objects.get(name="RegisterAdded")
    assert event.payload == {"dsr_id": dsr.pk}
    plan.locate_and_plan(dsr.pk)
    plan.locate_and_plan(dsr.pk)
    assert list(dsr.tasks.exclude(pk__in=before).order_by("id").values_list("system", flat=True)) == OF_EMPLOYEES
    assert before <= set(dsr.tasks.values_list("pk", flat=True))
    entry = AuditEntry.objects.get(action="register.added")
    assert (entry.subject, entry.details) == (f"case:{dsr.case_id}", {"register": "employees"})
    assert Case.objects.get(pk=dsr.case_id).version == version + 1


def test_the_answer_waits_for_what_the_further_register_does_not_say(handler: User) -> None:
    dsr = added(planned(), handler)
    collect.run_task(task_of(dsr).pk)
    found_by_hand(dsr, "cameras")
    unknown = requirements.unknown_fields(dsr, dsr.tasks.all(), registers.concerning(dsr.case), trial=False)
    paths = [field.path for field in unknown]
    assert CAMERAS in paths
    assert "activities.EA01.retention" not in paths  # nothing was found there
    assert "activities.PA08.retention" in paths
    current = register.current("employees")[1]
    waiting = register_page.waiting_cases("employees", current, factories.staff(), trial=False)
    assert waiting[CAMERAS] == (dsr.case.reference,)
    assert not [path for path in waiting if path.startswith("controller.")]
    assert CAMERAS not in register_page.waiting_cases(
        "customers", register.current()[1], factories.staff(), trial=False
    )


def test_the_answer_says_what_both_registers_say(handler: User) -> None:
    scenes.trial()
    dsr = added(planned(), handler)
    collect.run_task(task_of(dsr).pk)
    found_by_hand(dsr, "cameras")
    answer_the_rest(dsr)
    number, current = register.current("employees")
    decider, said = factories.staff(Role.DECISION_MAKER).as_actor(), domain.Text(en="said", nb="sagt")
    for field in register.lacking("employees", current):
        if field.path.startswith("activities.EA06."):
            value: domain.FillValue = [said] if field.kind is domain.Kind.LIST else said
            number = register.fill(
                field.path, value, expected_version=number, reason="Vedtak", actor=decider, key="employees"
            )
    requirements.review_open_requests(number)
    assert dsr.requirements.get(kind=RequirementKind.REGISTER.value).state == "met"
    decide.begin(dsr.pk, actor=handler.as_actor())
    decide.choose(dsr.pk, Outcome.FULFILLED, "", actor=handler.as_actor())
    frame = answer.facts(scenes.fresh(dsr)).frame
    by_id = {activity.id: activity for activity in frame.activities}
    assert {"EA06", "PA08", "PA10"} <= set(by_id)
    assert "EA01" not in by_id
    assert by_id["EA06"].retention == "Sagt"
    assert frame.organisation.name  # that of the customers: the other register leaves it unknown


def test_a_request_that_comes_later_is_about_both_too(handler: User) -> None:
    dsr = added(planned(), handler)
    later = intake.add_request(dsr.case, Right.RESTRICTION, received_at=dsr.received_at)
    plan.locate_and_plan(later.pk)
    assert set(OF_EMPLOYEES) <= set(later.tasks.values_list("system", flat=True))


@pytest.mark.parametrize(
    "stage, code",
    [
        (Stage.DECISION_DRAFT, "registers_decided"),
        (Stage.IN_REVIEW, "registers_decided"),
        (Stage.CLOSED, "registers_closed"),
    ],
)
def test_once_an_answer_is_decided_on_nothing_is_added(handler: User, stage: Stage, code: str) -> None:
    dsr = planned()
    if stage is Stage.CLOSED:
        factories.close(dsr.case)
    else:
        factories.force(dsr, stage)
    with pytest.raises(ActionRefused) as caught:
        registers.add(dsr.case_id, "employees", handler.as_actor())
    assert caught.value.reason.code == code
    assert registers.keys_of(dsr.case) == ["customers"]


def test_what_does_not_exist_or_was_seen_differently_is_refused_and_twice_is_once(handler: User) -> None:
    dsr = planned()
    for key, version, code in (("nonsense", None, "registers_unknown"), ("employees", 99, "case_changed")):
        with pytest.raises(ActionRefused) as caught:
            registers.add(dsr.case_id, key, handler.as_actor(), version=version)
        assert caught.value.reason.code == code
    registers.add(dsr.case_id, "employees", handler.as_actor())
    registers.add(dsr.case_id, "employees", handler.as_actor())
    registers.add(dsr.case_id, "customers", handler.as_actor())
    assert registers.keys_of(dsr.case) == ["customers", "employees"]
    assert OutboxEvent.objects.filter(name="RegisterAdded").count() == 1


def test_several_read_as_one_keep_who_answers_and_share_systems() -> None:
    customers, employees = domain.load(REGISTER), domain.load(EMPLOYER)
    whole = domain.merged(customers, employees)
    assert whole.controller == customers.controller
    assert [one.id for one in whole.activities] == [one.id for one in (*customers.activities, *employees.activities)]
    assert domain.merged(customers, customers) == customers
    assert domain.shared_ids(customers, employees) == []
    assert "activities.PA01" in domain.shared_ids(customers, customers)
