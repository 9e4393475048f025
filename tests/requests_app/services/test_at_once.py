"""Letter T15: what took effect at once is confirmed once, in the person's language, with a way back."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings
from time_machine import travel

from config.wiring import OUTBOX_HANDLERS
from requests_app import outbox, selectors
from requests_app.domain.enums import Action, Intent, MessageState, Requester, Right, Stage
from requests_app.domain.errors import ActionRefused
from requests_app.domain.outcomes import AT_ONCE
from requests_app.domain.snapshot import SYSTEM
from requests_app.models import AuditEntry, Case, DataSubjectRequest, Inquiry, Message, Suppression
from requests_app.selectors import CaseView
from requests_app.services import (
    acknowledgements,
    at_once,
    intake,
    lifecycle,
    marketing,
    suppression_list,
    undo,
)
from requests_app.services.undo import Undone
from tests import factories
from tests.desk_client import desk_client
from tests.identity.together import together

from .sent import delivered, words

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 7, 1, 10, 30, tzinfo=UTC)  # half past twelve in Oslo
UNDO = re.compile(r"/undo/([0-9a-f]{32}\.[0-9]+\.[A-Za-z0-9_-]{32})(?![\w-])")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Settings) -> Path:
    """Where mail goes in these tests."""
    factories.organisation(
        cookie_page={"nb": "https://optimar.example/kapsler", "en": "https://optimar.example/cookies"}
    )
    settings.SMTP_URL, settings.SENT_FOLDER = "", tmp_path / "sent"
    return tmp_path / "sent"


def started(
    right: Right = Right.CONSENT_WITHDRAWAL,
    *,
    email: str = "kari.holm@example.com",
    phone: str = "",
    language: str = "nb",
    requester: Requester = Requester.SELF,
) -> DataSubjectRequest:
    """A request that is in progress, before anybody was told."""
    person = intake.Person(name="Kari Holm", email=email, phone=phone, requester=requester)
    case = intake.open_case(factories.inquiry(), [right], person, language=language, scope="")
    return lifecycle.advance(case.dsrs.get().pk, Action.START, SYSTEM)


def confirmed(right: Right = Right.CONSENT_WITHDRAWAL, *, language: str = "nb") -> Message:
    """The letter about a request."""
    dsr = started(right, language=language)
    at_once.confirm(dsr.pk)
    return Message.objects.get(intent=Intent.CONFIRMATION.value, dsr=dsr)


@pytest.mark.parametrize(
    ("right", "language", "wanted"),
    [
        (Right.CONSENT_WITHDRAWAL, "nb", ["Samtykket er trukket tilbake fra 1. juli 2026 klokken 12.30", "lovlig",
                                          "sperreliste", "https://optimar.example/kapsler", "Hei, Kari Holm"]),
        (Right.CONSENT_WITHDRAWAL, "en", ["Your consent is withdrawn as of 1 July 2026 at 12:30", "remains lawful",
                                          "do-not-contact list", "https://optimar.example/cookies", "Hello Kari Holm"]),
        (Right.MARKETING_OBJECTION, "nb", ["Vi har stanset all markedsføring til deg fra 1. juli 2026 klokken 12.30"]),
        (Right.MARKETING_OBJECTION, "en", ["We have stopped all marketing to you as of 1 July 2026 at 12:30"]),
    ],
)  # fmt: skip
def test_it_says_what_stopped_when_and_how_to_go_back(
    right: Right, language: str, wanted: list[str], folder: Path
) -> None:
    with travel(NOW, tick=False):
        message = confirmed(right, language=language)
        mail = delivered(message, folder)
    text = words(mail)
    for phrase in (*wanted, message.case.reference if message.case else "", "/s/", "/undo/"):
        assert phrase in text
    assert "{{" not in text
    assert "unknown" not in text
    assert (mail["To"], mail["Auto-Submitted"]) == ("kari.holm@example.com", "auto-generated")
    assert not UNDO.search(message.body)


@pytest.mark.parametrize("right", sorted(AT_ONCE))
@pytest.mark.parametrize(
    "language,invited,promised",
    [
        ("nb", "er det nok å svare", "Det får du et eget svar på."),
        ("en", "simply reply", "You get an answer of its own"),
    ],
)
def test_whoever_asked_for_deletion_too_is_not_invited_to_ask_again(
    right: Right, language: str, invited: str, promised: str
) -> None:
    alone = confirmed(right, language=language).body
    assert invited in alone
    assert promised not in alone
    dsr = started(right, language=language, email="ola.berg@example.com")
    intake.add_request(dsr.case, Right.ERASURE, received_at=dsr.received_at)
    at_once.confirm(dsr.pk)
    both = Message.objects.get(intent=Intent.CONFIRMATION.value, dsr=dsr).body
    assert promised in both
    assert invited not in both


def test_without_a_cookie_page_none_is_named() -> None:
    factories.organisation(cookie_page={})
    assert "nformasjonskapsler" not in confirmed().body


def test_the_systems_and_their_day_are_named_when_there_are_some(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("exports.selectors.systems_told", lambda dsr: (["Nettstedet", "HubSpot"], NOW.date()))
    assert "får beskjed senest 1. juli 2026: Nettstedet, HubSpot." in confirmed().body


def test_it_is_sent_once_and_the_request_is_released_by_the_system() -> None:
    message = confirmed()
    assert message.dsr is not None
    at_once.confirm(message.dsr.pk)
    message.dsr.refresh_from_db()
    assert (message.dsr.stage, message.dsr.outcome) == (Stage.RELEASED, "fulfilled")
    assert Message.objects.filter(intent=Intent.CONFIRMATION.value).count() == 1
    assert AuditEntry.objects.get(action="request.confirm").actor == "system"


def reopened() -> DataSubjectRequest:
    """A request of which the person was told, and which the staff work on again."""
    with travel(NOW, tick=False):
        message = confirmed()
    Message.objects.filter(pk=message.pk).update(state="sent", sent_at=NOW)
    assert message.dsr is not None
    dsr = message.dsr
    DataSubjectRequest.objects.filter(pk=dsr.pk).update(stage=Stage.CLOSED.value, closed_at=NOW)
    lifecycle.advance(dsr.pk, Action.REOPEN, factories.staff().as_actor(), note="Nettstedet sendte igjen.")
    dsr.refresh_from_db()
    return dsr


def told(dsr: DataSubjectRequest) -> int:
    """How many letters were written about a request."""
    return dsr.messages.filter(intent=Intent.CONFIRMATION.value).count()


def why(dsr: DataSubjectRequest) -> str:
    """The code of why the person is not told."""
    reason = at_once.why_not_told(dsr)
    return reason.code if reason else ""


def test_reopening_tells_the_person_nothing_that_they_know() -> None:
    dsr = reopened()
    for _ in range(2):
        at_once.confirm(dsr.pk)
    dsr.refresh_from_db()
    assert (dsr.stage, told(dsr), why(dsr)) == (Stage.IN_PROGRESS, 1, "confirmation_told")
    assert suppression_list.is_blocked("kari.holm@example.com")
    assert "requests_app.services.at_once.confirm" in OUTBOX_HANDLERS["RequestReopened"]


def test_reopening_tells_what_was_blocked_since() -> None:
    dsr = reopened()
    hanne = factories.staff()
    marketing.lift(dsr.case_id, "Ved en feil.", actor=hanne.as_actor(), user=hanne)
    marketing.block(dsr.case_id, "kari.holm@example.com", actor=hanne.as_actor())
    at_once.confirm(dsr.pk)
    dsr.refresh_from_db()
    assert (dsr.stage, told(dsr)) == (Stage.RELEASED, 2)


def test_the_staff_tell_it_once_more_if_they_want_to() -> None:
    dsr, actor = reopened(), factories.staff().as_actor()
    at_once.tell_anyway(dsr.pk, actor=actor)
    dsr.refresh_from_db()
    assert (dsr.stage, told(dsr)) == (Stage.RELEASED, 2)
    with pytest.raises(ActionRefused) as refused:
        at_once.tell_anyway(dsr.pk, actor=actor)
    assert refused.value.reason.code == "not_from_here"


def test_what_was_taken_back_before_the_letter_is_neither_blocked_again_nor_confirmed() -> None:
    dsr, hanne = started(), factories.staff()
    marketing.lift(dsr.case_id, "Angret.", actor=hanne.as_actor(), user=hanne)
    at_once.confirm(dsr.pk)
    dsr.refresh_from_db()
    assert (dsr.stage, told(dsr), why(dsr)) == (Stage.IN_PROGRESS, 0, "confirmation_taken_back")
    assert not suppression_list.is_blocked("kari.holm@example.com")
    with pytest.raises(ActionRefused) as refused:
        at_once.tell_anyway(dsr.pk, actor=hanne.as_actor())
    assert refused.value.reason.code == "confirmation_taken_back"


def test_what_a_brake_holds_back_is_listed_and_can_be_sent() -> None:
    with travel(NOW, tick=False):
        dsrs = [started() for _ in range(4)]
        for dsr in dsrs[:3]:
            at_once.confirm(dsr.pk)
        held = dsrs[3]
        with pytest.raises(outbox.Later):
            at_once.confirm(held.pk)
        hold = at_once.held_back(held)
        assert (listed(), hold.brake if hold else "") == ({held.case}, "confirmed_often")
        assert set(selectors.cases_in(CaseView.UNCONFIRMED, user_id=0, today=NOW.date())) == set()
        at_once.tell_anyway(held.pk, actor=factories.staff().as_actor())
    assert (listed(), told(held)) == (set(), 1)
    assert AuditEntry.objects.filter(action="message.confirmed_anyway").count() == 1


def test_a_machine_is_not_told_by_itself_but_listed_and_a_person_can_send_it() -> None:
    with travel(NOW, tick=False):
        dsr = started()
        Inquiry.objects.filter(case=dsr.case).update(auto_reply_allowed=False, auto_reply_reason="list")
        at_once.confirm(dsr.pk)
        assert (listed(), told(dsr)) == ({dsr.case}, 0)
        assert "It came by a mailing list." in desk_client().read(f"/desk/cases/{dsr.case.reference}/")
        at_once.tell_anyway(dsr.pk, actor=factories.staff().as_actor())
    assert (listed(), told(dsr)) == (set(), 1)


def test_a_letter_that_came_back_told_nobody() -> None:
    message = confirmed()
    assert message.dsr
    assert at_once.last_told(message.dsr) == message
    Message.objects.filter(pk=message.pk).update(state=MessageState.BOUNCED.value)
    assert at_once.last_told(message.dsr) is None


def listed() -> set[Case]:
    """The cases that the desk lists as in effect and not confirmed."""
    return set(selectors.cases_in(CaseView.HELD, user_id=0, today=NOW.date()))


def test_one_address_gets_three_letters_a_day_and_the_others_later() -> None:
    with travel(NOW, tick=False):
        asked = [started() for _ in range(5)]
        for dsr in asked[:3]:
            at_once.confirm(dsr.pk)
        for dsr in asked[3:]:
            with pytest.raises(outbox.Later) as later:
                at_once.confirm(dsr.pk)
            assert later.value.delay == timedelta(hours=24)
        at_once.confirm(started(email="per@example.com").pk)
    assert suppression_list.is_blocked("kari.holm@example.com")
    with travel(NOW + timedelta(hours=25), tick=False):
        for dsr in asked[3:]:
            at_once.confirm(dsr.pk)
    letters = Message.objects.filter(intent=Intent.CONFIRMATION.value, to_address="kari.holm@example.com")
    assert letters.count() == 5


@pytest.mark.parametrize("right", [right for right in Right if right not in AT_ONCE])
def test_other_rights_are_none_of_its_business(right: Right) -> None:
    dsr = started(right)
    at_once.confirm(dsr.pk)
    dsr.refresh_from_db()
    assert dsr.stage == Stage.IN_PROGRESS
    assert not Message.objects.filter(intent=Intent.CONFIRMATION.value).exists()


@pytest.mark.parametrize(
    ("email", "requester", "reason", "blocked"),
    [
        ("", Requester.SELF, "confirmation_no_address", True),
        ("mor@example.com", Requester.GUARDIAN, "confirmation_for_another", False),
    ],
)
def test_whom_no_mail_can_tell_waits_for_a_person(email: str, requester: Requester, reason: str, blocked: bool) -> None:
    dsr = started(email=email, phone="100 00 104", requester=requester)
    at_once.confirm(dsr.pk)
    dsr.refresh_from_db()
    found = at_once.why_not_told(dsr)
    assert (dsr.stage, found.code if found else "") == (Stage.IN_PROGRESS, reason)
    assert suppression_list.entries_of(dsr.case).exists() is blocked
    assert listed() == {dsr.case}
    with pytest.raises(ActionRefused) as refused:
        at_once.tell_anyway(dsr.pk, actor=factories.staff().as_actor())
    assert refused.value.reason.code == reason


@pytest.mark.parametrize("language", ["nb", "en"])
@pytest.mark.parametrize("right", [Right.ERASURE, Right.OBJECTION, Right.ACCESS])
def test_a_receipt_that_says_marketing_stopped_carries_the_way_back(right: Right, language: str, folder: Path) -> None:
    case = started(right, language=language).case
    acknowledgements.acknowledge(case.pk)
    receipt = Message.objects.get(intent=Intent.ACKNOWLEDGEMENT.value)
    found = UNDO.search(words(delivered(receipt, folder)))
    assert bool(found) is (right is not Right.ACCESS)
    if found:
        assert undo.take_back(found.group(1)) is Undone.TAKEN_BACK
        assert not suppression_list.is_blocked("kari.holm@example.com")


def test_a_block_that_is_missing_is_set_before_anybody_is_told() -> None:
    dsr = started()
    Suppression.objects.all().delete()
    at_once.confirm(dsr.pk)
    assert suppression_list.is_blocked("kari.holm@example.com")


@pytest.mark.django_db(transaction=True)
def test_several_workers_with_one_request_tell_the_person_once() -> None:
    factories.organisation()
    dsr = started()
    together(3, lambda: at_once.confirm(dsr.pk))
    assert Message.objects.filter(intent=Intent.CONFIRMATION.value).count() == 1
    assert AuditEntry.objects.filter(action="request.confirm").count() == 1
