"""Access, from one raw mail to the opened PDF: real processes, a real browser, nothing replaced."""

import re
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from tests.faults import house
from tests.flows.people import Mailbox, Staff, eventually, inquiries, link_in, pages_shown, read, stamped, text_of
from tests.pdf.verapdf import validate
from tests.services.installation import Installation

HERE = Path(__file__).parent
REGISTER = HERE.parent / "data" / "register-story.yaml"
INGRID = "ingrid.solvang@example.com"


@pytest.mark.browser
def test_ingrid_asks_by_mail_and_opens_her_pdf(installation: Installation, chromium: Browser, tmp_path: Path) -> None:
    house.lay_website(installation)
    installation.manage("load_register", str(REGISTER), "--force")
    installation.start_all()
    mailbox = Mailbox(installation)

    # Ingrid writes an ordinary mail to the general mailbox.
    mailbox.drop("ingrid.eml", stamped((HERE / "ingrid.eml").read_bytes()))
    arrived = eventually(lambda: inquiries(installation), "the mail")
    assert [one["verdict"] for one in arrived] == ["unsorted"]

    # Hanne sorts it with one click: the rule has understood what it is about.
    hanne = Staff(installation, chromium, "Hanne Dahl", "intake", "handler")
    hanne.go("/desk/inbox/")
    hanne.wait_for("Hva har dere lagret om meg?")
    hanne.page.get_by_role("link", name="Hva har dere lagret om meg?").first.click()
    expect(hanne.page.get_by_label("Access", exact=True)).to_be_checked()
    hanne.press("Request")
    reference = eventually(lambda: inquiries(installation)[0]["case"], "the case")

    # Ingrid gets a receipt with both the date and a link; the first look at the link does nothing.
    receipt = mailbox.mail(INGRID, "Vi har mottatt henvendelsen din")
    assert receipt["Auto-Submitted"] == "auto-replied"
    assert receipt["In-Reply-To"] == "<20260105.solvang@mail.example.com>"
    assert reference in text_of(receipt)
    ingrid = chromium.new_context(base_url=installation.url, locale="nb-NO", accept_downloads=True).new_page()
    open_case(ingrid, link_in(receipt))
    expect(ingrid.get_by_text(reference).first).to_be_visible()

    # Hanne asks something; Ingrid answers by replying to the mail.
    hanne.go(f"/desk/cases/{reference}/")
    hanne.page.get_by_label("Subject").fill("Et spørsmål")
    hanne.page.get_by_label("Message", exact=True).fill("Gjelder det også bestillinger fra 2019?")
    hanne.press("Look through and send")
    hanne.press(f"Send to {INGRID}")
    question = mailbox.mail(INGRID, "Et spørsmål")
    mailbox.drop("reply.eml", reply_to(question, "Ja, gjerne alt sammen."))
    hanne.wait_for("Ja, gjerne alt sammen.")

    # The website answers by itself; in the mailbox Hanne looks herself.
    hanne.wait_for("1 of 2")
    hanne.page.locator("#tasks").get_by_role("link", name=re.compile("mailbox", re.IGNORECASE)).click()
    hanne.page.locator("textarea[name=note]").fill("Søkte på navn og adresse.")
    hanne.press("Nothing found")
    hanne.go(f"/desk/cases/{reference}/")
    hanne.sees("2 of 2")

    # She drafts the answer. It would print something nobody has filled in, so it cannot go.
    hanne.press("Draft the answer")
    hanne.page.get_by_label("Fulfilled", exact=True).check()
    hanne.press("Save the outcome")
    hanne.wait_for("Go to the register")

    # Astrid, who decides, fills it in, in both languages.
    astrid = Staff(installation, chromium, "Astrid Moe", "approver", "decision_maker")
    astrid.go("/desk/register/")
    astrid.page.locator("a[href*='activities.PA03.retention']").first.click()
    fill_register(astrid)

    # The package is put together again by itself, and Hanne hands it over; she cannot release it.
    hanne.wait_for("The package")
    eventually(lambda: submitted(hanne, installation, reference), "the hand-over for approval")
    hanne.page.reload()
    assert hanne.page.get_by_role("button", name="Release the answer").count() == 0

    # Astrid looks at it and releases it.
    astrid.go(f"/desk/cases/{reference}/")
    astrid.press("Release the answer")
    notice = mailbox.mail(INGRID, "Svaret ditt")
    assert not re.search("innsyn|access|retting|slett", str(notice["Subject"]), re.IGNORECASE)

    # Ingrid fetches her answer with a code that was sent to the address on file.
    open_case(ingrid, link_in(notice))
    with ingrid.expect_navigation():
        ingrid.get_by_role("button", name="Send meg en kode").click()
    code = re.search(r"\b\d{8}\b", text_of(mailbox.mail(INGRID, "kode")))
    assert code
    ingrid.locator("input[name=code]").fill(code.group(0))
    with ingrid.expect_navigation():
        ingrid.locator("form:has(input[name=code]) button[type=submit]").click()
    with ingrid.expect_download() as download:
        ingrid.locator("a[href*='/s/answer/']").filter(has_text=re.compile("pdf", re.IGNORECASE)).first.click()
    pdf = tmp_path / "answer.pdf"
    download.value.save_as(pdf)

    assert pages_shown(chromium, pdf) == len(PdfReader(pdf).pages) > 1
    words = read(pdf)
    for expected in ("Ingrid Solvang", reference, INGRID, "Datatilsynet", "24 måneder etter siste aktivitet"):
        assert expected in words, expected
    assert "unknown" not in words
    assert validate(pdf, ("ua1", "3a")) == []

    # The case is closed, and what happened can be proved.
    state = eventually(lambda: closed(installation, reference), "the end of the case")
    assert state["requests"][0]["outcome"] == "fulfilled"
    assert state["audit_ok"] is True
    assert {task["state"] for task in state["tasks"]} == {"done", "not_found"}
    assert installation.manage("verify_audit", "--json").startswith('{"entries"')


