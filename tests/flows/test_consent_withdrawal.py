"""Withdrawal of consent by one click in a mailing, and the way back for somebody whose address was typed by another."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.faults import house
from tests.flows.people import Mailbox, Staff, eventually, inquiries, text_of
from tests.services.installation import Installation

REGISTER = Path(__file__).parent.parent / "data" / "register-story.yaml"
FIONA = "fiona.haldane@example.com"


@pytest.mark.browser
def test_fiona_withdraws_by_one_click_and_the_systems_follow(
    installation: Installation, chromium: Browser, tmp_path: Path
) -> None:
    mailbox = _running(installation)

    # A newsletter carries Fiona's own link. She opens it: nothing has happened yet.
    link = installation.manage("unsubscribe_link", FIONA, "--language", "en").strip()
    fiona = _browser(chromium, installation)
    fiona.goto(link)
    assert _blocked(installation, tmp_path) == []

    # One click, and marketing to her is blocked, before anything else has run.
    _press(fiona, "Stop the marketing")
    expect(fiona.get_by_role("heading", name="Marketing is stopped")).to_be_visible()
    assert _blocked(installation, tmp_path) == ["1", "3"]

    # She gets the letter: what stopped, when, which systems are told, and how to go back. No other mail.
    letter = mailbox.mail(FIONA, "Your consent is withdrawn")
    words = " ".join(text_of(letter).split())
    for phrase in ("optimar.no website", "remains lawful", "do-not-contact list", "/undo/"):
        assert phrase in words, phrase
    assert re.search(r"withdrawn as of \d+ \w+ \d{4} at \d\d:\d\d", words)

    # A second click leads to the same case; a link altered by one character to none.
    fiona.goto(link)
    _press(fiona, "Stop the marketing")
    expect(fiona.get_by_role("heading", name="already stopped")).to_be_visible()
    fiona.goto(link[:-1] + ("A" if link[-1] != "A" else "B"))
    _press(fiona, "Stop the marketing")
    expect(fiona.get_by_role("heading", name="does not work")).to_be_visible()
    [arrived] = inquiries(installation)
    reference = arrived["case"]

    # The letter has gone, yet the case waits for the systems. Hanne answers those that no connector serves.
    hanne = Staff(installation, chromium, "Hanne Dahl", "intake", "handler")
    hanne.go(f"/desk/cases/{reference}/")
    expect(hanne.page.locator("#marketing").get_by_text("Blocked", exact=False).first).to_be_visible()
    eventually(lambda: not _answer_next(hanne, installation, reference), "the last task")

    eventually(lambda: _stages(installation, reference) == {"closed"}, "the end of the case")
    state = house.state(installation, reference)
    assert [(one["right"], one["outcome"]) for one in state["requests"]] == [("consent_withdrawal", "fulfilled")]
    assert [one["intent"] for one in state["messages"] if one["direction"] == "out"] == ["confirmation"]
    assert state["audit_ok"] is True
    assert FIONA not in "".join(installation.log(name).read_text() for name in ("web", "worker"))
    assert link.rpartition("/")[2] not in installation.log("web").read_text()


@pytest.mark.browser
def test_somebody_typed_fionas_address_and_she_takes_it_back(
    installation: Installation, chromium: Browser, tmp_path: Path
) -> None:
    mailbox = _running(installation)

    # Somebody fills in the form with her address. It is blocked at once, and she is told.
    _fill_in_form(_browser(chromium, installation))
    assert _blocked(installation, tmp_path) == ["1", "3"]
    letter = mailbox.mail(FIONA, "We have stopped marketing to you")
    found = re.search(r"http\S+/undo/\S+", text_of(letter))
    assert found

    # She opens the link, which changes nothing, and takes it back with one click; twice does no harm.
    fiona = _browser(chromium, installation)
    fiona.goto(found.group(0))
    assert _blocked(installation, tmp_path) == ["1", "3"]
    for _ in range(2):
        fiona.goto(found.group(0))
        _press(fiona, "Take my address off the list")
        expect(fiona.get_by_role("heading", name="This is taken back")).to_be_visible()
    assert _blocked(installation, tmp_path) == []

    # The staff see that she wrote; her request goes on.
    hanne = Staff(installation, chromium, "Hanne Dahl", "intake", "handler")
    reference = inquiries(installation)[0]["case"]
    hanne.go(f"/desk/cases/{reference}/")
    hanne.sees("Marketing to my address may go on")
    hanne.sees("Marketing allowed again")
    assert _stages(installation, reference) == {"released"}


def _running(installation: Installation) -> Mailbox:
    house.lay_website(installation)
    installation.manage("load_register", str(REGISTER), "--force")
    installation.start_all()
    return Mailbox(installation)


def _browser(chromium: Browser, installation: Installation) -> Page:
    return chromium.new_context(base_url=installation.url, locale="en-GB").new_page()


def _press(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=name).click()


def _fill_in_form(page: Page) -> None:
    page.goto("/en/request/right/")
    page.locator("[name=rights][value=marketing_objection]").check()
    _go_on(page)
    page.locator("[name=requester][value=self]").check()
    page.locator("[name=name]").fill("Fiona Haldane")
    _go_on(page)
    _go_on(page)
    page.locator("[name=email]").fill(FIONA)
    page.locator("[name=language][value=en]").check()
    _go_on(page)
    _go_on(page)
    expect(page).to_have_url(re.compile("/received/"))


def _go_on(page: Page) -> None:
    with page.expect_navigation():
        page.locator("main form [type=submit]").first.click()


def _blocked(installation: Installation, folder: Path) -> list[str]:
    """The lines of a mailing list that must not be written to: hers, and hers in another spelling."""
    listed = folder / "list.txt"
    listed.write_text(f"{FIONA}\nper@example.com\nFiona.Haldane@Example.com\n", encoding="utf-8")
    return installation.manage("suppressed", str(listed)).split()


def _answer_next(hanne: Staff, installation: Installation, reference: str) -> bool:
    """Answer one task that waits for a person; tell whether there was one, or still is one for a connector."""
    tasks = house.state(installation, reference)["tasks"]
    assert tasks, "the register names systems that are told"
    waiting = [number for number, task in enumerate(tasks) if (task["mode"], task["state"]) == ("manual", "open")]
    if waiting:
        hanne.go(f"/desk/cases/{reference}/")
        hanne.page.locator("#tasks tbody tr").nth(waiting[0]).get_by_role("link").first.click()
        hanne.page.locator("textarea[name=note]").fill("Meldt av i systemet.")
        hanne.press("Nothing found")
    return any(task["state"] == "open" for task in tasks)


def _stages(installation: Installation, reference: str) -> set[str]:
    return {request["stage"] for request in house.state(installation, reference)["requests"]}
