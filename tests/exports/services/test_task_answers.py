"""What a person may answer to a task that changes something, action by action."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.utils import timezone

from exports.domain.by_hand import OUTCOMES
from exports.domain.enums import TaskAction, TaskMode, TaskState
from exports.domain.erasure_order import CHANGES
from exports.models import SystemTask
from exports.services import tasks
from requests_app.domain.enums import Right, Stage
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import Actor
from requests_app.models import AuditEntry
from tests import factories
from tests.exports.house import House

PDF = tasks.Evidence("bevis.pdf", b"%PDF-1.7\nx\nstartxref\n9\n%%EOF")
RIGHTS = {
    TaskAction.RECTIFY: Right.RECTIFICATION,
    TaskAction.RESTRICT: Right.RESTRICTION,
    TaskAction.WITHDRAW: Right.CONSENT_WITHDRAWAL,
}
GROUND = {
    TaskAction.RECTIFY: "data_accurate",
    TaskAction.RESTRICT: "no_ground_to_restrict",
}


@pytest.fixture
def actor(house: House) -> Actor:
    """A handler."""
    return factories.staff().as_actor()


def task(action: TaskAction, right: Right | None = None) -> SystemTask:
    """Return an open task by hand."""
    dsr = factories.case(right or RIGHTS[action]).dsrs.get()
    factories.force(dsr, Stage.IN_PROGRESS)
    return SystemTask.objects.create(
        dsr=dsr, system="hubspot", system_name="HubSpot", action=action.value, mode=TaskMode.MANUAL.value,
        activities=["PA08"], due_on=timezone.localdate(),
    )  # fmt: skip


def refused(act: Callable[[], object]) -> str:
    """The code with which an act is refused."""
    with pytest.raises(ActionRefused) as caught:
        act()
    return caught.value.reason.code


def in_days(number: int) -> date:
    """Return the day that many days from today."""
    return timezone.localdate() + timedelta(days=number)


@pytest.mark.parametrize("action", list(RIGHTS))
@pytest.mark.parametrize("state", list(TaskState))
def test_each_action_ends_only_as_it_can(house: House, actor: Actor, action: TaskAction, state: TaskState) -> None:
    row = task(action)
    given: dict[str, object] = {"note": "Søkt på nytt: borte."}
    if state is TaskState.ACCEPTED:
        given["finishes_on"] = in_days(30)
    if state is TaskState.KEPT:
        given["ground"] = GROUND.get(action, "")
    if state in OUTCOMES[action]:
        tasks.complete(row.pk, state=state, actor=actor, **given)  # type: ignore[arg-type]
        row.refresh_from_db()
        assert (row.state, row.done_by_id) == (state, actor.user_id)
        return
    assert refused(lambda: tasks.complete(row.pk, state=state, actor=actor, **given)) == "task_outcome"  # type: ignore[arg-type]


def test_done_says_how_it_was_verified(house: House, actor: Actor) -> None:
    row = task(TaskAction.RECTIFY)
    assert refused(lambda: tasks.complete(row.pk, state=TaskState.DONE, actor=actor)) == "task_unverified"


@pytest.mark.parametrize("days", [None, -1, 367])
def test_what_is_only_ordered_has_a_day_within_reach(house: House, actor: Actor, days: int | None) -> None:
    row = task(TaskAction.RECTIFY)
    finishes = None if days is None else in_days(days)
    act = lambda: tasks.complete(row.pk, state=TaskState.ACCEPTED, finishes_on=finishes, actor=actor)  # noqa: E731
    assert refused(act) == "task_finishes_on"


def test_what_is_kept_has_a_ground_of_the_right(house: House, actor: Actor) -> None:
    row = task(TaskAction.RECTIFY)

    def keep(ground: str) -> str:
        return refused(lambda: tasks.complete(row.pk, state=TaskState.KEPT, ground=ground, actor=actor))

    assert keep("") == keep("no_ground_to_restrict") == keep("impossible") == "task_ground"


@pytest.mark.parametrize("action", list(CHANGES))
def test_a_deletion_is_answered_on_a_page_of_its_own(house: House, actor: Actor, action: TaskAction) -> None:
    row = task(action, Right.ERASURE)
    done = lambda: tasks.complete(row.pk, state=TaskState.DONE, note="Slettet", actor=actor)  # noqa: E731
    assert refused(done) == "task_of_deletion"
    row.refresh_from_db()
    assert row.state == TaskState.OPEN


def test_what_belongs_to_another_outcome_is_refused_rather_than_dropped(house: House, actor: Actor) -> None:
    row = task(TaskAction.RECTIFY)

    def say(state: TaskState, **given: object) -> str:
        return refused(
            lambda: tasks.complete(row.pk, state=state, note="x", actor=actor, **given)  # type: ignore[arg-type]
        )

    assert say(TaskState.DONE, finishes_on=in_days(1)) == "task_outcome"
    assert say(TaskState.DONE, ground="data_accurate") == "task_outcome"
    assert say(TaskState.DONE, told_on=in_days(0)) == "task_outcome"
    assert say(TaskState.DONE, contact="a@example.com") == "task_outcome"
    assert say(TaskState.NOT_FOUND, cannot_identify=True) == "task_outcome"
    assert say(TaskState.NOT_FOUND, evidence=PDF) == "task_evidence_with_nothing"


def test_the_audit_keeps_what_was_answered_and_not_the_words(house: House, actor: Actor) -> None:
    row = task(TaskAction.RECTIFY)
    tasks.complete(row.pk, state=TaskState.ACCEPTED, finishes_on=in_days(30), note="Kari", evidence=PDF, actor=actor)
    details = AuditEntry.objects.get(action="task.answered").details
    assert (details["verb"], details["state"], details["finishes"]) == ("rectify", "accepted", in_days(30).isoformat())
    assert "Kari" not in str(details)


def test_a_change_by_hand_makes_the_recipients_tasks(house: House, actor: Actor) -> None:
    row = task(TaskAction.RESTRICT)
    tasks.complete(row.pk, state=TaskState.DONE, note="Merket.", actor=actor)
    assert row.dsr.tasks.filter(action=TaskAction.NOTIFY.value, system="recipient:hubspot").exists()


def test_what_stays_as_it_is_concerns_no_recipient(house: House, actor: Actor) -> None:
    row = task(TaskAction.RECTIFY)
    tasks.complete(row.pk, state=TaskState.KEPT, ground="data_accurate", note="Stemmer.", actor=actor)
    assert not row.dsr.tasks.filter(action=TaskAction.NOTIFY.value).exists()
