"""Without any script: the form is filled in from the keyboard alone, and the desk does its work."""

import re

import pytest
from playwright.sync_api import Page, expect

from .stops import line_of, row_of, task_of
from .visit import Visit, Visitors

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


def logged_in(visitors: Visitors) -> Visit:
    """A handler whose browser runs no script."""
    cookies = visitors.staff("handler", "en").page.context.cookies()
    visit = visitors.fresh("en", javascript=False)
    context, url = visit.page.context, visit.trial.url
    context.add_cookies([{"name": one["name"], "value": one["value"], "url": url} for one in cookies])
    return visit


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
    visit = logged_in(visitors)
    page = visit.page
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


def test_a_call_is_written_down(visitors: Visitors) -> None:
    visit = logged_in(visitors)
    page = visit.page
    visit.open("/desk/inbox/new/")
    visit.check("channel=phone", "rights=restriction")
    visit.fill(name="Ragna Tveit", phone="100 00 112")
    visit.send()  # without what was said
    expect(page.locator("[name=name]")).to_have_value("Ragna Tveit")
    expect(page.locator("[name=channel][value=phone]")).to_be_checked()
    visit.fill(text="Ringte og vil ha opplysningene sperret.")
    visit.send()
    expect(page.get_by_role("status")).to_contain_text("Recorded.")
    expect(page.locator("#timeline")).to_contain_text("vil ha opplysningene sperret")
    page.context.close()


def test_a_row_is_corrected_after_a_wrong_value(visitors: Visitors) -> None:
    visit = logged_in(visitors)
    page = visit.page
    row_of("uncorrected")(visit)
    page.get_by_label("E-mail address").fill("kåre uten krøllalfa")
    page.get_by_label("Street address").fill("Strandgata 2")
    visit.send()
    expect(page.locator(".ds-error-summary")).to_contain_text("Write the e-mail address alone and in full")
    expect(page.get_by_label("E-mail address")).to_have_value("kåre uten krøllalfa")
    expect(page.get_by_label("Street address")).to_have_value("Strandgata 2")
    page.get_by_label("E-mail address").fill("kaare.flogstad@example.com")
    visit.send()
    expect(page.locator("#entered")).to_contain_text("Strandgata 2")
    page.context.close()


def test_a_line_of_a_plan_is_changed_by_one_of_two_handlers(visitors: Visitors) -> None:
    first, second = logged_in(visitors), logged_in(visitors)
    for visit in (first, second):
        line_of("erasure_held", "delete")(visit)
        visit.check("measure=anonymise")
    first.fill(reason="Bytter ut navnet.")
    second.fill(reason="Bytter ut adressen.")
    first.send()
    expect(first.page.get_by_role("status")).to_contain_text("The plan is changed.")
    second.send()
    expect(second.page.locator(".ds-error-summary")).to_contain_text("Somebody changed the case")
    expect(second.page.locator("[name=reason]")).to_have_value("Bytter ut adressen.")
    second.send()  # having been told, they mean it
    expect(second.page.locator("#anonymise")).to_contain_text("Bytter ut adressen.")
    for visit in (first, second):
        visit.page.context.close()


def test_a_recipient_is_told(visitors: Visitors) -> None:
    visit = logged_in(visitors)
    task_of("restricted", action="notify")(visit)
    visit.check("outcome=done")
    visit.send()
    expect(visit.page.locator(".ds-error-summary")).to_contain_text("how the recipient was told")
    visit.fill(note="Sendt til kontaktpersonen på e-post.")
    visit.send()
    expect(visit.page.get_by_role("status")).to_contain_text("Saved.")
    visit.page.context.close()


def test_marketing_is_stopped_by_one_button(visitors: Visitors) -> None:
    visit = visitors.fresh("nb", javascript=False)
    visit.page.goto(visit.trial.unsubscribe("nb"))
    visit.send()
    expect(visit.page.locator("h1")).to_contain_text("stanset")
    visit.page.context.close()
