"""Staff see no national identity number anywhere, and no file that looks like an identity document unless they ask."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from pytest_django import Settings
from time_machine import travel

from config import wiring
from requests_app.domain.enums import Right, Role
from requests_app.models import AuditEntry, Case, HeldFile, Inquiry, Message
from requests_app.services import notes, triage, unasked
from tests import factories
from tests.desk_client import DeskClient, desk_client, text
from tests.requests_app.services.post import arrived, letter

from .test_documents import PICTURE, mail_with

pytestmark = pytest.mark.django_db

ARRIVED = datetime(2026, 11, 26, 9, tzinfo=UTC)
NUMBERS = ("01819010001", "410190 10110", "010190-10046")  # made up: a test register's, a D-number, with a hyphen
SAID = " og ".join(NUMBERS)


@pytest.fixture(autouse=True)
def _organisation() -> None:
    factories.organisation()


@pytest.fixture(autouse=True)
def _with_every_panel(settings: Settings) -> None:
    settings.CASE_PANELS, settings.CASE_FOOT_PANELS = wiring.CASE_PANELS, wiring.CASE_FOOT_PANELS
    settings.CASE_SIDE_PANELS = wiring.CASE_SIDE_PANELS


@pytest.fixture
def browser() -> DeskClient:
    """A handler's."""
    return desk_client()


def html_mail() -> bytes:
    """A mail that says the numbers in its subject, its sender's name, both of its texts and the name of a file."""
    plain = f"Hei, jeg er {SAID}. Dere må slette alle opplysningene om meg."
    parts = (
        f"Content-Type: text/plain; charset=utf-8\r\n\r\n{plain}",
        f"Content-Type: text/html; charset=utf-8\r\n\r\n<p>{plain}</p>",
    )
    both = "".join(f"--alt\r\n{part}\r\n" for part in parts) + "--alt--"
    file = f'Content-Type: text/csv\r\nContent-Disposition: attachment; filename="{NUMBERS[0]}.csv"\r\n\r\na;b'
    body = f"--cut\r\nContent-Type: multipart/alternative; boundary=alt\r\n\r\n{both}\r\n--cut\r\n{file}\r\n--cut--"
    return letter(
        body, subject=f"Slett {NUMBERS[0]}", sender=f'"Kari {NUMBERS[0]}" <kari.holm@example.com>',
        Content_Type="multipart/mixed; boundary=cut",
    )  # fmt: skip


def shows(page: str) -> list[str]:
    """The numbers that a page shows, with what stands before them."""
    return [
        page[max(0, at.start() - 60) : at.end()] for number in NUMBERS for at in re.finditer(re.escape(number), page)
    ]


def whole_case(browser: DeskClient) -> tuple[Inquiry, Case]:
    """A case whose person, message, note, scope and answer hold numbers."""
    with travel(ARRIVED, tick=False):
        inquiry = arrived(html_mail(), at=ARRIVED)
        case = triage.sort_as_request(inquiry.pk, [Right.ERASURE, Right.ACCESS], actor=browser.user.as_actor())
        case.dsrs.update(scope=f"Alt om {SAID}")
        notes.add_note(case.pk, f"Ringte: {SAID}", actor=browser.user.as_actor(), user=browser.user, version=None)
    case.refresh_from_db()
    assert shows(Message.objects.get(case=case, direction="in").body) != []  # kept as they came
    return inquiry, case


def test_no_page_of_an_inquiry_or_its_case_shows_a_number(browser: DeskClient) -> None:
    unsorted = arrived(html_mail().replace(b"alle opplysningene", b"alt"), at=ARRIVED)
    inquiry, case = whole_case(browser)
    message = case.messages.get(inquiry=inquiry)
    found = browser.post("/desk/search/", {"q": "kari.holm"}, follow=True)
    pages = {
        url: browser.read(url)
        for url in (
            "/desk/", "/desk/inbox/", "/desk/inbox/?view=request", f"/desk/inbox/{inquiry.pk}/",
            f"/desk/inbox/{unsorted.pk}/", f"/desk/cases/{case.reference}/",
            f"/desk/cases/{case.reference}/?show=messages",
            f"/desk/cases/{case.reference}/?show=notes", f"/desk/cases/{case.reference}/?quote={message.pk}",
        )
    }  # fmt: skip
    pages["search"] = text(found)
    pages["check"] = text(browser.post(f"/desk/inbox/{unsorted.pk}/documents/", {"what": "0"}))
    pages["attach"] = text(browser.post(f"/desk/inbox/{unsorted.pk}/attach/", {"case": case.reference}))
    pages["refused"] = text(browser.post(f"/desk/inbox/{unsorted.pk}/sort/", {"verdict": "request", "language": "nb"}))
    assert [(url, one) for url, page in pages.items() for one in shows(page)] == []
    assert "***********" in pages[f"/desk/inbox/{inquiry.pk}/"]
    assert "******-*****" in pages[f"/desk/cases/{case.reference}/"]
    assert "******-*****" in pages[f"/desk/cases/{case.reference}/?quote={message.pk}"]


