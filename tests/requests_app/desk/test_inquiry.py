"""One inquiry: everything it says, safely, and one click or key to say what it is."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.utils import timezone

from requests_app import selectors
from requests_app.domain.enums import Channel, MessageState, Right, Role, Verdict
from requests_app.models import AuditEntry, Case, Inquiry, Message
from requests_app.services import acknowledgements, intake, triage
from tests import factories
from tests.desk_client import desk_client, text


def test_the_page_shows_text_facts_and_what_went_wrong() -> None:
    row = factories.inquiry(
        "Slett meg.\n\nHilsen Kari",
        received_at=datetime(2026, 11, 2, 9, tzinfo=UTC),
        language="nn",
        suggested_rights=["erasure"],
        problems=["charset", "encrypted", "signed"],
        attachments=[
            {"name": "pass.pdf", "content_type": "application/pdf", "size": 2048},
            {"name": "a.pdf", "content_type": "text/html", "size": 9, "declared": "application/pdf"},
        ],
        auto_reply_allowed=False,
        auto_reply_reason="list",
    )
    page = desk_client().read(f"/desk/inbox/{row.pk}/")
    for words in (
        "Slett meg.", "Nynorsk", "pass.pdf", "2.0", "Some characters could not be read.",
        "We cannot read this: it is encrypted",
        "2 December 2026", "if it is a request", "No confirmation will go out by itself.", "mailing list",
        "the mail calls it application/pdf", "there is one; we have not checked it",
    ):  # fmt: skip
        assert words in page


def test_two_mails_with_one_message_id_point_to_each_other() -> None:
    first = factories.inquiry("Slett meg", message_id="<1@example.com>")
    second = factories.inquiry("Slett ikke meg", message_id="<1@example.com>")
    others = [factories.inquiry("Annet", message_id=one) for one in ("", "", "<2@example.com>")]
    desk = desk_client()
    for row, twin in ((first, second), (second, first)):
        page = desk.read(f"/desk/inbox/{row.pk}/")
        assert "The same Message-ID, with other contents, is also on:" in page
        assert f'href="/desk/inbox/{twin.pk}/"' in page
    assert not any("The same Message-ID" in desk.read(f"/desk/inbox/{row.pk}/") for row in others)


@pytest.mark.parametrize(
    "state,words",
    [
        (MessageState.SENT, "The sender was told on"),
        (MessageState.QUEUED, "waiting to be sent"),
        (MessageState.FAILED, "did not reach them"),
    ],
)
def test_the_page_says_what_became_of_the_word_that_it_arrived(state: MessageState, words: str) -> None:
    row = factories.inquiry()
    factories.organisation()
    receipt = acknowledgements.confirm_receipt(row, "kari.holm@example.com", "nb")
    Message.objects.filter(pk=receipt.pk).update(
        state=state.value, sent_at=timezone.now() if state is MessageState.SENT else None
    )
    page = desk_client().read(f"/desk/inbox/{row.pk}/")
    assert words in page
    assert ("The sender was told on" in page) == (state is MessageState.SENT)


def test_suggested_rights_are_chosen_beforehand_and_the_language_too() -> None:
    row = factories.inquiry(suggested_rights=["erasure", "no-such-right"], language="de")
    page = desk_client().read(f"/desk/inbox/{row.pk}/")
    assert re.findall(r'<input type="checkbox" name="rights" value="(\w+)"[^>]*checked', page) == ["erasure"]
    assert re.search(r'<option value="en" selected', page)


@pytest.mark.parametrize("key,verdict", [("r", "request"), ("n", "not_a_request"), ("s", "spam")])
def test_each_verdict_has_its_key(key: str, verdict: str) -> None:
    page = desk_client().read(f"/desk/inbox/{factories.inquiry().pk}/")
    button = re.search(rf'<button[^>]*name="verdict" value="{verdict}"[^>]*>', page)
    assert button
    assert f'data-key="{key}"' in button.group(0)


def test_sorting_leads_on_to_the_next_one_and_at_last_to_the_empty_inbox() -> None:
    now = timezone.now()
    first, second = (factories.inquiry(received_at=now) for _ in range(2))
    browser = desk_client()
    response = browser.post(f"/desk/inbox/{second.pk}/sort/", {"verdict": "spam"})
    assert response.headers["Location"] == f"/desk/inbox/{first.pk}/"
    response = browser.post(f"/desk/inbox/{first.pk}/sort/", {"verdict": "request", "rights": ["access", "erasure"]})
    assert response.headers["Location"] == "/desk/inbox/"
    assert {dsr.right for dsr in Case.objects.get().dsrs.all()} == {"access", "erasure"}


def test_a_double_click_makes_one_case_and_says_it_once() -> None:
    row, browser = factories.inquiry(), desk_client()
    for _ in range(2):
        browser.post(f"/desk/inbox/{row.pk}/sort/", {"verdict": "request", "rights": ["access"]})
    assert Case.objects.count() == 1
    other = factories.inquiry()
    for _ in range(2):
        browser.post(f"/desk/inbox/{other.pk}/sort/", {"verdict": "spam"})
    assert AuditEntry.objects.filter(action="inquiry.sorted").count() == 1


def test_a_request_without_a_right_is_an_error_and_nothing_is_lost() -> None:
    row = factories.inquiry()
    response = desk_client().post(f"/desk/inbox/{row.pk}/sort/", {"verdict": "request", "language": "en"})
    page = text(response)
    assert response.status_code == 422
    assert "Choose at least one right." in page
    assert "<title>Error: " in page
    assert row.text in page
    assert re.search(r'<option value="en" selected', page)
    assert not Case.objects.exists()


@pytest.mark.parametrize("rights", [["cake"], ["access", "\0"], ["access'--"]])
def test_a_right_that_does_not_exist_is_named(rights: list[str]) -> None:
    row = factories.inquiry()
    response = desk_client().post(f"/desk/inbox/{row.pk}/sort/", {"verdict": "request", "rights": rights})
    assert response.status_code == 422
    assert "There is no such right." in text(response)


@pytest.mark.parametrize("verdict", ["", "nonsense", "\0"])
def test_an_unknown_verdict_changes_nothing(verdict: str) -> None:
    row = factories.inquiry()
    response = desk_client().post(f"/desk/inbox/{row.pk}/sort/", {"verdict": verdict}, follow=True)
    assert "Choose what the inquiry is." in text(response)
    assert Inquiry.objects.get(pk=row.pk).verdict == Verdict.UNSORTED


def test_a_case_cannot_be_sorted_away() -> None:
    browser = desk_client()
    row = factories.inquiry()
    triage.sort_as_request(row.pk, [Right.ACCESS], actor=browser.user.as_actor())
    response = browser.post(f"/desk/inbox/{row.pk}/sort/", {"verdict": "spam"}, follow=True)
    assert "already belongs to a case" in text(response)
    assert 'name="verdict"' not in browser.read(f"/desk/inbox/{row.pk}/")


def test_a_mail_that_seems_to_belong_to_a_case_can_be_put_there() -> None:
    case, browser = factories.case(), desk_client()
    row = factories.inquiry("Takk!", suggested_case=case)
    assert f"Put on {case.reference}" in browser.read(f"/desk/inbox/{row.pk}/")
    browser.post(f"/desk/inbox/{row.pk}/attach/", {"case": case.reference})
    row.refresh_from_db()
    assert (row.case, row.verdict) == (case, Verdict.REQUEST)
    assert case.messages.filter(body="Takk!", inquiry=row).count() == 1
    again = browser.post(f"/desk/inbox/{row.pk}/attach/", {"case": case.reference}, follow=True)
    assert "already belongs to a case" in text(again)
    assert case.messages.filter(inquiry=row).count() == 1


def test_a_mail_of_another_address_asks_before_it_goes_on_a_case() -> None:
    case, browser = factories.case(), desk_client()
    row = factories.inquiry("Slett ham!", suggested_case=case, sender_address="stranger@example.com")
    asked = browser.post(f"/desk/inbox/{row.pk}/attach/", {"case": case.reference})
    for words in ("Does it belong to the case?", "stranger@example.com", case.person_email):
        assert words in text(asked)
    assert not case.messages.filter(inquiry=row).exists()
    browser.post(f"/desk/inbox/{row.pk}/attach/", {"case": case.reference, "confirmed": "1"})
    assert case.messages.get(inquiry=row).body == "Slett ham!"
    assert "The person does not see it on the status page." in browser.read(f"/desk/inbox/{row.pk}/")
    assert "stranger@example.com" in browser.read(f"/desk/cases/{case.reference}/")


def test_a_mail_put_on_the_wrong_case_is_taken_off_again() -> None:
    case, browser = factories.case(), desk_client()
    row = factories.inquiry("Takk!", suggested_case=case)
    browser.post(f"/desk/inbox/{row.pk}/attach/", {"case": case.reference})
    assert f'action="/desk/inbox/{row.pk}/take-off/"' in browser.read(f"/desk/inbox/{row.pk}/")
    page = text(browser.post(f"/desk/inbox/{row.pk}/take-off/", follow=True))
    assert "It is unsorted again." in page
    assert 'name="verdict" value="request"' in page
    assert not case.messages.filter(inquiry=row).exists()
    assert "A message was taken off the case" in browser.read(f"/desk/cases/{case.reference}/")
    version = Case.objects.get(pk=case.pk).version
    assert [entry.action for entry in selectors.changes_since(case, version)] == []
    case.refresh_from_db()
    assert [entry.action for entry in selectors.changes_since(case, version - 1)] == ["case.inquiry_taken_off"]


def test_the_inquiry_a_case_began_with_says_why_it_stays() -> None:
    case, browser = factories.case(), desk_client()
    row = case.inquiries.get()
    assert "The case began with this inquiry." in browser.read(f"/desk/inbox/{row.pk}/")
    refused = browser.post(f"/desk/inbox/{row.pk}/take-off/", follow=True)
    assert "The case began with this inquiry." in text(refused)
    assert desk_client(Role.APPROVER).post(f"/desk/inbox/{row.pk}/take-off/").status_code == 403


def test_an_unread_inquiry_is_put_on_no_case() -> None:
    case, row = factories.case(), factories.inquiry()
    Inquiry.objects.filter(pk=row.pk).update(parsed_at=None)
    refused = desk_client().post(f"/desk/inbox/{row.pk}/attach/", {"case": case.reference}, follow=True)
    assert "has not been read yet" in text(refused)
    assert not case.messages.filter(inquiry=row).exists()


def test_open_cases_of_the_same_sender_are_offered() -> None:
    case = factories.case(email="Kari.Holm@example.com")
    factories.case(email="somebody.else@example.com")
    page = desk_client().read(f"/desk/inbox/{factories.inquiry().pk}/")
    assert re.findall(r'name="case" value="([^"]+)"', page) == [case.reference]


@pytest.mark.parametrize("reference", ["", "DR-2026-999999-99", "\0", "x" * 500])
def test_putting_it_on_a_case_that_does_not_exist_is_not_found(reference: str) -> None:
    response = desk_client().post(f"/desk/inbox/{factories.inquiry().pk}/attach/", {"case": reference})
    assert response.status_code == 404


def test_an_unread_inquiry_says_so_and_waits_to_be_sorted() -> None:
    row, _ = intake.record_inquiry(
        channel=Channel.MAIL, received_at=timezone.now(), raw=b"From: x@example.com\r\n\r\nHei"
    )
    browser = desk_client()
    assert "has not been read yet" in browser.read(f"/desk/inbox/{row.pk}/")
    response = browser.post(f"/desk/inbox/{row.pk}/sort/", {"verdict": "request", "rights": ["access"]})
    assert response.status_code == 422
    assert not Case.objects.exists()


def test_formatting_is_shown_on_demand_and_cannot_do_harm() -> None:
    evil = '<p onclick="x()">Hei <b>du</b></p><script>alert(1)</script><img src="https://spy.example/p.gif">'
    row = factories.inquiry(
        html=evil + '<a href="javascript:x()">a</a><form action="/desk/"><input></form><style>p{}</style>'
    )
    page = desk_client().read(f"/desk/inbox/{row.pk}/")
    shown = page.partition('<div class="letter-html">')[2].partition("</details>")[0]
    assert "<p>Hei <b>du</b></p>" in shown
    for bad in ("onclick", "script", "spy.example", "javascript", "<form", "<style", "alert"):
        assert bad not in shown
    assert re.search(r"<details class=\"ds-details\"><summary>With the sender", page), "closed until somebody opens it"


def test_plain_text_stays_plain() -> None:
    row = factories.inquiry("<script>alert(1)</script> & <b>x</b>", subject="<i>Hei</i>", sender_name='"><script>')
    page = desk_client().read(f"/desk/inbox/{row.pk}/")
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;b&gt;x&lt;/b&gt;" in page
    assert "<script>" not in page
    assert "<i>Hei" not in page


def test_a_very_long_text_is_cut_and_says_so() -> None:
    row = factories.inquiry("æ" * 2_000_000)
    page = desk_client().read(f"/desk/inbox/{row.pk}/")
    assert len(page) < 200_000
    assert "longer than what is shown" in page


def test_it_can_be_saved_as_it_came_and_is_never_a_page_of_ours() -> None:
    row = factories.inquiry("Hei")
    response = desk_client().get(f"/desk/inbox/{row.pk}/raw/")
    assert response.content == bytes(row.raw)
    assert response.headers["Content-Type"] == "message/rfc822"
    assert response.headers["Content-Disposition"] == f'attachment; filename="inquiry-{row.pk}.eml"'
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "no-store"
    policy = response.headers["Content-Security-Policy"]
    assert "sandbox" in policy.split("; ")
    assert "default-src 'none'" in policy


def test_what_came_by_the_api_is_no_mail() -> None:
    row = factories.inquiry(channel=Channel.API)
    response = desk_client().get(f"/desk/inbox/{row.pk}/raw/")
    assert response.headers["Content-Type"] == "application/octet-stream"


@pytest.mark.parametrize("number", [0, 999_999, 10**30])
def test_an_inquiry_that_does_not_exist_is_not_found(number: int) -> None:
    browser = desk_client(Role.HANDLER)
    assert browser.get(f"/desk/inbox/{number}/").status_code == 404
    assert browser.get(f"/desk/inbox/{number}/raw/").status_code == 404
    assert browser.post(f"/desk/inbox/{number}/sort/", {"verdict": "spam"}).status_code == 404


def place(text: str, sentence: str, *rights: str) -> dict[str, object]:
    """A passage of the text."""
    return {"part": "text", "start": text.index(sentence), "end": text.index(sentence) + len(sentence),
            "rights": list(rights)}  # fmt: skip


def test_the_sentences_that_speak_for_each_right_are_marked_and_listed() -> None:
    wrote = "Hei <b>.\nHva vet dere om meg? Slett meg & alt."
    row = factories.inquiry(
        wrote, suggested_rights=["access", "erasure", "objection"], maybe_request=True, request_probability=0.974,
        passages=[place(wrote, "Hva vet dere om meg?", "access"), place(wrote, "Slett meg & alt.", "erasure")],
    )  # fmt: skip
    page = desk_client().read(f"/desk/inbox/{row.pk}/")
    assert (
        'Hei &lt;b&gt;.\n<mark class="speaks" id="speaks-1">Hva vet dere om meg?'
        '<sup class="speaks-number">1</sup></mark> <mark class="speaks" id="speaks-2">Slett meg &amp; alt.<sup' in page
    )
    assert "It reads like a request." in page
    assert "97 per cent" in page
    listed = page[page.index("Sentences that speak for it") :]
    order = [
        listed.index(words) for words in ("Access", 'href="#speaks-1"', "Erasure", 'href="#speaks-2"', "as a whole")
    ]
    assert order == sorted(order)


def test_a_subject_that_speaks_for_it_is_marked_too() -> None:
    row = factories.inquiry(
        "Takk.", subject="Slett meg", suggested_rights=[], maybe_request=True, request_probability=0.2,
        passages=[{"part": "subject", "start": 0, "end": 9, "rights": []}],
    )  # fmt: skip
    page = desk_client().read(f"/desk/inbox/{row.pk}/")
    assert '<h1 class="ds-heading" data-size="md" dir="auto"><mark class="speaks" id="speaks-1">Slett meg<sup' in page
    assert "A request as such" in page


@pytest.mark.parametrize(
    "found,words",
    [
        ({"maybe_request": False, "language": "nb"}, "Nothing in it reads like a request."),
        ({"maybe_request": True, "language": "nb"}, "too little to name a right"),
        ({"maybe_request": True, "language": "other"}, "a language that the triage does not know"),
    ],
)
def test_the_page_says_how_sure_the_first_guess_is_and_why(found: dict[str, Any], words: str) -> None:
    row = factories.inquiry("Hei.", suggested_rights=[], request_probability=0.1, **found)
    page = desk_client().read(f"/desk/inbox/{row.pk}/")
    assert words in page
    assert "<mark" not in page


def test_places_that_no_longer_fit_the_text_mark_nothing() -> None:
    row = factories.inquiry(
        "Kort.", request_probability=0.9, passages=[{"part": "text", "start": 2, "end": 40, "rights": ["access"]}]
    )
    assert "<mark" not in desk_client().read(f"/desk/inbox/{row.pk}/")


def test_where_nothing_was_guessed_no_guess_is_shown() -> None:
    assert "First guess" not in desk_client().read(f"/desk/inbox/{factories.inquiry().pk}/")


def test_who_wrote_stands_above_the_text_and_an_unknown_sender_is_said() -> None:
    page = desk_client().read(f"/desk/inbox/{factories.inquiry().pk}/")
    assert page.index("kari.holm@example.com") < page.index("What it says")
    nobody = factories.inquiry(sender_name="", sender_address="")
    assert "No sender is known." in desk_client().read(f"/desk/inbox/{nobody.pk}/")
    caller = factories.inquiry(sender_address="", channel=Channel.PHONE)
    assert "No sender is known." not in desk_client().read(f"/desk/inbox/{caller.pk}/")


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Fri, 27 Nov 2026 19:59:58 +0000", "27 Nov 2026, 20:59"),
        ("mandag 9. november 2026 14:05", "mandag 9. november 2026 14:05"),
        ("Fri, 99 Nov 2026", "Fri, 99 Nov 2026"),
    ],
)
def test_the_date_of_an_attached_mail_is_written_as_ours_where_it_is_understood(written: str, shown: str) -> None:
    row = factories.inquiry(forwarded_name="Eva", forwarded_address="eva@example.com", forwarded_date=written)
    assert f"dated {shown}" in desk_client().read(f"/desk/inbox/{row.pk}/")


def test_what_is_forgotten_is_not_offered_for_sorting() -> None:
    row = factories.inquiry(verdict=Verdict.NOT_A_REQUEST.value, forgotten_at=timezone.now(), text="", subject="")
    page = desk_client().read(f"/desk/inbox/{row.pk}/")
    assert "The content was deleted on" in page
    assert f"/desk/inbox/{row.pk}/sort/" not in page
