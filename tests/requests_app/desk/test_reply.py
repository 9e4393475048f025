"""Answering the person: quoted, with files, in their language; nothing that was typed or chosen is lost."""

import re
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django.fixtures import Settings

from requests_app.domain.enums import Channel, Direction, Intent, Right, Role
from requests_app.models import Attachment, Case, Inquiry, Message
from requests_app.services import attachments, correspondence, sending, triage
from tests import factories
from tests.desk_client import DeskClient, desk_client, text
from tests.requests_app.services.post import STRANGER, arrived, letter

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

WORDS = "Hei!\r\n\r\nHvor har dere nummeret mitt fra?\r\nJeg ga det aldri.\r\n\r\nHilsen <b>Kari</b>"
WHEN = datetime(2026, 3, 5, 9, 12, tzinfo=UTC)  # 10.12 in Oslo
PDF = b"%PDF-1.7\nhello\nstartxref\n9\n%%EOF\n"
EXE = b"MZ\x90\x00\x03" + bytes(60)
QUOTE_NB = "Den 5. mars 2026 kl. 10.12 skrev du:"


def mailed(language: str = "nb", subject: str = "Sv: RE: Nummeret mitt (DR-2026-000123-45)") -> Case:
    """A case made of a mail of 5 March 2026, 10:12 in Oslo."""
    inquiry = arrived(letter(WORDS, subject=subject), at=WHEN)
    return triage.sort_as_request(inquiry.pk, [Right.ACCESS], actor=factories.staff().as_actor(), language=language)


def opening(case: Case) -> Message:
    """What the person wrote first."""
    return case.messages.get(direction=Direction.IN.value)


