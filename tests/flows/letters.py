"""How a person gets the answer: the mail, its link, a code, the file."""

import re
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.pdf.verapdf import validate
from tests.services.installation import Installation

from .people import Mailbox, link_in, read, text_of


def open_case(page: Page, link: str) -> None:
    """Follow a link and press its button."""
    page.goto(link)
    with page.expect_navigation():
        page.get_by_role("button", name="Åpne saken").click()


def fetch_letter(chromium: Browser, installation: Installation, mailbox: Mailbox, to: str, pdf: Path) -> str:
    """Fetch the answer as its recipient does, keep it as `pdf`, and return its words on one line."""
    notice = mailbox.mail(to, "Svaret ditt")
    assert not re.search("innsyn|access|retting|slett", str(notice["Subject"]), re.IGNORECASE)
    page = chromium.new_context(base_url=installation.url, locale="nb-NO", accept_downloads=True).new_page()
    open_case(page, link_in(notice))
    with page.expect_navigation():
        page.get_by_role("button", name="Send meg en kode").click()
    code = re.search(r"\b\d{8}\b", text_of(mailbox.mail(to, "kode")))
    assert code
    page.locator("input[name=code]").fill(code.group(0))
    with page.expect_navigation():
        page.locator("form:has(input[name=code]) button[type=submit]").click()
    with page.expect_download() as download:
        page.locator("a[href*='/s/answer/']").filter(has_text=re.compile("pdf", re.IGNORECASE)).first.click()
    download.value.save_as(pdf)
    assert validate(pdf, ("ua1", "3a")) == []
    return " ".join(read(pdf).split())
