"""The neutral receipt: a working day without a verdict, for whatever may be a request, once."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings
from time_machine import travel

from requests_app.domain import calendars
from requests_app.domain.enums import Direction, Intent, Right, Verdict
from requests_app.models import AuditEntry, Inquiry, Message, Organisation, Sighting
from requests_app.services import acknowledgements, confirmations, reading, triage, unsorted
from tests import factories
from tests.desk_client import desk_client

from .post import STRANGER, captured, letter

pytestmark = pytest.mark.django_db

STATEMENTS = 13  # for each receipt: its savepoints, the brakes, the letter, its audit entry and what is owed of it
THURSDAY = datetime(2026, 6, 4, 8, 0, tzinfo=UTC)
DAY = timedelta(days=1)
CHAT = "Takk for hyggelig møte i går. Vi sees på messen."
POLISH = "Dzień dobry, proszę o informację, jakie dane przechowują Państwo na mój temat. Dziękuję bardzo."


@pytest.fixture(autouse=True)
def _organisation() -> None:
    factories.organisation()


def mail(raw: bytes, at: datetime = THURSDAY, *, seen: datetime | None = None) -> Inquiry:
    """An unsorted inquiry that arrived `at` and was read then, or when it was `seen`."""
    with travel(seen or at, tick=False):
        inquiry = captured(raw, at=at)
        reading.read_inquiry(inquiry.pk)
        inquiry.refresh_from_db()
        return inquiry


def confirm(at: datetime) -> int:
    """Look at a time what is owed."""
    with travel(at, tick=False):
        return unsorted.confirm()


def test_after_a_working_day_without_a_verdict_it_goes_out_once() -> None:
    inquiry = mail(letter(Return_Path="<kari@post.example.com>", Message_ID="<kari-1@example.com>"))
    assert confirm(THURSDAY + DAY - timedelta(minutes=1)) == 0
    assert confirm(THURSDAY + DAY) == 1
    assert confirm(THURSDAY + 2 * DAY) == 0
    message = Message.objects.get()
    assert (message.intent, message.case, message.inquiry) == (Intent.ACKNOWLEDGEMENT, None, inquiry)
    assert (message.to_address, message.in_reply_to) == ("kari@post.example.com", "<kari-1@example.com>")
    assert "4. juni 2026" in message.body
    assert AuditEntry.objects.filter(action="message.queued", subject=f"inquiry:{inquiry.pk}").count() == 1


def test_it_names_no_right_no_date_no_person_and_quotes_nothing() -> None:
    mail(letter("Hva vet dere om meg? Jeg heter Kari.", subject="Innsyn fra Kari"))
    confirm(THURSDAY + DAY)
    message = Message.objects.get()
    for unwanted in ("Kari", "Innsyn", "innsyn", "senest", "{{", "/s/"):
        assert unwanted not in message.body + message.subject


def test_in_english_it_is_english() -> None:
    mail(letter("Hello! Which personal data do you have about me? Please send me a copy.", subject="Access"))
    confirm(THURSDAY + DAY)
    assert "4 June 2026" in Message.objects.get().body


@pytest.mark.parametrize(
    "arrived,owed",
    [
        (datetime(2026, 6, 5, 13, 0, tzinfo=UTC), datetime(2026, 6, 8, 13, 0, tzinfo=UTC)),  # Friday, Monday
        (datetime(2026, 6, 6, 10, 0, tzinfo=UTC), datetime(2026, 6, 8, 22, 0, tzinfo=UTC)),  # Saturday, Tuesday 0:00
        (datetime(2026, 5, 13, 9, 0, tzinfo=UTC), datetime(2026, 5, 15, 9, 0, tzinfo=UTC)),  # over Ascension Day
    ],
)
def test_days_off_are_no_working_days(arrived: datetime, owed: datetime) -> None:
    assert calendars.for_country("NO").a_working_day_after(arrived) == owed
    mail(letter(), at=arrived)
    assert confirm(owed - timedelta(minutes=1)) == 0
    assert confirm(owed) == 1


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(letter(CHAT, subject="Messen"), id="surely no request"),
        pytest.param(letter(Auto_Submitted="auto-replied"), id="a robot's"),
        pytest.param(letter(sender="no-reply@example.com"), id="nobody reads it"),
    ],
)
def test_who_is_owed_none_gets_none(raw: bytes) -> None:
    mail(raw)
    assert confirm(THURSDAY + 5 * DAY) == 0


def test_a_language_that_we_do_not_know_may_be_a_request() -> None:
    assert mail(letter(POLISH, subject="Pytanie")).maybe_request
    assert confirm(THURSDAY + DAY) == 1


@pytest.mark.parametrize("verdict", [Verdict.NOT_A_REQUEST, Verdict.SPAM])
def test_what_a_person_found_to_be_none_gets_none(verdict: Verdict) -> None:
    triage.sort_as_other(mail(letter()).pk, verdict, actor=factories.staff().as_actor())
    assert confirm(THURSDAY + DAY) == 0


def test_an_old_mailbox_that_is_read_for_the_first_time_is_left_to_a_person() -> None:
    mail(letter(), at=THURSDAY - 30 * DAY, seen=THURSDAY)
    assert confirm(THURSDAY + DAY) == 0
    mail(letter(sender=STRANGER), at=THURSDAY - 2 * DAY, seen=THURSDAY)  # after an outage people get theirs
    assert confirm(THURSDAY + DAY) == 1


def test_a_brake_delays_it_and_nothing_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confirmations, "IN_ALL", 2)
    for number in range(5):
        mail(letter(sender=f"person{number}@example.com"))
    at = THURSDAY + DAY
    assert [confirm(at + hour * timedelta(hours=1)) for hour in range(4)] == [2, 2, 1, 0]
    for number in range(5):
        mail(letter(subject=f"Innsyn {number}"))
    later = THURSDAY + 3 * DAY
    held = Inquiry.objects.unsorted().exclude(messages__intent=Intent.ACKNOWLEDGEMENT.value).first()
    assert held
    with travel(THURSDAY + DAY, tick=False):
        assert unsorted.why_held_back(held) is confirmations.Brake.IN_ALL
        page = desk_client().read(f"/desk/inbox/{held.pk}/")
    assert "is held back. Very many confirmations went out within the hour." in page
    monkeypatch.setattr(confirmations, "IN_ALL", 100)
    assert (confirm(later), confirm(later + DAY)) == (3, 2)


def test_one_that_cannot_be_written_holds_up_none_of_those_beside_it(monkeypatch: pytest.MonkeyPatch) -> None:
    first, wrong, last = (mail(letter(sender=f"k{n}@example.com")) for n in range(3))
    write = acknowledgements.confirm_receipt

    def failing(inquiry: Inquiry, to: str, language: str, organisation: Organisation) -> Message:
        message = write(inquiry, to, language, organisation)
        if inquiry == wrong:
            raise ValueError
        return message

    monkeypatch.setattr(acknowledgements, "confirm_receipt", failing)
    assert confirm(THURSDAY + DAY) == 2
    assert set(Message.objects.values_list("inquiry", flat=True)) == {first.pk, last.pk}
    monkeypatch.setattr(acknowledgements, "confirm_receipt", write)
    assert confirm(THURSDAY + DAY) == 1


def test_one_more_receipt_takes_a_few_statements_more() -> None:
    counts = []
    for first, many in ((0, 2), (10, 5)):
        for number in range(first, first + many):
            mail(letter(sender=f"k{number}@example.com"), at=THURSDAY)
        with CaptureQueriesContext(connection) as statements:
            assert confirm(THURSDAY + DAY) == many
        counts.append(len(statements))
    assert counts[1] - counts[0] <= 3 * STATEMENTS


def test_sorted_afterwards_the_person_still_learns_right_and_date_and_an_answer_finds_the_case() -> None:
    inquiry = mail(letter())
    confirm(THURSDAY + DAY)
    receipt = Message.objects.get()
    with travel(THURSDAY + DAY, tick=False):
        case = triage.sort_as_request(inquiry.pk, [Right.ACCESS], actor=factories.staff().as_actor())
        acknowledgements.acknowledge(case.pk)
    assert case.messages.get(intent=Intent.ACKNOWLEDGEMENT.value).body != receipt.body
    answer = mail(letter("Gjelder også butikken.", In_Reply_To=receipt.message_id), at=THURSDAY + 2 * DAY)
    assert answer.case == case
    assert case.messages.filter(direction=Direction.IN.value, inquiry=answer).exists()


def test_what_answers_a_receipt_gets_no_second_one_by_itself() -> None:
    mail(letter(Message_ID="<kari-1@example.com>"))
    assert confirm(THURSDAY + DAY) == 1
    receipt = Message.objects.get()
    answer = mail(letter(subject="Takk", In_Reply_To=receipt.message_id), THURSDAY + DAY)
    assert (answer.auto_reply_allowed, answer.auto_reply_reason) == (True, reading.ANSWER)
    assert confirm(THURSDAY + 30 * DAY) == 0
    assert "a person has to look first" in desk_client().read(f"/desk/inbox/{answer.pk}/")
    case = triage.sort_as_request(answer.pk, [Right.ACCESS], actor=factories.staff().as_actor())
    acknowledgements.acknowledge(case.pk)
    assert case.messages.filter(intent=Intent.ACKNOWLEDGEMENT.value).exists()


def test_what_a_filter_took_for_spam_everywhere_waits_for_a_person() -> None:
    with travel(THURSDAY, tick=False):
        spam, doubtful = captured(letter(), at=THURSDAY), captured(letter(Cc="per@example.com"), at=THURSDAY)
        for uid, (inquiry, junk) in enumerate([(spam, True), (doubtful, True), (doubtful, False)]):
            Sighting.objects.create(inquiry=inquiry, mailbox="m", folder="F", uidvalidity="1", uid=uid, junk=junk)
        for inquiry in (spam, doubtful):
            reading.read_inquiry(inquiry.pk)
    assert confirm(THURSDAY + 30 * DAY) == 1
    assert Message.objects.get().inquiry == doubtful
    assert "spam folder" in desk_client().read(f"/desk/inbox/{spam.pk}/")
    case = triage.sort_as_request(spam.pk, [Right.ERASURE], actor=factories.staff().as_actor())
    acknowledgements.acknowledge(case.pk)
    assert case.messages.filter(intent=Intent.ACKNOWLEDGEMENT.value).exists()


@pytest.mark.parametrize("allowed", [False, True])
def test_whether_a_blind_copy_gets_one_is_a_setting(settings: Settings, allowed: bool) -> None:
    settings.CONFIRM_UNADDRESSED = allowed
    mail(letter(To="undisclosed-recipients:;"))
    assert confirm(THURSDAY + DAY) == allowed
