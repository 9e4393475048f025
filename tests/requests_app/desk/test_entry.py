"""A call, a letter, a visit: written down once, dated on its own day, with the scan inside."""

import email
import re
from datetime import UTC, datetime
from uuid import uuid4

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from requests_app.domain.enums import Role
from requests_app.models import AuditEntry, Case, Inquiry
from tests import factories
from tests.desk_client import DeskClient, desk_client, text

URL = "/desk/inbox/new/"
NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
PDF = b"%PDF-1.7\nhei\nstartxref\n9\n%%EOF"


@pytest.fixture(autouse=True)
def _now(db: None) -> object:
    factories.organisation()
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def browser() -> DeskClient:
    """Somebody who sorts."""
    return desk_client(Role.INTAKE, name="Siv Mottak")


def given(**changes: object) -> dict[str, object]:
    """What one writes down after a call."""
    return {
        "channel": "phone", "received_on": "2026-11-24", "received_time": "14:30", "name": "Kari Holm", "email": "",
        "phone": "+47 900 00 000", "address": "", "unreachable": "", "requester": "self", "rights": ["access"],
        "text": "Hun vil vite hva vi har om henne.", "language": "nb", "taken_by": "Nina Sentralbord",
        "key": str(uuid4()),
    } | changes  # fmt: skip


def test_a_call_becomes_a_case_dated_on_the_call(browser: DeskClient) -> None:
    response = browser.post(URL, given(rights=["access", "erasure"], address="Kaia 2\n6000 Ålesund"))
    case = Case.objects.get()
    assert response.headers["Location"] == f"/desk/cases/{case.reference}/"
    assert (case.channel, case.received_at) == ("phone", datetime(2026, 11, 24, 13, 30, tzinfo=UTC))
    assert {dsr.right: dsr.received_at for dsr in case.dsrs.all()} == dict.fromkeys(
        ("access", "erasure"), case.received_at
    )
    assert (case.person_name, case.person_phone, case.person_address) == (
        "Kari Holm", "+47 900 00 000", "Kaia 2\n6000 Ålesund",
    )  # fmt: skip
    page = browser.read(f"/desk/cases/{case.reference}/")
    for words in ("Hun vil vite", "Taken down by Nina Sentralbord.", "6000 Ålesund", "Phone"):
        assert words in page
    entry = AuditEntry.objects.get(action="case.entered")
    assert entry.details == {"channel": "phone", "evidence": False}
    assert not case.messages.filter(direction="out").exists()


def test_not_sure_is_a_request_without_a_right(browser: DeskClient) -> None:
    browser.post(URL, given(rights=["not_sure"]))
    assert Case.objects.get().dsrs.get().right == ""


def test_a_letter_keeps_its_scan_in_the_inquiry_as_it_came(browser: DeskClient) -> None:
    scan = SimpleUploadedFile("../brev: fra Kari.exe", PDF)
    browser.post(URL, given(channel="letter", received_time="", evidence=scan))
    row = Inquiry.objects.get()
    assert row.received_at == datetime(2026, 11, 23, 23, tzinfo=UTC)
    assert row.attachments == [
        {"name": "brev fra Kari.pdf", "content_type": "application/pdf", "size": len(PDF), "declared": "", "numbers": 0}
    ]
    response = browser.get(f"/desk/inbox/{row.pk}/raw/")
    assert response.headers["Content-Type"] == "message/rfc822"
    parts = [part for part in email.message_from_bytes(response.content).walk() if not part.is_multipart()]
    assert [part.get_content_type() for part in parts] == ["text/plain", "application/json", "application/pdf"]
    assert parts[2].get_payload(decode=True) == PDF
    page = browser.read(f"/desk/inbox/{row.pk}/")
    assert "brev fra Kari.pdf" in page
    assert "inside the mail" not in page
    alone = browser.get(f"/desk/inbox/{row.pk}/evidence/")
    assert (alone.content, alone.headers["Content-Type"]) == (PDF, "application/pdf")
    assert alone.headers["Content-Disposition"] == f'attachment; filename="evidence-{row.pk}.pdf"'
    assert desk_client(Role.ADMINISTRATOR).get(f"/desk/inbox/{row.pk}/evidence/").status_code == 403