def open_case(page: Page, link: str) -> None:
    """Follow a link and press its button."""
    page.goto(link)
    with page.expect_navigation():
        page.get_by_role("button", name="Åpne saken").click()


def reply_to(mail: EmailMessage, text: str) -> bytes:
    """The person's answer to one of our mails, as her mail program writes it."""
    return stamped(
        (
            f"Return-Path: <{INGRID}>\r\nFrom: Ingrid Solvang <{INGRID}>\r\nTo: {mail['Reply-To']}\r\n"
            f"Subject: Re: {mail['Subject']}\r\nIn-Reply-To: {mail['Message-ID']}\r\n"
            "Message-ID: <reply.1@mail.example.com>\r\nDate: @RECEIVED@\r\n"
            "Content-Type: text/plain; charset=utf-8\r\n\r\n"
            f"{text}\r\n\r\nDen man. skrev Optimar:\r\n> Gjelder det også bestillinger fra 2019?\r\n"
        ).encode()
    )


def fill_register(staff: Staff) -> None:
    """Fill in how long the data is kept, in both languages, and say why."""
    form = staff.page.locator("main form").first
    for name, value in (
        ("nb", "24 måneder etter siste aktivitet"),
        ("en", "24 months after the last activity"),
        ("reason", "Vedtatt i ledermøtet."),
    ):
        form.locator(f"[name='{name}']").first.fill(value)
    staff.press("Save a new version")


def submitted(staff: Staff, installation: Installation, reference: str) -> bool:
    """Hand over for approval as soon as the button can be pressed."""
    staff.page.reload()
    button = staff.page.locator("form[action$='/submit/'] button[type=submit]")
    if button.count():
        with staff.page.expect_navigation():
            button.first.click()
    return stages(installation, reference) == {"in_review"}


def closed(installation: Installation, reference: str) -> dict[str, Any] | None:
    """The state of the case, once every request is closed."""
    return house.state(installation, reference) if stages(installation, reference) == {"closed"} else None


def stages(installation: Installation, reference: str) -> set[str]:
    """Where the requests of a case stand."""
    return {request["stage"] for request in house.state(installation, reference)["requests"]}
