"""The public form as a person fills it in, without JavaScript."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from time_machine import travel

from requests_app.domain import reference
from requests_app.models import Case, DataSubjectRequest, Inquiry, IntakeDraft
from requests_app.services import drafts, intake
from tests import factories

pytestmark = pytest.mark.django_db

ANSWERS: dict[str, dict[str, object]] = {
    "right": {"rights": ["access"]},
    "who": {"requester": "self", "name": "Åse-Marie Østby"},
    "details": {"text": "Jeg kjøpte en maskin i 2024."},
    "contact": {"email": "ase@example.com", "phone": "", "language": "nb"},
}


@pytest.fixture(autouse=True)
def _organisation() -> None:
    factories.organisation()


def fill(client: Client, language: str = "nb", **changes: dict[str, object]) -> Any:
    """Answer every page and send; return the receipt."""
    for step, answers in ANSWERS.items():
        response = client.post(f"/{language}/request/{step}/", answers | changes.get(step, {}))
        assert response.status_code == 302, response.content.decode()
    return client.post(f"/{language}/request/send/", follow=True)


@pytest.mark.parametrize("language,words", [("nb", "innsyn"), ("en", "access")])
def test_the_front_page_speaks_both_languages(client: Client, language: str, words: str) -> None:
    page = client.get(f"/{language}/")
    assert page.status_code == 200
    assert f'lang="{language}"' in page.content.decode()
    assert words in client.get(f"/{language}/request/right/").content.decode().lower()


def test_a_filled_form_is_a_case_with_both_dates_and_a_link(client: Client) -> None:
    page = fill(client).content.decode()
    case = Case.objects.get()
    dsr = case.dsrs.get()
    assert reference.is_valid(case.reference)
    assert case.reference in page
    assert (case.person_name, case.person_email, case.language) == ("Åse-Marie Østby", "ase@example.com", "nb")
    assert (dsr.right, dsr.stage) == ("access", "triaged")
    assert page.count("<time") >= 2
    assert "/s/" in page


def test_who_withdraws_reads_that_it_is_done_and_waits_for_no_day(client: Client) -> None:
    page = fill(client, right={"rights": ["consent_withdrawal", "marketing_objection"]}).content.decode()
    assert "Det gjelder fra nå av" in page
    assert "<time" not in page.split("</h1>")[1].split("Det gjelder")[1]
    case = Case.objects.get()
    client.post(f"/s/{intake.link_token(case)}")
    status = client.get("/s/").content.decode()
    assert "Du har fått bekreftelsen" in status
    assert "Når du får svar" not in status


def test_a_wish_beside_a_withdrawal_keeps_its_day(client: Client) -> None:
    page = fill(client, right={"rights": ["consent_withdrawal", "access"]}).content.decode()
    assert "Det gjelder fra nå av" not in page
    assert page.count("<time") >= 2


def test_the_same_draft_sent_twice_is_one_case(client: Client) -> None:
    fill(client)
    again = client.post("/nb/request/send/", follow=True)
    assert again.status_code == 200
    assert Case.objects.get().reference in again.content.decode()


def test_a_second_click_with_the_session_of_the_first_finds_the_case(client: Client) -> None:
    for step, answers in ANSWERS.items():
        client.post(f"/nb/request/{step}/", answers)
    page = client.get("/nb/request/check/").content.decode()
    draft, before = re.search(r'name="draft" value="([^"]+)"', page), client.cookies["sessionid"].value
    assert draft
    client.post("/nb/request/send/", {"draft": draft[1]})
    client.cookies["sessionid"] = before
    again = client.post("/nb/request/send/", {"draft": draft[1]}, follow=True)
    assert again.status_code == 200
    assert Case.objects.get().reference in again.content.decode()


def test_the_receipt_does_not_outlive_the_visit_on_a_shared_computer(client: Client) -> None:
    fill(client)
    with travel(timezone.now() + timedelta(hours=2, minutes=1), tick=False):
        assert client.get("/nb/request/received/").status_code == 410
        assert client.post("/nb/request/send/").status_code == 410
        assert client.get("/s/").headers["Location"] == "/s/link/"


def test_whoever_asks_for_another_says_for_whom(client: Client) -> None:
    another = {"requester": "guardian", "concerned_name": "Nora Østby", "concerned_known_as": "kunde 4711"}
    for step in ("right", "who"):
        response = client.post(f"/nb/request/{step}/", ANSWERS[step] | (another if step == "who" else {}))
        assert response.status_code == 302
    for step in ("details", "contact"):
        client.post(f"/nb/request/{step}/", ANSWERS[step])
    page = client.get("/nb/request/check/").content.decode()
    assert "Nora Østby" in page
    assert "kunde 4711" in page
    client.post("/nb/request/send/")
    case = Case.objects.get()
    assert (case.person_name, case.concerned_name, case.concerned_known_as) == (
        "Åse-Marie Østby", "Nora Østby", "kunde 4711",
    )  # fmt: skip


def test_another_person_must_have_a_name(client: Client) -> None:
    client.post("/en/request/right/", ANSWERS["right"])
    page = client.post("/en/request/who/", {"requester": "representative", "name": "Åse-Marie Østby"})
    assert page.status_code == 400
    assert "Write the name of the person the data is about" in page.content.decode()


def test_nothing_is_kept_about_another_when_one_asks_for_oneself(client: Client) -> None:
    client.post("/nb/request/right/", ANSWERS["right"])
    about = {"concerned_name": "Nora Vik", "concerned_known_as": "nora@example.com"}
    client.post("/nb/request/who/", ANSWERS["who"] | about)
    assert "ora" not in str(IntakeDraft.objects.get().data["who"].values())
    client.post("/nb/request/details/", ANSWERS["details"])
    client.post("/nb/request/contact/", ANSWERS["contact"])
    assert client.get("/nb/request/check/").content.decode().count('href="/nb/request/who/?change=1"') == 2


def test_an_identity_number_of_another_is_masked_before_anything_is_kept(client: Client) -> None:
    number = "13097248022"  # a published test number; its check digits are right
    client.post("/nb/request/right/", ANSWERS["right"])
    who = {"requester": "guardian", "name": "Åse", "concerned_name": "Nora", "concerned_known_as": number}
    page = client.post("/nb/request/who/", who)
    assert page.status_code == 400
    assert number not in page.content.decode()
    assert "***********" in page.content.decode()


def test_not_sure_is_a_case_whose_clock_runs(client: Client) -> None:
    fill(client, right={"rights": ["not_sure"]})
    dsr = DataSubjectRequest.objects.get()
    assert (dsr.right, dsr.stage) == ("", "received")
    assert dsr.effective_due is not None


def test_not_sure_must_be_described(client: Client) -> None:
    client.post("/nb/request/right/", {"rights": ["not_sure"]})
    client.post("/nb/request/who/", ANSWERS["who"])
    assert client.post("/nb/request/details/", {"text": " "}).status_code == 400


@pytest.mark.parametrize(
    "step,bad",
    [
        ("right", {}),
        ("right", {"rights": ["no_such_right"]}),
        ("who", {"requester": "self", "name": ""}),
        ("who", {"requester": "self", "name": "x" * 201}),
        ("who", {"requester": "self", "name": "Kari\x00Holm"}),
        ("who", {"requester": "nobody", "name": "Kari"}),
        ("details", {"text": "nul \x00 byte"}),
        ("details", {"text": "x" * 20_001}),
        ("contact", {"email": "ingrid@", "language": "nb"}),
        ("contact", {"email": f"{'x' * 400}@example.com", "language": "nb"}),
        ("contact", {"email": "a@example.com", "language": "xx"}),
    ],
)
def test_bad_answers_get_a_clear_error_and_nothing_before_is_lost(
    client: Client, step: str, bad: dict[str, object]
) -> None:
    for name, answers in ANSWERS.items():
        if name == step:
            break
        client.post(f"/nb/request/{name}/", answers)
    page = client.post(f"/nb/request/{step}/", bad)
    html = page.content.decode()
    assert page.status_code == 400
    assert "ds-error-summary" in html
    assert "<title>" in html
    assert Case.objects.count() == 0
    if step == "contact":
        assert IntakeDraft.objects.get().data["who"]["name"] == "Åse-Marie Østby"


def test_ten_megabytes_of_text_are_refused_with_their_length(client: Client) -> None:
    for step in ("right", "who"):
        client.post(f"/en/request/{step}/", ANSWERS[step])
    page = client.post("/en/request/details/", {"text": "a" * 10_000_000})
    assert page.status_code == 400
    assert b"10,000,000" in page.content


def test_a_nul_byte_is_named_in_the_persons_language_and_the_rest_stays(client: Client) -> None:
    for step in ("right", "who"):
        client.post(f"/nb/request/{step}/", ANSWERS[step])
    page = client.post("/nb/request/details/", {"text": "Jeg kjøpte\x00 en maskin"}).content.decode()
    assert "et tegn som ikke kan lagres" in page
    assert "Jeg kjøpte en maskin" in page
    assert "\x00" not in page


def test_a_national_identity_number_is_masked_before_anything_is_kept(client: Client) -> None:
    number = "13097248022"  # a published test number; its check digits are right
    for step in ("right", "who"):
        client.post(f"/nb/request/{step}/", ANSWERS[step])
    page = client.post("/nb/request/details/", {"text": f"Jeg er {number}, hei"})
    assert page.status_code == 400
    assert number not in page.content.decode()
    assert "***********" in page.content.decode()
    assert number not in str(IntakeDraft.objects.get().data)


def test_eleven_digits_that_are_no_identity_number_stay(client: Client) -> None:
    fill(client, details={"text": "Ordre 12345678901"})
    assert "12345678901" in Inquiry.objects.get().text


def test_pages_cannot_be_skipped(client: Client) -> None:
    assert client.get("/nb/request/contact/").headers["Location"] == "/nb/request/right/"
    assert client.get("/nb/request/check/").headers["Location"] == "/nb/request/right/"
    assert client.get("/nb/request/elsewhere/").status_code == 404


def test_an_answer_can_be_changed_from_the_check_page_and_leads_back_there(client: Client) -> None:
    for step, answers in ANSWERS.items():
        client.post(f"/nb/request/{step}/", answers)
    changed = client.post("/nb/request/who/?change=1", {"requester": "self", "name": "Kari Holm"})
    assert changed.headers["Location"] == "/nb/request/check/"
    page = client.get("/nb/request/check/").content.decode()
    assert "Kari Holm" in page
    assert "Jeg kjøpte en maskin i 2024." in page


def test_switching_the_language_keeps_the_answers(client: Client) -> None:
    client.post("/nb/request/right/", ANSWERS["right"])
    client.post("/nb/request/who/", ANSWERS["who"])
    page = client.get("/en/request/who/").content.decode()
    assert "Åse-Marie Østby" in page
    assert 'href="/nb/request/who/"' in page


def test_a_draft_expires_after_two_hours_and_says_so(client: Client) -> None:
    for step, answers in ANSWERS.items():
        client.post(f"/nb/request/{step}/", answers)
    with travel(timezone.now() + timedelta(hours=2, minutes=1), tick=False):
        page = client.post("/nb/request/send/")
    assert page.status_code == 410
    assert Case.objects.count() == 0


def test_what_was_not_sent_is_deleted_as_promised(client: Client) -> None:
    client.post("/nb/request/right/", ANSWERS["right"])
    drafts.forget_old()
    assert IntakeDraft.objects.count() == 1
    with travel(timezone.now() + timedelta(hours=2, minutes=1), tick=False):
        drafts.forget_old()
    assert IntakeDraft.objects.count() == 0


def test_the_raw_answers_are_kept_and_the_draft_is_emptied(client: Client) -> None:
    fill(client)
    assert "Åse-Marie Østby" in bytes(Inquiry.objects.get().raw).decode()
    assert IntakeDraft.objects.get().data == {}


def test_forms_need_their_token() -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/nb/request/right/", ANSWERS["right"]).status_code == 403


def test_the_root_leads_to_a_language_the_browser_speaks(client: Client) -> None:
    assert client.get("/", headers={"accept-language": "en-GB"}).headers["Location"] == "/en/"
    assert client.get("/", headers={"accept-language": "nb-NO"}).headers["Location"] == "/nb/"


def test_more_than_can_be_taken_is_said_plainly(client: Client) -> None:
    page = client.post("/en/request/right/", {"rights": "a" * 13_000_000})
    assert page.status_code == 413
    assert b"larger than we can take" in page.content


def test_sent_mail_is_shown_to_this_machine_only_and_only_in_embedded_mode(client: Client) -> None:
    assert client.get("/_sent/").status_code == (200 if settings.SHOW_SENT else 404)
    assert client.get("/_sent/", REMOTE_ADDR="192.0.2.7").status_code == 404
