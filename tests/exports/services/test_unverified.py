"""Closed because nobody showed who asks: not before 30 days, by two persons; a late proof takes it up again."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings
from time_machine import travel

from exports.services import decide, deliver, unverified_proposal
from identity.domain.enums import DoubtReason, LinkState
from identity.models import User
from identity.services import question_reminders, verify
from requests_app.domain import tokens
from requests_app.domain.enums import Action, Intent, MessageState, Outcome, Right, Role, Stage
from requests_app.domain.errors import ActionRefused, TransitionDenied
from requests_app.domain.outcomes import ANSWERABLE
from requests_app.domain.snapshot import SYSTEM
from requests_app.keyring import ring
from requests_app.models import Case, DataSubjectRequest, Message, Suspension
from requests_app.services import closure, lifecycle, sending, still_waiting, unverified, waiting
from tests import factories
from tests.identity import scenes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("house")]

RECEIVED = datetime(2026, 9, 1, 8, tzinfo=UTC)


def day(number: int) -> datetime:
    """A moment `number` days after the receipt."""
    return RECEIVED + timedelta(days=number)


@pytest.fixture(autouse=True)
def sent_folder(tmp_path: Path, settings: Settings) -> None:
    """Mail becomes files."""
    settings.SMTP_URL = ""
    settings.SENT_FOLDER = tmp_path / "sent"


@pytest.fixture
def handler() -> User:
    return factories.staff(Role.HANDLER)


@pytest.fixture
def approver() -> User:
    return factories.staff(Role.APPROVER)


def deliver_mail() -> None:
    """Everything that is queued leaves, and what it answers is closed."""
    for message in Message.objects.filter(state=MessageState.QUEUED):
        sending.send(message.pk)
        closure.close_answered(message.pk)


def silent(handler: User, *rights: Right, until: int = 31) -> Case:
    """A case of 1 September whose person was asked on the 2nd, and reminded, and never answered."""
    with travel(RECEIVED, tick=False):
        case = factories.case(*rights, received_at=RECEIVED)
        point = scenes.on_file(case)
    with travel(day(1), tick=False):
        verify.ask(case.pk, DoubtReason.UNKNOWN_ADDRESS, point.pk, actor=handler.as_actor())
        deliver_mail()
    for number in (6, 13, 30, *range(31, until)):
        with travel(day(number), tick=False):
            verify.expire()
            question_reminders.sweep()
            still_waiting.sweep()
            deliver_mail()
    return case


def closed(handler: User, approver: User, on: int = 35) -> Case:
    """The same case, closed as unverified."""
    case = silent(handler)
    with travel(day(on), tick=False):
        dsr = case.dsrs.get()
        unverified_proposal.propose(dsr.pk, actor=handler.as_actor())
        decide.release(dsr.pk, actor=approver.as_actor(), bundle=None)
        deliver.announce(dsr.pk)
        deliver_mail()
    case.refresh_from_db()
    return case


def fresh(case: Case) -> DataSubjectRequest:
    return DataSubjectRequest.objects.get(case=case)


def newest_token(case: Case) -> str:
    message = case.messages.filter(to_address=scenes.ON_FILE).latest("id")
    return tokens.reveal(ring(), tokens.Secret(**message.secrets["link"])).rpartition("/")[2]


def refused(act: Callable[[], object]) -> str:
    """Return why a step cannot be taken, or nothing."""
    try:
        act()
    except (ActionRefused, TransitionDenied) as error:
        return error.reason.code
    return ""


def test_nothing_can_be_proposed_before_thirty_days_are_over(handler: User) -> None:
    case = silent(handler)
    dsr = case.dsrs.get()
    for number in range(1, 46):
        with travel(day(number), tick=False):
            assert unverified_proposal.is_due(dsr) is (number >= 31), number
    assert unverified.closable_from(dsr) == date(2026, 10, 2)
    with travel(day(30), tick=False):
        assert refused(lambda: unverified_proposal.propose(dsr.pk, actor=handler.as_actor())) == "unverified_too_soon"


def test_one_step_proposes_and_a_second_person_releases(handler: User, approver: User) -> None:
    case = silent(handler)
    dsr = case.dsrs.get()
    with travel(day(31), tick=False):
        unverified_proposal.propose(dsr.pk, actor=handler.as_actor())
        assert fresh(case).stage == Stage.IN_REVIEW
        assert not unverified_proposal.is_due(fresh(case))
        alone = factories.staff(Role.APPROVER, Role.HANDLER)
        assert refused(lambda: unverified_proposal.propose(dsr.pk, actor=alone.as_actor())) == "not_from_here"
        decide.release(dsr.pk, actor=approver.as_actor(), bundle=None)


def test_whoever_proposes_does_not_release(approver: User) -> None:
    both = factories.staff(Role.HANDLER, Role.APPROVER)
    case = silent(both)
    with travel(day(31), tick=False):
        dsr = unverified_proposal.propose(case.dsrs.get().pk, actor=both.as_actor())
        assert refused(lambda: decide.release(dsr.pk, actor=both.as_actor(), bundle=None)) == "second_person"


@pytest.mark.parametrize(
    "language,said",
    [
        ("nb", ["1. september 2026", "2. september 2026", "7. september 2026, 14. september 2026, 1. oktober 2026",
                "sier ikke noe om retten din", "når som helst ta saken opp igjen", "Datatilsynet", "domstolene"]),
        ("en", ["1 September 2026", "2 September 2026", "7 September 2026, 14 September 2026, 1 October 2026",
                "no judgment of your right", "take the case up again whenever you like", "Data Protection Authority",
                "the courts"]),
    ],
)  # fmt: skip
def test_the_letter_says_when_we_asked_and_that_nothing_is_judged(
    handler: User, approver: User, language: str, said: list[str]
) -> None:
    case = silent(handler)
    Case.objects.filter(pk=case.pk).update(language=language)
    with travel(day(31), tick=False):
        dsr = unverified_proposal.propose(case.dsrs.get().pk, actor=handler.as_actor())
        decide.release(dsr.pk, actor=approver.as_actor(), bundle=None)
        deliver.announce(dsr.pk)
        deliver.announce(dsr.pk)
    body = case.messages.get(intent=Intent.ENDING).body
    assert [words for words in said if words not in body] == []
    assert scenes.ON_FILE not in body


def test_a_proof_before_the_release_stops_it(handler: User, approver: User) -> None:
    case = silent(handler)
    with travel(day(31), tick=False):
        dsr = unverified_proposal.propose(case.dsrs.get().pk, actor=handler.as_actor())
        verify.renew(newest_token(case))
        assert verify.confirm(scenes.link_token(case.verifications.latest("id"))) is LinkState.CONFIRMED
        reason = refused(lambda: decide.release(dsr.pk, actor=approver.as_actor(), bundle=None))
    assert reason == "unverified_not_asked"
    assert fresh(case).stage == Stage.IN_REVIEW


def test_unread_words_of_the_person_stop_it(handler: User) -> None:
    case = silent(handler)
    Case.objects.filter(pk=case.pk).update(unread_since=day(30))
    with travel(day(31), tick=False):
        dsr = case.dsrs.get()
        assert refused(lambda: unverified_proposal.propose(dsr.pk, actor=handler.as_actor())) == "unverified_unread"


def test_closed_it_is_over_for_the_sweeps(handler: User, approver: User) -> None:
    case = closed(handler, approver)
    assert (fresh(case).stage, fresh(case).outcome) == (Stage.CLOSED, Outcome.CLOSED_UNVERIFIED)
    assert case.closed_at is not None
    before = case.messages.count()
    with travel(day(60), tick=False):
        assert question_reminders.sweep() == still_waiting.sweep() == 0
    assert case.messages.count() == before


def test_a_proof_on_day_forty_reopens_it_and_the_clock_goes_on_where_it_stopped(handler: User, approver: User) -> None:
    case = closed(handler, approver)
    with travel(day(40), tick=False):
        dead = newest_token(case)
        assert verify.look_up(dead) is LinkState.DEAD
        verify.renew(dead)
        assert verify.confirm(scenes.link_token(case.verifications.latest("id"))) is LinkState.CONFIRMED
        dsr = fresh(case)
        assert (dsr.stage, dsr.outcome, dsr.closed_at, dsr.answer_sent_at) == (Stage.IN_PROGRESS, "", None, None)
        assert Suspension.objects.get(dsr=dsr).answered_at == day(40)
        # Asked on 2 September, answered on 11 October: 39 days; the promise of 1 October becomes 9 November.
        assert dsr.effective_due == date(2026, 11, 9)
        assert not waiting.is_overdue(dsr)
    case.refresh_from_db()
    assert (case.closed_at, case.due_on) == (None, date(2026, 11, 9))
    with travel(datetime(2026, 11, 10, 8, tzinfo=UTC), tick=False):
        assert waiting.is_overdue(dsr)


def test_pressing_twice_after_the_closing_changes_nothing_more(handler: User, approver: User) -> None:
    case = closed(handler, approver)
    with travel(day(40), tick=False):
        verify.renew(newest_token(case))
        token = scenes.link_token(case.verifications.latest("id"))
        verify.confirm(token)
        assert verify.confirm(token) is LinkState.CONFIRMED
    assert fresh(case).effective_due == date(2026, 11, 9)


def test_what_was_asked_for_anew_meanwhile_is_not_opened_twice(handler: User, approver: User) -> None:
    case = closed(handler, approver)
    with travel(day(38), tick=False):
        DataSubjectRequest.objects.create(
            case=case, right=Right.ACCESS.value, stage=Stage.TRIAGED.value, received_at=day(38)
        )
    with travel(day(40), tick=False):
        verify.renew(newest_token(case))
        assert verify.confirm(scenes.link_token(case.verifications.latest("id"))) is LinkState.CONFIRMED
    assert sorted(case.dsrs.values_list("stage", flat=True)) == ["closed", "triaged"]


def test_no_proof_reopens_what_ended_otherwise(handler: User) -> None:
    case = silent(handler)
    factories.close(case)
    with travel(day(40), tick=False):
        verify.renew(newest_token(case))
    assert fresh(case).stage == Stage.CLOSED
    assert not case.verifications.filter(asked_at=day(40)).exists()


def test_the_system_reopens_nothing_else(handler: User) -> None:
    case = factories.case()
    factories.close(case)
    assert refused(lambda: lifecycle.advance(fresh(case).pk, Action.REOPEN, SYSTEM, note="x")) == "staff_only"


def test_it_ends_nothing_for_which_nobody_is_asked_who_they_are() -> None:
    able = {right for right, outcomes in ANSWERABLE.items() if Outcome.CLOSED_UNVERIFIED in outcomes}
    assert able.isdisjoint({Right.CONSENT_WITHDRAWAL, Right.MARKETING_OBJECTION, Right.COMPLAINT})
    assert Right.ACCESS in able
