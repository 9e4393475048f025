"""A restriction ends only after the person was told, by two persons, and takes away no mark but its own."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from django.db import IntegrityError, transaction
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from exports.domain.enums import TaskAction, TaskMode, TaskState
from exports.models import Lifting, SystemTask
from exports.services import collect, lifting, lifting_letter, lifting_run, purge, restriction_marks, tasks
from requests_app.domain.enums import DeliveryWay, MessageState, Outcome, Right, Role, Stage
from requests_app.domain.errors import ActionRefused
from requests_app.models import AuditEntry, Case, Message
from tests import factories
from tests.exports.house import House, PowerCut, everything_logged
from tests.exports.restrictions import (
    REASON,
    approved,
    fresh,
    letter,
    lift_task,
    marks,
    on,
    proposed,
    restricted,
    told,
)


def refused(act: Callable[[], object]) -> str:
    """The code with which an act is refused."""
    with pytest.raises(ActionRefused) as caught:
        act()
    return caught.value.reason.code


def carried_out(row: Lifting) -> SystemTask:
    """The day has come, the sweep has run, and the website was asked."""
    with on(row.lifted_on):
        assert lifting_run.sweep() == 1
        task = lift_task(row.dsr)
        collect.run_task(task.pk)
    return lift_task(row.dsr)


def test_the_whole_way_from_the_proposal_to_data_in_use(house: House) -> None:
    dsr = restricted(house)
    standing = marks(house)
    assert standing > 0
    row = told(dsr)
    assert lifting_run.sweep() == 0
    with on(row.lifted_on - timedelta(days=1)):
        assert lifting_run.sweep() == 0
    task = carried_out(row)
    assert (task.state, task.verified_at is not None, task.rows) == (TaskState.DONE, True, standing)
    assert marks(house) == 0
    assert Lifting.objects.get().begun_at is not None
    done = {"lifting.proposed", "lifting.approved", "lifting.begun"}
    assert done <= set(AuditEntry.objects.filter(subject=f"dsr:{dsr.pk}").values_list("action", flat=True))
    assert REASON not in everything_logged()


def test_the_letter_says_why_from_when_and_what_one_can_do(house: House) -> None:
    row = approved(restricted(house))
    said = letter(row).get()
    assert (said.to_address, said.dsr_id, said.state) == (row.dsr.case.person_email, row.dsr_id, MessageState.QUEUED)
    assert REASON in said.body
    assert "artikkel 18 nr. 3" in said.body
    assert "protestere" in said.body
    assert "Du kan klage til Datatilsynet" in said.body
    assert "Postboks 458 Sentrum, 0105 Oslo" in said.body


@pytest.mark.parametrize(
    "right, words", [(Right.RESTRICTION, "asked us to restrict"), (Right.OBJECTION, "objected to")]
)
def test_the_letter_in_english(house: House, right: Right, words: str) -> None:
    dsr = restricted(house, right, outcome=Outcome.REFUSED if right is Right.OBJECTION else Outcome.FULFILLED)
    Case.objects.filter(pk=dsr.case_id).update(language="en")
    row = proposed(fresh(dsr))
    row.dsr = fresh(dsr)
    body = lifting_letter.words(row).body
    assert words in body
    assert "we will use the data again" in body
    assert "You can complain to the Norwegian Data Protection Authority" in body
    assert "restricts the data, it stays" not in body


def test_nothing_is_lifted_before_the_letter_has_gone_out(house: House) -> None:
    dsr = restricted(house)
    row = approved(dsr)
    standing = marks(house)
    with on(row.lifted_on):
        assert [lifting_run.sweep() for _ in range(2)] == [1, 1]
        reason = lifting.why_not_begin(Lifting.objects.select_related("dsr").get())
    assert reason is not None
    assert reason.code == "lifting_not_told"
    assert Lifting.objects.get().begun_at is None
    assert marks(house) == standing
    mails = Message.objects.filter(key__startswith=f"lifting:{row.pk}:stuck")
    assert mails.count() > 0
    assert len(set(mails.values_list("to_address", flat=True))) == mails.count()  # once each
    assert all(row.dsr.case.person_email not in mail.body for mail in mails)


def test_a_letter_that_went_out_too_late_lifts_nothing(house: House) -> None:
    row = told(restricted(house))
    with on(row.lifted_on):
        letter(row).update(sent_at=timezone.now())
        lifting_run.sweep()
    assert Lifting.objects.get().begun_at is None


def test_two_persons_stand_behind_it(house: House) -> None:
    handler = factories.staff(Role.HANDLER, Role.APPROVER)
    row = proposed(restricted(house), handler)
    assert refused(lambda: lifting.approve(row.pk, actor=handler.as_actor())) == "lifting_second_person"
    with pytest.raises(IntegrityError), transaction.atomic():
        Lifting.objects.update(approved_by=handler)


def test_what_a_proposal_has_to_say(house: House) -> None:
    dsr, actor = restricted(house), factories.staff().as_actor()

    def propose(reason: str = REASON, days: int = 0) -> str:
        day = lifting.earliest() + timedelta(days=days)
        return refused(lambda: lifting.propose(dsr.pk, reason=reason, lifted_on=day, actor=actor))

    assert propose(reason=" ") == "lifting_reason_missing"
    assert propose(reason="x" * 2001) == "lifting_reason_too_long"
    assert propose(days=-1) == "lifting_too_soon"
    assert propose(days=400) == "lifting_too_late"
    proposed(dsr)
    assert propose() == "lifting_proposed_already"


def test_a_proposal_that_lay_too_long_names_a_day_that_is_too_near(house: House) -> None:
    row = proposed(restricted(house))
    with on(row.lifted_on - timedelta(days=3)):
        act = lambda: lifting.approve(row.pk, actor=factories.staff(Role.APPROVER).as_actor())  # noqa: E731
        assert refused(act) == "lifting_too_soon"


def test_only_what_was_answered_and_stands_can_be_lifted(house: House) -> None:
    dsr = restricted(house)
    factories.force(dsr, Stage.IN_PROGRESS, closed_at=None)
    assert refused(lambda: proposed(fresh(dsr))) == "lifting_not_answered"
    factories.force(dsr, Stage.RELEASED)
    website = dsr.tasks.filter(system="website", action=TaskAction.RESTRICT.value)
    website.update(state=TaskState.FAILED.value)
    assert refused(lambda: proposed(dsr)) == "lifting_orders_open"
    dsr.tasks.filter(action=TaskAction.RESTRICT.value).update(state=TaskState.NOT_FOUND.value)
    assert refused(lambda: proposed(dsr)) == "lifting_nothing"
    assert refused(lambda: proposed(factories.dsr(Right.ACCESS))) == "lifting_nothing"


def test_after_a_refused_objection_the_marks_go_and_after_an_upheld_one_they_stay(house: House) -> None:
    dsr = restricted(house, Right.OBJECTION, outcome=Outcome.FULFILLED)
    assert refused(lambda: proposed(dsr)) == "lifting_upheld"
    dsr.decision.outcome = Outcome.REFUSED.value
    dsr.decision.save()
    row = told(dsr)
    with on(row.lifted_on):
        lifting_run.sweep()
    assert lift_task(dsr).state == TaskState.OPEN


def test_taken_back_it_leaves_everything_as_it_is(house: House) -> None:
    dsr = restricted(house)
    standing = marks(house)
    row = told(dsr)
    lifting.take_back(row.pk, actor=factories.staff().as_actor())
    with on(row.lifted_on):
        assert lifting_run.sweep() == 0
        lifting_run.begin(row.pk)
    assert marks(house) == standing
    assert refused(lambda: lifting.take_back(row.pk, actor=factories.staff().as_actor())) == "lifting_taken_back"
    assert proposed(dsr).pk != row.pk


def test_whoever_has_no_address_is_told_by_a_person(house: House) -> None:
    dsr = restricted(house)
    Case.objects.filter(pk=dsr.case_id).update(person_email="")
    row, actor = approved(fresh(dsr)), factories.staff().as_actor()
    assert letter(row).get().state == MessageState.PAPER
    assert refused(lambda: lifting.told(row.pk, DeliveryWay.POST, row.lifted_on, actor=actor)) == "delivery_day"
    lifting.told(row.pk, DeliveryWay.POST, lifting.today(), actor=actor)
    assert refused(lambda: lifting.told(row.pk, DeliveryWay.POST, lifting.today(), actor=actor)) == "lifting_told"
    with on(row.lifted_on):
        lifting_run.sweep()
    assert Lifting.objects.get().begun_at is not None


def test_what_a_person_restricted_a_person_takes_back_into_use(house: House) -> None:
    dsr = restricted(house, by_hand="hubspot")
    row = told(dsr)
    with on(row.lifted_on):
        lifting_run.sweep()
        task = lift_task(dsr, "hubspot")
        assert (task.mode, task.state) == (TaskMode.MANUAL, TaskState.OPEN)
        assert Message.objects.filter(key__startswith=f"lifting:{row.pk}:begun").exists()
        tasks.complete(task.pk, state=TaskState.DONE, note="Merket er borte", actor=factories.staff().as_actor())
    assert fresh(dsr).stage == Stage.CLOSED
    assert lift_task(dsr, "hubspot").state == TaskState.DONE


def test_marks_that_nobody_remembered_are_for_a_person(house: House) -> None:
    dsr = restricted(house)
    restriction_marks.forget(dsr.tasks.get(system="website"))
    row = told(dsr)
    with on(row.lifted_on):
        lifting_run.sweep()
    assert lift_task(dsr).mode == TaskMode.MANUAL


def test_a_mark_that_another_restriction_needs_stays_until_that_one_ends(house: House) -> None:
    first = restricted(house)
    second = restricted(house)
    standing = marks(house)
    row = told(first)
    assert "etter et annet krav" in letter(row).get().body
    with on(row.lifted_on):
        lifting_run.sweep()
    assert lift_task(first).state == TaskState.KEPT
    assert marks(house) == standing
    last = told(second)
    assert "etter et annet krav" not in letter(last).get().body
    assert carried_out(last).rows == standing
    assert marks(house) == 0


def test_a_restriction_that_comes_after_the_lifting_began_keeps_its_marks(house: House) -> None:
    first = restricted(house)
    standing, row = marks(house), told(first)
    with on(row.lifted_on):
        lifting_run.sweep()
        restricted(house)
        collect.run_task(lift_task(first).pk)
    assert lift_task(first).state == TaskState.KEPT
    assert marks(house) == standing


def test_rows_that_were_marked_before_us_keep_their_mark(house: House) -> None:
    with sa.create_engine(f"sqlite:///{house.database}").begin() as connection:
        connection.exec_driver_sql("UPDATE accounts SET restricted = 1")
    everybody = marks(house)
    dsr = restricted(house)
    assert marks(house) > everybody
    carried_out(told(dsr))
    assert marks(house) == everybody


def test_killed_before_it_committed_it_has_done_nothing_and_does_it_once_afterwards(house: House) -> None:
    dsr = restricted(house)
    row = told(dsr)
    with on(row.lifted_on):
        with PowerCut():
            lifting_run.sweep()
        assert Lifting.objects.get().begun_at is None
        assert not dsr.tasks.filter(action=TaskAction.UNRESTRICT.value).exists()
        for _ in range(2):
            lifting_run.sweep()
            lifting_run.begin(row.pk)
        task = lift_task(dsr)
        for _ in range(2):
            collect.run_task(task.pk)
    assert dsr.tasks.filter(action=TaskAction.UNRESTRICT.value, system="website").count() == 1
    assert lift_task(dsr).state == TaskState.DONE


def test_asked_a_second_time_a_system_forgets_no_mark(house: House) -> None:
    dsr = restricted(house)
    order = dsr.tasks.get(system="website")
    remembered = restriction_marks.of(order)
    assert remembered
    SystemTask.objects.filter(pk=order.pk).update(state=TaskState.OPEN.value)  # the worker died before our commit
    collect.run_task(order.pk)
    assert restriction_marks.of(order) == remembered


def test_once_lifted_the_marks_are_forgotten(
    house: House, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    dsr = restricted(house)
    order = dsr.tasks.get(system="website")
    row = told(dsr)
    assert restriction_marks.of(order)
    with django_capture_on_commit_callbacks(execute=True):
        carried_out(row)
    assert restriction_marks.of(order) is None


def test_why_it_was_lifted_is_forgotten_with_the_case(house: House) -> None:
    row = told(restricted(house))
    purge.sweep()
    assert Lifting.objects.get().reason == REASON
    Case.objects.filter(pk=row.dsr.case_id).update(forgotten_at=timezone.now())
    purge.sweep()
    assert Lifting.objects.get().reason == ""


def test_what_shows_that_it_was_lifted_by_hand_stays_its_thirty_days(house: House) -> None:
    dsr = restricted(house, by_hand="hubspot")
    long_ago = timezone.now() - timedelta(days=90)
    factories.force(dsr, Stage.CLOSED, closed_at=long_ago)
    row = told(dsr)
    with on(row.lifted_on):
        lifting_run.sweep()
        task = lift_task(dsr, "hubspot")
        shown = tasks.Evidence("skjerm.txt", b"Merket er borte")
        tasks.complete(task.pk, state=TaskState.DONE, note="Sett", evidence=shown, actor=factories.staff().as_actor())
        purge.sweep()
        assert lift_task(dsr, "hubspot").evidence_file
    with on(row.lifted_on + timedelta(days=31)):
        purge.sweep()
        assert not lift_task(dsr, "hubspot").evidence_file


def test_a_request_that_was_opened_again_and_restricted_anew_can_be_lifted_anew(house: House) -> None:
    dsr = restricted(house)
    standing = marks(house)
    with on(carried_out(told(dsr)).due_on):
        factories.force(dsr, Stage.IN_PROGRESS, closed_at=None)
        order = dsr.tasks.get(system="website", action=TaskAction.RESTRICT.value)
        tasks.reopen(order.pk, actor=factories.staff().as_actor())
        collect.run_task(order.pk)
        assert marks(house) == standing
        factories.force(dsr, Stage.RELEASED)
        row = told(fresh(dsr))
    assert carried_out(row).state == TaskState.DONE
    assert marks(house) == 0
