"""Everything can be reached and done from the keyboard, and one always sees where one is."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from .stops import about, at, case_of, line_of, row_of, task_of
from .visit import Visit, Visitors

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

LONGEST_WAY = 100  # presses of Tab
# A box is framed with its words; the skip link is seen by being there at all; the button that opens a calendar belongs
# to the browser, which frames it inside the field.
ACTIVE = "document.activeElement.outerHTML"
SEEN = """() => {
    const one = document.activeElement;
    const framed = look => look.outlineStyle !== "none" || look.boxShadow !== "none";
    const parts = [one, one.closest(".ds-field")].filter(Boolean);
    const calendar = one.matches("[type=date], [type=time]") && !one.matches(":focus");
    return calendar || one.matches(".ds-skip-link") || parts.some(part => framed(getComputedStyle(part)));
}"""


def tab_to(page: Page, wanted: str) -> int:
    """Press Tab until the focus is on what `wanted` selects; return how often. Every place on the way is seen."""
    for pressed in range(1, LONGEST_WAY):
        page.keyboard.press("Tab")
        focused = page.locator("*:focus")
        assert page.evaluate(SEEN), (
            f"nobody sees the focus on {page.evaluate('document.activeElement.outerHTML')[:200]}"
        )
        if page.locator(wanted).and_(focused).count():
            return pressed
    raise AssertionError(f"Tab never comes to {wanted} on {page.url}")


_CORRECTIONS, _PLAN = "/desk/corrections/{dsr}/", "/desk/erasures/{dsr}/"
WAYS: list[tuple[str, Callable[[Visit], None], str, str]] = [
    ("start", at("/{nb}/"), "", "main a.ds-button"),
    ("right", at("/{nb}/request/right/"), "", "main [type=submit]"),
    ("login", at("/desk/login/"), "", "main [type=submit]"),
    ("status", lambda visit: visit.open_case("new"), "", "form[action='/s/reply/'] [type=submit]"),
    ("answer", lambda visit: visit.open_case("released_en"), "", "form[action='/s/answer/code/'] [type=submit]"),
    ("queue", at("/desk/"), "handler", "tbody a"),
    ("inbox", at("/desk/inbox/"), "handler", "tbody button[value=request]"),
    ("inquiry", lambda visit: visit.open(visit.trial.inquiry("Slett meg")), "handler", "button[value=request]"),
    ("case", case_of("working"), "handler", "form[action$='/message/'] [type=submit]"),
    ("release", case_of("review"), "approver", "form[action$='/release/'] [type=submit]"),
    ("entry", at("/desk/inbox/new/"), "handler", "main [type=submit]"),
    ("corrections", about(_CORRECTIONS, "uncorrected"), "handler", "form[action$='/by-hand/'] [type=submit]"),
    ("row", row_of("uncorrected"), "handler", "main [type=submit]"),
    ("line", line_of("erasure_proposed", "delete"), "handler", "main [type=submit]"),
    ("plan", about(_PLAN, "erasure_proposed"), "handler", "form[action$='/submit/'] [type=submit]"),
    ("approval", about(_PLAN, "erasure_submitted"), "approver", "form[action$='/approve/'] [type=submit]"),
    ("erasure task", task_of("erasure_begun", action="erase"), "handler", "main [type=submit]"),
    ("change", task_of("restricted", action="restrict"), "handler", "main [type=submit]"),
    ("notice", task_of("rectified", action="notify"), "handler", "main [type=submit]"),
    ("post", case_of("posted"), "handler", "form[action$='/delivered/'] [type=submit]"),
    ("unsubscribe", lambda visit: visit.open(visit.trial.unsubscribe("en")), "", "main [type=submit]"),
    ("register", at("/desk/register/"), "approver", ".summary-change a"),
]


@pytest.mark.parametrize(("go", "who", "wanted"), [way[1:] for way in WAYS], ids=[way[0] for way in WAYS])
def test_tab_comes_to_the_main_action(go: Callable[[Visit], None], who: str, wanted: str, visitors: Visitors) -> None:
    visit = visitors.staff(who, "en") if who else visitors.nobody("en")
    go(visit)
    tab_to(visit.page, wanted)


@pytest.mark.parametrize(("path", "who"), [("/nb/", ""), ("/desk/", "handler"), ("/desk/login/", "")])
def test_the_skip_link_comes_first_and_leads_to_the_content(path: str, who: str, visitors: Visitors) -> None:
    visit = visitors.staff(who, "nb") if who else visitors.nobody("nb")
    visit.open(path)
    assert tab_to(visit.page, ".ds-skip-link") == 1
    expect(visit.page.locator(".ds-skip-link")).to_be_in_viewport()
    visit.page.keyboard.press("Enter")
    expect(visit.page.locator("main")).to_be_focused()


def test_a_barred_button_says_why_when_it_has_the_focus(visitors: Visitors) -> None:
    visit = visitors.staff("handler", "en")
    visit.open(visit.trial.desk("held"))
    reason = visit.page.locator(".barred .reason").first
    expect(reason).to_be_hidden()
    tab_to(visit.page, ".barred button")
    expect(reason).to_be_visible()
    visit.page.keyboard.press("Escape")
    expect(reason).to_be_hidden()


def test_an_error_takes_the_focus_and_leads_to_its_field(visitors: Visitors) -> None:
    visit = visitors.nobody("nb")
    visit.open("/s/link/")
    visit.send()
    expect(visit.page.locator(".ds-error-summary")).to_be_focused()
    visit.page.keyboard.press("Tab")
    visit.page.keyboard.press("Enter")
    expect(visit.page.locator("[name=email]")).to_be_focused()


def test_keys_of_the_desk(visitors: Visitors) -> None:
    visit = visitors.staff("handler", "en")
    page, keys = visit.page, visit.page.locator("#keys")
    visit.open("/desk/inbox/")
    page.keyboard.press("/")
    expect(page.locator("[data-search]")).to_be_focused()
    page.keyboard.press("?")
    expect(page.locator("[data-search]")).to_have_value("?")
    page.locator("h1").click()
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator("[data-row]").nth(1).locator("a").first).to_be_focused()
    page.keyboard.press("?")
    expect(keys).to_be_visible()
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()


def test_one_key_sorts_an_inquiry_unless_keys_are_off(visitors: Visitors) -> None:
    visit = visitors.staff("handler", "en")
    page = visit.page
    switch_keys(visit, on=False)
    visit.open(visit.trial.inquiry("Bli med"))
    page.keyboard.press("n")
    page.reload()
    expect(page.locator("button[value=not_a_request]")).to_be_visible()
    switch_keys(visit, on=True)

    visit.open(visit.trial.inquiry("Bli med"))
    with page.expect_navigation():
        page.keyboard.press("n")
    expect(page.get_by_role("status")).to_contain_text("Not a request")

    visit.open(visit.trial.inquiry("Reklame"))
    with page.expect_navigation():
        page.keyboard.press("r")
    expect(page.get_by_role("status")).to_contain_text("DR-")


def switch_keys(visit: Visit, *, on: bool) -> None:
    """Open the list of keys by the menu and turn them on or off."""
    page = visit.page
    visit.open("/desk/inbox/")
    page.locator(".menu summary").click()
    page.locator("[data-keys-open]").click()
    page.locator("#keys-switch").set_checked(on)
    page.locator("#keys form button").click()