def field(page: str, name: str) -> str:
    """What the subject or the text of the answer holds."""
    if name == "body":
        found = re.search(r'<textarea name="body"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL)
    else:
        found = re.search(rf'name="{name}"[^>]* value="([^"]*)"|value="([^"]*)"[^>]* name="{name}"', page)
    return (found.group(1) or "") if found else ""


def post(browser: DeskClient, case: Case, key: str, *files: tuple[str, bytes], **given: object) -> "Response":
    """Press a button of the form of the answer."""
    data = {"subject": "Ett spørsmål", "body": "Hvilken butikk?", "key": key, "version": str(current(case).version)}
    chosen = [SimpleUploadedFile(name, content) for name, content in files]
    return browser.post(f"/desk/cases/{case.reference}/message/", {**data, "upload": chosen, **given})


def ticked(page: str) -> list[str]:
    """The files that go with the message as the form stands."""
    return re.findall(r'name="attached"[^>]* checked>\s*<label[^>]*>(.+?) \(', page)


def current(case: Case) -> Case:
    """The case as it is now."""
    return Case.objects.get(pk=case.pk)


def written(case: Case) -> list[Message]:
    """What staff wrote."""
    return list(case.messages.filter(intent=Intent.STAFF_MESSAGE.value))


def test_the_subject_answers_theirs_once_and_names_the_case_once() -> None:
    case, browser = mailed(), desk_client()
    assert field(browser.read(f"/desk/cases/{case.reference}/"), "subject") == "Re: Nummeret mitt"
    post(browser, case, uuid4().hex, subject="Re: Nummeret mitt", send="1")
    assert written(case)[0].subject == f"Re: Nummeret mitt ({case.reference})"
    assert written(case)[0].in_reply_to == opening(case).message_id


def test_a_link_beside_a_message_begins_an_answer_that_quotes_it_in_the_persons_language() -> None:
    case, browser = mailed(), desk_client()
    address = f"?quote={opening(case).pk}"
    assert f'href="{address}#write"' in browser.read(f"/desk/cases/{case.reference}/")
    quoted = field(browser.read(f"/desk/cases/{case.reference}/{address}"), "body")
    assert quoted.splitlines() == [
        QUOTE_NB, "&gt; Hei!", "&gt;", "&gt; Hvor har dere nummeret mitt fra?", "&gt; Jeg ga det aldri.", "&gt;",
        "&gt; Hilsen &lt;b&gt;Kari&lt;/b&gt;", "",
    ]  # fmt: skip


def test_an_english_case_is_quoted_in_english() -> None:
    case = mailed("en")
    page = desk_client(language="nb").read(f"/desk/cases/{case.reference}/?quote={opening(case).pk}")
    assert "On 5 March 2026 at 10:12 you wrote:" in field(page, "body")


def test_a_chosen_part_is_quoted_after_what_was_typed_and_the_gap_shows() -> None:
    case, browser = mailed(), desk_client()
    response = post(browser, case, uuid4().hex, body="Takk.", quote=opening(case).pk, part=["1"])
    assert response.status_code == 200
    assert field(text(response), "body").splitlines() == [
        "Takk.", "", QUOTE_NB, "&gt; […]", "&gt;", "&gt; Hvor har dere nummeret mitt fra?",
        "&gt; Jeg ga det aldri.", "&gt;", "&gt; […]", "",
    ]  # fmt: skip
    assert written(case) == []


@pytest.mark.parametrize("number", ["0", "x", "9" * 30, "-1"])
def test_a_number_that_is_no_message_quotes_the_last_one(number: str) -> None:
    case = mailed()
    page = desk_client().read(f"/desk/cases/{case.reference}/?quote={number}")
    assert "nummeret mitt fra?" in field(page, "body")


def test_what_somebody_else_wrote_or_we_wrote_down_is_quoted_to_nobody() -> None:
    case = mailed()
    stranger = arrived(letter("Hemmelig", sender=STRANGER))
    correspondence.receive(case, body="Hemmelig", inquiry=stranger, at=WHEN)
    Inquiry.objects.filter(messages__in=[opening_of(case, "Hei!")]).update(channel=Channel.PHONE.value)
    page = desk_client().read(f"/desk/cases/{case.reference}/?quote={case.messages.latest('pk').pk}")
    assert "Quote in an answer" not in page
    assert field(page, "body") == ""


def opening_of(case: Case, start: str) -> Message:
    """The message that begins like this."""
    return case.messages.get(body__startswith=start)


def test_the_mail_quotes_in_text_and_as_a_quotation(tmp_path: Path, settings: Settings) -> None:
    settings.SMTP_URL, settings.SENT_FOLDER = "", tmp_path
    case, browser = mailed(), desk_client()
    first = text(post(browser, case, uuid4().hex, body="", quote=opening(case).pk, part=["2"]))
    body = field(first, "body").replace("&gt;", ">").replace("&lt;", "<")
    post(browser, case, uuid4().hex, body=f"{body}Fra kundeklubben.", send="1")
    sending.send(written(case)[0].pk)
    (file,) = tmp_path.iterdir()
    mail = message_from_bytes(file.read_bytes(), policy=default)
    plain, html = (mail.get_body((kind,)) for kind in ("plain", "html"))
    assert plain is not None
    assert html is not None
    words, marked = (part.get_content().replace("\r\n", "\n") for part in (plain, html))
    assert f"{QUOTE_NB}\n> […]\n>\n> Hilsen <b>Kari</b>\n\nFra kundeklubben." in words
    assert "Hilsen &lt;b&gt;Kari&lt;/b&gt;</p>\n</blockquote>\n<p>Fra kundeklubben.</p>" in marked
    assert '<html lang="nb">' in marked
    assert "+sak-" in mail["Reply-To"]
    assert mail["References"].split()[-1] == opening(case).message_id


def test_the_form_says_in_which_language_the_person_wrote_and_ours_is_added() -> None:
    case = mailed()
    Inquiry.objects.filter(case=case).update(language="sv")
    page = desk_client().read(f"/desk/cases/{case.reference}/")
    assert "The person wrote in: Swedish." in page
    assert "Our greeting and sign-off are added in: Norwegian (Bokmål)." in page


def test_the_last_look_shows_the_mail_whole_with_its_files() -> None:
    case, browser, key = mailed(), desk_client(), uuid4().hex
    page = text(post(browser, case, key, ("a.pdf", PDF)))
    for words in ("Hei, Kari Holm\n\nHvilken butikk?", "Vennlig hilsen\nOptimar", f"({case.reference})", ">a.pdf</a>"):
        assert words in page
    assert "{{secret" not in page
    file = Attachment.objects.get()
    assert f'<input type="hidden" name="attached" value="{file.pk}">' in page
    assert post(browser, case, key, attached=file.pk, send="1").status_code == 302
    assert written(case)[0].attachments.get() == file


def test_a_file_that_is_refused_says_why_and_text_and_good_files_stay() -> None:
    case, browser, key = mailed(), desk_client(), uuid4().hex
    response = post(browser, case, key, ("faktura.pdf", PDF), ("program.pdf", EXE), ("tom.txt", b""))
    page = text(response)
    assert response.status_code == 422
    assert "program.pdf: Files of this kind are not accepted." in page
    assert "tom.txt: " in page
    assert "Hvilken butikk?" in field(page, "body")
    assert ticked(page) == ["faktura.pdf"]
    assert written(case) == []
    again = text(post(browser, case, key, attached=Attachment.objects.get().pk))
    assert again.count(">faktura.pdf</a>") == 1


def test_a_missing_subject_loses_no_file() -> None:
    case, browser, key = mailed(), desk_client(), uuid4().hex
    page = text(post(browser, case, key, ("a.pdf", PDF), subject=""))
    assert "Write a subject." in page
    assert ticked(page) == ["a.pdf"]


def test_a_file_can_be_left_out_again() -> None:
    case, browser, key = mailed(), desk_client(), uuid4().hex
    post(browser, case, key, ("a.pdf", PDF), ("b.txt", b"tekst"))
    kept = Attachment.objects.get(name="b.txt").pk
    page = text(post(browser, case, key, change="1", attached=kept))
    assert ticked(page) == ["b.txt"]
    assert "Hvilken butikk?" in field(page, "body")
    page = text(post(browser, case, key, ("a.pdf", PDF), attached=kept))
    assert re.findall(r">(a.pdf|b.txt)</a>", page) == ["b.txt", "a.pdf"]


def test_enter_in_the_subject_looks_the_message_through_and_quotes_nothing() -> None:
    case = mailed()
    form = desk_client().read(f"/desk/cases/{case.reference}/").partition(f"/{case.reference}/message/")[2]
    first = re.search(r"<button[^>]*>[^<]*", form.partition("</form>")[0])
    assert first is not None
    assert "Look through and send" in first.group()


def test_a_file_that_ran_out_stops_the_message_and_the_text_stays() -> None:
    case, browser, key = mailed(), desk_client(), uuid4().hex
    post(browser, case, key, ("a.pdf", PDF))
    shown = str(Attachment.objects.get().pk)
    Attachment.objects.all().delete()
    response = post(browser, case, key, attached=shown, send="1")
    assert response.status_code == 409
    assert "The files are not the ones you looked at." in text(response)
    assert "Hvilken butikk?" in field(text(response), "body")
    assert written(case) == []


def test_files_are_listed_on_the_message_and_handed_out_as_files_only() -> None:
    case, browser, key = mailed(), desk_client(), uuid4().hex
    post(browser, case, key, ("Åpen <b>.pdf", PDF))
    file = Attachment.objects.get()
    post(browser, case, key, attached=str(file.pk), send="1")
    address = f"/desk/cases/{case.reference}/attachments/{file.pk}/"
    page = desk_client(Role.DPO).read(f"/desk/cases/{case.reference}/")
    assert f'<a class="ds-link" href="{address}">Åpen b.pdf (' in page
    response = browser.get(address)
    assert response.content == PDF
    assert response.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response.headers["Content-Security-Policy"]


def test_a_file_that_waits_is_shown_to_its_writer_only_and_none_on_another_case() -> None:
    case, browser = mailed(), desk_client()
    post(browser, case, uuid4().hex, ("a.pdf", PDF))
    address = f"attachments/{Attachment.objects.get().pk}/"
    other = factories.case(email="per@example.net")
    assert browser.get(f"/desk/cases/{case.reference}/{address}").status_code == 200
    assert desk_client().get(f"/desk/cases/{case.reference}/{address}").status_code == 404
    assert browser.get(f"/desk/cases/{other.reference}/{address}").status_code == 404
    assert desk_client(Role.SYSTEM_OWNER).get(f"/desk/cases/{case.reference}/{address}").status_code == 403


def test_a_form_without_its_key_keeps_no_file() -> None:
    case, browser = mailed(), desk_client()
    assert post(browser, case, "../../etc", ("a.pdf", PDF)).status_code == 422
    assert not Attachment.objects.exists()


def test_more_than_ten_files_get_a_clear_word() -> None:
    case, browser, key = mailed(), desk_client(), uuid4().hex
    files = [(f"{number}.txt", f"tekst {number}".encode()) for number in range(attachments.MOST + 1)]
    page = text(post(browser, case, key, *files))
    assert "10.txt: A message can go with at most 10 files." in page
    assert Attachment.objects.count() == attachments.MOST


def test_what_was_changed_after_a_message_went_is_not_taken_for_its_second_press() -> None:
    """Back, change, send: the browser still holds the form whose message is gone."""
    case, browser, key = mailed(), desk_client(), uuid4().hex
    post(browser, case, key, send="1")
    assert post(browser, case, key, send="1").status_code == 302
    assert len(written(case)) == 1
    refused = post(browser, case, key, body="Og en ting til.", send="1")
    assert refused.status_code == 409
    page = text(refused)
    assert "A message was sent from this form before" in page
    assert "Og en ting til." in field(page, "body")
    assert post(browser, case, field(page, "key"), body="Og en ting til.", send="1").status_code == 302
    assert [("Og en ting til." in one.body) for one in written(case)] == [False, True]


def test_a_file_that_was_added_after_a_message_went_is_not_lost_in_silence() -> None:
    case, browser, key = mailed(), desk_client(), uuid4().hex
    post(browser, case, key, send="1")
    page = text(post(browser, case, key, ("avtale.pdf", PDF)))
    number = re.findall(r'name="attached" value="(\d+)"', page)
    refused = post(browser, case, key, attached=number, send="1")
    assert refused.status_code == 409
    assert [one.attachments.count() for one in written(case)] == [0]


def test_a_quotation_is_put_in_although_a_file_that_came_along_is_refused() -> None:
    case, browser = mailed(), desk_client()
    response = post(browser, case, uuid4().hex, ("virus.exe", EXE), body="", quote=opening(case).pk)
    page = text(response)
    assert response.status_code == 422
    assert "nummeret mitt fra?" in field(page, "body")
    assert "virus.exe" in page
    assert "Write a message." not in page


def test_an_empty_file_is_called_empty() -> None:
    case = mailed()
    page = text(post(desk_client(), case, uuid4().hex, ("tom.pdf", b"")))
    assert "tom.pdf: The file is empty." in page
    assert ticked(page) == []


def test_whoever_goes_back_to_the_form_lands_at_it_and_not_at_the_top_of_the_case() -> None:
    case, browser = mailed(), desk_client()
    there = f'formaction="/desk/cases/{case.reference}/message/#write"'
    assert re.search(rf'name="quote"[^>]* {there}', browser.read(f"/desk/cases/{case.reference}/"))
    assert re.search(rf'name="change"[^>]* {there}', text(post(browser, case, uuid4().hex)))
