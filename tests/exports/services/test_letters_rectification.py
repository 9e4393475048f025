"""What letter and notice say of corrections, and what may no longer be decided once something was corrected."""

from datetime import timedelta
from functools import partial

import pytest
import time_machine
from django.utils import timezone

from exports.domain.enums import TaskAction, TaskState
from exports.services import (
    collect,
    correction_run,
    corrections,
    decide,
    letters,
    notice,
    pdf_letter_view,
    purge,
    tasks,
)
from exports.services.answer_problems import NotReady
from identity.models import User
from requests_app.domain.enums import Action, Outcome, RequirementKind, RequirementState, Right, Role
from requests_app.domain.errors import TransitionDenied
from requests_app.domain.grounds import Ground
from requests_app.domain.outcomes import ENDINGS
from requests_app.models import DataSubjectRequest
from requests_app.services import lifecycle
from tests import factories
from tests.exports import scenes
from tests.exports.house import House
from tests.exports.ledger import Ledger
from tests.exports.rectifying import carried_out, corrected, refused, searched, searched_by_hand, task_of, wish
from tests.exports.scenes import fresh
from tests.exports.services import test_letters
from tests.exports.services.test_letters import choose, said


@pytest.fixture
def handler(ledger: Ledger) -> User:
    """A handler in an installation that may answer."""
    scenes.trial()
    return factories.staff(Role.HANDLER)


def by_hand(dsr: DataSubjectRequest, by: User, name: str, wrong: str, right: str) -> None:
    """Have a person correct something in HubSpot."""
    corrections.enter_by_hand(dsr.pk, "hubspot", name, wrong, right, actor=by.as_actor())
    correction_run.carry_out(dsr.pk, actor=by.as_actor())


def corrected_then_refused(by: User) -> DataSubjectRequest:
    """The first of two corrections in one system was made, the second was not."""
    dsr = searched()
    searched_by_hand(dsr, by.as_actor())
    by_hand(dsr, by, "Job title", "Sjef", "Leder")
    tasks.complete(task_of(dsr, "hubspot").pk, state=TaskState.DONE, note="Leder.", actor=by.as_actor())
    by_hand(dsr, by, "Company", "Optimal", "Optimar")
    tasks.complete(task_of(dsr, "hubspot").pk, state=TaskState.KEPT, ground="data_accurate", actor=by.as_actor())
    return fresh(dsr)


def test_what_was_corrected_in_an_earlier_round_is_not_refused_whole(handler: User) -> None:
    dsr = corrected_then_refused(handler)
    act = partial(choose, dsr, handler, Outcome.REFUSED, "Det stemmer.", Ground.DATA_ACCURATE)
    assert refused(act) == "outcome_something_done"


@pytest.mark.parametrize("ending", sorted(ENDINGS))
def test_a_request_under_which_something_was_corrected_ends_with_an_answer(handler: User, ending: Outcome) -> None:
    dsr = searched()
    corrected(dsr, handler.as_actor())
    carried_out(dsr, handler.as_actor())
    decide.begin(dsr.pk, actor=handler.as_actor())
    act = partial(decide.choose, dsr.pk, ending, "", actor=handler.as_actor())
    assert refused(act) == "outcome_ended_after_change"


def test_an_ending_does_not_go_out_when_something_was_corrected_after_it_was_chosen(handler: User) -> None:
    dsr = searched()
    corrected(dsr, handler.as_actor())
    decide.begin(dsr.pk, actor=handler.as_actor())
    decide.choose(dsr.pk, Outcome.WITHDRAWN_BY_REQUESTER, "", actor=handler.as_actor())
    carried_out(dsr, handler.as_actor())
    with pytest.raises(TransitionDenied):
        decide.submit(dsr.pk, actor=handler.as_actor(), bundle=None)
    answer = dsr.requirements.get(kind=RequirementKind.ANSWER.value)
    assert (answer.state, answer.reason) == (RequirementState.OPEN, "outcome_ended_after_change")


