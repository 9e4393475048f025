"""The time is extended by two persons, with reasons that count, and only by a notice that went out within the month."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation
from pytest_django.fixtures import Settings
from time_machine import travel

from requests_app import outbox
from requests_app.domain.calendars import for_country
from requests_app.domain.clock import RULE_VERSION
from requests_app.domain.enums import (
    DeliveryWay,
    ExtensionReason,
    Intent,
    MessageState,
    NoExtensionReason,
    Outcome,
    Right,
    Role,
    Stage,
    SuspensionKind,
)
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import SYSTEM
from requests_app.labels import right_label
from requests_app.models import (
    AuditEntry,
    Case,
    DataSubjectRequest,
    DeadlineHistory,
    Extension,
    Message,
    Organisation,
    OutboxEvent,
)
from requests_app.services import clock, extension, extension_letter, receipt, retention, sending
from tests import factories
from tests.requests_app.extensions import BEFORE_EASTER, RECEIVED, WHAT, WHY, approved, at, fresh, proposed
from tests.services.smtp import Script, smtp_server

pytestmark = pytest.mark.django_db

EXTENDED = date(2026, 12, 1)
SEPTEMBER = at(9, 20)


@pytest.fixture
def server(settings: Settings) -> Iterator[Script]:
    """Mail goes to a server."""
    with smtp_server() as script:
        settings.SMTP_URL = script.url
        yield script


def refused(act: Callable[[], object]) -> str:
    """The code with which an act is refused."""
    with pytest.raises(ActionRefused) as caught:
        act()
    return caught.value.reason.code


def mail(row: Extension) -> Message:
    """The letter of an extension."""
    return Message.objects.get(key=extension_letter.key_of(row))


def sent(row: Extension) -> None:
    """The mail goes, and the house hears of it."""
    sending.send(mail(row).pk)
    extension.note_sent(mail(row).pk)


def causes(dsr: DataSubjectRequest) -> list[str]:
    """Why the dates of a request were computed, in order."""
    return list(DeadlineHistory.objects.filter(dsr=dsr).values_list("cause", flat=True))


def decision_maker() -> Callable[[Extension], Extension]:
    """A second person who approves."""
    actor = factories.staff(Role.DECISION_MAKER).as_actor()
    return lambda row: extension.approve(row.pk, actor=actor)


def test_the_whole_way_from_the_proposal_to_the_new_day(server: Script) -> None:
    dsr = factories.dsr(received_at=RECEIVED)
    assert dsr.effective_due == date(2026, 10, 1)
    with travel(SEPTEMBER, tick=False):
        row = approved(dsr)
        assert fresh(dsr).effective_due == date(2026, 10, 1)  # nothing is extended by an approval
        while outbox.relay():
            pass
    (letter,) = [taken for taken in server.taken if taken.recipient == "<kari.holm@example.com>"][-1:]
    assert b"/s/" in letter.data
    row.refresh_from_db()
    assert row.notice_sent_at == SEPTEMBER
    moved = fresh(dsr)
    assert moved.effective_due == moved.case.due_on == EXTENDED
    last = DeadlineHistory.objects.filter(dsr=dsr).last()
    assert last is not None
    assert (last.cause, last.rule_version, last.holiday_version) == (
        "extended",
        RULE_VERSION,
        for_country("NO").version,
    )
    assert (last.deadline["binding"], last.deadline["extension_valid"]) == ("extension", True)
    told = AuditEntry.objects.filter(subject=f"dsr:{dsr.pk}", action__startswith="extension.").order_by("number")
    assert [one.action for one in told] == ["extension.proposed", "extension.approved", "extension.notice_sent"]
    assert all(WHY not in str(one.details) for one in told)


def test_the_letter_gives_the_reasons_the_day_and_the_way_to_complain() -> None:
    dsr = factories.dsr(received_at=RECEIVED)
    with travel(SEPTEMBER, tick=False):
        row = approved(dsr)
    letter = mail(row)
    assert (letter.to_address, letter.dsr_id, letter.intent) == ("kari.holm@example.com", dsr.pk, Intent.EXTENSION)
    for words in (
        WHY, WHAT, "1. desember 2026", "artikkel 12 nr. 3", "mange opplysninger å gå gjennom",
        "spredt på mange systemer", "Du kan klage til Datatilsynet", "Postboks 458 Sentrum, 0105 Oslo", "domstolene",
        dsr.case.reference,
    ):  # fmt: skip
        assert words in letter.body
    assert "sladde" not in letter.body


@pytest.mark.parametrize("right", [right for right in Right if "consent" not in right and "marketing" not in right])
def test_the_letter_in_english_names_what_was_asked_for(right: Right) -> None:
    dsr = factories.dsr(right, received_at=RECEIVED)
    Case.objects.filter(pk=dsr.case_id).update(language="en")
    with travel(SEPTEMBER, tick=False):
        row = proposed(fresh(dsr))
        row.dsr = fresh(dsr)
        words = extension_letter.words(row)
    assert words.subject.startswith("We need more time: you will have our answer by 1 December 2026")
    with translation.override("en"):
        assert f"your request ({right_label(right)})." in words.body
    assert "You can complain to the Norwegian Data Protection Authority" in words.body
    assert "{" not in words.body


@pytest.mark.parametrize("code", list(NoExtensionReason))
def test_what_is_no_reason_is_refused_and_nothing_is_kept(code: NoExtensionReason) -> None:
    dsr, actor = factories.dsr(received_at=RECEIVED), factories.staff().as_actor()
    with travel(SEPTEMBER, tick=False):
        for reasons in ([code], [ExtensionReason.VOLUME, code]):
            act = partial(extension.propose, dsr.pk, explanation=WHY, what_comes=WHAT, actor=actor)
            assert refused(partial(act, reasons=reasons)) == f"extension_reason_{code}"
    assert not Extension.objects.exists()


def test_what_a_proposal_has_to_say() -> None:
    dsr, actor = factories.dsr(received_at=RECEIVED), factories.staff().as_actor()

    def propose(reasons: tuple[str, ...] = ("volume",), explanation: str = WHY, what_comes: str = WHAT) -> str:
        act = partial(extension.propose, dsr.pk, explanation=explanation, what_comes=what_comes, actor=actor)
        return refused(partial(act, reasons=reasons))

    with travel(SEPTEMBER, tick=False):
        assert propose(reasons=()) == "extension_reason_missing"
        assert propose(reasons=("volume", "weather")) == "extension_reason_missing"
        assert propose(explanation=" ") == propose(what_comes="") == "extension_words_missing"
        assert propose(explanation="x" * 2001) == propose(what_comes="\0") == "extension_words_too_long"
        proposed(dsr)
        assert propose() == "extension_exists"


def test_two_persons_stand_behind_it_and_the_second_decides() -> None:
    both = factories.staff(Role.HANDLER, Role.DECISION_MAKER)
    with travel(SEPTEMBER, tick=False):
        row = proposed(factories.dsr(received_at=RECEIVED), both)
        assert refused(lambda: extension.approve(row.pk, actor=both.as_actor())) == "extension_second_person"
        for role in (Role.HANDLER, Role.APPROVER):
            other = factories.staff(role).as_actor()
            assert refused(partial(extension.approve, row.pk, actor=other)) == "decision_maker_only"
    with pytest.raises(IntegrityError), transaction.atomic():
        Extension.objects.update(approved_by=both, approved_at=SEPTEMBER)


def test_the_database_keeps_one_extension_of_a_request_and_no_notice_without_an_approval() -> None:
    dsr = factories.dsr(received_at=RECEIVED)
    with travel(SEPTEMBER, tick=False):
        row = proposed(dsr)
    with pytest.raises(IntegrityError), transaction.atomic():
        Extension.objects.update(notice_sent_at=SEPTEMBER)
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def test_pressing_twice_approves_once() -> None:
    dsr, approve = factories.dsr(received_at=RECEIVED), decision_maker()
    with travel(SEPTEMBER, tick=False):
        row = proposed(dsr)
        approve(row)
        assert refused(lambda: approve(row)) == "extension_approved_already"
    assert Message.objects.filter(intent=Intent.EXTENSION).count() == 1


def test_what_somebody_else_did_meanwhile_stops_every_step() -> None:
    dsr, actor = factories.dsr(received_at=RECEIVED), factories.staff(Role.DECISION_MAKER).as_actor()
    with travel(SEPTEMBER, tick=False):
        row, seen = proposed(dsr), dsr.case.version
        for act in (
            lambda: extension.approve(row.pk, actor=actor, version=seen),
            lambda: extension.take_back(row.pk, actor=actor, version=seen),
            lambda: extension.told(row.pk, DeliveryWay.POST, date(2026, 9, 20), actor=actor, version=seen),
        ):
            assert refused(act) == "case_changed"


def test_after_the_month_nothing_is_proposed_or_approved_any_more() -> None:
    dsr, approve = factories.dsr(received_at=RECEIVED), decision_maker()
    with travel(at(10, 1, 21), tick=False):  # 23 o'clock in Oslo, on the last day
        row = proposed(dsr)
    with travel(at(10, 1, 22), tick=False):  # midnight
        assert refused(lambda: approve(row)) == "extension_month_over"
        assert refused(lambda: proposed(factories.dsr(received_at=RECEIVED))) == "extension_month_over"
    row.refresh_from_db()
    assert row.approved_at is None


def test_between_the_promise_and_the_end_of_the_month_it_is_lawful_and_breaks_the_promise() -> None:
    dsr = factories.dsr(received_at=BEFORE_EASTER)
    with travel(at(4, 7), tick=False):
        assert clock.if_extended(dsr).policy_breach
        sent(approved(dsr))
    last = DeadlineHistory.objects.filter(dsr=dsr).last()
    assert last is not None
    assert (last.deadline["extension_valid"], last.deadline["policy_breach"]) == (True, True)
    assert fresh(dsr).effective_due == date(2026, 6, 2)


@pytest.mark.parametrize("right", [Right.CONSENT_WITHDRAWAL, Right.MARKETING_OBJECTION])
def test_what_takes_effect_at_once_is_never_extended(right: Right) -> None:
    with travel(SEPTEMBER, tick=False):
        assert refused(lambda: proposed(factories.dsr(right, received_at=RECEIVED))) == "extension_at_once"


@pytest.mark.parametrize("stage", [Stage.RELEASED, Stage.CLOSED])
def test_what_is_answered_is_never_extended(stage: Stage) -> None:
    dsr, approve = factories.dsr(received_at=RECEIVED), decision_maker()
    with travel(SEPTEMBER, tick=False):
        row = proposed(dsr)
        ended = {"closed_at": SEPTEMBER, "outcome": Outcome.FULFILLED.value} if stage is Stage.CLOSED else {}
        factories.force(dsr, stage, **ended)
        assert refused(lambda: approve(row)) == "extension_answered"
        extension.take_back(row.pk, actor=factories.staff().as_actor())
        assert refused(lambda: proposed(dsr)) == "extension_answered"


def test_a_paused_request_is_extended_and_the_days_waited_come_in_addition() -> None:
    dsr = factories.dsr(received_at=RECEIVED)
    with travel(at(9, 2), tick=False), transaction.atomic():
        clock.suspend(dsr, SuspensionKind.IDENTITY, "mismatch", SYSTEM)
    with travel(SEPTEMBER, tick=False):
        row = approved(dsr)
        assert "Dagene til vi har fått det, kommer i tillegg." in mail(row).body
        sent(row)
    paused = fresh(dsr)
    assert clock.derive(paused).paused
    assert paused.effective_due == EXTENDED
    with travel(at(9, 22), tick=False), transaction.atomic():
        clock.resume(paused, SuspensionKind.IDENTITY, SYSTEM)
    assert row.answer_by <= date(2026, 12, 21) == fresh(dsr).effective_due


def test_no_suspension_makes_the_month_for_the_notice_longer() -> None:
    dsr = factories.dsr(received_at=RECEIVED)
    with travel(at(9, 2), tick=False), transaction.atomic():
        clock.suspend(dsr, SuspensionKind.IDENTITY, "mismatch", SYSTEM)
    with travel(at(9, 22), tick=False), transaction.atomic():
        clock.resume(dsr, SuspensionKind.IDENTITY, SYSTEM)
    with travel(at(10, 5), tick=False):
        assert refused(lambda: proposed(dsr)) == "extension_month_over"


def test_killed_between_the_approval_and_the_mail_it_goes_on_and_extends_once(server: Script) -> None:
    dsr = factories.dsr(received_at=RECEIVED)
    with travel(SEPTEMBER, tick=False):
        row = approved(dsr)
    assert (fresh(dsr).effective_due, server.connections) == (date(2026, 10, 1), 0)
    with travel(at(9, 21), tick=False):  # the worker is back
        for _ in range(2):
            sending.send(mail(row).pk)
        assert fresh(dsr).effective_due == date(2026, 10, 1)  # killed again, after the mail
        for _ in range(2):
            extension.note_sent(mail(row).pk)
    assert fresh(dsr).effective_due == EXTENDED
    assert len(server.taken) == causes(dsr).count("extended") == 1
    row.refresh_from_db()
    assert row.notice_sent_at == at(9, 21)


def test_a_mail_that_waited_beyond_the_month_is_not_sent_and_extends_nothing(server: Script) -> None:
    dsr = factories.dsr(received_at=RECEIVED)
    with travel(SEPTEMBER, tick=False):
        row = approved(dsr)
        server.answers["GREETING"] = "421 busy"
        with pytest.raises(outbox.Later):
            sending.send(mail(row).pk)
    server.answers.clear()
    with travel(at(10, 2), tick=False):
        sending.send(mail(row).pk)
        assert (mail(row).state, server.taken) == (MessageState.FAILED, [])
        again = lambda: sending.send_again(mail(row).pk, actor=factories.staff().as_actor())  # noqa: E731
        assert refused(again) == "message_over"
    assert fresh(dsr).effective_due == date(2026, 10, 1)


def test_a_mail_that_failed_is_sent_again_or_the_extension_is_taken_back(server: Script) -> None:
    dsr, actor = factories.dsr(received_at=RECEIVED), factories.staff().as_actor()
    with travel(SEPTEMBER, tick=False):
        row = approved(dsr)
        assert refused(lambda: extension.take_back(row.pk, actor=actor)) == "extension_mail_out"
        server.answers["RCPT"] = "550 no such person"
        sending.send(mail(row).pk)
        assert mail(row).state == MessageState.FAILED
        sending.send_again(mail(row).pk, actor=actor)
        assert refused(lambda: extension.take_back(row.pk, actor=actor)) == "extension_mail_out"
        sending.send(mail(row).pk)
        extension.take_back(row.pk, actor=actor)
        server.answers.clear()
        assert refused(lambda: sending.send_again(mail(row).pk, actor=actor)) == "message_over"
        assert refused(lambda: extension.take_back(row.pk, actor=actor)) == "extension_taken_back"
        again = approved(dsr)
        sent(again)
        assert fresh(dsr).effective_due == EXTENDED
        assert refused(lambda: extension.take_back(again.pk, actor=actor)) == "extension_told"


def test_a_notice_that_waits_is_not_sent_once_the_request_is_answered(server: Script) -> None:
    dsr = factories.dsr(received_at=RECEIVED)
    with travel(SEPTEMBER, tick=False):
        row = approved(dsr)
        server.answers["GREETING"] = "421 busy"
        with pytest.raises(outbox.Later):
            sending.send(mail(row).pk)
        factories.force(dsr, Stage.RELEASED)
        server.answers.clear()
        sending.send(mail(row).pk)
        assert (mail(row).state, server.taken) == (MessageState.FAILED, [])
    assert fresh(dsr).effective_due == date(2026, 10, 1)


def test_a_notice_that_waits_names_no_day_that_a_corrected_receipt_has_made_too_late(server: Script) -> None:
    dsr, user = factories.dsr(received_at=RECEIVED), factories.staff()
    with travel(SEPTEMBER, tick=False):
        row = approved(dsr)
        receipt.correct(dsr.pk, RECEIVED - timedelta(days=4), "Lå et annet sted.", actor=user.as_actor(), user=user)
        sending.send(mail(row).pk)
        assert (mail(row).state, server.taken) == (MessageState.FAILED, [])
        extension.take_back(row.pk, actor=user.as_actor())
        again = approved(fresh(dsr))
        sent(again)
    assert again.answer_by == fresh(dsr).effective_due == date(2026, 11, 30)  # the 28th is a Saturday


def test_a_notice_that_was_posted_is_not_sent_by_mail_as_well(server: Script) -> None:
    dsr, actor = factories.dsr(received_at=RECEIVED), factories.staff().as_actor()
    with travel(SEPTEMBER, tick=False):
        row = approved(dsr)
        server.answers["RCPT"] = "550 no such person"
        sending.send(mail(row).pk)
        extension.told(row.pk, DeliveryWay.POST, date(2026, 9, 20), actor=actor)
        assert refused(lambda: sending.send_again(mail(row).pk, actor=actor)) == "message_over"


def test_nobody_knows_whether_the_mail_went_and_nothing_is_extended_until_somebody_does(server: Script) -> None:
    dsr, actor = factories.dsr(received_at=RECEIVED), factories.staff().as_actor()
    with travel(SEPTEMBER, tick=False):
        row = approved(dsr)
        server.answers["BODY"] = ""
        sending.send(mail(row).pk)
        assert mail(row).state == MessageState.UNCERTAIN
        assert fresh(dsr).effective_due == date(2026, 10, 1)
        assert refused(lambda: extension.take_back(row.pk, actor=actor)) == "extension_mail_out"
        extension.told(row.pk, DeliveryWay.POST, date(2026, 9, 20), actor=actor)
    assert fresh(dsr).effective_due == EXTENDED


def test_whoever_has_no_address_gets_the_letter_by_hand() -> None:
    dsr, actor = factories.dsr(received_at=RECEIVED), factories.staff().as_actor()
    Case.objects.filter(pk=dsr.case_id).update(person_email="")
    dsr = fresh(dsr)

    def told(day: int, month: int = 9, way: DeliveryWay = DeliveryWay.POST) -> Extension:
        return extension.told(row.pk, way, date(2026, month, day), actor=actor)

    with travel(SEPTEMBER, tick=False):
        row = proposed(dsr)
        assert refused(lambda: told(20)) == "extension_not_approved"
        decision_maker()(row)
        kept = Message.objects.get(intent=Intent.EXTENSION)
        assert (kept.state, kept.to_address) == (MessageState.PAPER, "")
        assert not OutboxEvent.objects.filter(name="MessageQueued").exists()
        Organisation.objects.update(name="Et annet navn")  # what is posted are the words that were approved
        assert refused(lambda: told(20, way=DeliveryWay.PHONE)) == "extension_told_way"
    with travel(at(9, 25), tick=False):
        assert refused(lambda: told(19)) == refused(lambda: told(26)) == "extension_told_day"
        told(22)
        assert refused(lambda: told(22)) == "extension_told"
    row.refresh_from_db()
    assert row.notice_sent_at is not None
    assert (clock.calendar().local_date(row.notice_sent_at), row.notice_way) == (date(2026, 9, 22), DeliveryWay.POST)
    assert WHY in kept.body
    kept.refresh_from_db()
    assert "Et annet navn" not in kept.body
    assert fresh(dsr).effective_due == EXTENDED


def test_a_letter_on_paper_that_is_not_posted_is_thrown_away() -> None:
    dsr = factories.dsr(received_at=RECEIVED)
    Case.objects.filter(pk=dsr.case_id).update(person_email="")
    with travel(SEPTEMBER, tick=False):
        row = approved(fresh(dsr))
        extension.take_back(row.pk, actor=factories.staff().as_actor())
    assert not Message.objects.filter(intent=Intent.EXTENSION).exists()


def test_a_letter_that_was_posted_after_the_month_is_kept_as_a_fact_and_counts_for_nothing() -> None:
    dsr = factories.dsr(received_at=RECEIVED)
    Case.objects.filter(pk=dsr.case_id).update(person_email="")
    with travel(SEPTEMBER, tick=False):
        row = approved(fresh(dsr))
    with travel(at(10, 5), tick=False):
        extension.told(row.pk, DeliveryWay.POST, date(2026, 10, 2), actor=factories.staff().as_actor())
    assert clock.derive(fresh(dsr)).extension_valid is False
    assert fresh(dsr).effective_due == date(2026, 10, 1)


def test_a_letter_without_reasons_or_with_too_late_a_day_is_never_queued() -> None:
    dsr, approve = factories.dsr(received_at=RECEIVED), decision_maker()
    with travel(SEPTEMBER, tick=False):
        row = proposed(dsr)
        for changes, code in (
            ({"answer_by": date(2026, 12, 2)}, "extension_day_late"),
            ({"explanation": ""}, "extension_words_missing"),
            ({"reasons": []}, "extension_words_missing"),
        ):
            before = {name: getattr(row, name) for name in changes}
            Extension.objects.update(**changes)
            assert refused(lambda: approve(row)) == code
            broken = Extension.objects.select_related("dsr__case").get(pk=row.pk)
            assert refused(partial(extension_letter.queue, broken)) == code
            Extension.objects.update(**before)
        Organisation.objects.update(supervisory_authority={})
        assert refused(lambda: approve(row)) == "answer_waits_authority"
    assert not Message.objects.filter(intent=Intent.EXTENSION).exists()


def test_other_mail_extends_nothing() -> None:
    dsr = factories.dsr(received_at=RECEIVED)
    for message in dsr.case.messages.all():
        extension.note_sent(message.pk)
    assert causes(dsr) == ["received"]


def test_the_words_go_when_the_case_is_forgotten_and_the_dates_stay() -> None:
    case = factories.case(received_at=RECEIVED)
    with travel(SEPTEMBER, tick=False):
        sent(approved(case.dsrs.get()))
    factories.close(case, datetime(2026, 11, 1, tzinfo=UTC))
    with travel(datetime(2030, 1, 1, tzinfo=UTC), tick=False):
        retention.sweep()
    row = Extension.objects.get()
    assert (row.explanation, row.what_comes, row.answer_by) == ("", "", EXTENDED)


def test_the_hint_of_when_to_decide_leaves_five_working_days() -> None:
    assert extension.decide_by(factories.dsr(received_at=RECEIVED)) == date(2026, 9, 24)
    assert extension.decide_by(factories.dsr(received_at=BEFORE_EASTER)) == date(2026, 3, 25)
