"""Whoever received the data is told, or why not is on record."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone

from exports.domain.enums import TaskAction, TaskMode, TaskState
from exports.models import SystemTask
from exports.services import notice, recipients, register, requirements, tasks
from requests_app.domain.enums import Outcome, RequirementKind, RequirementState, Right, Role, Stage
from requests_app.domain.errors import ActionRefused
from requests_app.domain.letters import LETTERS
from requests_app.domain.snapshot import Actor
from requests_app.models import AuditEntry, DataSubjectRequest, LetterText
from requests_app.services import letter_texts
from tests import factories
from tests.desk_client import desk_client
from tests.exports.house import House, everything_logged

FRIDAY = "2026-12-04 10:00:00+01:00"


@pytest.fixture
def dsr(house: House) -> DataSubjectRequest:
    """A request for deletion, decided on and released."""
    dsr = factories.case(Right.ERASURE).dsrs.get()
    factories.force(dsr, Stage.RELEASED)
    return dsr


@pytest.fixture
def actor(house: House) -> Actor:
    """A handler."""
    return factories.staff().as_actor()


def refused(act: Callable[[], object]) -> str:
    """The code with which an act is refused."""
    with pytest.raises(ActionRefused) as caught:
        act()
    return caught.value.reason.code


def searched(dsr: DataSubjectRequest) -> None:
    """Somebody has looked, and found nothing."""
    SystemTask.objects.create(
        dsr=dsr, system="website", system_name="The website", action=TaskAction.READ.value, due_on=timezone.localdate(),
        mode=TaskMode.MANUAL.value, state=TaskState.NOT_FOUND.value,
    )  # fmt: skip


def planned(dsr: DataSubjectRequest) -> SystemTask:
    """Return the task of one recipient."""
    made = recipients.plan(dsr, ["PA08"])
    requirements.review(dsr)
    return made[0]


def test_each_recipient_that_the_register_names_becomes_one_task(dsr: DataSubjectRequest) -> None:
    made = recipients.plan(dsr, ["PA08", "PA07"])
    assert {task.mode for task in made} == {TaskMode.MANUAL}
    names = {task.system_name for task in made}
    assert names >= {"HubSpot", "Microsoft (Dynamics)", "LinkedIn"}
    assert len({task.system for task in made}) == len(made)
    assert all(task.system.startswith("recipient:") and len(task.system) <= 64 for task in made)


def test_one_recipient_is_told_once_whatever_the_terms_on_which_it_gets_data(dsr: DataSubjectRequest) -> None:
    made = recipients.plan(dsr, [activity.id for activity in register.current()[1].activities])
    names = [task.system_name for task in made]
    assert {"Google Ads", "Facebook"} <= set(names)
    assert len(names) == len(set(names))
    assert [name for name in names if ":" in name] == []


def test_those_it_does_not_name_become_one_task_that_says_so(dsr: DataSubjectRequest) -> None:
    made = recipients.plan(dsr, ["PA01", "PA02", "PA03"])
    assert [task.system for task in made] == [recipients.UNNAMED]
    assert made[0].activities == ["PA01", "PA02", "PA03"]


def test_planning_twice_makes_nothing_twice(dsr: DataSubjectRequest) -> None:
    first = [task.pk for task in recipients.plan(dsr, ["PA08"])]
    assert [task.pk for task in recipients.plan(dsr, ["PA08"])] == first
    assert dsr.tasks.count() == len(first)


def test_they_are_told_within_five_working_days_of_the_act(dsr: DataSubjectRequest) -> None:
    with time_machine.travel(FRIDAY):
        assert {task.due_on for task in recipients.plan(dsr, ["PA08"])} == {date(2026, 12, 11)}


def test_only_the_closing_waits_for_them(dsr: DataSubjectRequest, actor: Actor) -> None:
    searched(dsr)
    planned(dsr)
    assert dsr.requirements.get(kind=RequirementKind.RECIPIENTS.value).state == RequirementState.OPEN
    assert dsr.requirements.get(kind=RequirementKind.SYSTEMS.value).state == RequirementState.MET
    for task in dsr.tasks.filter(action=TaskAction.NOTIFY.value):
        tasks.complete(task.pk, state=TaskState.DONE, note="E-post", told_on=timezone.localdate(), actor=actor)
    assert dsr.requirements.get(kind=RequirementKind.RECIPIENTS.value).state == RequirementState.MET


def test_when_the_last_one_is_told_the_answered_request_closes(dsr: DataSubjectRequest, actor: Actor) -> None:
    factories.force(dsr, Stage.RELEASED, answer_sent_at=timezone.now(), outcome=Outcome.FULFILLED.value)
    searched(dsr)
    planned(dsr)
    for task in dsr.tasks.filter(action=TaskAction.NOTIFY.value):
        dsr.refresh_from_db()
        assert dsr.stage == Stage.RELEASED
        tasks.complete(task.pk, state=TaskState.DONE, note="E-post", told_on=timezone.localdate(), actor=actor)
    dsr.refresh_from_db()
    assert dsr.stage == Stage.CLOSED


def test_what_has_to_be_said_of_a_recipient(dsr: DataSubjectRequest, actor: Actor) -> None:
    task, today = planned(dsr), timezone.localdate()

    def say(state: TaskState, **given: object) -> str:
        return refused(lambda: tasks.complete(task.pk, state=state, actor=actor, **given))  # type: ignore[arg-type]

    assert say(TaskState.DONE, told_on=today) == "task_told_how"
    assert say(TaskState.DONE, note="E-post") == "task_told_on"
    assert say(TaskState.DONE, note="E-post", told_on=today + timedelta(days=1)) == "task_told_on"
    assert say(TaskState.DONE, note="E-post", told_on=today - timedelta(days=1)) == "task_told_on"
    assert say(TaskState.DONE, note="E-post", told_on=today, ground="impossible") == "task_outcome"
    assert say(TaskState.KEPT, note="Finnes ikke") == "task_not_told"
    assert say(TaskState.KEPT, note="Finnes ikke", ground="data_accurate") == "task_not_told"
    assert say(TaskState.KEPT, ground="impossible") == "task_not_told_why"
    assert say(TaskState.NOT_FOUND, note="x") == "task_outcome"
    tasks.complete(task.pk, state=TaskState.KEPT, ground="impossible", note="Selskapet finnes ikke.", actor=actor)
    entry = AuditEntry.objects.get(action="recipient.not_told")
    assert (entry.details["ground"], entry.details["system"]) == ("impossible", task.system)
    assert "Selskapet" not in everything_logged()


@pytest.mark.parametrize("language, words", [("nb", "bekrefte til oss innen"), ("en", "confirm to us by")])
@pytest.mark.parametrize(
    "right, act",
    [
        (Right.ERASURE, {"nb": "slette oppføringen", "en": "delete the record"}),
        (Right.RECTIFICATION, {"nb": "rette oppføringen", "en": "correct the record"}),
        (Right.RESTRICTION, {"nb": "begrense behandlingen", "en": "restrict the record"}),
        (Right.CONSENT_WITHDRAWAL, {"nb": "stanse all bruk", "en": "stop all use"}),
    ],
)
def test_the_notice_demands_the_same_with_no_more_data_than_the_key(
    house: House, language: str, words: str, right: Right, act: dict[str, str]
) -> None:
    case = factories.case(right)
    task = recipients.plan(case.dsrs.get(), ["PA08"])[0]
    text = notice.text_for(task, language).body
    assert words in text
    assert act[language] in text
    assert (case.person_email in text, case.person_name in text) == (True, False)
    assert case.reference in text


def test_an_organisation_writes_the_notice_in_its_own_words_and_keeps_the_demand(house: House) -> None:
    """A text of its own without it is shown on the task as what is wrong, and nothing is there to copy."""
    letter, case = LETTERS["recipient_notice"], factories.case(Right.ERASURE)
    given = letter_texts.default(letter, "en")
    actor = factories.staff(Role.DECISION_MAKER).as_actor()
    letter_texts.save(letter, "en", "To you", f"Dear all,\n{given.body}", expected=0, reason="x", actor=actor)
    task = recipients.plan(case.dsrs.get(), ["PA08"])[0]
    said = notice.text_for(task, "en")
    assert (said.subject, said.version, said.body.startswith("Dear all")) == ("To you", 1, True)
    found = letter_texts.check(letter, "en", "To you", given.body.replace("{{ what_we_ask }}", "Hello"))
    assert [one.fault.what for one in found] == ["what_we_ask"]
    LetterText.objects.create(
        letter=letter.key, language="en", version=2, subject="To you", body="{{ reference }} {{ key }}", reason="x",
        created_at=case.received_at, created_by=factories.staff(),
    )  # fmt: skip
    page = desk_client().read(f"/desk/tasks/{task.pk}/")
    assert "what_we_ask" in page
    assert "Underretning etter personvernforordningen" in page


def test_the_key_of_somebody_else_is_left_for_a_person_to_write(house: House) -> None:
    case = factories.case(Right.ERASURE)
    case.requester = "guardian"
    case.save()
    text = notice.text_for(recipients.plan(case.dsrs.get(), ["PA08"])[0], "en").body
    assert case.person_email not in text
    assert "[the identifier" in text


def test_recipients_are_no_systems_that_somebody_searched(dsr: DataSubjectRequest, actor: Actor) -> None:
    task = planned(dsr)
    tasks.complete(task.pk, state=TaskState.DONE, note="E-post", told_on=timezone.localdate(), actor=actor)
    assert not SystemTask.objects.found_by_hand().exists()
    assert dsr.tasks.filter(action=TaskAction.NOTIFY.value).exists()