def test_the_sentences_that_speak_for_a_request_are_still_marked(browser: DeskClient) -> None:
    page = browser.read(f"/desk/inbox/{arrived(html_mail(), at=ARRIVED).pk}/")
    assert re.search(r'<mark class="speaks"[^>]*>[^<]*slette alle opplysningene om meg\.', page)


def test_a_number_cut_up_by_its_formatting_is_not_shown_with_it(browser: DeskClient) -> None:
    body = "<p>Jeg er 010190<b>10046</b></p>"
    row = arrived(letter(body, Content_Type="text/html; charset=utf-8"), at=ARRIVED)
    page = browser.read(f"/desk/inbox/{row.pk}/")
    assert "10046" not in page


def test_the_mail_is_saved_without_the_numbers_and_is_kept_with_them(browser: DeskClient) -> None:
    row = arrived(html_mail(), at=ARRIVED)
    saved = browser.get(f"/desk/inbox/{row.pk}/raw/").content.decode()
    assert shows(saved.replace(f"{NUMBERS[0]}.csv", "").replace(f"Kari {NUMBERS[0]}", "")) == []
    assert shows(bytes(Inquiry.objects.get(pk=row.pk).raw).decode()) != []
    assert not Inquiry.objects.get(pk=row.pk).excisions.exists()


def test_a_hidden_file_is_said_and_left_out_of_what_is_saved(browser: DeskClient) -> None:
    row = mail_with("pass.jpg", "messe.jpg")
    page = browser.read(f"/desk/inbox/{row.pk}/")
    assert "looks like an identity document. It is hidden." in page
    assert "it is removed from our copy on" in page
    saved = browser.get(f"/desk/inbox/{row.pk}/raw/").content.decode()
    assert "A file is hidden here" in saved
    assert saved.count(PICTURE) == 1
    assert bytes(Inquiry.objects.get(pk=row.pk).raw).decode().count(PICTURE) == 2


def test_who_wants_all_of_it_presses_and_is_written_down(browser: DeskClient) -> None:
    row = mail_with("pass.jpg")
    url = f"/desk/inbox/{row.pk}/raw/whole/"
    assert browser.get(url).status_code == 405
    assert not AuditEntry.objects.filter(action="inquiry.original_opened").exists()
    saved = browser.post(url)
    assert saved.content == bytes(Inquiry.objects.get(pk=row.pk).raw)
    assert saved.headers["Content-Disposition"].startswith("attachment")
    told = AuditEntry.objects.get(action="inquiry.original_opened")
    assert (told.subject, told.actor) == (f"inquiry:{row.pk}", browser.user.as_actor().label)


def test_it_is_none_at_one_press(browser: DeskClient) -> None:
    row = mail_with("pass.jpg")
    page = text(browser.post(f"/desk/inbox/{row.pk}/documents/free/", {"place": "0"}, follow=True))
    assert "the file is no identity document, and stays" in page
    assert "It is hidden" not in page
    assert PICTURE in browser.get(f"/desk/inbox/{row.pk}/raw/").content.decode()


@pytest.mark.parametrize("place", ["", "-1", "x", "7", "\u0661", "99999999", "\0"])
def test_what_is_not_hidden_cannot_be_freed(place: str, browser: DeskClient) -> None:
    row = mail_with("pass.jpg")
    page = text(browser.post(f"/desk/inbox/{row.pk}/documents/free/", {"place": place}, follow=True))
    assert "This file is not hidden, or it is deleted already." in page
    assert HeldFile.objects.get().freed_at is None


@pytest.mark.parametrize("role", [Role.APPROVER, Role.DPO, Role.AUDITOR, Role.ADMINISTRATOR])
def test_who_sorts_no_mail_frees_and_opens_nothing(role: Role) -> None:
    row, browser = mail_with("pass.jpg"), desk_client(role)
    assert browser.post(f"/desk/inbox/{row.pk}/documents/free/", {"place": "0"}).status_code == 403
    assert browser.post(f"/desk/inbox/{row.pk}/raw/whole/").status_code == 403


def test_what_went_by_itself_is_said_and_what_could_not_stands_in_the_inbox(browser: DeskClient) -> None:
    gone, stuck = mail_with("pass.jpg"), mail_with("førerkort.jpg")
    HeldFile.objects.filter(inquiry=stuck).update(position=1)
    HeldFile.objects.update(delete_at=ARRIVED)
    unasked.sweep()
    assert "Received unasked and removed from our copy on" in browser.read(f"/desk/inbox/{gone.pk}/")
    listed = browser.read("/desk/inbox/")
    assert "could not be removed by itself" in listed
    assert f"/desk/inbox/{stuck.pk}/#documents" in listed
    assert HeldFile.objects.failed().get().inquiry_id == stuck.pk
    assert HeldFile.objects.failed().get().tried_at is not None
    assert HeldFile.objects.get(inquiry=gone).deleted_at is not None
    assert timedelta(hours=23) == unasked.KEPT
