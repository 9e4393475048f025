"""The people of the stories: what each of them does in a browser or by mail."""

import json
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import format_datetime
from pathlib import Path
from typing import Any, TypeVar

from django_otp.oath import totp
from playwright.sync_api import Browser, Page, expect

from tests.services.installation import Installation

from .effort import Effort

PASSWORD = "en lang setning ingen gjetter 7"
PATIENCE = 60.0  # seconds; a busy machine is no failure
T = TypeVar("T")


def eventually(look: Callable[[], T | None], what: str) -> T:
    """Return the first thing `look` finds; fail when it finds nothing in time."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if found := look():
            return found
        time.sleep(0.2)
    raise AssertionError(f"waited in vain for {what}")


class Mailbox:
    """What was mailed out and what is mailed in, as files of the installation."""

    def __init__(self, installation: Installation) -> None:
        self.folder = installation.var / "sent"
        self.incoming = installation.var / "mailbox"
        self.incoming.mkdir(exist_ok=True)

    def drop(self, name: str, raw: bytes) -> None:
        """Put one mail into the drop folder."""
        (self.incoming / name).write_bytes(raw)

    def mail(self, to: str, subject: str) -> EmailMessage:
        """Return the mail to `to` whose subject holds `subject`, as soon as it is there."""

        def look() -> EmailMessage | None:
            for path in sorted(self.folder.glob("*.eml"), key=lambda p: p.stat().st_mtime, reverse=True):
                mail = message_from_bytes(path.read_bytes(), policy=default)
                if to in str(mail["To"]) and subject in str(mail["Subject"]):
                    return mail
            return None

        return eventually(look, f"a mail with the subject {subject!r}")


def text_of(mail: EmailMessage) -> str:
    """The words of a mail."""
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def link_in(mail: EmailMessage) -> str:
    """The secret link in a mail."""
    found = re.search(r"http\S+/s/\S+", text_of(mail))
    assert found, "the mail holds no link"
    return found.group(0)


def stamped(raw: bytes) -> bytes:
    """A mail of the stories, received this minute."""
    return raw.replace(b"@RECEIVED@", format_datetime(datetime.now(UTC)).encode())


class Visitor:
    """Somebody with a browser, whose effort is counted."""

    def __init__(self, installation: Installation, browser: Browser, **context: Any) -> None:
        self.installation = installation
        self.page: Page = browser.new_context(base_url=installation.url, accept_downloads=True, **context).new_page()
        self.page.set_default_timeout(30_000)
        self.effort = Effort(self.page)

    def press(self, name: str) -> None:
        """Press a button and see the page it leads to."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=name, exact=True).first.click()

    def press_until(self, button: str, done: Callable[[], bool], what: str) -> None:
        """Press a button as soon as it can be pressed, until `done`."""

        def look() -> bool:
            self.reload()
            found = self.page.get_by_role("button", name=button, exact=True)
            if found.count() and found.first.is_enabled() and found.first.get_attribute("aria-disabled") != "true":
                self.press(button)
            return done()

        eventually(look, what)

    def follow(self, name: str | re.Pattern[str]) -> None:
        """Follow the first link with these words."""
        with self.page.expect_navigation():
            self.page.get_by_role("link", name=name).first.click()

    def go(self, path: str) -> None:
        """Open a page by its address."""
        self.effort.opened()
        self.page.goto(path)

    def reload(self) -> None:
        """Look whether the page has changed."""
        self.effort.waiting = True
        self.page.reload()
        self.effort.waiting = False

    def wait_for(self, text: str) -> None:
        """Reload the page until it says `text`."""

        def look() -> bool:
            self.reload()
            return self.page.get_by_text(text).first.is_visible()

        eventually(look, f"{text!r} on {self.page.url}")

    def sees(self, text: str) -> None:
        """The page says `text`."""
        expect(self.page.get_by_text(text).first).to_be_visible()


class Staff(Visitor):
    """A member of staff, logged in; works in English."""

    def __init__(self, installation: Installation, browser: Browser, name: str, *roles: str) -> None:
        super().__init__(installation, browser)
        self.email = f"{name.lower().replace(' ', '.')}@optimar.example"
        flags = [word for role in roles for word in ("--role", role)]
        invited: dict[str, Any] = json.loads(installation.manage("invite_staff", self.email, *flags, "--json"))
        self.page.goto(invited["url"] + "?lang=en")
        self.page.get_by_label("Your name").fill(name)
        self.page.get_by_label("Password", exact=True).fill(PASSWORD)
        self.page.get_by_label("The same password once more").fill(PASSWORD)
        self.press("Create the account")
        secret = self.page.locator("code.secret").inner_text().replace(" ", "")
        self.page.get_by_label(re.compile("code", re.IGNORECASE)).fill(code(secret))
        self.press("Save and log in")
        self.effort.begin()


class Person(Visitor):
    """Somebody whose data it is, on a phone, in Norwegian unless another language is given."""

    def __init__(self, installation: Installation, browser: Browser, locale: str = "nb-NO") -> None:
        super().__init__(installation, browser, locale=locale, viewport={"width": 390, "height": 844})

    def ask(self, right: str, text: str, *, name: str, email: str, language: str = "nb") -> None:
        """Fill in the form about oneself, from its first page, and send it."""
        self.go(f"/{language}/")
        with self.page.expect_navigation():
            self.page.locator("main a.ds-button").first.click()
        self.page.locator(f"[name=rights][value={right}]").check()
        self._go_on()
        self.page.locator("[name=requester][value=self]").check()
        self.page.locator("[name=name]").fill(name)
        self._go_on()
        if text:
            self.page.locator("textarea").first.fill(text)
        self._go_on()
        self.page.locator("[name=email]").fill(email)
        self.page.locator(f"[name=language][value={language}]").check()
        self._go_on()
        self._go_on()
        expect(self.page).to_have_url(re.compile("/received/"))

    def _go_on(self) -> None:
        with self.page.expect_navigation():
            self.page.locator("main form [type=submit]").first.click()


def code(secret: str) -> str:
    """The six digits an authenticator app would show for a base32 secret."""
    from base64 import b32decode

    return f"{totp(b32decode(secret + '=' * (-len(secret) % 8))):06d}"


def inquiries(installation: Installation) -> list[dict[str, Any]]:
    """What reached us."""
    return [json.loads(line) for line in installation.manage("inquiries", "--json").splitlines()]


def pages_shown(browser: Browser, pdf: Path) -> int:
    """Open a PDF in the browser's own viewer; return how many pages it shows, 0 for one it cannot open."""
    with browser.new_context() as context:
        page = context.new_page()
        # The viewer is a page of its own inside this one; it counts the pages once it has understood the file.
        with page.expect_event("framenavigated", lambda frame: frame.url.startswith("chrome-extension:")) as opened:
            page.goto(pdf.as_uri())
        viewer = opened.value
        length = viewer.locator("#pagelength")
        counted = length.filter(has_text=re.compile("[1-9]"))
        counted.or_(viewer.locator("viewer-error-dialog")).first.wait_for(state="attached")
        # Its text, shown or not: the toolbar stays hidden for a moment after the pages have been counted.
        return int(length.text_content() or 0)


def read(path: Path) -> str:
    """The text of a PDF as a reader sees it."""
    from pypdf import PdfReader

    return "\n".join(page.extract_text() for page in PdfReader(path).pages)
