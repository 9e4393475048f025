"""A mail on paper: the words that were sent, fit for an envelope and for the archive."""

from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from exports.services import pdf, post
from requests_app.domain.enums import Intent, Role
from requests_app.models import AuditEntry, Case, Message
from requests_app.services import acknowledgements, correspondence
from tests import factories
from tests.desk_client import desk_client
from tests.pdf.verapdf import validate

pytestmark = pytest.mark.django_db


@pytest.fixture
def case() -> Case:
    case = factories.case()
    Case.objects.filter(pk=case.pk).update(person_address="Øvre Slottsgate 14 B\n0157 Oslo")
    case.refresh_from_db()
    return case


@pytest.fixture
def mail(case: Case) -> Message:
    return acknowledgements.acknowledge_anyway(case.pk, actor=factories.staff().as_actor())


def words(content: bytes) -> str:
    pages = PdfReader(BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text().replace("\u200b", "").split()) for page in pages)


def test_it_says_what_was_sent_below_an_address_and_meets_both_standards(
    case: Case, mail: Message, tmp_path: Path
) -> None:
    path = tmp_path / "mail.pdf"
    path.write_bytes(post.printed(mail, actor=factories.staff().as_actor()))
    assert validate(path, ("ua1", "3a")) == []
    found = words(path.read_bytes())
    for expected in (mail.subject, "Øvre Slottsgate 14 B", "0157 Oslo", case.person_name, case.reference):
        assert expected in found
    sent = [line for line in mail.body.splitlines() if line.strip() and "{{secret" not in line]
    assert sent
    assert [line for line in sent if " ".join(line.split()) not in found] == []


def test_the_personal_link_is_not_on_paper(mail: Message) -> None:
    found = words(post.printed(mail, actor=factories.staff().as_actor()))
    assert "{{secret" not in found
    assert "/s/" not in found


def test_a_later_text_does_not_change_an_earlier_letter(case: Case, mail: Message) -> None:
    Message.objects.filter(pk=mail.pk).update(body="Slik lød brevet den gangen.")
    assert "Slik lød brevet den gangen." in words(
        post.printed(post.mails(case.reference).get(pk=mail.pk), actor=factories.staff().as_actor())
    )


def test_the_timeline_offers_it_and_remembers_who_fetched_it(case: Case, mail: Message) -> None:
    browser, url = desk_client(), f"/desk/cases/{case.reference}/messages/{mail.pk}/post/"
    assert f'href="{url}"' in browser.read(f"/desk/cases/{case.reference}/")
    response = browser.get(url)
    assert (response.status_code, response.headers["Content-Type"]) == (200, "application/pdf")
    entry = AuditEntry.objects.get(action="message.printed")
    assert (entry.actor, entry.details) == (browser.user.as_actor().label, {"message": mail.pk})
    assert "Fetched a message as PDF, to post it" in browser.read(f"/desk/cases/{case.reference}/")


def test_only_mails_to_the_person_of_that_case_are_printed(case: Case, mail: Message) -> None:
    other, browser = factories.case(), desk_client()
    code = correspondence.queue(
        case, Intent.ONE_TIME_CODE, "identity/mail/one_time_code", {"minutes": 10},
        key="code", secrets={"code": correspondence.status_link_secret(case)},
    )  # fmt: skip
    heard = correspondence.receive(case, body="Hei", at=case.received_at)
    for reference, pk in ((other.reference, mail.pk), (case.reference, code.pk), (case.reference, heard.pk)):
        assert browser.get(f"/desk/cases/{reference}/messages/{pk}/post/").status_code == 404
    refused = desk_client(Role.SYSTEM_OWNER).get(f"/desk/cases/{case.reference}/messages/{mail.pk}/post/")
    assert refused.status_code == 403


def test_a_pdf_that_cannot_be_drawn_is_told_on_the_case(
    case: Case, mail: Message, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_args: object) -> bytes:
        raise pdf.PdfError(pdf.PdfReason.TOO_SLOW)

    monkeypatch.setattr(pdf, "draw", fails)
    browser = desk_client()
    response = browser.get(f"/desk/cases/{case.reference}/messages/{mail.pk}/post/", follow=True)
    assert "The PDF could not be drawn. Try again." in response.content.decode()
    assert not AuditEntry.objects.filter(action="message.printed").exists()
