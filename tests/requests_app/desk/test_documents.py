"""Identity documents that nobody had asked for: pointed out, removed at a press, owed until the original is gone."""

import base64
from datetime import UTC, datetime

import pytest
from time_machine import travel

from requests_app.domain.enums import Right, Role
from requests_app.models import Inquiry, Sighting
from requests_app.services import triage
from tests import factories
from tests.desk_client import desk_client
from tests.requests_app.services.post import arrived, letter

pytestmark = pytest.mark.django_db

ARRIVED = datetime(2026, 11, 26, 9, tzinfo=UTC)
NUMBER = "01019010399"  # invented; its check digits are right
PICTURE = base64.b64encode(b"PASSPORT-PICTURE" * 40).decode()
HINT = "A file looks like an identity document"


@pytest.fixture(autouse=True)
def _organisation() -> None:
    factories.organisation()


def pressed(what: str) -> dict[str, str]:
    """The form of a button whose question was answered with yes."""
    return {"what": what, "confirmed": "1"}


def mail_with(*names: str, text: str = "Hva vet dere om meg?") -> Inquiry:
    """A mail with pictures of these names, seen in a mailbox."""
    parts = [f"Content-Type: text/plain; charset=utf-8\r\n\r\n{text}"]
    for name in names:
        head = f'Content-Type: image/jpeg\r\nContent-Disposition: attachment; filename="{name}"'
        parts.append(f"{head}\r\nContent-Transfer-Encoding: base64\r\n\r\n{PICTURE}")
    body = "".join(f"--cut\r\n{part}\r\n" for part in parts) + "--cut--"
    inquiry = arrived(letter(body, Content_Type="multipart/mixed; boundary=cut"), at=ARRIVED)
    Sighting.objects.create(
        inquiry=inquiry, mailbox="imaps://mail.optimar.example", folder="INBOX", uid=str(inquiry.pk)
    )
    return inquiry


def test_what_looks_like_one_is_pointed_out_and_other_files_are_only_offered() -> None:
    browser = desk_client()
    page = browser.read(f"/desk/inbox/{mail_with('pass.jpg', 'messe.jpg').pk}/")
    assert "looks like an identity document. It is hidden." in page
    assert "Remove pass.jpg" in page
    quiet = browser.read(f"/desk/inbox/{mail_with('messe.jpg').pk}/")
    assert HINT not in quiet
    assert "Is a file one? Remove it" in quiet
    assert "Identity documents nobody asked for" not in quiet
    assert "documents-heading" not in browser.read(f"/desk/inbox/{arrived(letter()).pk}/")


def test_a_press_removes_it_and_the_page_says_what_is_left_to_do() -> None:
    inquiry, browser = mail_with("pass.jpg"), desk_client(name="Nora Vik")
    told = browser.post(f"/desk/inbox/{inquiry.pk}/documents/", pressed("0"), follow=True).content.decode()
    inquiry.refresh_from_db()
    assert PICTURE[:60] not in bytes(inquiry.raw).decode()
    assert "pass.jpg" not in told
    assert "by Nora Vik" in told
    assert "The mail itself still lies where it arrived" in told
    assert "mail.optimar.example" in told
    assert "Save it without what was removed" in told
    assert HINT not in told


@pytest.mark.parametrize(
    ("what", "named"),
    [("0", ["pass.jpg"]), ("numbers", ["an identity number"]), ("all_but_text", ["pass.jpg", "a.jpg"])],
)
def test_nothing_is_removed_before_somebody_has_read_what_will_be(what: str, named: list[str]) -> None:
    inquiry, browser = mail_with("pass.jpg", "a.jpg", text=f"Jeg er {NUMBER}."), desk_client()
    asked = browser.post(f"/desk/inbox/{inquiry.pk}/documents/", {"what": what}).content.decode()
    assert "Remove this for good?" in asked
    assert [one for one in ("pass.jpg", "a.jpg", "an identity number") if f"<li>{one}</li>" in asked] == named
    assert not inquiry.excisions.exists()
    browser.post(f"/desk/inbox/{inquiry.pk}/documents/", pressed(what))
    assert inquiry.excisions.exists()


def test_the_original_stands_in_the_inbox_until_somebody_deleted_it() -> None:
    inquiry, browser = mail_with("pass.jpg"), desk_client()
    browser.post(f"/desk/inbox/{inquiry.pk}/documents/", pressed("0"))
    listed = "still lies in the mailbox. Delete it there:"
    assert listed in browser.read("/desk/inbox/?view=spam")
    told = browser.post(f"/desk/inbox/{inquiry.pk}/original/", follow=True).content.decode()
    assert "Deleted in the mailbox on" in told
    assert listed not in browser.read("/desk/inbox/")


def test_many_originals_are_folded_and_leave_the_mail_of_the_day_in_sight() -> None:
    browser = desk_client()
    for number in range(4):
        assert "Show them" not in browser.read("/desk/inbox/")
        inquiry = mail_with(f"pass{number}.jpg", text=f"Brev {number}")
        browser.post(f"/desk/inbox/{inquiry.pk}/documents/", pressed("0"))
    page = browser.read("/desk/inbox/")
    assert page.count("#documents") == 4
    assert "Show them" in page


def test_a_number_in_the_text_is_pointed_out_and_masked() -> None:
    inquiry, browser = arrived(letter(f"Slett meg. Jeg er {NUMBER}."), at=ARRIVED), desk_client()
    assert "The text holds a national identity number" in browser.read(f"/desk/inbox/{inquiry.pk}/")
    told = browser.post(f"/desk/inbox/{inquiry.pk}/documents/", pressed("numbers"), follow=True).content.decode()
    assert NUMBER not in told
    assert "Jeg er ***********." in told


