"""The facts of the clock on the desk: correct the receipt, ask what is wanted, say that it is answered."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction
from time_machine import travel

from requests_app.domain.enums import Direction, Intent, Right, Role, SuspensionKind
from requests_app.domain.snapshot import SYSTEM
from requests_app.models import Case, DataSubjectRequest, Message, ReceiptCorrection, Suspension
from requests_app.services import clarification, clock, correspondence, notes
from tests import factories
from tests.desk_client import DeskClient, desk_client, text

RECEIVED = datetime(2026, 9, 10, 8, tzinfo=UTC)  # due on 10 October
NEXT_DAY = RECEIVED + timedelta(days=1)
LATE = RECEIVED + timedelta(days=12)


def page_of(case: Case, *roles: Role, at: datetime = NEXT_DAY) -> str:
    """The page of the case."""
    with travel(at, tick=False):
        return desk_client(*roles).read(f"/desk/cases/{case.reference}/")


def url(dsr: DataSubjectRequest, what: str) -> str:
    """Where something is done about a request."""
    return f"/desk/cases/{dsr.case.reference}/requests/{dsr.pk}/{what}/"


def correct(dsr: DataSubjectRequest, browser: DeskClient, **changes: object) -> tuple[int, str]:
    """Send the form of the receipt, the day before by default; return status and page."""
    given: dict[str, object] = {
        "received_on": "2026-09-09", "received_time": "14:30", "reason": "Lå hos en kollega.",
        "version": Case.objects.get(pk=dsr.case_id).version,
    }  # fmt: skip
    with travel(NEXT_DAY, tick=False):
        response = browser.post(url(dsr, "receipt"), given | changes, follow=True)
    return response.status_code, text(response)


def ask(
    dsr: DataSubjectRequest, browser: DeskClient, *, at: datetime = NEXT_DAY, changes: dict[str, str] | None = None
) -> tuple[int, str]:
    """Send the question; return status and page."""
    given: dict[str, object] = {
        "outline": "Tilbud og e-post siden 2011.", "question": "Hvilket år gjelder det?", "large": "on",
        "version": Case.objects.get(pk=dsr.case_id).version, "key": "a" * 32, "send": "1",
    }  # fmt: skip
    with travel(at, tick=False):
        response = browser.post(url(dsr, "clarification"), given | (changes or {}), follow=True)
    return response.status_code, text(response)


def test_the_form_begins_with_the_receipt_as_it_stands_in_the_organisations_zone() -> None:
    dsr = factories.dsr(received_at=RECEIVED)
    page = desk_client().read(url(dsr, "receipt"))
    assert 'value="2026-09-10"' in page
    assert 'value="10:00"' in page
    assert "An earlier receipt is always safe" in page
    assert "You can make it earlier." in page
    assert "You can make it earlier." not in desk_client(Role.DECISION_MAKER).read(url(dsr, "receipt"))


def test_a_corrected_receipt_is_shown_with_the_value_before_and_the_new_due_date() -> None:
    dsr = factories.dsr(received_at=RECEIVED)
    browser = desk_client(name="Nora Vik")
    status, page = correct(dsr, browser)
    assert status == 200
    assert "the due date is now 9 October 2026" in page
    assert re.search(r"corrected by Nora Vik, before: [^<]*10:00", page)
    assert "Receipt corrected: received on 9 September 2026" in page
    dsr.refresh_from_db()
    assert dsr.received_at == datetime(2026, 9, 9, 12, 30, tzinfo=UTC)
    again = browser.read(url(dsr, "receipt"))
    assert "Lå hos en kollega." in again


@pytest.mark.parametrize(
    "changes,words",
    [
        ({"received_on": "2026-09-12"}, "That lies in the future."),
        ({"received_on": "2025-09-08"}, "That is more than a year ago."),
        ({"received_on": "2026-09-10", "received_time": "10:00"}, "That is the receipt as it stands."),
        ({"received_on": "2026-09-10", "received_time": "18:00"}, "Only the decision-maker"),
        ({"reason": ""}, "Say why it was received at another time."),
        ({"received_on": ""}, "Give the day."),
        ({"received_time": "half past"}, "Write the time like this"),
    ],
)
def test_a_receipt_that_cannot_be_is_refused_beside_its_field(changes: dict[str, str], words: str) -> None:
    dsr = factories.dsr(received_at=RECEIVED)
    status, page = correct(dsr, desk_client(), **changes)
    assert status == 422
    assert words in page
    assert not ReceiptCorrection.objects.exists()


def test_on_top_of_news_the_form_comes_back_filled_in_and_is_sent_again() -> None:
    dsr = factories.dsr(received_at=RECEIVED)
    browser, seen = desk_client(), dsr.case.version
    ola = factories.staff(name="Ola Berg")
    notes.add_note(dsr.case_id, "Ringte.", actor=ola.as_actor(), user=ola)
    status, page = correct(dsr, browser, version=seen)
    assert status == 409
    assert "A note was written (Ola Berg)" in page
    assert "Lå hos en kollega." in page
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version
    assert correct(dsr, browser, version=version[1])[0] == 200
    assert ReceiptCorrection.objects.count() == 1


@pytest.mark.parametrize("role", [Role.INTAKE, Role.APPROVER, Role.DPO, Role.AUDITOR])
def test_who_does_not_work_on_cases_writes_no_facts_of_the_clock(role: Role) -> None:
    dsr = factories.dsr(received_at=RECEIVED)
    browser = desk_client(role)
    for what in ("receipt", "clarification"):
        assert browser.get(url(dsr, what)).status_code == 403
        assert browser.post(url(dsr, what)).status_code == 403
    assert browser.post(url(dsr, "answered")).status_code == 403
    if role is not Role.AUDITOR:
        page = page_of(dsr.case, role)
        assert "Correct the receipt" not in page
        assert "Every due date so far" in page


def test_the_question_is_offered_for_access_alone() -> None:
    access, erasure = factories.case(received_at=RECEIVED), factories.case(Right.ERASURE, received_at=RECEIVED)
    words = "Ask what the person wants to see"
    assert words in page_of(access)
    assert words not in page_of(erasure)
    assert "Only a request for access" in desk_client().read(url(erasure.dsrs.get(), "clarification"))


def test_before_it_is_sent_the_letter_is_shown_as_the_person_will_get_it() -> None:
    dsr = factories.dsr(received_at=RECEIVED)
    given = {
        "outline": "Tilbud og e-post.", "question": "Hvilket år?", "large": "on", "version": dsr.case.version,
        "key": "a" * 32,
    }  # fmt: skip
    browser = desk_client()
    with travel(NEXT_DAY, tick=False):
        shown = text(browser.post(url(dsr, "clarification"), given))
    assert "Vil du ha alt, er det nok å si fra." in shown
    assert "[the personal link to the status page]" in shown
    assert "The clock will not stop." not in shown
    assert not Message.objects.filter(intent=Intent.CLARIFICATION).exists()
    with travel(NEXT_DAY, tick=False):
        changed = text(browser.post(url(dsr, "clarification"), given | {"change": "1"}))
    assert "Hvilket år?" in changed


def test_who_asks_too_late_is_told_before_sending_and_the_case_says_so_afterwards() -> None:
    dsr = factories.dsr(received_at=RECEIVED)
    with travel(LATE, tick=False):
        page = desk_client().read(url(dsr, "clarification"))
    assert "The clock will not stop." in page
    assert "we would have had to ask by 17 September 2026" in page
    status, page = ask(dsr, desk_client(), at=LATE)
    assert status == 200
    assert "Not counted because it was asked after 17 September 2026" in page
    assert "too late to stop the clock" in page
    assert "The clock stands still while" not in page


def test_in_time_the_page_says_that_the_clock_stands() -> None:
    dsr = factories.dsr(received_at=RECEIVED)
    with travel(NEXT_DAY, tick=False):
        page = desk_client().read(url(dsr, "clarification"))
    assert "The clock stands still from today" in page
    assert "17 September 2026" in page
    _status, page = ask(dsr, desk_client())
    assert "Counted: the clock stands still until the answer." in page
    assert "A large amount of data" in page
    assert "Waiting for clarification" in page


@pytest.mark.parametrize(
    "changes,words",
    [
        ({"large": ""}, "confirm that this is so"),
        ({"outline": " "}, "Say in outline what we may hold."),
        ({"question": ""}, "Write the question."),
    ],
)
def test_without_words_or_the_large_amount_nothing_is_sent(changes: dict[str, str], words: str) -> None:
    dsr = factories.dsr(received_at=RECEIVED)
    status, page = ask(dsr, desk_client(), changes=changes)
    assert status == 422
    assert words in page
    assert not Suspension.objects.exists()


def test_a_reply_is_shown_as_a_possible_answer_and_one_press_ends_the_wait_at_its_day() -> None:
    dsr = factories.dsr(received_at=RECEIVED)
    browser = desk_client()
    ask(dsr, browser)
    assert "Is it the answer?" not in page_of(dsr.case)
    came = RECEIVED + timedelta(days=4)
    with travel(came, tick=False):
        reply = correspondence.receive(dsr.case, body="Alt fra 2019.", at=came)
    page = page_of(dsr.case, at=LATE)
    assert "Is it the answer?" in page
    assert f'name="message" value="{reply.pk}"' in page
    with travel(LATE, tick=False):
        page = text(browser.post(url(dsr, "answered"), {"message": reply.pk}, follow=True))
    assert "Is it the answer?" not in page
    assert "Counted. Days that it adds: 3." in page
    assert dsr.suspensions.get().answered_at == came


def test_an_answer_by_phone_is_dated_by_hand_and_a_day_that_cannot_be_is_refused() -> None:
    dsr = factories.dsr(received_at=RECEIVED)
    browser = desk_client()
    ask(dsr, browser)
    assert "The answer came in another way" in page_of(dsr.case)
    with travel(LATE, tick=False):
        for day, words in (
            ("2026-09-10", "before we asked"),
            ("2026-09-23", "that day lies ahead"),
            ("", "Give the day."),
        ):
            response = browser.post(url(dsr, "answered"), {"answered_on": day})
            assert response.status_code == 422
            assert words in text(response)
        assert clock.derive(dsr).paused
        page = text(browser.post(url(dsr, "answered"), {"answered_on": "2026-09-16"}, follow=True))
    assert "Counted. Days that it adds: 5." in page
    assert "the due date is now 15 October 2026. If we named another day, the person gets a letter." in page
    assert "The answer came in another way" not in page


@pytest.mark.parametrize("said", ["²", "9" * 5000, "-1", "one"])
def test_what_is_no_number_of_a_message_is_no_answer(said: str) -> None:
    dsr, browser = factories.dsr(received_at=RECEIVED), desk_client()
    ask(dsr, browser)
    page = text(browser.post(url(dsr, "answered"), {"message": said}, follow=True))
    assert "This is not something the person wrote after we asked." in page
    assert clarification.waiting(dsr)


def test_somebody_elses_message_is_no_answer() -> None:
    dsr, other = factories.dsr(received_at=RECEIVED), factories.dsr(received_at=RECEIVED)
    browser = desk_client()
    ask(dsr, browser)
    strange = other.case.messages.get(direction=Direction.IN)
    page = text(browser.post(url(dsr, "answered"), {"message": strange.pk}, follow=True))
    assert "This is not something the person wrote after we asked." in page
    assert dsr.suspensions.get().answered_at is None


def test_the_arithmetic_tells_every_step_from_the_receipt_to_the_last_minute() -> None:
    dsr = factories.dsr(received_at=RECEIVED)
    ask(dsr, desk_client())
    with travel(NEXT_DAY + timedelta(days=3), tick=False):
        clarification.answered_on(dsr.pk, date(2026, 9, 14), actor=factories.staff().as_actor())
    page = page_of(dsr.case, at=LATE)
    steps = re.findall(r"<li>([^<]+)</li>", page.partition("reckoning")[2].partition("</ol>")[0])
    told = iter(steps)
    for words in (
        "Received on 10 September 2026.",
        "One month later is 10 October 2026.",
        "10 October 2026 is not a working day, so the month of the law ends on 12 October 2026.",
        "Our promise of 30 days ends on 10 October 2026.",
        "something with reasons must be out by 10 October 2026",
        "We asked on 11 September 2026 and had the answer on 14 September 2026. Days that do not count: 3.",
        "the time of the law ends on 13 October 2026",
        "our promise ends on 13 October 2026",
        "The law and our promise agree: 13 October 2026.",
        "Act by 13 October 2026",
        "An answer is too late from 14 Oct 2026, 00:00",
    ):
        assert any(words in step for step in told), (words, steps)


def test_every_due_date_is_listed_with_its_cause_and_the_versions_of_the_rule() -> None:
    dsr = factories.dsr(received_at=RECEIVED)
    browser = desk_client()
    with travel(NEXT_DAY, tick=False), transaction.atomic():
        clock.suspend(dsr, SuspensionKind.IDENTITY, "mismatch", SYSTEM)
    with travel(NEXT_DAY + timedelta(days=2), tick=False), transaction.atomic():
        clock.resume(dsr, SuspensionKind.IDENTITY, SYSTEM)
    correct(dsr, browser)
    page = page_of(dsr.case, at=LATE)
    listed = page.partition("Every due date so far")[2].partition("</ol>")[0]
    first, second, third, fourth = re.findall(r"<li>(.*?)</li>", listed, re.DOTALL)
    assert "10 October 2026" in first
    assert "The request came in" in first
    assert "No due date, alarm on 10 October 2026" in second
    assert "We asked about identity" in second
    assert "12 October 2026" in third
    assert "11 October 2026" in fourth
    assert "The receipt was corrected" in fourth
    for line in (first, second, third, fourth):
        assert f"Rule 1, holidays {clock.calendar().version}" in line
