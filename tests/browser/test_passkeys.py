"""Passkeys with a real browser and its virtual authenticator, on an installation that runs at http://localhost."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.services.installation import Installation, stopped_afterwards

from .looking import WIDE, is_accessible, is_well_formed
from .passkey_device import give_device
from .watch import Watch

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

PASSWORD = "en lang setning ingen gjetter 7"
AGE = """
from django.contrib.sessions.models import Session
from django.contrib.sessions.backends.db import SessionStore
for row in Session.objects.all():
    store = SessionStore(row.session_key)
    if "factor_shown_at" in store:
        store["factor_shown_at"] -= 1000
        store.save()
"""


@dataclass
class Worker:
    """Somebody who works here, their browser with a device for passkeys, and what it complains about."""

    email: str
    page: Page
    watch: Watch

    def fill(self, name: str, value: str) -> None:
        self.page.locator(f"main [name='{name}']").first.fill(value)

    def press(self, name: str) -> None:
        """Press a button and wait for the page that comes."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=name, exact=True).first.click()

    def give_password(self, email: str = "") -> None:
        """The first half of a login."""
        self.page.goto("/desk/login/?lang=en")
        self.fill("email", email or self.email)
        self.fill("password", PASSWORD)
        self.press("Log in")

    def leave(self) -> None:
        """Come back as somebody who is not logged in; the device keeps its passkeys."""
        self.page.context.clear_cookies()

    def is_in(self) -> bool:
        return "/desk/login/" not in self.page.url and "/desk/second-factor/" not in self.page.url


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """One installation for all stories of this file, without trial data."""
    from django.conf import settings

    found = Installation(tmp_path_factory.mktemp("passkeys") / "var", Path(settings.STATIC_ROOT))
    with stopped_afterwards(found):
        found.manage("prepare", "--no-trial")
        found.start_all()
        yield found


def joined(site: Installation, browser: Browser, email: str, *roles: str, javascript: bool = True) -> Worker:
    """Somebody who accepts an invitation and stands before the page that sets up the second factor."""
    invited = json.loads(site.manage("invite_staff", email, "--role", *roles, "--json"))
    page = browser.new_context(
        base_url=site.url, viewport=WIDE, java_script_enabled=javascript, reduced_motion="reduce"
    ).new_page()
    page.set_default_timeout(20_000)
    if javascript:
        give_device(page)
    worker = Worker(email, page, Watch(page, site.url))
    page.goto(f"{invited['url']}?lang=en")
    worker.fill("name", email.partition("@")[0].title())
    worker.fill("password", PASSWORD)
    worker.fill("again", PASSWORD)
    worker.press("Create the account")
    return worker


def looks_right(worker: Worker, language: str) -> None:
    """The page as it stands is accessible, light and dark, wide and at 320 px, and its scripts are quiet."""
    wrong = is_well_formed(worker.page, language) + is_accessible(worker.page, language) + worker.watch.complaints
    assert not wrong, f"{worker.page.url}\n" + "\n".join(wrong)
    worker.page.set_viewport_size(WIDE)


def with_passkey(worker: Worker) -> list[str]:
    """Set up a passkey as the first factor; return the recovery codes."""
    worker.page.get_by_label("Name of the passkey").fill("laptop")
    worker.press("Make a passkey and log in")
    return worker.page.locator(".recovery-codes code").all_inner_texts()


def test_from_the_invitation_to_a_second_look(site: Installation, chromium: Browser) -> None:
    kari = joined(site, chromium, "kari@optimar.example", "administrator")
    page = kari.page
    looks_right(kari, "en")
    codes = with_passkey(kari)
    assert len(set(codes)) == 10
    looks_right(kari, "en")
    page.get_by_role("link", name="I have kept them").click()
    page.goto("/desk/account/")
    expect(page.locator("#ways-in")).to_contain_text("laptop")
    expect(page.locator("#ways-in")).to_contain_text("10 left")
    looks_right(kari, "en")

    kari.leave()
    kari.give_password()
    assert not kari.is_in()
    looks_right(kari, "en")
    kari.press("Log in with a passkey")
    assert kari.is_in()

    page.goto("/desk/staff/")
    site.manage("shell", "--no-imports", "-c", AGE)
    kari.fill("email", "ny@optimar.example")
    page.locator("[name=roles][value=handler]").check()
    kari.press("Make a link")
    expect(page.locator("h1")).to_have_text("Is it you?")
    looks_right(kari, "en")
    page.get_by_text("I have neither at hand").click()
    kari.fill("factor-recovery", "0000-0000-0000")
    kari.press("Go on with a recovery code")
    expect(page.locator(".ds-error-summary")).to_be_visible()
    kari.press("Go on with a passkey")
    expect(page.locator("#new-link")).to_contain_text("ny@optimar.example")
    assert kari.watch.complaints == []

    kari.leave()
    kari.give_password()
    page.get_by_role("link", name=re.compile("Use a recovery code")).click()
    looks_right(kari, "en")
    kari.fill("recovery", codes[0].lower())
    kari.press("Log in")
    assert kari.is_in()
    page.goto("/desk/account/")
    expect(page.locator("#ways-in")).to_contain_text("9 left")
    page.context.close()


