"""Without any script: the form is filled in from the keyboard alone, and the desk does its work."""

import re

import pytest
from playwright.sync_api import Page, expect

from .visit import Visitors

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def press(page: Page, *keys: str) -> None:
    """Press keys one after the other."""
    for key in keys:
        page.keyboard.press(key)


def come_to(page: Page, wanted: str) -> None:
    """Press Tab until the focus is there."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.locator(wanted).and_(page.locator("*:focus")).count():
            return
    raise AssertionError(f"Tab never comes to {wanted}")


def go_on(page: Page) -> None:
    """Come to the button and press it."""
    come_to(page, "main [type=submit]")
    with page.expect_navigation():
        press(page, "Enter")


def test_the_form_is_filled_in_from_the_keyboard(visitors: Visitors) -> None:
    visit = visitors.fresh("nb", javascript=False)
    page = visit.page
    page.goto("/nb/")
    come_to(page, "main a.ds-button")
    with page.expect_navigation():
        press(page, "Enter")
    come_to(page, "[value=access]")
    press(page, "Space")
    go_on(page)
    come_to(page, "[name=requester]")
    press(page, "Space")
    come_to(page, "[name=name]")
    page.keyboard.type("Nora Lien")
    go_on(page)
    come_to(page, "[name=text]")
    page.keyboard.type("Jeg har en konto hos dere.")
    go_on(page)
    come_to(page, "[name=email]")
    page.keyboard.type("nora.lien@example.com")
    go_on(page)
    expect(page.locator("main")).to_contain_text("nora.lien@example.com")
    go_on(page)
    expect(page.locator(".receipt-reference")).to_have_text(re.compile(r"DR-\d{4}-\d{6}-\d{2}"))
    page.context.close()


def test_changing_the_language_keeps_the_page_and_the_answers(visitors: Visitors) -> None:
    visit = visitors.fresh("nb", javascript=False)
    visit.page.goto("/nb/request/right/")
    visit.check("rights=portability")
    visit.send()
    visit.page.locator(".languages a[lang=en]").click()
    expect(visit.page).to_have_url(re.compile("/en/request/who/"))
    visit.page.locator(".back-link").click()
    expect(visit.page.locator("[value=portability]")).to_be_checked()
    expect(visit.page.locator("h1")).to_have_text("What would you like us to do?")
    visit.page.context.close()


def test_the_desk_sorts_writes_and_searches(visitors: Visitors) -> None:
    cookies = visitors.staff("handler", "en").page.context.cookies()
    visit = visitors.fresh("en", javascript=False)
    page = visit.page
    page.context.add_cookies([{"name": one["name"], "value": one["value"], "url": visit.trial.url} for one in cookies])
    visit.open("/desk/inbox/")
    row = page.locator("[data-row]", has_text="Faktura")
    with page.expect_navigation():
        row.locator("button[value=not_a_request]").click()
    expect(page.get_by_role("status")).to_contain_text("Not a request")
    reference = visit.trial.case("several")["reference"]
    page.locator("[data-search]").fill(reference)
    with page.expect_navigation():
        page.locator("[data-search]").press("Enter")
    expect(page.locator("h1")).to_have_text(reference)
    page.locator("form[action$='/note/'] textarea").fill("Uten skript.")
    visit.send("form[action$='/note/']")
    expect(page.locator("#timeline")).to_contain_text("Uten skript.")
    page.context.close()
