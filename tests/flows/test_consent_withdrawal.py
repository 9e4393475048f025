"""Withdrawal of consent by one click in a mailing, and the way back for somebody whose address was typed by another."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.faults import house
from tests.flows.effort import assert_as_published
from tests.flows.people import Mailbox, Person, Staff, eventually, inquiries, text_of
from tests.flows.work import answer_basis, closed, stages, stop_by_hand
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
    fiona = Person(installation, chromium, "en-GB")
    fiona.go(link)
    assert _blocked(installation, tmp_path) == []

    # One click, and marketing to her is blocked, before anything else has run.
    fiona.press("Stop the marketing")
    expect(fiona.page.get_by_role("heading", name="Marketing is stopped")).to_be_visible()
    assert _blocked(installation, tmp_path) == ["1", "3"]

    needed = fiona.effort.cost

    # She gets the letter: what stopped, when, which systems are told, and how to go back. No other mail.
    letter = mailbox.mail(FIONA, "Your consent is withdrawn")
    words = " ".join(text_of(letter).split())
    for phrase in ("optimar.no website", "remains lawful", "do-not-contact list", "/undo/"):
        assert phrase in words, phrase
    assert re.search(r"withdrawn as of \d+ \w+ \d{4} at \d\d:\d\d", words)

    # A second click leads to the same case; a link altered by one character to none.
    fiona.go(link)
    fiona.press("Stop the marketing")
    expect(fiona.page.get_by_role("heading", name="already stopped")).to_be_visible()
    fiona.go(link[:-1] + ("A" if link[-1] != "A" else "B"))
    fiona.press("Stop the marketing")
    expect(fiona.page.get_by_role("heading", name="does not work")).to_be_visible()
    [arrived] = inquiries(installation)
    reference = arrived["case"]

    # The letter has gone, yet the case waits for the systems. Hanne answers those that no connector serves.
    hanne = Staff(installation, chromium, "Hanne Dahl", "intake", "handler")
    hanne.go(f"/desk/cases/{reference}/")
    expect(hanne.page.locator("#marketing").get_by_text("Blocked", exact=False).first).to_be_visible()
    stop_by_hand(hanne, installation, reference)
    answer_basis(hanne, "Avtalen om service løper, og trenger navn og telefon.")
    state = eventually(lambda: closed(installation, reference), "the end of the case")
    assert [(one["right"], one["outcome"]) for one in state["requests"]] == [("consent_withdrawal", "fulfilled")]
    assert [one["intent"] for one in state["messages"] if one["direction"] == "out"] == ["confirmation"]
    assert state["audit_ok"] is True
    assert FIONA not in "".join(installation.log(name).read_text() for name in ("web", "worker"))
    assert link.rpartition("/")[2] not in installation.log("web").read_text()
    assert_as_published("Withdrawal of consent", person=needed, handler=hanne.effort.cost)


@pytest.mark.browser
def test_somebody_typed_fionas_address_and_she_takes_it_back(
    installation: Installation, chromium: Browser, tmp_path: Path
) -> None:
    mailbox = _running(installation)

    # Somebody fills in the form with her address. It is blocked at once, and she is told.
    Person(installation, chromium).ask("marketing_objection", "", name="Fiona Haldane", email=FIONA, language="en")
    assert _blocked(installation, tmp_path) == ["1", "3"]
    letter = mailbox.mail(FIONA, "We have stopped marketing to you")
    found = re.search(r"http\S+/undo/\S+", text_of(letter))
    assert found

    # She opens the link, which changes nothing, and takes it back with one click; twice does no harm.
    fiona = Person(installation, chromium, "en-GB")
    fiona.go(found.group(0))
    assert _blocked(installation, tmp_path) == ["1", "3"]
    for _ in range(2):
        fiona.go(found.group(0))
        fiona.press("Take my address off the list")
        expect(fiona.page.get_by_role("heading", name="This is taken back")).to_be_visible()
    assert _blocked(installation, tmp_path) == []

    # The staff see that she wrote; her request goes on.
    hanne = Staff(installation, chromium, "Hanne Dahl", "intake", "handler")
    reference = inquiries(installation)[0]["case"]
    hanne.go(f"/desk/cases/{reference}/")
    hanne.sees("Marketing to my address may go on")
    hanne.sees("Marketing allowed again")
    assert stages(installation, reference) == {"released"}


def _running(installation: Installation) -> Mailbox:
    house.lay_website(installation, writable=True)
    installation.manage("load_register", str(REGISTER), "--force")
    installation.start_all()
    return Mailbox(installation)


def _blocked(installation: Installation, folder: Path) -> list[str]:
    """The lines of a mailing list that must not be written to: hers, and hers in another spelling."""
    listed = folder / "list.txt"
    listed.write_text(f"{FIONA}\nper@example.com\nFiona.Haldane@Example.com\n", encoding="utf-8")
    return installation.manage("suppressed", str(listed)).split()