def test_a_passkey_of_another_person_opens_nothing(site: Installation, chromium: Browser) -> None:
    mona = joined(site, chromium, "mona@optimar.example", "handler")
    with_passkey(mona)
    ola = joined(site, chromium, "ola@optimar.example", "handler")
    with_passkey(ola)
    own = ola.page
    ola.leave()
    ola.give_password()  # what his device is asked for, for the attack
    theirs = json.loads(own.locator("[data-passkey]").get_attribute("data-options") or "")["allowCredentials"]

    ola.leave()
    ola.give_password(mona.email)  # he has learnt her password
    box = own.locator("[data-passkey]")
    options = json.loads(box.get_attribute("data-options") or "")
    assert options["allowCredentials"] != theirs
    own.get_by_role("button", name="Log in with a passkey").click()  # his device does not hold her key
    expect(own.locator("[data-passkey-says=failed]")).to_be_visible()
    box.evaluate("(box, given) => box.dataset.options = given", json.dumps({**options, "allowCredentials": theirs}))
    ola.press("Log in with a passkey")  # now it signs the very challenge of her login, with his key
    expect(own.locator(".ds-error-summary")).to_contain_text("not one of yours")
    assert not ola.is_in()
    own.goto("/desk/account/")
    assert not ola.is_in()

    ola.leave()
    ola.give_password()
    ola.press("Log in with a passkey")  # the same device opens his own account
    assert ola.is_in()
    for worker in (mona, ola):
        worker.page.context.close()


def test_a_passkey_is_added_beside_the_app_and_removed(site: Installation, chromium: Browser) -> None:
    nils = joined(site, chromium, "nils@optimar.example", "handler")
    page = nils.page
    nils.fill("code", site.manage("totp", nils.email).strip())
    nils.press("Save and log in")
    page.goto("/desk/account/passkeys/")
    looks_right(nils, "en")
    nils.fill("name", "nøkkel i skuffen")
    nils.press("Make the passkey")
    expect(page.locator("#ways-in")).to_contain_text("nøkkel i skuffen")
    page.goto("/desk/account/passkeys/?lang=nb")
    page.locator("[name=name]").fill("en gang til")
    page.locator("[data-passkey-button]").click()
    expect(page.locator("[data-passkey-says=known]")).to_be_visible()
    page.goto("/desk/account/app/?lang=nb")
    looks_right(nils, "nb")
    page.goto("/desk/account/?lang=nb")
    looks_right(nils, "nb")
    with page.expect_navigation():
        page.locator("form[action*='/passkeys/'] button").first.click()
    expect(page.locator("#ways-in")).not_to_contain_text("nøkkel i skuffen")
    expect(page.locator("#ways-in form")).to_have_count(0)
    page.context.close()


def test_without_scripts_the_app_works_and_the_page_says_why(site: Installation, chromium: Browser) -> None:
    siv = joined(site, chromium, "siv@optimar.example", "handler", javascript=False)
    page = siv.page
    expect(page.get_by_text("Passkeys need JavaScript")).to_be_visible()
    expect(page.get_by_label("Name of the passkey")).to_be_hidden()
    page.get_by_label(re.compile("code", re.IGNORECASE)).fill(site.manage("totp", siv.email).strip())
    siv.press("Save and log in")
    assert page.locator(".recovery-codes li").count() == 10
    assert page.locator(".desk-main").count() == 1
    page.context.close()