def test_without_a_file_there_is_none_to_save(browser: DeskClient) -> None:
    browser.post(URL, given())
    mail = factories.inquiry(attachments=[{"name": "a.pdf", "content_type": "application/pdf", "size": 3}])
    for row in (Inquiry.objects.exclude(pk=mail.pk).get(), mail):
        assert browser.get(f"/desk/inbox/{row.pk}/evidence/").status_code == 404


def test_two_clicks_make_one_case_even_when_the_words_changed(browser: DeskClient) -> None:
    first = given()
    where = {browser.post(URL, first | {"text": words}).headers["Location"] for words in ("Én", "Én", "To")}
    assert len(where) == 1
    assert Case.objects.count() == Inquiry.objects.count() == 1
    browser.post(URL, first | {"key": str(uuid4())})
    assert Case.objects.count() == 2


@pytest.mark.parametrize(
    "change, says",
    [
        ({"received_on": "2026-11-27"}, "lies in the future"),
        ({"received_time": "13:59"}, ""),
        ({"received_on": "2026-11-26", "received_time": "13:30"}, "lies in the future"),
        ({"received_on": "2024-11-24"}, "more than a year ago"),
        ({"received_on": "i går"}, "Write the day like this"),
        ({"received_time": "25:00"}, "Write the time like this"),
        ({"phone": ""}, "at least one way to reach the person"),
        ({"phone": "", "unreachable": "Ville ikke si hvem hun var"}, ""),
        ({"email": "ingen"}, "in full"),
        ({"rights": []}, "Choose at least one right"),
        ({"rights": ["cake"]}, "There is no such right."),
        ({"text": " "}, "Write what was said."),
        ({"channel": "mail"}, "There is no such channel."),
        ({"taken_by": ""}, "Write who took"),
        ({"name": "a\0b"}, "Null characters"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_lost(browser: DeskClient, change: dict[str, object], says: str) -> None:
    response = browser.post(URL, given(**change))
    if not says:
        assert response.status_code == 302
        return
    assert response.status_code == 422
    page = text(response)
    assert says in page
    assert "<title>Error: " in page
    assert not Case.objects.exists()
    assert not Inquiry.objects.exists()


@pytest.mark.parametrize(
    "content, says", [(b"MZ\x00\x01program", "evidence"), (b"", "empty"), (b"%PDF-" + b"x" * 10_485_760, "10 MB")]
)
def test_a_file_that_is_not_taken_is_refused(browser: DeskClient, content: bytes, says: str) -> None:
    response = browser.post(URL, given(evidence=SimpleUploadedFile("a.pdf", content)))
    assert response.status_code == 422
    assert says in text(response)
    assert not Inquiry.objects.exists()


def test_with_an_address_the_person_gets_the_acknowledgement(browser: DeskClient) -> None:
    from requests_app.services import acknowledgements

    browser.post(URL, given(email="kari.holm@example.com"))
    case = Case.objects.get()
    acknowledgements.acknowledge(case.pk)
    assert case.messages.get(direction="out").to_address == "kari.holm@example.com"


def test_the_form_begins_with_this_moment_and_whoever_is_logged_in(browser: DeskClient) -> None:
    page = browser.read(URL)
    assert 'value="2026-11-26"' in page
    assert 'value="13:00"' in page
    assert 'value="Siv Mottak"' in page
    assert re.search(r'name="key" value="[0-9a-f-]{36}"', page)


def test_inbox_and_queue_lead_there_for_those_who_sort() -> None:
    for path in ("/desk/", "/desk/inbox/"):
        assert f'href="{URL}"' in desk_client(Role.HANDLER).read(path)
    assert URL not in desk_client(Role.APPROVER).read("/desk/")
    assert desk_client(Role.APPROVER).get(URL).status_code == 403
    assert desk_client(Role.APPROVER).post(URL, given()).status_code == 403
