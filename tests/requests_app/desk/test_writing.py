"""Writing to the person and to each other: nothing leaves by accident, nothing written is lost."""

import re
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.utils import timezone

from requests_app import selectors
from requests_app.domain.enums import Direction, Intent, MessageState, Role
from requests_app.domain.snapshot import SYSTEM
from requests_app.models import AuditEntry, Case, Message, Note, OutboxEvent
from requests_app.services import acknowledgements, correspondence, notes, sending
from tests import factories
from tests.desk_client import DeskClient, desk_client, text

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response


def fields(browser: DeskClient, case: Case, form: str) -> dict[str, str]:
    """The hidden fields of a form of the case page, as it is now."""
    page = browser.read(f"/desk/cases/{case.reference}/")
    part = page.partition(f"/desk/cases/{case.reference}/{form}/")[2].partition("</form>")[0]
    return dict(re.findall(r'<input type="hidden" name="(version|key)" value="([^"]*)"', part))


def write(browser: DeskClient, case: Case, data: dict[str, str], **extra: str) -> "Response":
    """Post a message to the person."""
    given = {"subject": "Ett spørsmål", "body": "Hvilken butikk?"} | data | extra
    return browser.post(f"/desk/cases/{case.reference}/message/", given)


def staff_messages(case: Case) -> list[Message]:
    """What staff wrote to the person."""
    return list(case.messages.filter(intent=Intent.STAFF_MESSAGE.value))


def test_a_message_is_shown_once_more_with_its_recipient_before_it_leaves() -> None:
    case, browser = factories.case(), desk_client()
    data = fields(browser, case, "message")
    page = text(write(browser, case, data))
    for words in (
        "Send this message?",
        "Kari Holm",
        "Send to kari.holm@example.com",
        "Ett spørsmål",
        "Hvilken butikk?",
    ):
        assert words in page
    assert staff_messages(case) == []
    response = write(browser, case, data, send="1")
    assert response.headers["Location"] == f"/desk/cases/{case.reference}/"
    sent = staff_messages(case)[0]
    assert (sent.author, sent.to_address) == (browser.user, "kari.holm@example.com")
    assert "Hvilken butikk?" in sent.body
    assert OutboxEvent.objects.filter(name="MessageQueued", payload__message_id=sent.pk).exists()


def test_looking_once_more_can_lead_back_with_the_text_kept() -> None:
    case, browser = factories.case(), desk_client()
    page = text(write(browser, case, fields(browser, case, "message"), change="1"))
    assert 'value="Ett spørsmål"' in page
    assert "Hvilken butikk?</textarea>" in page
    assert staff_messages(case) == []


