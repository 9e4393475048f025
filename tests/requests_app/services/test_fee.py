"""A fee is asked for by two persons, with proof, and told before anything is charged."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import translation
from time_machine import travel

from identity.models import User
from requests_app import selectors
from requests_app.desk import timeline
from requests_app.domain.enums import DeliveryWay, FeeKind, Intent, MessageState, Right, Role
from requests_app.domain.errors import ActionRefused
from requests_app.models import AuditEntry, Case, DataSubjectRequest, Fee, Message, Organisation, OutboxEvent
from requests_app.services import fee, fee_letter, intake, sending
from tests import factories
from tests.requests_app.extensions import RECEIVED, at, fresh

pytestmark = pytest.mark.django_db

COPY = "Papir og porto for 400 sider."
PROOF = (
    "Du har fått det samme svaret fire ganger siden mars, og du skriver selv at du bare spør for å koste oss penger."
    " Ingenting er endret siden sist."
)
NOW, BY = at(9, 20), date(2026, 10, 1)


@pytest.fixture(autouse=True)
def _in_september() -> object:
    with travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def dsr() -> DataSubjectRequest:
    """An access request of 1 September."""
    return factories.dsr(received_at=RECEIVED)


def proposed(dsr: DataSubjectRequest, by: User | None = None, **changes: object) -> Fee:
    """A handler proposes a fee for a further copy."""
    given: dict[str, object] = {
        "kind": FeeKind.FURTHER_COPY, "amount": Decimal("1250.50"), "cost_basis": COPY, "reasons": "Tredje kopi.",
        "withdraw_by": BY, "actor": (by or factories.staff()).as_actor(),
    }  # fmt: skip
    return fee.propose(dsr.pk, **(given | changes))  # type: ignore[arg-type]


def approved(dsr: DataSubjectRequest) -> Fee:
    """The decision-maker has approved, and the letter is owed."""
    return fee.approve(proposed(dsr).pk, actor=factories.staff(Role.DECISION_MAKER).as_actor())


def refused(act: Callable[[], object]) -> str:
    """The code with which an act is refused."""
    with pytest.raises(ActionRefused) as caught:
        act()
    return caught.value.reason.code


def mail(row: Fee) -> Message:
    """The letter of a fee."""
    return Message.objects.get(key=fee_letter.key_of(row))


def test_the_letter_says_how_much_what_for_and_that_the_person_can_withdraw(dsr: DataSubjectRequest) -> None:
    letter = mail(approved(dsr))
    assert (letter.intent, letter.dsr_id, letter.state) == (Intent.FEE, dsr.pk, MessageState.QUEUED)
    for words in (
        "1\xa0250,50 NOK", COPY, "Tredje kopi.", "artikkel 15 nr. 3", "1. oktober 2026", "kan du trekke kravet",
        "Du kan klage til Datatilsynet", dsr.case.reference,
    ):  # fmt: skip
        assert words in letter.body
    assert "1 250,50 NOK" in letter.subject.replace("\xa0", " ")


def test_an_excessive_request_is_proved_in_english_too(dsr: DataSubjectRequest) -> None:
    Case.objects.filter(pk=dsr.case_id).update(language="en")
    row = proposed(dsr, kind=FeeKind.EXCESSIVE, reasons=PROOF)
    row.dsr = fresh(dsr)
    words = fee_letter.words(row)
    assert words.subject.startswith("The answer would cost NOK 1,250.50")
    for part in ("Article 12(5)(a)", "It is for us to show", PROOF, "you may withdraw", "1 October 2026"):
        assert part in words.body


def test_the_clock_runs_on(dsr: DataSubjectRequest) -> None:
    before = (dsr.effective_due, dsr.act_by)
    approved(dsr)
    assert (fresh(dsr).effective_due, fresh(dsr).act_by) == before


def test_the_audit_knows_the_steps_and_none_of_the_words(dsr: DataSubjectRequest) -> None:
    approved(dsr)
    told = AuditEntry.objects.filter(subject=f"dsr:{dsr.pk}", action__startswith="fee.").order_by("number")
    assert [one.action for one in told] == ["fee.proposed", "fee.approved"]
    assert all(COPY not in str(one.details) for one in told)


@pytest.mark.parametrize(
    "changes,code",
    [
        ({"amount": Decimal(0)}, "fee_amount"),
        ({"amount": Decimal("-1")}, "fee_amount"),
        ({"amount": Decimal("100000")}, "fee_amount"),
        ({"amount": Decimal("1.005")}, "fee_amount"),
        ({"cost_basis": " "}, "fee_words_missing"),
        ({"reasons": ""}, "fee_words_missing"),
        ({"reasons": "x" * 2001}, "fee_words_too_long"),
        ({"cost_basis": "a\0b"}, "fee_words_too_long"),
        ({"kind": FeeKind.EXCESSIVE, "reasons": "Det er mye arbeid."}, "reasoning_no_proof"),
        ({"withdraw_by": date(2026, 9, 26)}, "fee_too_soon"),
    ],
)
def test_what_cannot_be_charged_is_refused_and_nothing_stored(
    dsr: DataSubjectRequest, changes: dict[str, object], code: str
) -> None:
    assert refused(lambda: proposed(dsr, None, **changes)) == code
    assert not Fee.objects.exists()


@pytest.mark.parametrize("right", [Right.CONSENT_WITHDRAWAL, Right.MARKETING_OBJECTION, Right.COMPLAINT])
def test_some_rights_are_always_free(right: Right) -> None:
    assert refused(lambda: proposed(factories.dsr(right, received_at=RECEIVED))) == "fee_never"


def test_only_access_has_further_copies() -> None:
    assert refused(lambda: proposed(factories.dsr(Right.ERASURE, received_at=RECEIVED))) == "fee_kind_unfit"


def test_nothing_is_charged_for_what_is_answered(dsr: DataSubjectRequest) -> None:
    DataSubjectRequest.objects.filter(pk=dsr.pk).update(answer_sent_at=NOW)
    assert refused(lambda: proposed(dsr)) == "fee_answered"


def test_two_persons_and_the_decision_maker(dsr: DataSubjectRequest) -> None:
    decides = factories.staff(Role.DECISION_MAKER)
    row = proposed(dsr, decides)
    assert refused(lambda: fee.approve(row.pk, actor=decides.as_actor())) == "fee_second_person"
    assert (
        refused(lambda: fee.approve(row.pk, actor=factories.staff(Role.APPROVER).as_actor())) == "decision_maker_only"
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        Fee.objects.filter(pk=row.pk).update(approved_by=decides, approved_at=NOW)
    assert not Message.objects.filter(intent=Intent.FEE).exists()


def test_pressing_twice_sends_one_letter(dsr: DataSubjectRequest) -> None:
    row = approved(dsr)
    again = factories.staff(Role.DECISION_MAKER).as_actor()
    assert refused(lambda: fee.approve(row.pk, actor=again)) == "fee_approved_already"
    assert refused(lambda: proposed(dsr)) == "fee_exists"
    assert Message.objects.filter(intent=Intent.FEE).count() == 1


def test_a_letter_that_waited_too_long_names_no_day_that_is_near(dsr: DataSubjectRequest) -> None:
    row = proposed(dsr)
    with travel(at(9, 26), tick=False):
        actor = factories.staff(Role.DECISION_MAKER).as_actor()
        assert refused(lambda: fee.approve(row.pk, actor=actor)) == "fee_too_soon"


def test_no_letter_without_the_authority(dsr: DataSubjectRequest) -> None:
    Organisation.objects.update(supervisory_authority={})
    row = proposed(dsr)
    actor = factories.staff(Role.DECISION_MAKER).as_actor()
    assert refused(lambda: fee.approve(row.pk, actor=actor)) == "answer_waits_authority"


def test_a_fee_taken_back_leaves_room_for_another(dsr: DataSubjectRequest) -> None:
    row = approved(dsr)
    fee.take_back(row.pk, actor=factories.staff().as_actor())
    assert refused(lambda: fee.take_back(row.pk, actor=factories.staff().as_actor())) == "fee_taken_back"
    assert proposed(dsr).pk != row.pk


def test_whom_no_mail_reaches_gets_it_by_post(dsr: DataSubjectRequest) -> None:
    Case.objects.filter(pk=dsr.case_id).update(person_email="")
    row, actor = approved(fresh(dsr)), factories.staff().as_actor()
    kept = Message.objects.get(intent=Intent.FEE)
    assert (kept.state, COPY in kept.body) == (MessageState.PAPER, True)
    assert refused(lambda: fee.told(row.pk, DeliveryWay.POST, date(2026, 9, 19), actor=actor)) == "fee_told_day"
    assert refused(lambda: fee.told(row.pk, DeliveryWay.PHONE, date(2026, 9, 20), actor=actor)) == "fee_told_way"
    assert fee.told(row.pk, DeliveryWay.POST, date(2026, 9, 20), actor=actor).told_on == date(2026, 9, 20)
    assert refused(lambda: fee.told(row.pk, DeliveryWay.POST, date(2026, 9, 20), actor=actor)) == "fee_told"
    fee.take_back(row.pk, actor=actor)
    assert Message.objects.filter(pk=kept.pk).exists()  # the person has it


def test_a_mail_that_is_under_way_is_not_posted_as_well(
    dsr: DataSubjectRequest, settings: object, tmp_path: object
) -> None:
    settings.SMTP_URL, settings.SENT_FOLDER = "", tmp_path  # type: ignore[attr-defined]
    row, actor = approved(dsr), factories.staff().as_actor()
    assert refused(lambda: fee.told(row.pk, DeliveryWay.POST, date(2026, 9, 20), actor=actor)) == "fee_mail_under_way"
    sending.send(mail(row).pk)
    assert refused(lambda: fee.told(row.pk, DeliveryWay.POST, date(2026, 9, 20), actor=actor)) == "fee_told"


def test_a_fee_taken_back_is_not_told_of_any_more(dsr: DataSubjectRequest, settings: object, tmp_path: object) -> None:
    settings.SMTP_URL, settings.SENT_FOLDER = "", tmp_path  # type: ignore[attr-defined]
    row = approved(dsr)
    fee.take_back(row.pk, actor=factories.staff().as_actor())
    sending.send(mail(row).pk)
    assert mail(row).state == MessageState.DROPPED
    assert refused(lambda: sending.send_again(mail(row).pk, actor=factories.staff().as_actor())) == "message_over"


def test_a_letter_taken_back_is_no_alarm_and_nobody_reads_it(dsr: DataSubjectRequest, client: Client) -> None:
    row = approved(dsr)
    fee.take_back(row.pk, actor=factories.staff().as_actor())
    sending.send(mail(row).pk)
    assert not OutboxEvent.objects.filter(key__startswith=f"failed:{mail(row).pk}:").exists()
    assert not dsr.case.messages.filter(selectors.unsent()).exists()
    with translation.override("en"):
        [entry] = [one for one in timeline.entries(dsr.case) if one.title.startswith("Notice of a fee")]
    assert (entry.alarm, entry.again, entry.files) == ("", "", ())
    assert "no longer needed" in entry.state
    client.post(f"/s/{intake.link_token(dsr.case)}")
    assert "gebyr" not in client.get("/s/").text


def test_a_letter_that_failed_is_an_alarm_until_it_is_told_by_hand(dsr: DataSubjectRequest) -> None:
    row = approved(dsr)
    Message.objects.filter(pk=mail(row).pk).update(state=MessageState.FAILED.value)
    assert dsr.case.messages.filter(selectors.unsent()).exists()
    fee.told(row.pk, DeliveryWay.POST, date(2026, 9, 20), actor=factories.staff().as_actor())
    assert not dsr.case.messages.filter(selectors.unsent()).exists()


def test_a_letter_that_was_posted_is_not_sent_by_mail_later(dsr: DataSubjectRequest) -> None:
    row, actor = approved(dsr), factories.staff().as_actor()
    Message.objects.filter(pk=mail(row).pk).update(state=MessageState.FAILED.value)
    fee.told(row.pk, DeliveryWay.POST, date(2026, 9, 20), actor=actor)
    assert refused(lambda: sending.send_again(mail(row).pk, actor=actor)) == "message_over"
