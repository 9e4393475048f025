"""Deciding: two persons always, nobody on top of somebody else's work, and an override that is bound by the clock."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from time_machine import travel

from exports.domain.enums import TaskState
from exports.models import SystemTask
from exports.services import bundle, decide, deliver, requirements, tasks
from identity.domain.enums import ContactChannel
from identity.models import ContactPoint, FoundByHand, User
from identity.services import contact_points
from requests_app.domain.enums import Action, Outcome, RequirementKind, Role, Stage
from requests_app.domain.errors import ActionRefused, TransitionDenied
from requests_app.domain.grounds import Ground
from requests_app.domain.snapshot import Reason
from requests_app.models import Case, DataSubjectRequest, Decision, Message, Note, Organisation
from requests_app.services import closure, decision, lifecycle
from requests_app.services.requirements import put
from tests import factories
from tests.exports import scenes
from tests.exports.house import House, owed, planned, task_of


@pytest.fixture
def handler(house: House) -> User:
    """Somebody who prepares answers."""
    return factories.staff(Role.HANDLER)


def refused(act: Callable[[], object]) -> str:
    """The code with which an act is refused."""
    try:
        act()
    except (ActionRefused, TransitionDenied) as error:
        return error.reason.code
    pytest.fail("nothing was refused")


def version(dsr: DataSubjectRequest) -> int:
    """The version of the case now."""
    return Case.objects.get(pk=dsr.case_id).version


def test_who_prepared_the_answer_cannot_release_it(handler: User) -> None:
    both = factories.staff(Role.HANDLER, Role.APPROVER)
    dsr = scenes.in_review(both)
    kept = scenes.current(dsr)
    assert refused(lambda: decide.release(dsr.pk, actor=both.as_actor(), bundle=kept.uuid)) == "second_person"
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.filter(dsr=dsr).update(released_by=both)
    assert scenes.fresh(dsr).stage == Stage.IN_REVIEW
    second = factories.staff(Role.APPROVER)
    decide.release(dsr.pk, actor=second.as_actor(), bundle=kept.uuid)
    assert Decision.objects.get(dsr=dsr).released_by == second


def test_the_later_of_two_handlers_is_told(handler: User) -> None:
    dsr = scenes.searched()
    seen = version(dsr)
    decide.begin(dsr.pk, actor=handler.as_actor(), version=seen)
    other = factories.staff()
    assert refused(lambda: decide.begin(dsr.pk, actor=other.as_actor(), version=seen)) == "case_changed"
    seen = version(dsr)
    decide.choose(dsr.pk, Outcome.FULFILLED, "", actor=handler.as_actor(), version=seen)
    late = lambda: decide.choose(  # noqa: E731
        dsr.pk, Outcome.PARTLY_FULFILLED, "x", actor=other.as_actor(), version=seen
    )
    assert refused(late) == "case_changed"
    assert Decision.objects.get(dsr=dsr).prepared_by == handler


def test_what_nobody_has_looked_at_is_neither_submitted_nor_released(handler: User) -> None:
    dsr = scenes.drafted(handler)
    first = scenes.packed(dsr)
    decide.choose(
        dsr.pk, Outcome.PARTLY_FULFILLED, "Sladdet.", grounds=[Ground.RIGHTS_OF_OTHERS], actor=handler.as_actor()
    )
    second = scenes.packed(dsr)
    assert refused(lambda: decide.submit(dsr.pk, actor=handler.as_actor(), bundle=first.uuid)) == "answer_changed"
    decide.submit(dsr.pk, actor=handler.as_actor(), bundle=second.uuid)
    approver = factories.staff(Role.APPROVER).as_actor()
    assert refused(lambda: decide.release(dsr.pk, actor=approver, bundle=None)) == "answer_changed"


def test_a_letter_that_has_become_wrong_is_not_released(handler: User) -> None:
    dsr = scenes.in_review(handler)
    kept, approver = scenes.current(dsr), factories.staff(Role.APPROVER)
    Case.objects.filter(pk=dsr.case_id).update(person_name="Ingrid Solvang")  # nobody asks for a new letter
    release = lambda: decide.release(dsr.pk, actor=approver.as_actor(), bundle=kept.uuid)  # noqa: E731
    assert refused(release) == "requirement_open"
    answer = dsr.requirements.get(kind=RequirementKind.ANSWER.value)
    assert (answer.state, answer.reason) == ("open", "answer_outdated")
    assert owed("BundleRequested") > 0
    scenes.packed(dsr)
    assert refused(release) == "answer_changed"
    decide.release(dsr.pk, actor=approver.as_actor(), bundle=scenes.current(dsr).uuid)


def test_a_draft_without_its_package_is_not_submitted(handler: User) -> None:
    dsr = scenes.drafted(handler)
    assert refused(lambda: decide.submit(dsr.pk, actor=handler.as_actor(), bundle=None)) == "requirement_open"


@pytest.mark.parametrize(
    "outcome,reasoning,code",
    [
        (Outcome.NO_DATA, "", "outcome_data_found"),
        (Outcome.PARTLY_FULFILLED, "  ", "reasoning_missing"),
        (Outcome.PARTLY_FULFILLED, "x" * 8001, "reasoning_too_long"),
        (Outcome.PARTLY_FULFILLED, "a\0b", "reasoning_too_long"),
    ],
)
def test_an_outcome_must_fit_what_was_found(handler: User, outcome: Outcome, reasoning: str, code: str) -> None:
    dsr = scenes.searched()
    decide.begin(dsr.pk, actor=handler.as_actor())
    assert refused(lambda: decide.choose(dsr.pk, outcome, reasoning, actor=handler.as_actor())) == code
    assert Decision.objects.get(dsr=dsr).outcome == ""


def test_a_part_names_a_ground_that_fits_the_right(handler: User) -> None:
    dsr = scenes.searched()
    decide.begin(dsr.pk, actor=handler.as_actor())

    def choose(*grounds: Ground) -> Decision:
        return decide.choose(dsr.pk, Outcome.PARTLY_FULFILLED, "Sladdet.", grounds=grounds, actor=handler.as_actor())

    assert refused(choose) == "ground_missing"
    assert refused(lambda: choose(Ground.DATA_ACCURATE)) == "ground_missing"
    choose(Ground.RIGHTS_OF_OTHERS)
    assert Decision.objects.get(dsr=dsr).grounds == ["rights_of_others"]


def test_that_a_request_is_excessive_is_proved_in_writing(handler: User) -> None:
    dsr = scenes.searched()
    decide.begin(dsr.pk, actor=handler.as_actor())
    proof = (
        "Tolv like krav på ni uker, hvert med truslene i brev av 3. mars; alle er besvart, senest for to dager siden."
    )

    def choose(reasoning: str) -> Decision:
        return decide.choose(dsr.pk, Outcome.REFUSED, reasoning, grounds=[Ground.EXCESSIVE], actor=handler.as_actor())

    assert refused(lambda: choose("For mange krav.")) == "reasoning_no_proof"
    choose(proof)


def test_the_grounds_go_when_the_outcome_needs_none(handler: User) -> None:
    dsr = scenes.searched()
    decide.begin(dsr.pk, actor=handler.as_actor())
    decide.choose(dsr.pk, Outcome.FULFILLED, "", grounds=[Ground.RIGHTS_OF_OTHERS], actor=handler.as_actor())
    assert Decision.objects.get(dsr=dsr).grounds == []


def test_without_any_data_the_outcome_is_no_data(handler: User) -> None:
    scenes.trial()
    dsr = planned("nobody@example.com")
    scenes.answer_all(dsr)
    decide.begin(dsr.pk, actor=handler.as_actor())

    def choose(outcome: Outcome) -> Decision:
        return decide.choose(dsr.pk, outcome, "", actor=handler.as_actor())

    assert refused(lambda: choose(Outcome.FULFILLED)) == "outcome_nothing_found"
    choose(Outcome.NO_DATA)
    assert scenes.packed(dsr).files.count() == 2


def test_a_draft_goes_back_with_a_note(handler: User) -> None:
    dsr = scenes.in_review(handler)
    approver = factories.staff(Role.APPROVER)

    def back(note: str) -> DataSubjectRequest:
        return decide.send_back(dsr.pk, note, actor=approver.as_actor(), user=approver)

    assert refused(lambda: back(" ")) == "note_missing"
    back("Se på ordre 102 en gang til.")
    assert scenes.fresh(dsr).stage == Stage.DECISION_DRAFT
    assert Note.objects.get(case=dsr.case).text == "Se på ordre 102 en gang til."


class TestOverride:
    """Received on Friday 1 May 2026: due 31 May, act_by Friday 29, so overrides begin on Wednesday 27."""

    RECEIVED = datetime(2026, 5, 1, 9, tzinfo=UTC)
    BEGINS = datetime(2026, 5, 27, 6, tzinfo=UTC)

    @pytest.fixture
    def dsr(self, house: House) -> DataSubjectRequest:
        """A request for which one system is still silent."""
        scenes.trial()
        with travel(self.RECEIVED, tick=False):
            dsr = planned()
            scenes.answer_all(dsr)
            SystemTask.objects.filter(dsr=dsr, system="hubspot").update(state=TaskState.OPEN.value, done_at=None)
            requirements.review(scenes.fresh(dsr))
        return scenes.fresh(dsr)

    def leave_open(
        self,
        dsr: DataSubjectRequest,
        user: User,
        kind: RequirementKind = RequirementKind.SYSTEMS,
        promised_on: date = date(2026, 6, 10),
    ) -> None:
        """Override, promised for the tenth of June unless told otherwise."""
        decide.override(
            dsr.pk, kind, reason="Leverandøren svarer ikke", missing="deg i HubSpot", promised_on=promised_on,
            actor=user.as_actor(),
        )  # fmt: skip

    def test_a_silent_system_bars_the_submission_and_only_the_decision_maker_lifts_that_in_time(
        self, dsr: DataSubjectRequest
    ) -> None:
        maker, handler = factories.staff(Role.DECISION_MAKER), factories.staff(Role.HANDLER)
        assert dsr.act_by == date(2026, 5, 29)
        assert decision.override_from(dsr) == date(2026, 5, 27)
        with travel(self.BEGINS - timedelta(days=1), tick=False):
            decide.begin(dsr.pk, actor=handler.as_actor())
            decide.choose(dsr.pk, Outcome.FULFILLED, "", actor=handler.as_actor())
            assert refused(lambda: decide.submit(dsr.pk, actor=handler.as_actor(), bundle=None)) == "requirement_open"
            assert refused(lambda: self.leave_open(dsr, maker)) == "override_too_early"
        with travel(self.BEGINS, tick=False):
            assert refused(lambda: self.leave_open(dsr, handler)) == "decision_maker_only"
            self.leave_open(dsr, maker)
            decide.choose(dsr.pk, Outcome.PARTLY_FULFILLED, "HubSpot mangler.", actor=handler.as_actor())
            kept = scenes.packed(dsr)
            decide.submit(dsr.pk, actor=handler.as_actor(), bundle=kept.uuid)
        assert scenes.fresh(dsr).stage == Stage.IN_REVIEW

    def test_what_is_in_place_and_what_protects_the_person_cannot_be_left_open(self, dsr: DataSubjectRequest) -> None:
        maker = factories.staff(Role.DECISION_MAKER)
        with travel(self.BEGINS, tick=False):
            assert refused(lambda: self.leave_open(dsr, maker, RequirementKind.REGISTER)) == "override_pointless"
            put(dsr, RequirementKind.RECIPIENTS, met=False)
            dsr.requirements.update(state="open")
            for kind in (RequirementKind.DELIVERY_ADDRESS, RequirementKind.RECIPIENTS):
                never = partial(self.leave_open, dsr, maker, kind)
                assert refused(never) == "override_never"

    def test_the_answer_goes_with_the_promise_stays_open_and_is_completed_later(
        self, dsr: DataSubjectRequest, house: House
    ) -> None:
        maker, handler = factories.staff(Role.DECISION_MAKER), factories.staff(Role.HANDLER)
        approver = factories.staff(Role.APPROVER)
        with travel(self.BEGINS, tick=False):
            self.leave_open(dsr, maker)
            decide.begin(dsr.pk, actor=handler.as_actor())
            whole = lambda: decide.choose(dsr.pk, Outcome.FULFILLED, "", actor=handler.as_actor())  # noqa: E731
            assert refused(whole) == "outcome_not_whole"
            decide.choose(dsr.pk, Outcome.PARTLY_FULFILLED, "HubSpot mangler.", actor=handler.as_actor())
            first = scenes.packed(dsr)
            decide.submit(dsr.pk, actor=handler.as_actor(), bundle=first.uuid)
            decide.release(dsr.pk, actor=approver.as_actor(), bundle=first.uuid)
            deliver.announce(dsr.pk)
            self._sent(dsr)
            assert scenes.fresh(dsr).stage == Stage.RELEASED
        with travel(datetime(2026, 6, 8, 8, tzinfo=UTC), tick=False):
            lifecycle.advance(dsr.pk, Action.REOPEN, handler.as_actor(), note="HubSpot har svart")
            tasks.complete(task_of(dsr, "hubspot").pk, state=TaskState.NOT_FOUND, note="", actor=handler.as_actor())
            decide.begin(dsr.pk, actor=handler.as_actor())
            decide.choose(dsr.pk, Outcome.FULFILLED, "", actor=handler.as_actor())
            second = scenes.packed(dsr)
            decide.submit(dsr.pk, actor=handler.as_actor(), bundle=second.uuid)
            decide.release(dsr.pk, actor=approver.as_actor(), bundle=second.uuid)
            deliver.announce(dsr.pk)
            self._sent(dsr)
        assert scenes.fresh(dsr).stage == Stage.CLOSED
        assert [offer.pk for offer in deliver.offered(dsr.case)] == [second.pk]

    @pytest.mark.parametrize("late", [date(2026, 6, 10), date(2026, 6, 15)])
    def test_no_letter_promises_a_day_that_is_not_after_its_own(self, dsr: DataSubjectRequest, late: date) -> None:
        maker, handler = factories.staff(Role.DECISION_MAKER), factories.staff(Role.HANDLER)
        approver = factories.staff(Role.APPROVER)

        def hand_over() -> None:
            decide.choose(dsr.pk, Outcome.PARTLY_FULFILLED, "HubSpot mangler.", actor=handler.as_actor())
            kept = scenes.packed(dsr)
            decide.submit(dsr.pk, actor=handler.as_actor(), bundle=kept.uuid)

        def release() -> DataSubjectRequest:
            return decide.release(dsr.pk, actor=approver.as_actor(), bundle=scenes.current(dsr).uuid)

        with travel(self.BEGINS, tick=False):
            self.leave_open(dsr, maker)
            decide.begin(dsr.pk, actor=handler.as_actor())
            hand_over()
        with travel(datetime(late.year, late.month, late.day, 8, tzinfo=UTC), tick=False):
            with pytest.raises(ActionRefused) as stopped:
                release()
            assert stopped.value.reason == Reason("promise_over", {"date": "2026-06-10"})
            scenes.packed(dsr)  # today's letter is no better
            assert refused(release) == "promise_over"
            decide.send_back(dsr.pk, "Ny dag.", actor=approver.as_actor(), user=approver)
            self.leave_open(dsr, maker, promised_on=late + timedelta(days=1))
            hand_over()
            assert release().stage == Stage.RELEASED

    def test_the_letter_goes_on_the_day_before_the_promised_one(self, dsr: DataSubjectRequest) -> None:
        maker, approver = factories.staff(Role.DECISION_MAKER), factories.staff(Role.APPROVER)
        with travel(datetime(2026, 6, 9, 8, tzinfo=UTC), tick=False):
            self.leave_open(dsr, maker)
            decide.begin(dsr.pk, actor=maker.as_actor())
            decide.choose(dsr.pk, Outcome.PARTLY_FULFILLED, "HubSpot mangler.", actor=maker.as_actor())
            kept = scenes.packed(dsr)
            decide.submit(dsr.pk, actor=maker.as_actor(), bundle=kept.uuid)
            assert decide.why_not_release(scenes.fresh(dsr), approver.as_actor()) is None
            released = decide.release(dsr.pk, actor=approver.as_actor(), bundle=kept.uuid)
        assert released.stage == Stage.RELEASED

    def test_the_register_can_be_left_open_too(self, dsr: DataSubjectRequest) -> None:
        maker = factories.staff(Role.DECISION_MAKER)
        SystemTask.objects.filter(dsr=dsr, system="hubspot").update(state=TaskState.NOT_FOUND.value)
        Organisation.objects.update(trial=False)
        with travel(self.BEGINS, tick=False):
            requirements.review(scenes.fresh(dsr))
            decide.begin(dsr.pk, actor=maker.as_actor())
            decide.choose(
                dsr.pk, Outcome.PARTLY_FULFILLED, "Noe mangler.", grounds=[Ground.SECTION_16_E], actor=maker.as_actor()
            )
            bundle.build(dsr.pk)
            answer = dsr.requirements.get(kind=RequirementKind.ANSWER.value)
            assert answer.reason == "answer_waits_register"
            self.leave_open(dsr, maker, RequirementKind.REGISTER)
            kept = scenes.packed(dsr)
            decide.submit(dsr.pk, actor=maker.as_actor(), bundle=kept.uuid)
        assert scenes.fresh(dsr).stage == Stage.IN_REVIEW

    @staticmethod
    def _sent(dsr: DataSubjectRequest) -> None:
        """The last mail has left."""
        mail = Message.objects.filter(case=dsr.case, intent="answer_ready").latest("id")
        Message.objects.filter(pk=mail.pk).update(state="sent", sent_at=timezone.now())
        closure.close_answered(mail.pk)


def test_who_alone_named_the_address_does_not_release_to_it(handler: User) -> None:
    dsr = scenes.in_review(handler)
    ContactPoint.objects.filter(case=dsr.case).delete()
    both, kept = factories.staff(Role.DECISION_MAKER), scenes.current(dsr)
    contact_points.record(
        dsr.case, ContactChannel.EMAIL, dsr.case.person_email, "archive", None, reason="Ringte", actor=both.as_actor()
    )
    assert refused(lambda: decide.release(dsr.pk, actor=both.as_actor(), bundle=kept.uuid)) == "second_person_address"
    approver = factories.staff(Role.APPROVER).as_actor()
    decide.release(dsr.pk, actor=approver, bundle=kept.uuid)
    assert scenes.current(dsr).delivery_address == dsr.case.person_email


def test_an_address_that_was_named_after_the_look_stops_the_release(handler: User) -> None:
    dsr = scenes.in_review(handler)
    seen, kept = version(dsr), scenes.current(dsr)
    contact_points.record(dsr.case, ContactChannel.EMAIL, "new@example.com", "archive", None, actor=handler.as_actor())
    approver = factories.staff(Role.APPROVER).as_actor()
    assert refused(lambda: decide.release(dsr.pk, actor=approver, bundle=kept.uuid, version=seen)) == "case_changed"


def test_no_answer_is_released_without_an_address_for_it(handler: User) -> None:
    dsr = scenes.in_review(handler)
    ContactPoint.objects.filter(case=dsr.case).delete()
    FoundByHand.objects.create(case=dsr.case, system="hubspot")  # the requirement does not know of it yet
    approver = factories.staff(Role.APPROVER).as_actor()
    kept = scenes.current(dsr)
    assert refused(lambda: decide.release(dsr.pk, actor=approver, bundle=kept.uuid)) == "requirement_open"
    assert scenes.current(dsr).delivery_address == ""