@pytest.mark.parametrize(
    "right, code", [(Right.RESTRICTION, "outcome_ended_after_change"), (Right.OBJECTION, "")], ids=str
)
def test_a_restriction_ends_with_an_answer_where_it_was_asked_for(
    house: House, handler: User, right: Right, code: str
) -> None:
    dsr = test_letters.searched(right)
    test_letters.task(dsr, TaskAction.RESTRICT, TaskState.DONE)
    decide.begin(dsr.pk, actor=handler.as_actor())
    act = partial(decide.choose, dsr.pk, Outcome.WITHDRAWN_BY_REQUESTER, "", actor=handler.as_actor())
    if code:
        assert refused(act) == code
    else:
        act()


def test_letter_and_notice_say_yes_and_no_and_days_as_people_do(handler: User) -> None:
    dsr = searched()
    searched_by_hand(dsr, handler.as_actor())
    corrections.enter(dsr.pk, [wish(dsr, "active", "false")], actor=handler.as_actor())
    by_hand(dsr, handler, "Born", "1980-02-01", "1981-02-01")
    carried_out_all(dsr, handler)
    letter = said(choose(fresh(dsr), handler, Outcome.FULFILLED))
    assert "Ja Nei" in letter
    assert "Born 01.02.1980 01.02.1981" in letter
    text = notice.text_for(dsr.tasks.filter(action=TaskAction.NOTIFY.value)[0], "en").body
    assert ": No\n" in text
    assert "Born: 1 Feb 1981\n" in text


def carried_out_all(dsr: DataSubjectRequest, by: User) -> None:
    """Have the website and HubSpot make what was ordered."""
    collect.run_task(task_of(dsr, "website").pk)
    tasks.complete(task_of(dsr, "hubspot").pk, state=TaskState.DONE, note="Ja.", actor=by.as_actor())


def test_what_is_promised_for_a_day_does_not_stay_as_it_is(handler: User) -> None:
    dsr, boss = searched(), factories.staff(Role.DECISION_MAKER).as_actor()
    searched_by_hand(dsr, handler.as_actor())
    corrected(dsr, handler.as_actor())
    carried_out(dsr, handler.as_actor())
    by_hand(dsr, handler, "Job title", "Sjef", "Leder")
    with time_machine.travel(timezone.now() + timedelta(days=27)):
        soon = timezone.localdate() + timedelta(days=20)
        for kind in (RequirementKind.SYSTEMS, RequirementKind.PLAN):
            decide.override(dsr.pk, kind, reason="Haster.", missing="HubSpot", promised_on=soon, actor=boss)
        letter = choose(fresh(dsr), handler, Outcome.PARTLY_FULFILLED, "HubSpot svarer ikke.")
    assert [part.what for part in letter.missing] == ["HubSpot"]
    assert "Kari Holm" in said(letter)
    assert "Sjef" not in said(letter)
    assert pdf_letter_view.context(letter, embedded=False)["missing_data"] is False


def test_what_was_refused_stays_as_it_is(handler: User) -> None:
    dsr = corrected_then_refused(handler)
    letter = said(choose(dsr, handler, Outcome.PARTLY_FULFILLED, "Navnet stemmer.", Ground.DATA_ACCURATE))
    assert "Sjef Leder" in letter
    assert "Company Optimal HubSpot" in letter


def test_no_letter_is_written_of_values_that_are_deleted(handler: User) -> None:
    dsr = searched()
    corrected(dsr, handler.as_actor())
    carried_out(dsr, handler.as_actor())
    factories.close(dsr.case, timezone.now() - timedelta(days=200))
    purge.sweep()
    lifecycle.advance(dsr.pk, Action.REOPEN, handler.as_actor(), note="Klage.")
    decide.begin(dsr.pk, actor=handler.as_actor())
    decide.choose(dsr.pk, Outcome.FULFILLED, "", actor=handler.as_actor())
    with pytest.raises(NotReady) as caught:
        letters.facts(fresh(dsr))
    assert caught.value.reason.code == "answer_data_gone"