def test_a_double_click_sends_one_mail() -> None:
    case, browser = factories.case(), desk_client()
    data = fields(browser, case, "message")
    answers = [write(browser, case, data, send="1") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert len(staff_messages(case)) == 1


def test_news_stop_a_message_and_are_told_and_the_text_is_kept() -> None:
    case, browser = factories.case(), desk_client()
    data = fields(browser, case, "message")
    correspondence.receive(case, body="Glem det.", at=timezone.now())
    notes.add_note(case.pk, "Ring henne.", actor=browser.user.as_actor(), user=factories.staff(name="Morten Sæther"))
    response = write(browser, case, data, send="1")
    page = text(response)
    assert response.status_code == 409
    assert staff_messages(case) == []
    assert "Somebody changed the case in the meantime." in page
    news = page.partition("What others did meanwhile:")[2].partition("</ul>")[0]
    assert re.findall(r"<li>([^<(]+) \(", news) == ["A note was written", "The person wrote"]
    assert "Hvilken butikk?</textarea>" in page
    again = dict(
        re.findall(r'<input type="hidden" name="(version|key)" value="([^"]*)"', page.partition("/message/")[2])
    )
    assert write(browser, case, {**data, "version": again["version"]}, send="1").status_code == 302
    assert len(staff_messages(case)) == 1


def test_what_the_machine_does_by_itself_stops_nobody() -> None:
    case, browser = factories.case(), desk_client()
    data = fields(browser, case, "message")
    acknowledgements.acknowledge(case.pk)
    assert write(browser, case, data, send="1").status_code == 302


@pytest.mark.parametrize(
    "changes,words",
    [
        ({"subject": ""}, "Write a subject."),
        ({"body": "  "}, "Write a message."),
        ({"subject": "x" * 201}, "up to 200 characters long; this one has 201"),
        ({"body": "x" * 20_001}, "up to 20000 characters long; this one has 20001"),
        ({"body": "Hei\0du"}, "a character that cannot be stored"),
        ({"subject": "Hei\0"}, "a character that cannot be stored"),
    ],
)
def test_bad_messages_get_a_clear_word_and_keep_the_rest(changes: dict[str, str], words: str) -> None:
    case, browser = factories.case(), desk_client()
    response = write(browser, case, fields(browser, case, "message"), **changes, send="1")
    page = text(response)
    assert response.status_code == 422
    assert words in page
    assert "<title>Error: " in page
    assert ("Hvilken butikk?" in page) or "body" in changes
    assert staff_messages(case) == []


@pytest.mark.parametrize(
    "changes", [{"version": ""}, {"version": "x"}, {"key": ""}, {"key": "../../etc"}, {"version": "9" * 40}]
)
def test_a_form_that_was_tampered_with_sends_nothing(changes: dict[str, str]) -> None:
    case, browser = factories.case(), desk_client()
    response = write(browser, case, {**fields(browser, case, "message"), **changes}, send="1")
    assert response.status_code in (409, 422)
    assert staff_messages(case) == []


def test_line_breaks_in_a_subject_make_no_new_header() -> None:
    case, browser = factories.case(), desk_client()
    write(browser, case, fields(browser, case, "message"), subject="Hei\r\nBcc: x@example.com", send="1")
    assert staff_messages(case)[0].subject == f"Hei Bcc: x@example.com ({case.reference})"


def test_without_an_address_there_is_nobody_to_write_to() -> None:
    case, browser = factories.case(email=""), desk_client()
    assert "no e-mail address to write to" in browser.read(f"/desk/cases/{case.reference}/")
    response = write(browser, case, {"version": str(case.version), "key": uuid4().hex}, send="1")
    assert response.status_code == 409
    assert staff_messages(case) == []


def test_the_text_is_no_template() -> None:
    case, browser = factories.case(), desk_client()
    write(browser, case, fields(browser, case, "message"), body="{{ organisation.name }} {% now 'Y' %} <b>&", send="1")
    assert "{{ organisation.name }} {% now 'Y' %} <b>&" in staff_messages(case)[0].body


def note(browser: DeskClient, case: Case, words: str, version: str | None = None) -> "Response":
    """Post a note."""
    version = version or fields(browser, case, "note")["version"]
    return browser.post(f"/desk/cases/{case.reference}/note/", {"text": words, "version": version})


def test_a_note_stays_in_the_house() -> None:
    case, browser = factories.case(), desk_client(name="Hege Brekke")
    before = OutboxEvent.objects.count()
    assert note(browser, case, "To profiler.\n\nSpør Morten.").status_code == 302
    assert OutboxEvent.objects.count() == before
    page = browser.read(f"/desk/cases/{case.reference}/")
    entry = page.partition('data-kind="note"')[2].partition("</li>")[0]
    for words in ("Internal note", "Never sent to the person", "Hege Brekke", "To profiler."):
        assert words in entry
    assert AuditEntry.objects.filter(action="note.added").count() == 1


def test_a_double_click_makes_one_note_but_the_same_words_another_day_are_news() -> None:
    case, browser = factories.case(), desk_client()
    version = fields(browser, case, "note")["version"]
    for _ in range(2):
        assert note(browser, case, "Ring henne", version).status_code == 302
    assert Note.objects.count() == 1
    note(browser, case, "Ring henne")
    assert Note.objects.count() == 2


def test_news_stop_a_note_too() -> None:
    case, browser = factories.case(), desk_client()
    version = fields(browser, case, "note")["version"]
    notes.assign(case.pk, browser.user.pk, actor=browser.user.as_actor())
    response = note(browser, case, "Ring henne", version)
    assert response.status_code == 409
    assert "Ring henne</textarea>" in text(response)
    assert f"Handler: {browser.user.name}" in text(response)
    assert Note.objects.count() == 0


@pytest.mark.parametrize(
    "words,said",
    [("", "Write a note."), ("x" * 10_001, "up to 10000 characters"), ("a\0b", "cannot be stored")],
)
def test_bad_notes_get_a_clear_word(words: str, said: str) -> None:
    case, browser = factories.case(), desk_client()
    response = note(browser, case, words, "1")
    assert response.status_code == 422
    assert said in text(response)
    assert Note.objects.count() == 0


def test_ten_megabytes_of_text_get_a_clear_word() -> None:
    case, browser = factories.case(), desk_client()
    body = urlencode({"text": "x" * 10_000_000, "version": "1"})
    url = f"/desk/cases/{case.reference}/note/"
    response = browser.post(url, body, content_type="application/x-www-form-urlencoded")
    assert response.status_code in (400, 422)
    assert "<h1" in text(response)
    assert Note.objects.count() == 0


def stuck(case: Case, state: MessageState, intent: Intent = Intent.ANSWER_READY) -> Message:
    """A message that did not go."""
    words: dict[str, object] = {"subject": "s", "text": "t", "link": "http://localhost/s/x"}
    correspondence.queue(case, intent, "requests_app/mail/staff_message", words, key=uuid4().hex)
    row = case.messages.filter(direction=Direction.OUT.value).latest("pk")
    Message.objects.filter(pk=row.pk).update(state=state.value, error="550 no such user", attempts=1)
    return row


@pytest.mark.parametrize("state", [MessageState.FAILED, MessageState.UNCERTAIN])
def test_what_did_not_go_is_red_and_can_be_sent_again_once(state: MessageState) -> None:
    case, browser = factories.case(), desk_client()
    row = stuck(case, state)
    again = f"/desk/cases/{case.reference}/messages/{row.pk}/again/"
    page = browser.read(f"/desk/cases/{case.reference}/")
    assert "A message did not reach the person." in page
    assert f'action="{again}"' in page
    before = OutboxEvent.objects.filter(name="MessageQueued").count()
    browser.post(again)
    assert "did not fail" in text(browser.post(again, follow=True))
    row.refresh_from_db()
    assert row.state == MessageState.QUEUED
    assert OutboxEvent.objects.filter(name="MessageQueued").count() == before + 1


@pytest.mark.parametrize("state", [MessageState.QUEUED, MessageState.SENDING])
def test_what_waits_for_a_mail_system_that_is_away_shows_after_an_hour(state: MessageState) -> None:
    case, browser = factories.case(), desk_client()
    stuck(case, state)
    for waited, shows in ((timedelta(minutes=50), False), (timedelta(minutes=70), True)):
        case.messages.filter(direction=Direction.OUT.value).update(queued_at=timezone.now() - waited)
        page, queue = (browser.read(address) for address in (f"/desk/cases/{case.reference}/", "/desk/?view=open"))
        assert ("A message did not reach the person." in page) is shows
        assert ("the mail system is away" in page) is shows
        assert ("Message not sent" in queue) is shows


def test_a_message_sent_again_waits_from_then_on() -> None:
    case = factories.case()
    row = stuck(case, MessageState.FAILED)
    case.messages.filter(pk=row.pk).update(queued_at=timezone.now() - timedelta(days=2))
    sending.send_again(row.pk, actor=SYSTEM)
    assert not case.messages.filter(selectors.unsent()).exists()


@pytest.mark.parametrize(
    ("state", "waited"),
    [
        (MessageState.FAILED, timedelta()),
        (MessageState.UNCERTAIN, timedelta()),
        (MessageState.QUEUED, timedelta(minutes=70)),
    ],
)
def test_a_confirmation_that_reached_nobody_confirms_nothing(state: MessageState, waited: timedelta) -> None:
    case = factories.case()
    row = stuck(case, state, Intent.ACKNOWLEDGEMENT)
    case.messages.filter(pk=row.pk).update(queued_at=timezone.now() - waited)
    unconfirmed = selectors.cases_in(selectors.CaseView.UNCONFIRMED, user_id=0, today=timezone.localdate())
    assert list(unconfirmed) == [case]


def test_a_one_time_code_is_never_sent_again() -> None:
    case, browser = factories.case(), desk_client()
    row = stuck(case, MessageState.FAILED, Intent.ONE_TIME_CODE)
    again = f"/desk/cases/{case.reference}/messages/{row.pk}/again/"
    assert again not in browser.read(f"/desk/cases/{case.reference}/")
    assert "never sent again" in text(browser.post(again, follow=True))


def test_who_only_reads_gets_no_boxes_to_write_in() -> None:
    case = factories.case()
    page = desk_client(Role.DPO).read(f"/desk/cases/{case.reference}/")
    assert "<textarea" not in page
    assert f"/desk/cases/{case.reference}/assign/" not in page


def assign(browser: DeskClient, case: Case, to: object, version: int | None = None) -> "Response":
    """Give the case to somebody."""
    version = version or Case.objects.get(pk=case.pk).version
    return browser.post(f"/desk/cases/{case.reference}/assign/", {"assignee": to, "version": version}, follow=True)


def test_a_case_is_given_to_oneself_to_others_and_to_nobody() -> None:
    case, browser, other = factories.case(), desk_client(), factories.staff(Role.APPROVER)
    for to, expected in ((browser.user.pk, browser.user), (other.pk, other), ("", None)):
        assign(browser, case, to)
        assert Case.objects.get(pk=case.pk).assignee == expected
    assert AuditEntry.objects.filter(action="case.assigned").count() == 3


def test_a_case_is_not_given_to_who_cannot_see_it() -> None:
    case, browser = factories.case(), desk_client()
    blind, gone = factories.staff(Role.ADMINISTRATOR), factories.staff(active=False)
    for to in (blind.pk, gone.pk, 10**12, "x", "\0"):
        assert "Choose somebody who works with cases." in text(assign(browser, case, to))
    assert Case.objects.get(pk=case.pk).assignee is None


def test_who_was_slower_is_told() -> None:
    case, browser, other = factories.case(), desk_client(), factories.staff()
    notes.assign(case.pk, other.pk, actor=other.as_actor())
    assert "Somebody changed the case" in text(assign(browser, case, browser.user.pk, version=case.version))
    assert Case.objects.get(pk=case.pk).assignee == other


def test_what_the_person_wrote_is_seen_from_the_queue_until_somebody_answers_or_says_that_it_is_read() -> None:
    case, browser = factories.case(), desk_client()
    assert "New message" not in browser.read("/desk/?view=open").partition("<tbody")[2]
    for done in ("read", "answered"):
        correspondence.receive(case, body="Har dere glemt meg?", at=timezone.now())
        assert case.reference in browser.read("/desk/?view=unread")
        if done == "read":
            browser.post(f"/desk/cases/{case.reference}/read/")
        else:
            write(browser, case, fields(browser, case, "message"), send="1")
        case.refresh_from_db()
        assert case.unread_since is None
        assert case.reference not in browser.read("/desk/?view=unread")
