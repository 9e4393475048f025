"""The case page: where it stands, by when and why, what can be done and what not yet."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.http import HttpRequest
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings
from structlog.testing import capture_logs

from requests_app.domain.enums import Action, Channel, Right, Role, Stage, SuspensionKind
from requests_app.domain.snapshot import SYSTEM
from requests_app.models import Case, Inquiry, Message, Note
from requests_app.services import acknowledgements, clock, correspondence, intake, lifecycle
from tests import factories
from tests.desk_client import DeskClient, desk_client, text


def page_of(case: Case, *roles: Role, browser: DeskClient | None = None) -> str:
    """The page of a case as a handler sees it."""
    return (browser or desk_client(*roles)).read(f"/desk/cases/{case.reference}/")


def test_who_asks_and_how() -> None:
    case = factories.case(language="en", channel=Channel.MAIL)
    Case.objects.filter(pk=case.pk).update(requester="guardian", person_phone="900 00 000")
    page = page_of(case)
    for words in (
        case.reference,
        "Kari Holm",
        "kari.holm@example.com",
        "900 00 000",
        "A parent or guardian",
        "English",
        "E-mail",
    ):
        assert words in page


def test_a_reference_that_does_not_exist_is_not_found_whatever_it_holds() -> None:
    browser = desk_client()
    case = factories.case()
    assert browser.get(f"/desk/cases/{case.reference.lower()}/").status_code == 200
    for reference in (
        "DR-2026-999999-00",
        "DR-2026-000001",
        "%00",
        "DR-2026-000001-01%00",
        "x" * 3000,
        "DR-2026-" + "\N{ARABIC-INDIC DIGIT ONE}" * 6 + "-01",
    ):
        assert browser.get(f"/desk/cases/{reference}/").status_code == 404, reference


@pytest.mark.parametrize(
    "received,promise,law,counting,words",
    [
        ("2026-12-01", "31 December 2026", "4 January 2027", ["31 December 2026"], "Our promise counts"),
        ("2027-01-31", "2 March 2027", "1 March 2027", ["1 March 2027"], "The law counts"),
        ("2026-11-02", "2 December 2026", "2 December 2026", ["2 December 2026"] * 2, "end on the same day"),
    ],
)
def test_promise_and_law_are_shown_with_the_one_that_counts(
    received: str, promise: str, law: str, counting: list[str], words: str
) -> None:
    arrived = datetime.fromisoformat(f"{received}T10:00+01:00")
    case = factories.case(received_at=arrived)
    with time_machine.travel(arrived + timedelta(days=1), tick=False):
        page = page_of(case)
    assert re.search(rf"Promise</dt><dd>(<strong>)?{promise}", page)
    assert re.search(rf"Law</dt><dd>(<strong>)?{law}", page)
    assert re.findall(r"<dd><strong>([^<]+)</strong>", page) == counting
    assert words in page


def test_the_arithmetic_is_told_in_the_readers_language() -> None:
    case = factories.case(received_at=datetime(2026, 11, 2, 9, tzinfo=UTC))
    steps = re.findall(r"<li>([^<]+)</li>", page_of(case).partition("reckoning")[2].partition("</ol>")[0])
    assert steps[0] == "Received on 2 November 2026. That day itself is not counted."
    assert "The law and our promise agree: 2 December 2026." in steps
    assert any(step.startswith("Act by 2 December 2026") for step in steps)


def test_requests_with_the_same_clock_share_one_panel() -> None:
    case = factories.case(Right.ACCESS, Right.ERASURE)
    page = page_of(case)
    assert page.count("How this is reckoned") == 1
    assert "Deadline: Access, Erasure" in page
    clock.suspend(case.dsrs.get(right="access"), SuspensionKind.IDENTITY, "mismatch", SYSTEM)
    assert page_of(case).count("How this is reckoned") == 2


@pytest.mark.parametrize(
    "received,law,people", [("11-24", "24 December", "23 December"), ("12-01", "31 December", "30 December")]
)
def test_people_act_before_the_eves_on_which_offices_are_empty(received: str, law: str, people: str) -> None:
    page = page_of(factories.case(received_at=datetime.fromisoformat(f"2026-{received}T09:00Z")))
    assert f"Act by</dt><dd>{people} 2026" in page
    assert "the last day until then on which offices are not empty" in page
    steps = re.findall(r"<li>([^<]+)</li>", page.partition("reckoning")[2].partition("</ol>")[0])
    assert steps[-3] == f"Act by {law} 2026, the last working day until then."
    assert steps[-2] == f"On 24 and 31 December offices are empty, so act by {people} 2026."


def test_what_takes_effect_at_once_shows_its_own_days_and_no_month_to_act_in() -> None:
    case = factories.case(Right.MARKETING_OBJECTION, received_at=datetime(2026, 12, 23, 9, tzinfo=UTC))
    page = page_of(case)
    shown = re.findall(r"<dt>([^<]+)</dt><dd><strong>([^<]+)</strong>", page)
    assert shown == [
        ("Stopped", "by 24 December 2026"),
        ("Person told", "by 24 December 2026"),
        ("Processors told", "by 29 December 2026"),
    ]
    assert "This takes effect at once: no month is waited for." in page
    assert "Act by</dt>" not in page
    assert "Alarm</dt>" not in page
    steps = re.findall(r"<li>([^<]+)</li>", page.partition("reckoning")[2].partition("</ol>")[0])
    assert steps[3].startswith("No month is waited for, and no question stops the clock.")
    assert steps[4] == "Received on 23 December 2026. That day itself is not counted."


@pytest.mark.parametrize("hour,judged", [(21, "in time"), (22, "too late")])  # midnight in Oslo is 22:00 by UTC
def test_a_closed_request_still_shows_how_its_day_was_reckoned(hour: int, judged: str) -> None:
    received, answered = datetime(2026, 9, 1, 8, tzinfo=UTC), datetime(2026, 10, 1, hour, tzinfo=UTC)
    case = factories.case(received_at=received)
    factories.close(case, answered)
    case.dsrs.update(answer_sent_at=answered)
    case.refresh_from_db()
    page = page_of(case)
    assert "The law and our promise agree: 1 October 2026." in page
    assert "Every due date so far" in page
    assert re.search(rf"Answered</dt><dd>[^<]+<span class=\"quiet\">{judged}</span>", page)
    assert "Correct the receipt" not in page


def test_a_closed_request_that_was_never_answered_to_waits_for_nobody() -> None:
    case = factories.case(Right.ACCESS, Right.ERASURE)
    dsr = case.dsrs.get(right="access")
    clock.suspend(dsr, SuspensionKind.CLARIFICATION, "large_amount", SYSTEM)
    factories.force(dsr, Stage.CLOSED, outcome="withdrawn_by_requester", closed_at=timezone.now())
    page = page_of(case)
    assert page.index("Deadline: Erasure") < page.index("Deadline: Access")
    assert "Paused" not in page
    assert "The answer came in another way" not in page


def test_a_pause_shows_the_alarm_and_no_due_date() -> None:
    case = factories.case()
    clock.suspend(case.dsrs.get(), SuspensionKind.IDENTITY, "mismatch", SYSTEM)
    page = page_of(case)
    assert "The clock stands still while we wait for the person." in page
    assert "Act by</dt>" not in page
    assert "Alarm</dt>" in page


def test_the_buttons_say_what_is_allowed_and_why_not() -> None:
    case = factories.case()
    dsr = case.dsrs.get()
    assert re.search(r"<button[^>]*>\s*Start the search", page_of(case))
    barred = page_of(case, Role.DPO)
    assert "Start the search" in barred
    assert "Your role does not allow this. It takes one of: Decision-maker, Handler." in barred
    assert f'aria-describedby="request-{dsr.pk}-start-reason"' in barred


def test_what_belongs_to_the_decision_is_not_offered_twice() -> None:
    case = factories.case()
    lifecycle.advance(case.dsrs.get().pk, Action.START, SYSTEM)
    assert "Draft the answer" not in page_of(case)


def test_a_request_can_be_started_by_hand_once() -> None:
    case, browser = factories.case(), desk_client()
    url = f"/desk/cases/{case.reference}/requests/{case.dsrs.get().pk}/start/"
    assert "Done: Start the search." in text(browser.post(url, follow=True))
    assert case.dsrs.get().stage == Stage.IN_PROGRESS
    assert "cannot be done from there" in text(browser.post(url, follow=True))


def test_opening_again_takes_a_reason_and_keeps_it_as_a_note() -> None:
    case, browser = factories.case(), desk_client(name="Hege Brekke")
    factories.close(case)
    dsr = case.dsrs.get()
    url = f"/desk/cases/{case.reference}/requests/{dsr.pk}/reopen/"
    refused = browser.post(url, {"note": " "})
    assert refused.status_code == 422
    assert "Write why." in text(refused)
    assert re.search(r"<details class=\"ds-details\" open>\s*<summary>Reopen", text(refused))
    browser.post(url, {"note": "She sent more receipts."})
    dsr.refresh_from_db()
    assert dsr.stage == Stage.IN_PROGRESS
    assert Note.objects.get(case=case).text == "She sent more receipts."
    assert Case.objects.get(pk=case.pk).due_on == dsr.effective_due


@pytest.mark.parametrize("action", ["release", "submit", "draft", "triage", "nonsense"])
def test_other_actions_have_no_address_here(action: str) -> None:
    case = factories.case()
    url = f"/desk/cases/{case.reference}/requests/{case.dsrs.get().pk}/{action}/"
    assert desk_client(Role.DECISION_MAKER).post(url).status_code == 404


def test_a_request_of_another_case_is_not_found() -> None:
    one, other = factories.case(), factories.case()
    browser = desk_client()
    for verb in ("start/", "right/"):
        url = f"/desk/cases/{one.reference}/requests/{other.dsrs.get().pk}/{verb}"
        assert browser.post(url, {"right": "access"}).status_code == 404
    message = other.messages.first()
    assert message
    assert browser.post(f"/desk/cases/{one.reference}/messages/{message.pk}/again/").status_code == 404


def test_not_sure_becomes_a_right() -> None:
    browser = desk_client()
    case = intake.open_case(factories.inquiry(), [], intake.Person(name="Kari Holm"), language="nb", scope="Alt")
    dsr = case.dsrs.get()
    page = page_of(case, browser=browser)
    assert "Not sorted yet" in page
    assert "What does the person ask for?" in page
    url = f"/desk/cases/{case.reference}/requests/{dsr.pk}/right/"
    for bad in ("", "cake", "\0"):
        assert browser.post(url, {"right": bad}).status_code == 422
    browser.post(url, {"right": "access"})
    dsr.refresh_from_db()
    assert (dsr.right, dsr.stage) == ("access", Stage.TRIAGED)
    again = browser.post(url, {"right": "erasure"})
    assert again.status_code == 422
    assert "sorted already" in text(again)


def test_a_right_that_was_overlooked_gets_the_day_of_the_message_it_stands_in() -> None:
    browser = desk_client()
    case = factories.case(received_at=timezone.now() - timedelta(days=12))
    later = correspondence.receive(case, body="Og slett meg!", at=timezone.now() - timedelta(days=2))
    url = f"/desk/cases/{case.reference}/requests/"
    browser.post(url, {"right": "portability", "asked_in": case.messages.order_by("created_at")[0].pk})
    browser.post(url, {"right": "erasure", "asked_in": later.pk})
    assert case.dsrs.get(right="portability").received_at == case.received_at
    assert case.dsrs.get(right="erasure").received_at == later.created_at
    twice = browser.post(url, {"right": "erasure", "asked_in": later.pk})
    assert twice.status_code == 422
    assert "already has an open request of this kind" in text(twice)


def test_a_right_cannot_be_hung_on_a_message_of_ours_or_of_another_case() -> None:
    case, other = factories.case(), factories.case()
    acknowledgements.acknowledge(case.pk)
    ours, foreign = case.messages.get(direction="out"), other.messages.get()
    for pk in (ours.pk, foreign.pk, "", "x"):
        response = desk_client().post(f"/desk/cases/{case.reference}/requests/", {"right": "erasure", "asked_in": pk})
        assert response.status_code == 422
    assert case.dsrs.count() == 1


def test_a_case_without_a_confirmation_says_why_and_offers_to_send_it() -> None:
    browser = desk_client()
    case = factories.case(channel=Channel.MAIL)
    Inquiry.objects.filter(case=case).update(auto_reply_allowed=False, auto_reply_reason="auto_submitted")
    assert "a machine sent it" in page_of(case, browser=browser)
    for _ in range(2):
        browser.post(f"/desk/cases/{case.reference}/acknowledge/")
    assert case.messages.filter(intent="acknowledgement").count() == 1
    assert "got no confirmation" not in page_of(case, browser=browser)


def test_a_case_whose_confirmation_is_on_its_way_says_nothing() -> None:
    assert "got no confirmation" not in page_of(factories.case(channel=Channel.MAIL))


def broken(request: HttpRequest, case: Case) -> str:
    """A panel that fails and quotes what a person wrote."""
    raise ValueError(f"cannot read {case.person_name}")


def fine(request: HttpRequest, case: Case) -> str:
    """A panel that works."""
    return f"<p>panel of {case.reference}</p>"


def empty(request: HttpRequest, case: Case) -> str:
    """A panel with nothing to show."""
    return "  \n"


def test_panels_stand_in_their_order_and_a_broken_one_spares_the_rest(settings: Settings) -> None:
    case = factories.case()
    settings.CASE_PANELS = (f"{__name__}.broken", f"{__name__}.fine", f"{__name__}.empty", "nowhere.at.all")
    with capture_logs() as logs:
        page = page_of(case)
    assert f"<p>panel of {case.reference}</p>" in page
    assert page.count("This part of the page could not be shown.") == 2
    assert page.index("could not be shown") < page.index("panel of")
    failed = [line for line in logs if line["event"] == "panel_failed"]
    assert [line["error"] for line in failed] == ["ValueError", "ModuleNotFoundError"]
    assert "Kari" not in str(failed)


def test_the_number_of_queries_does_not_grow_with_the_timeline() -> None:
    browser = desk_client()
    case = factories.case()
    page_of(case, browser=browser)  # the first look is written down
    with CaptureQueriesContext(connection) as few:
        page_of(case, browser=browser)
    for number in range(20):
        correspondence.receive(case, body=f"Hei {number}", at=timezone.now())
        Note.objects.create(case=case, author=browser.user, text=f"n{number}", created_at=timezone.now())
    with CaptureQueriesContext(connection) as many:
        page_of(case, browser=browser)
    assert len(many) == len(few)
    assert Message.objects.filter(case=case).count() == 21
