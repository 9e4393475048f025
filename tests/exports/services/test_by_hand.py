"""Endings by plain mail, and answers that no mail announces: posted, handed over, told by phone."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.utils import timezone
from pypdf import PdfReader

from exports.domain.enums import TaskState
from exports.models import Bundle
from exports.services import by_hand, decide, deliver, plan, post, tasks
from identity.domain.enums import Level
from identity.models import User
from requests_app.domain.enums import (
    Action,
    DeliveryWay,
    MessageState,
    Outcome,
    Requester,
    RequirementKind,
    Right,
    Role,
    Stage,
)
from requests_app.domain.errors import ActionRefused, TransitionDenied
from requests_app.models import AuditEntry, Case, DataSubjectRequest, Decision, Message, Organisation
from requests_app.services import at_once, closure, concerned, lifecycle, marketing, receipt
from tests import factories
from tests.desk_client import desk_client
from tests.exports import scenes
from tests.exports.house import House
from tests.identity import scenes as identity


@pytest.fixture
def handler(house: House) -> User:
    """Somebody who prepares answers."""
    return factories.staff(Role.HANDLER)


def approver() -> User:
    """The second person."""
    return factories.staff(Role.APPROVER)


def sent(dsr: DataSubjectRequest, intent: str) -> Message:
    """The mail of a request has left."""
    mail = Message.objects.get(dsr=dsr, intent=intent)
    Message.objects.filter(pk=mail.pk).update(state="sent", sent_at=timezone.now())
    closure.close_answered(mail.pk)
    return mail


@pytest.mark.parametrize("language", ["nb", "en"])
@pytest.mark.parametrize(
    "outcome", [Outcome.WITHDRAWN_BY_REQUESTER, Outcome.NOT_A_REQUEST, Outcome.DUPLICATE]
)  # fmt: skip
def test_what_ends_without_a_decision_is_told_by_a_plain_mail_and_closes(
    handler: User, outcome: Outcome, language: str
) -> None:
    dsr = factories.case(Right.ERASURE, language=language).dsrs.get()
    plan.locate_and_plan(dsr.pk)  # no system has answered: nothing has to be searched for what was taken back
    decide.begin(dsr.pk, actor=handler.as_actor())
    decide.choose(dsr.pk, outcome, "", actor=handler.as_actor())
    shown = deliver.announcement(scenes.fresh(dsr))
    decide.submit(dsr.pk, actor=handler.as_actor(), bundle=None)
    decide.release(dsr.pk, actor=approver().as_actor(), bundle=None)
    deliver.announce(dsr.pk)
    deliver.announce(dsr.pk)
    mail = sent(dsr, "ending")
    assert shown is not None
    assert (mail.subject, mail.body) == (shown.subject, shown.body)
    assert dsr.case.reference in mail.body
    assert "Postboks 458 Sentrum" in mail.body
    assert not Bundle.objects.exists()
    assert (scenes.fresh(dsr).stage, scenes.fresh(dsr).outcome) == (Stage.CLOSED, outcome)


def test_of_two_cases_about_the_same_the_earlier_receipt_counts_for_the_one_that_goes_on(handler: User) -> None:
    first, second = (factories.case(received_at=timezone.now() - timedelta(days=days)).dsrs.get() for days in (6, 2))
    actor = handler.as_actor()
    for dsr in (first, second):
        plan.locate_and_plan(dsr.pk)
        decide.begin(dsr.pk, actor=actor)
    with pytest.raises(ActionRefused) as caught:
        decide.choose(first.pk, Outcome.DUPLICATE, "", actor=actor)
    assert caught.value.reason.code == "outcome_duplicate_first"
    receipt.correct(second.pk, first.received_at, "Det samme var bedt om før.", actor=actor, user=handler)
    decide.choose(first.pk, Outcome.DUPLICATE, "", actor=actor)
    assert Decision.objects.get(dsr=first).outcome == Outcome.DUPLICATE
    assert scenes.fresh(second).effective_due == scenes.fresh(first).effective_due


def test_the_later_of_two_cases_is_ended_as_the_duplicate_without_more_ado(handler: User) -> None:
    _first, second = (factories.case(received_at=timezone.now() - timedelta(days=days)).dsrs.get() for days in (6, 2))
    plan.locate_and_plan(second.pk)
    decide.begin(second.pk, actor=handler.as_actor())
    decide.choose(second.pk, Outcome.DUPLICATE, "", actor=handler.as_actor())
    assert Decision.objects.get(dsr=second).outcome == Outcome.DUPLICATE


def test_an_ending_that_cannot_say_where_to_complain_waits_and_says_for_what(handler: User) -> None:
    """Whatever is not fulfilled names the authority and the courts (GDPR Art. 12(4))."""
    dsr = scenes.drafted(handler)
    Organisation.objects.update(supervisory_authority={})
    decide.choose(dsr.pk, Outcome.NOT_A_REQUEST, "", actor=handler.as_actor())
    waits = dsr.requirements.get(kind=RequirementKind.ANSWER.value)
    assert (waits.state, waits.reason) == ("open", "answer_waits_authority")


def test_an_ending_that_is_chosen_late_retires_the_package(handler: User) -> None:
    dsr = scenes.drafted(handler)
    scenes.packed(dsr)
    decide.choose(dsr.pk, Outcome.WITHDRAWN_BY_REQUESTER, "", actor=handler.as_actor())
    assert not Bundle.objects.current().exists()
    assert dsr.requirements.get(kind=RequirementKind.ANSWER.value).state == "met"


def test_a_mail_with_a_hole_stops_the_release_and_says_why(handler: User, monkeypatch: pytest.MonkeyPatch) -> None:
    dsr = scenes.in_review(handler)
    monkeypatch.setattr(deliver, "_context", lambda dsr, expires_at: {"right": ""})
    with pytest.raises(ActionRefused) as caught:
        decide.release(dsr.pk, actor=approver().as_actor(), bundle=scenes.current(dsr).uuid)
    assert caught.value.reason.code == "words_unresolved"
    assert caught.value.reason.params["ids"].endswith(": expires_at")
    assert not Message.objects.filter(intent="answer_ready").exists()


class TestByPost:
    """Somebody without an e-mail address, or who wants a letter."""

    def packed(self, handler: User, way: DeliveryWay = DeliveryWay.POST) -> DataSubjectRequest:
        """Return a draft whose answer goes by post or is handed over."""
        dsr = scenes.drafted(handler)
        Case.objects.filter(pk=dsr.case_id).update(person_email="")
        identity.shown(dsr.case, Level.L4)
        by_hand.choose(dsr.pk, way, "Storgata 1\n0155 Oslo", actor=handler.as_actor())
        scenes.packed(dsr)
        return scenes.fresh(dsr)

    def released(self, handler: User) -> DataSubjectRequest:
        """Return it released."""
        dsr = self.packed(handler)
        decide.submit(dsr.pk, actor=handler.as_actor(), bundle=scenes.current(dsr).uuid)
        decide.release(dsr.pk, actor=approver().as_actor(), bundle=scenes.current(dsr).uuid)
        deliver.announce(dsr.pk)
        return scenes.fresh(dsr)

    def test_an_ending_is_kept_as_it_is_posted(self, handler: User) -> None:
        """There is no package to print: the words of the mail are the letter."""
        dsr = scenes.drafted(handler, Outcome.WITHDRAWN_BY_REQUESTER, person_email="")
        by_hand.choose(dsr.pk, DeliveryWay.POST, "Storgata 1\n0155 Oslo", actor=handler.as_actor())
        shown = deliver.announcement(scenes.fresh(dsr))
        decide.submit(dsr.pk, actor=handler.as_actor(), bundle=None)
        decide.release(dsr.pk, actor=approver().as_actor(), bundle=None)
        deliver.announce(dsr.pk)
        kept = Message.objects.get(intent="ending")
        assert shown is not None
        assert (kept.state, kept.body) == (MessageState.PAPER, shown.body)
        assert "skrive til oss" in kept.body
        assert "e-posten" not in kept.body
        pdf = PdfReader(BytesIO(post.printed(kept, actor=handler.as_actor())))
        page = " ".join(pdf.pages[0].extract_text().split())
        assert "Storgata 1 0155 Oslo" in page
        assert "E-post" not in page
        browser = desk_client()
        assert f"/messages/{kept.pk}/post/" in browser.read(f"/desk/cases/{dsr.case.reference}/")
        by_hand.delivered(dsr.pk, timezone.localdate(), actor=handler.as_actor())
        assert scenes.fresh(dsr).stage == Stage.CLOSED

    def test_the_way_meets_the_delivery_address(self, handler: User) -> None:
        dsr = self.packed(handler)
        row = dsr.requirements.get(kind=RequirementKind.DELIVERY_ADDRESS.value)
        assert (row.state, row.reason) == ("met", "")
        assert dsr.case.person_address == "Storgata 1\n0155 Oslo"
        assert deliver.announcement(dsr) is None

    def test_post_needs_an_address_and_a_phone_call_hands_nothing_over(self, handler: User) -> None:
        dsr = scenes.drafted(handler)
        for way, address, code in (
            (DeliveryWay.POST, " \n ", "delivery_no_postal_address"),
            (DeliveryWay.POST, "a\n" * 7, "delivery_address_unfit"),
            (DeliveryWay.PHONE, "", "not_a_draft"),
        ):
            with pytest.raises(ActionRefused) as caught:
                by_hand.choose(dsr.pk, way, address, actor=handler.as_actor())
            assert caught.value.reason.code == code

    def test_it_is_printed_posted_recorded_and_closed(self, handler: User) -> None:
        dsr = self.released(handler)
        assert not Message.objects.filter(intent="answer_ready").exists()
        assert deliver.offered(dsr.case) == []
        file = scenes.current(dsr).files.get(media_type="application/pdf")
        deliver.record_preview(file, handler.as_actor())
        assert AuditEntry.objects.filter(action="answer.printed").count() == 1
        today = timezone.localdate()
        for day in (today + timedelta(days=1), today - timedelta(days=1)):
            with pytest.raises(ActionRefused) as caught:
                by_hand.delivered(dsr.pk, day, actor=handler.as_actor())
            assert caught.value.reason.code == "delivery_day"
        by_hand.delivered(dsr.pk, today, actor=handler.as_actor())
        dsr = scenes.fresh(dsr)
        assert (dsr.stage, Decision.objects.get(dsr=dsr).delivered_on) == (Stage.CLOSED, today)
        with pytest.raises(ActionRefused):
            by_hand.delivered(dsr.pk, today, actor=handler.as_actor())

    def test_who_chose_the_way_cannot_release(self, handler: User) -> None:
        dsr = scenes.drafted(handler)
        both = factories.staff(Role.HANDLER, Role.APPROVER)
        by_hand.choose(dsr.pk, DeliveryWay.IN_PERSON, "", actor=both.as_actor())
        assert Decision.objects.get(dsr=dsr).prepared_by == both

    def test_post_leaves_three_working_days(self, handler: User) -> None:
        dsr = scenes.drafted(handler)
        assert dsr.effective_due is not None
        assert by_hand.post_by(dsr) <= dsr.effective_due - timedelta(days=3)


def test_what_took_effect_at_once_is_told_by_phone_and_recorded(handler: User) -> None:
    dsr = factories.case(Right.MARKETING_OBJECTION, email="").dsrs.get()
    plan.locate_and_plan(dsr.pk)
    assert by_hand.awaits_word(scenes.fresh(dsr))
    by_hand.told(dsr.pk, DeliveryWay.PHONE, timezone.localdate(), actor=handler.as_actor())
    dsr = scenes.fresh(dsr)
    assert dsr.answer_sent_at is not None
    assert dsr.stage == Stage.RELEASED  # the systems still have to be told
    assert not by_hand.awaits_word(dsr)


def test_what_is_reopened_and_was_told_closes_without_a_further_letter(handler: User) -> None:
    dsr = factories.case(Right.MARKETING_OBJECTION).dsrs.get()
    plan.locate_and_plan(dsr.pk)
    with pytest.raises(ActionRefused) as caught:
        by_hand.nothing_new(dsr.pk, actor=handler.as_actor())
    assert caught.value.reason.code == "confirmation_not_told"
    at_once.confirm(dsr.pk)
    letter = sent(dsr, "confirmation")
    for task in dsr.tasks.all():
        tasks.complete(task.pk, state=TaskState.NOT_FOUND, actor=handler.as_actor())
    assert scenes.fresh(dsr).stage == Stage.CLOSED
    with pytest.raises(TransitionDenied):
        by_hand.nothing_new(dsr.pk, actor=handler.as_actor())
    lifecycle.advance(dsr.pk, Action.REOPEN, handler.as_actor(), note="Nettstedet sendte igjen.")
    at_once.confirm(dsr.pk)
    by_hand.nothing_new(dsr.pk, actor=handler.as_actor())
    dsr = scenes.fresh(dsr)
    letter.refresh_from_db()
    assert (dsr.stage, dsr.answer_sent_at) == (Stage.CLOSED, letter.sent_at)
    assert Message.objects.filter(intent="confirmation").count() == 1


@pytest.mark.parametrize("requester", [Requester.REPRESENTATIVE, Requester.GUARDIAN])
def test_whoever_writes_for_another_is_told_by_hand_although_they_have_an_address(
    handler: User, requester: Requester
) -> None:
    dsr = factories.case(Right.CONSENT_WITHDRAWAL, email="advokat@example.com").dsrs.get()
    Case.objects.filter(pk=dsr.case_id).update(requester=requester.value)
    dsr = scenes.fresh(dsr)
    plan.locate_and_plan(dsr.pk)
    at_once.confirm(dsr.pk)
    assert by_hand.awaits_word(scenes.fresh(dsr))
    marketing.block(dsr.case_id, "klient@example.com", actor=handler.as_actor())
    by_hand.told(dsr.pk, DeliveryWay.PHONE, timezone.localdate(), actor=handler.as_actor())
    assert scenes.fresh(dsr).stage == Stage.RELEASED
    assert not by_hand.awaits_word(scenes.fresh(dsr))


class TestForAnother:
    """Somebody withdraws for another person, whose address nobody knows yet."""

    def asked(self, known_as: str = "") -> DataSubjectRequest:
        """Return the request, worked on."""
        dsr = factories.case(Right.MARKETING_OBJECTION, email="advokat@example.com").dsrs.get()
        changes = {"requester": Requester.REPRESENTATIVE.value, "concerned_known_as": known_as}
        Case.objects.filter(pk=dsr.case_id).update(**changes)
        plan.locate_and_plan(dsr.pk)
        return scenes.fresh(dsr)

    def told(self, dsr: DataSubjectRequest, handler: User) -> str:
        """Record that whoever wrote was told; return the stage, or why not."""
        try:
            by_hand.told(dsr.pk, DeliveryWay.PHONE, timezone.localdate(), actor=handler.as_actor())
        except TransitionDenied as refused:
            return str(refused.reason.params["reason"])
        return scenes.fresh(dsr).stage

    def test_it_is_not_met_while_nobody_is_blocked(self, handler: User) -> None:
        dsr = self.asked()
        assert self.told(dsr, handler) == "nobody_blocked"
        assert scenes.fresh(dsr).answer_sent_at is None
        marketing.block(dsr.case_id, "klient@example.com", actor=handler.as_actor())
        assert self.told(dsr, handler) == Stage.RELEASED

    def test_a_block_that_is_lifted_again_does_not_count(self, handler: User) -> None:
        dsr = self.asked()
        at_once.confirm(dsr.pk)
        marketing.block(dsr.case_id, "klient@example.com", actor=handler.as_actor())
        marketing.lift(dsr.case_id, "Feil klient.", actor=handler.as_actor(), user=handler)
        assert self.told(dsr, handler) == "nobody_blocked"

    def test_who_is_blocked_already_was_found(self, handler: User) -> None:
        factories.case(Right.MARKETING_OBJECTION, email="klient@example.com")
        assert self.told(self.asked("Klient@example.com"), handler) == Stage.RELEASED

    def test_the_block_of_whoever_writes_is_not_that_of_the_person(self, handler: User) -> None:
        factories.case(Right.MARKETING_OBJECTION, email="advokat@example.com")
        assert self.told(self.asked(), handler) == "nobody_blocked"

    def test_a_reason_why_nobody_is_kept_as_a_note(self, handler: User) -> None:
        dsr = self.asked()
        with pytest.raises(ActionRefused) as caught:
            concerned.nobody(dsr.case_id, " ", actor=handler.as_actor(), user=handler)
        assert caught.value.reason.code == "note_missing"
        words = "Vi har ingen adresse til klienten, og sender ham ingenting."
        concerned.nobody(dsr.case_id, words, actor=handler.as_actor(), user=handler)
        assert (self.told(dsr, handler), dsr.case.notes.get().text) == (Stage.RELEASED, words)
        assert AuditEntry.objects.filter(action="marketing.nobody", subject=f"case:{dsr.case_id}").count() == 1

    def test_where_the_person_writes_there_is_nobody_to_find(self, handler: User) -> None:
        dsr = factories.dsr(Right.MARKETING_OBJECTION)
        with pytest.raises(ActionRefused) as caught:
            concerned.nobody(dsr.case_id, "Fordi.", actor=handler.as_actor(), user=handler)
        assert caught.value.reason.code == "nobody_to_find"