def with_table(rows: str = f"Navn;Nummer\nKari;{NUMBER}\n", *, first: str = "") -> Inquiry:
    """A mail with a table, and before it, if wanted, a picture of that name."""
    parts = ["Content-Type: text/plain; charset=utf-8\r\n\r\nHva vet dere om meg? Se vedlegget."]
    if first:
        head = f'Content-Type: image/jpeg\r\nContent-Disposition: attachment; filename="{first}"'
        parts.append(f"{head}\r\nContent-Transfer-Encoding: base64\r\n\r\n{PICTURE}")
    parts.append(f'Content-Type: text/csv\r\nContent-Disposition: attachment; filename="kunder.csv"\r\n\r\n{rows}')
    body = "".join(f"--cut\r\n{part}\r\n" for part in parts) + "--cut--"
    return arrived(letter(body, Content_Type="multipart/mixed; boundary=cut"), at=ARRIVED)


def test_a_number_in_an_attached_table_is_pointed_out_left_out_of_the_copy_and_removed_at_a_press() -> None:
    inquiry, browser = with_table(), desk_client()
    url = f"/desk/inbox/{inquiry.pk}/"
    page = browser.read(url)
    assert "holds a national identity number" in page
    assert "An attached file holds national identity numbers that nobody asked for." in page
    assert "Remove the identity number" in page
    assert NUMBER not in page + browser.get(f"{url}raw/").content.decode()
    assert not inquiry.held_files.exists()  # a table is no identity document: nothing of it goes by itself
    told = browser.post(f"{url}documents/", pressed("numbers"), follow=True).content.decode()
    assert "kunder.csv" in told
    assert "holds a national identity number" not in told
    inquiry.refresh_from_db()
    assert NUMBER not in bytes(inquiry.raw).decode()
    assert [(one["name"], one["numbers"]) for one in inquiry.attachments] == [("kunder.csv", 0)]


def test_numbers_that_are_taken_out_leave_the_other_files_in_their_places() -> None:
    inquiry, browser = with_table(first="pass.jpg"), desk_client()
    url = f"/desk/inbox/{inquiry.pk}/documents/"
    for what in ("numbers", "0"):
        browser.post(url, pressed(what))
    inquiry.refresh_from_db()
    assert [one["name"] for one in inquiry.attachments] == ["removed.txt", "kunder.csv"]
    assert inquiry.held_files.get().deleted_at is not None
    for other in (PICTURE, NUMBER):
        assert other not in bytes(inquiry.raw).decode()


def test_a_table_without_such_numbers_is_nothing_to_point_out() -> None:
    inquiry = with_table("Ordre;Konto\n12345678901;1")
    page = desk_client().read(f"/desk/inbox/{inquiry.pk}/")
    assert "national identity number" not in page
    assert "Is a file one? Remove it" in page


def test_an_inquiry_that_was_read_before_numbers_in_files_were_counted_is_shown() -> None:
    inquiry = with_table()
    Inquiry.objects.filter(pk=inquiry.pk).update(attachments=[{"name": "a.csv", "content_type": "text/csv", "size": 4}])
    assert "a.csv" in desk_client().read(f"/desk/inbox/{inquiry.pk}/")


def test_the_message_of_a_case_leads_there_and_tells_that_the_original_is_owed() -> None:
    inquiry, browser = mail_with("pass.jpg", text=f"Jeg er {NUMBER}."), desk_client()
    with travel(ARRIVED, tick=False):
        case = triage.sort_as_request(inquiry.pk, [Right.ACCESS], actor=browser.user.as_actor())
    url = f"/desk/cases/{case.reference}/"
    assert f"/desk/inbox/{inquiry.pk}/#documents" in browser.read(url)
    assert "Remove the identity document nobody asked for" in browser.read(url)
    for what in ("numbers", "0"):
        browser.post(f"/desk/inbox/{inquiry.pk}/documents/", pressed(what))
    page = browser.read(url)
    assert NUMBER not in page
    assert "#documents" not in page
    assert "This mail still lies in our mailbox with what was removed here." in page
    assert "Identity document received unasked, removed from a message" in page
    browser.post(f"/desk/inbox/{inquiry.pk}/original/")
    assert "still lies in our mailbox" not in browser.read(url)


@pytest.mark.parametrize("what", ["", "-1", "x", "\u0661", "99999", "99", "\0"])
def test_what_cannot_be_removed_changes_nothing_and_says_so(what: str) -> None:
    inquiry, browser = mail_with("pass.jpg"), desk_client()
    before = bytes(inquiry.raw)
    told = browser.post(f"/desk/inbox/{inquiry.pk}/documents/", pressed(what), follow=True).content.decode()
    assert 'data-color="danger"' in told
    assert bytes(Inquiry.objects.get(pk=inquiry.pk).raw) == before


@pytest.mark.parametrize("role", [Role.APPROVER, Role.DPO, Role.AUDITOR, Role.ADMINISTRATOR])
def test_who_sorts_no_mail_removes_nothing(role: Role) -> None:
    inquiry = mail_with("pass.jpg")
    browser = desk_client(role)
    assert browser.post(f"/desk/inbox/{inquiry.pk}/documents/", pressed("0")).status_code == 403
    assert browser.post(f"/desk/inbox/{inquiry.pk}/original/").status_code == 403
    assert not inquiry.excisions.exists()
