"""People with a browser: each opens pages of a trial in one language."""

import re
import time
from base64 import b32decode
from dataclasses import dataclass, replace

from django_otp.oath import totp
from playwright.sync_api import Browser, Page

from .looking import WIDE
from .trial import PASSWORD, Trial
from .watch import Watch

STALE = 20 * 60  # seconds without use; a session ends after thirty minutes


@dataclass(frozen=True)
class Visit:
    """One page of a browser, the trial it looks at, and the language it is read in."""

    page: Page
    watch: Watch
    trial: Trial
    language: str

    def open(self, path: str) -> None:
        """Go to a page, in the language of this visit where the path does not say one."""
        sign = "&" if "?" in path else "?"
        address, hash_, anchor = path.partition("#")
        self.watch.clear()
        self.page.goto(f"{address}{sign}lang={self.language}{hash_}{anchor}")

    def send(self, form: str = "main form", *, by: str = "[type=submit]") -> None:
        """Press the button of a form and wait for the page that comes."""
        self.watch.clear()
        with self.page.expect_navigation():
            self.page.locator(form).first.locator(by).first.click()

    def unfold(self) -> None:
        """Open everything that is folded."""
        self.page.locator("main details").evaluate_all("all => all.forEach(one => one.open = true)")

    def fill(self, **values: str) -> None:
        """Fill in the fields of these names."""
        for name, value in values.items():
            self.page.locator(f"main [name='{name}']").first.fill(value)

    def check(self, *ids: str) -> None:
        """Tick the boxes or radio buttons `name=value`."""
        for one in ids:
            name, _, value = one.partition("=")
            self.page.locator(f"main [name='{name}'][value='{value}']").check()

    def open_case(self, name: str) -> None:
        """Open a case by its secret link, as its person does, then read it in the language of this visit."""
        self.page.goto(self.trial.case(name)["link"])
        self.send()
        self.open("/s/")


class Visitors:
    """The browsers of a test run, each kept with its cache: one for each member of staff, one for everybody else."""

    def __init__(self, browser: Browser, trial: Trial) -> None:
        self.browser = browser
        self.trial = trial
        self._kept: dict[str, tuple[Page, Watch]] = {}
        self._secrets: dict[str, str] = {}
        self._used: dict[str, float] = {}

    def nobody(self, language: str) -> Visit:
        """Somebody without an account and without cookies."""
        visit = self._visit("", language)
        visit.page.context.clear_cookies()
        return visit

    def staff(self, role: str, language: str) -> Visit:
        """A member of staff, logged in with both factors; again, where the session may have ended meanwhile."""
        visit, now = self._visit(role, language), time.monotonic()
        if role not in self._secrets:
            self._secrets[role] = log_in(replace(visit, language="en"), role)
        elif now - self._used[role] > STALE:
            visit.page.context.clear_cookies()
            log_in(replace(visit, language="en"), role, self._secrets[role])
        self._used[role] = now
        return visit

    def fresh(self, language: str, *, javascript: bool = True) -> Visit:
        """Somebody with a browser that nobody has used; close the context of its page when done."""
        return Visit(*self._page(javascript=javascript), self.trial, language)

    def _visit(self, who: str, language: str) -> Visit:
        if who not in self._kept:
            self._kept[who] = self._page()
        page, watch = self._kept[who]
        page.set_viewport_size(WIDE)
        return Visit(page, watch, self.trial, language)

    def _page(self, *, javascript: bool = True) -> tuple[Page, Watch]:
        page = self.browser.new_context(
            base_url=self.trial.url, viewport=WIDE, java_script_enabled=javascript, reduced_motion="reduce"
        ).new_page()
        return page, Watch(page, self.trial.url)


def log_in(visit: Visit, role: str, secret: str = "") -> str:
    """Log in: password, then the second factor, which is set up where it has no `secret` yet. Return that."""
    give_password(visit, role)
    secret = secret or visit.page.locator("code.secret").inner_text().replace(" ", "")
    visit.fill(code=code_of(secret))
    visit.send()
    assert visit.page.locator(".desk-main").count(), f"{role} could not log in: {visit.page.url}"
    return secret


def give_password(visit: Visit, role: str) -> None:
    """The first half of a login."""
    visit.open("/desk/login/")
    visit.fill(email=visit.trial.places["staff"][role]["email"], password=PASSWORD)
    visit.send()


def code_of(secret: str) -> str:
    """The six digits an authenticator app would show for a base32 secret."""
    return f"{totp(b32decode(secret + '=' * (-len(secret) % 8))):06d}"


def code_in(text: str) -> str:
    """The eight digits in a mail."""
    found = re.search(r"\b(\d{4}) ?(\d{4})\b", text)
    assert found, "the mail holds no code"
    return "".join(found.groups())
