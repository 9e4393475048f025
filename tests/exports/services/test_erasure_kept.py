"""What a person keeps by hand: the end of a duty is computed from its newest document, that of a claim is typed."""

from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date

import pytest
from time_machine import travel

from exports.domain.enums import TaskState
from exports.models import SystemTask
from exports.services import decide, erasure_by_hand, letters, register, tasks
from exports.services.erasure_by_hand import Answer
from exports.services.erasure_kept import Keeping
from exports.services.erasure_kept import decide as keep
from identity.models import User
from requests_app.domain.enums import Outcome
from requests_app.domain.errors import ActionRefused
from requests_app.domain.grounds import Ground
from requests_app.models import AuditEntry
from tests import factories
from tests.exports import scenes
from tests.exports.erasures import begun, erase_task
from tests.exports.house import House

pytestmark = pytest.mark.django_db

TODAY, LAST_PURCHASE, END = date(2026, 11, 27), date(2024, 3, 8), date(2029, 12, 31)
BOOKS = Answer(state=TaskState.KEPT, duty="bookkeeping", newest_on=LAST_PURCHASE)


@pytest.fixture
def handler(house: House) -> User:
    """A handler."""
    scenes.trial()
    return factories.staff()


def refused(code: str) -> AbstractContextManager[object]:
    """Expect this refusal."""
    return pytest.raises(ActionRefused, check=lambda error: error.reason.code == code)


def kept(handler: User, answer: Answer = BOOKS) -> SystemTask:
    """A part of a deletion that somebody answered: the books have to stay."""
    return erasure_by_hand.complete(erase_task(begun()).pk, answer, actor=handler.as_actor())


def test_the_end_follows_from_the_financial_year_of_the_newest_document(handler: User) -> None:
    task = kept(handler)
    assert (task.ground, task.kept_until) == ("legal_obligation", END)
    assert (task.duty, task.newest_on) == ("bookkeeping", LAST_PURCHASE)
    entry = AuditEntry.objects.filter(action="task.answered").latest("number")
    assert (entry.details["duty"], entry.details["until"]) == ("bookkeeping", "2029-12-31")


def test_a_typed_end_moves_nothing(handler: User) -> None:
    assert kept(handler, replace(BOOKS, kept_until=date(2099, 1, 1), ground="legal_claims")).kept_until == END


@pytest.mark.parametrize(
    "given,code",
    [
        (Keeping(ground="legal_obligation", kept_until=END, reason="Bilag"), "erasure_duty_missing"),
        (Keeping(duty="no_such_duty", newest_on=LAST_PURCHASE), "erasure_ground_missing"),
        (Keeping(duty="bookkeeping"), "erasure_newest_missing"),
        (Keeping(duty="bookkeeping", newest_on=date(2026, 11, 28)), "erasure_newest_missing"),
        (Keeping(duty="bookkeeping", newest_on=date(2020, 12, 31)), "erasure_duty_over"),
        (Keeping(ground="legal_claims"), "erasure_end_missing"),
        (Keeping(ground="legal_claims", kept_until=END), "erasure_end_unjustified"),
        (Keeping(), "erasure_ground_missing"),
    ],
)
@travel("2026-11-27T10:00:00Z", tick=False)
def test_what_is_missing_is_named(handler: User, given: Keeping, code: str) -> None:
    with refused(code):
        keep(given)


@travel("2026-11-27T10:00:00Z", tick=False)
@pytest.mark.parametrize(
    "given,end",
    [
        (Keeping(duty="bookkeeping", newest_on=date(2021, 1, 1)), date(2026, 12, 31)),
        (Keeping(duty="bookkeeping", newest_on=TODAY), date(2031, 12, 31)),
        (Keeping(duty="consent_proof"), date(2029, 11, 27)),  # counted from the deletion: no document is asked for
        (Keeping(ground="legal_claims", kept_until=END, reason="Tvist om ordre"), END),
    ],
)
def test_what_stays_has_its_end(handler: User, given: Keeping, end: date) -> None:
    assert keep(given).kept_until == end


def test_where_the_register_knows_no_duty_nothing_can_be_computed(
    handler: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    number, known = register.current()
    monkeypatch.setattr(register, "current", lambda _key="customers": (number, replace(known, retention_duties=())))
    assert keep(Keeping(ground="legal_obligation", kept_until=END, reason="Produktansvar")).kept_until == END


def test_an_answer_that_is_taken_back_leaves_no_duty(handler: User) -> None:
    task = tasks.reopen(kept(handler).pk, actor=handler.as_actor())
    assert (task.duty, task.newest_on, task.kept_until, task.ground) == ("", None, None, "")


def test_the_letter_names_the_law_of_the_duty_and_what_was_written_for_the_person(handler: User) -> None:
    task = kept(handler, replace(BOOKS, note="Kvitteringene er bilag."))
    decide.begin(task.dsr_id, actor=handler.as_actor())
    grounds, reasoning = (Ground.LEGAL_OBLIGATION,), "Ordrene er bilag."
    outcome, actor = Outcome.PARTLY_FULFILLED, handler.as_actor()
    decide.choose(task.dsr_id, outcome, reasoning, grounds=grounds, actor=actor)
    letter = letters.compose(letters.facts(scenes.fresh(task.dsr)), on=TODAY)
    rows = [line.cells for section in letter.sections for line in section.lines]
    mine = next(row for row in rows if "Kvitteringene er bilag" in " ".join(row))
    assert "bokføringsloven § 13" in " ".join(mine).casefold()
    assert "31.\xa0desember\xa02029" in mine
