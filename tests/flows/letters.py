"""How a person gets the answer: the mail, its link, a code, the file."""

import re
from pathlib import Path

from tests.pdf.verapdf import validate

from .people import Mailbox, Person, Staff, link_in, read, text_of

_PDF = re.compile("pdf", re.IGNORECASE)


def open_case(person: Person, link: str) -> None:
    """Follow a link and press its button."""
    person.go(link)
    person.press("Åpne saken")


def fetch_letter(person: Person, mailbox: Mailbox, to: str, pdf: Path) -> str:
    """Fetch the answer as its recipient does, keep it as `pdf`, and return its words on one line."""
    notice = mailbox.mail(to, "Svaret ditt")
    assert not re.search("innsyn|access|retting|slett", str(notice["Subject"]), re.IGNORECASE)
    open_case(person, link_in(notice))
    person.press("Send meg en kode")
    code = re.search(r"\b\d{8}\b", text_of(mailbox.mail(to, "kode")))
    assert code
    person.page.locator("input[name=code]").fill(code.group(0))
    with person.page.expect_navigation():
        person.page.locator("form:has(input[name=code]) button[type=submit]").click()
    with person.page.expect_download() as download:
        person.page.locator("a[href*='/s/answer/']").filter(has_text=_PDF).first.click()
    download.value.save_as(pdf)
    assert validate(pdf, ("ua1", "3a")) == []
    return words_of(pdf)


def preview(staff: Staff, pdf: Path) -> str:
    """Look at the letter of a draft as the person will see it, and return its words on one line."""
    staff.wait_for("Look at it as the person will see it")
    link = staff.page.get_by_role("link", name="The answer", exact=True)
    # The browser would show the file in a viewer of its own; a reader of its words asks for it in the same session.
    staff.effort.opened_beside()
    pdf.write_bytes(staff.page.context.request.get(link.get_attribute("href") or "").body())
    return words_of(pdf)


def words_of(pdf: Path) -> str:
    """The words of a letter on one line."""
    return " ".join(read(pdf).split())
