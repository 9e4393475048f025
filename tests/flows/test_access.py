"""Access, from one raw mail to the opened PDF: real processes, a real browser, nothing replaced."""

from email.message import EmailMessage
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from pypdf import PdfReader

from tests.faults import house
from tests.flows.effort import assert_as_published
from tests.flows.letters import fetch_letter, open_case
from tests.flows.people import (
    Mailbox,
    Person,
    Staff,
    eventually,
    inquiries,
    link_in,
    pages_shown,
    stamped,
    text_of,
)  # fmt: skip
from tests.flows.work import answer_searches, closed, draft_answer, release, submit_answer
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
    hanne.follow("Hva har dere lagret om meg?")
    expect(hanne.page.get_by_label("Access", exact=True)).to_be_checked()
    hanne.press("Request")
    reference = eventually(lambda: inquiries(installation)[0]["case"], "the case")

    # Ingrid gets a receipt with both the date and a link; the first look at the link does nothing.
    receipt = mailbox.mail(INGRID, "Vi har mottatt henvendelsen din")
    assert receipt["Auto-Submitted"] == "auto-replied"
    assert receipt["In-Reply-To"] == "<20260105.solvang@mail.example.com>"
    assert reference in text_of(receipt)
    ingrid = Person(installation, chromium)
    open_case(ingrid, link_in(receipt))
    ingrid.sees(reference)

    # Hanne asks something; Ingrid answers by replying to the mail.
    hanne.go(f"/desk/cases/{reference}/")
    hanne.page.get_by_label("Subject").fill("Et spørsmål")
    hanne.page.get_by_label("Message", exact=True).fill("Gjelder det også bestillinger fra 2019?")
    hanne.press("Look through and send")
    hanne.press(f"Send to {INGRID}")
    question = mailbox.mail(INGRID, "Et spørsmål")
    mailbox.drop("reply.eml", reply_to(question, "Ja, gjerne alt sammen."))
    hanne.wait_for("Ja, gjerne alt sammen.")

    # The website answers by itself; into the mailbox and HubSpot Hanne looks herself.
    answer_searches(hanne, installation, reference)
    hanne.sees("3 of 3")

    # She drafts the answer. It would print something nobody has filled in, so it cannot go.
    draft_answer(hanne, "Fulfilled")
    hanne.wait_for("Go to the register")

    # Astrid, who decides, fills it in, in both languages.
    astrid = Staff(installation, chromium, "Astrid Moe", "approver", "decision_maker")
    astrid.go("/desk/register/")
    astrid.page.locator("a[href*='activities.PA03.retention']").first.click()
    fill_register(astrid)

    # The package is put together again by itself, and Hanne hands it over; she cannot release it.
    submit_answer(hanne, installation, reference)
    assert hanne.page.get_by_role("button", name="Release the answer").count() == 0

    # Astrid looks at it and releases it. Ingrid fetches it with a code that was sent to the address on file.
    release(astrid, installation, reference)
    pdf = tmp_path / "answer.pdf"
    words = fetch_letter(ingrid, mailbox, INGRID, pdf)
    assert pages_shown(chromium, pdf) == len(PdfReader(pdf).pages) > 1
    for expected in ("Ingrid Solvang", reference, INGRID, "Datatilsynet", "24 måneder etter siste aktivitet"):
        assert expected in words, expected
    assert "unknown" not in words

    # The case is closed, and what happened can be proved.
    state = eventually(lambda: closed(installation, reference), "the end of the case")
    assert state["requests"][0]["outcome"] == "fulfilled"
    assert state["audit_ok"] is True
    assert {task["state"] for task in state["tasks"]} == {"done", "not_found"}
    assert installation.manage("verify_audit", "--json").startswith('{"entries"')
    assert_as_published("Access", person=ingrid.effort.cost, handler=hanne.effort.cost, approver=astrid.effort.cost)


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
