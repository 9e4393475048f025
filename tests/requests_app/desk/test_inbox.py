"""The inbox: the oldest first, sorted with one click, nothing thrown away."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.http import urlencode

from requests_app.domain.enums import Channel, Role, Verdict
from requests_app.models import Case, Inquiry, RefusedFile
from requests_app.services import intake, triage
from tests import factories
from tests.desk_client import desk_client

SUBJECTS = re.compile(r'<th scope="row"[^>]*>\s*<a[^>]*>\s*([^<]+?)\s*</a>')


def listed(page: str) -> list[str]:
    """The subjects of a page of the inbox, from top to bottom."""
    return SUBJECTS.findall(page)


def test_the_oldest_comes_first() -> None:
    now = timezone.now()
    for name, days in (("middle", 2), ("oldest", 9), ("newest", 0)):
        factories.inquiry(subject=name, received_at=now - timedelta(days=days))
    assert listed(desk_client().read("/desk/inbox/")) == ["oldest", "middle", "newest"]


def test_a_file_that_cannot_be_read_is_named_with_its_reason() -> None:
    browser = desk_client()
    assert "cannot be read, so" not in browser.read("/desk/inbox/")
    RefusedFile.objects.create(mailbox="maildir:/post", name="<a>.eml", reason="no permission to read the file")
    page = browser.read("/desk/inbox/")
    assert "A file in the mailbox folder cannot be read" in page
    assert "&lt;a&gt;.eml" in page
    assert "no permission to read the file" in page


def test_a_row_says_what_one_needs_to_sort_it() -> None:
    case = factories.case()
    factories.inquiry(
        "Hva vet dere om meg? " * 50,
        subject="Spørsmål",
        language="sv",
        suggested_rights=["access", "erasure"],
        suggested_case=case,
        attachments=[{"name": "a.pdf", "content_type": "application/pdf", "size": 1}],
        problems=["unreadable"],
    )
    page = desk_client().read("/desk/inbox/")
    for words in (
        "Spørsmål", "Hva vet dere om meg?", "Kari Holm", "Swedish", "Access", "Erasure", "1 attachment",
        f"may belong to {case.reference}", "could not be read in full",
    ):  # fmt: skip
        assert words in page
    assert "Hva vet dere om meg? " * 20 not in page


@pytest.mark.parametrize(
    "received,now,level,words",
    [
        ("2026-11-20T08:00", "2026-11-20T15:00", "neutral", "Today"),  # Friday
        ("2026-11-20T08:00", "2026-11-23T15:00", "neutral", "3 days old"),  # the weekend is nobody's fault
        ("2026-11-20T08:00", "2026-11-24T15:00", "yellow", "4 days old"),
        ("2026-11-20T08:00", "2026-11-25T15:00", "red", "5 days old"),
    ],
)
def test_age_is_coloured_by_working_days(received: str, now: str, level: str, words: str) -> None:
    factories.inquiry(received_at=datetime.fromisoformat(f"{received}+01:00"))
    with time_machine.travel(datetime.fromisoformat(f"{now}+01:00"), tick=False):
        page = desk_client().read("/desk/inbox/")
    badge = re.search(r'data-level="(\w+)".*?</svg>\s*([^<]+)<', page, re.DOTALL)
    assert badge
    assert (badge.group(1), badge.group(2).strip()) == (level, words)


def test_one_click_in_the_list_makes_a_case_of_the_day_of_arrival() -> None:
    arrived = datetime(2026, 6, 30, 22, 30, tzinfo=UTC)
    row = factories.inquiry(received_at=arrived)
    browser = desk_client()
    assert re.search(r'name="rights" value="access"', browser.read("/desk/inbox/"))
    response = browser.post(
        f"/desk/inbox/{row.pk}/sort/", {"verdict": "request", "rights": ["access"], "from": "list"}, follow=True
    )
    assert response.redirect_chain[-1][0] == "/desk/inbox/"
    case = Case.objects.get(inquiries=row)
    assert case.received_at == arrived
    assert case.reference in response.content.decode()


def test_without_a_suggestion_there_is_no_one_click_request() -> None:
    factories.inquiry(suggested_rights=[])
    page = desk_client().read("/desk/inbox/")
    assert 'value="request"' not in page
    assert 'value="not_a_request"' in page


def test_other_verdicts_have_views_of_their_own_and_come_back() -> None:
    browser = desk_client()
    row = factories.inquiry(subject="Tilbud")
    browser.post(f"/desk/inbox/{row.pk}/sort/", {"verdict": "not_a_request", "from": "list"})
    assert listed(browser.read("/desk/inbox/")) == []
    assert "Everything is sorted." in browser.read("/desk/inbox/")
    assert listed(browser.read("/desk/inbox/?view=not_a_request")) == ["Tilbud"]
    browser.post(f"/desk/inbox/{row.pk}/sort/", {"verdict": "unsorted"})
    assert listed(browser.read("/desk/inbox/")) == ["Tilbud"]
    row.refresh_from_db()
    assert (row.sorted_by, row.sorted_at) == (None, None)


def test_what_was_sorted_as_a_request_links_to_its_case() -> None:
    browser = desk_client()
    case = triage.sort_as_request(factories.inquiry().pk, [], actor=browser.user.as_actor())
    assert f"/desk/cases/{case.reference}/" in browser.read("/desk/inbox/?view=request")


def test_mail_that_nobody_has_read_yet_is_listed_all_the_same() -> None:
    intake.record_inquiry(channel=Channel.MAIL, received_at=timezone.now(), raw=b"x")
    page = desk_client().read("/desk/inbox/")
    assert "Not read yet" in page


def test_the_menu_counts_what_is_unsorted() -> None:
    for _ in range(3):
        factories.inquiry()
    triage.sort_as_other(factories.inquiry().pk, Verdict.SPAM, actor=factories.staff().as_actor())
    page = desk_client().read("/desk/")
    assert re.search(r'Inbox <span class="count">3</span>', page)


def test_the_inbox_pages_without_gap() -> None:
    now = timezone.now()
    for number in range(30):
        factories.inquiry(subject=f"number {number:02}", received_at=now - timedelta(days=30 - number // 4))
    browser = desk_client(Role.INTAKE)
    first = browser.read("/desk/inbox/")
    following = re.search(r'rel="next" href="([^"]+)"', first)
    assert following
    second = browser.read(f"/desk/inbox/{following.group(1).replace('&amp;', '&')}")
    assert listed(first) + listed(second) == [f"number {number:02}" for number in range(30)]


@pytest.mark.parametrize(
    "mark", ["0001-01-01T00:00:00+14:00~1", "9999-12-31T23:59:59-14:00~1", "0001-01-01T00:00:00~1", "x~1", "~"]
)
def test_a_mark_that_no_page_wrote_is_overlooked(mark: str) -> None:
    factories.inquiry(subject="Innsyn")
    for name in ("after", "before"):
        assert listed(desk_client().read(f"/desk/inbox/?{urlencode({name: mark})}")) == ["Innsyn"]


def test_a_closed_case_is_pointed_to_without_a_button() -> None:
    case = factories.case()
    row = factories.inquiry(suggested_case=case)
    browser = desk_client()
    assert f"Put on {case.reference}" in browser.read(f"/desk/inbox/{row.pk}/")
    factories.close(case)
    page = browser.read(f"/desk/inbox/{row.pk}/")
    assert f"Put on {case.reference}" not in page
    assert "reopen a request of the case first" in page
    refused = browser.post(f"/desk/inbox/{row.pk}/attach/", {"case": case.reference}, follow=True)
    assert "Reopen a request there first" in refused.content.decode()
    row.refresh_from_db()
    assert (row.case, row.verdict) == (None, Verdict.UNSORTED)


def test_the_number_of_queries_does_not_grow_and_no_raw_bytes_are_loaded() -> None:
    browser = desk_client()

    def ask() -> list[str]:
        with CaptureQueriesContext(connection) as queries:
            browser.read("/desk/inbox/")
        return [query["sql"] for query in queries]

    factories.inquiry()
    few = ask()
    case = factories.case()
    for _ in range(24):
        factories.inquiry(suggested_case=case)
    many = ask()
    assert len(many) == len(few)
    assert not any('"requests_inquiry"."raw"' in sql for sql in many)


def test_the_table_is_named_so() -> None:
    """The test above looks for this column; were it renamed, it would find nothing for ever."""
    assert str(Inquiry.objects.only("raw").query).count('"requests_inquiry"."raw"') == 1


def test_what_may_be_a_request_is_told_apart_from_what_is_none() -> None:
    row = factories.inquiry(suggested_rights=[], maybe_request=True)
    assert "may be a request" in desk_client().read("/desk/inbox/")
    Inquiry.objects.filter(pk=row.pk).update(maybe_request=False)
    assert "may be a request" not in desk_client().read("/desk/inbox/")


@pytest.mark.parametrize(
    ("given", "offered"),
    [
        ({}, True),
        ({"sender_address": ""}, False),
        ({"problems": ["no_headers", "charset"]}, False),
        ({"problems": ["encrypted"]}, False),
        ({"problems": ["charset", "signed"]}, True),
    ],
)
def test_one_press_makes_a_case_only_of_what_was_read_and_has_a_sender(given: dict[str, Any], offered: bool) -> None:
    factories.inquiry(suggested_rights=["access"], **given)
    page = desk_client().read("/desk/inbox/")
    assert ('name="verdict" value="request"' in page) is offered


def test_the_list_says_whose_sender_is_in_doubt() -> None:
    factories.inquiry()
    assert "may be forged" not in desk_client().read("/desk/inbox/")
    factories.inquiry(problems=["sender_unproven"])
    assert desk_client().read("/desk/inbox/").count("may be forged") == 1
