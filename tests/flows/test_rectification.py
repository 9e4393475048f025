"""Rectification, from a form to the letter: right beside wrong, written by the connector, looked at again."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.faults import house
from tests.flows.letters import fetch_letter
from tests.flows.people import Mailbox, Person, Staff, eventually, inquiries
from tests.flows.work import answer_searches, propose_answer, release, stages, tell_recipients
from tests.services.installation import Installation

REGISTER = Path(__file__).parent.parent / "data" / "register-story.yaml"
INGRID = "ingrid.solvang@example.com"
WRONG, RIGHT = "Brattvågveien 12", "Brattvågvegen 21"


@pytest.mark.browser
def test_ingrids_street_is_put_right_and_the_letter_proves_it(
    installation: Installation, chromium: Browser, tmp_path: Path
) -> None:
    house.lay_website(installation, writable=True)
    installation.manage("load_register", str(REGISTER), "--force")
    installation.start_all()
    mailbox = Mailbox(installation)
    hanne = Staff(installation, chromium, "Hanne Dahl", "intake", "handler")
    astrid = Staff(installation, chromium, "Astrid Moe", "approver", "decision_maker")

    # She asks on the form, on her phone, in Norwegian.
    ingrid = Person(installation, chromium)
    wish = f"Gateadressen er feil. Det skal stå {RIGHT}."
    ingrid.ask("rectification", wish, name="Ingrid Solvang", email=INGRID)
    reference = eventually(lambda: inquiries(installation)[0]["case"], "the case")
    mailbox.mail(INGRID, "Vi har mottatt henvendelsen din")

    # The website is searched by itself, the mailbox by Hanne.
    answer_searches(hanne, installation, reference)

    # She sees what the website holds, and writes what is right beside what is wrong. Keys only show.
    hanne.go(f"/desk/cases/{reference}/")
    hanne.page.locator("#corrections").get_by_role("link", name="Correct").click()
    hanne.page.locator(".held").filter(has_text="Customer account").get_by_role("link").first.click()
    assert hanne.page.get_by_label("Account id").count() == 0
    street = hanne.page.get_by_label("Street address")
    expect(street).to_have_value(WRONG)
    street.fill(RIGHT)
    hanne.press("Save the right values")
    hanne.press("Carry out")
    eventually(lambda: _street(installation) == RIGHT, "the right value in the website")
    eventually(lambda: _corrected(installation, reference), "the second look")

    # The letter says what, where and when; a second person lets it go.
    hanne.go(f"/desk/cases/{reference}/")
    propose_answer(hanne, installation, reference, "Fulfilled")
    release(astrid, installation, reference)
    words = fetch_letter(chromium, installation, mailbox, INGRID, tmp_path / "letter.pdf")
    for expected in (reference, WRONG, RIGHT, "Gateadresse", "nettstedet"):
        assert expected.casefold() in words.casefold(), expected

    # Whoever received the data is told (Art. 19); the case waits for it.
    assert stages(installation, reference) == {"released"}
    tell_recipients(hanne, installation, reference)
    state = eventually(lambda: _closed(installation, reference), "the end of the case")
    assert [(one["right"], one["outcome"]) for one in state["requests"]] == [("rectification", "fulfilled")]
    assert state["audit_ok"] is True

    # The audit proves both values without telling them.
    entries = house.entries(installation)
    [entered] = [entry["details"] for entry in entries if entry["action"] == "correction.entered"]
    assert {len(entered["before"]), len(entered["after"])} == {64}
    told = json.dumps(entries) + "".join(installation.log(name).read_text() for name in ("web", "worker", "ingest"))
    for value in (WRONG, RIGHT, INGRID):
        assert value not in told
    assert ingrid.effort.presses <= 15, ingrid.effort
    assert hanne.effort.presses <= 30, hanne.effort
    assert astrid.effort.presses <= 4, astrid.effort


def _street(installation: Installation) -> str:
    with closing(sqlite3.connect(installation.var / "website.sqlite3", timeout=20)) as file:
        return str(file.execute("SELECT street FROM accounts WHERE id = 1").fetchone()[0])


def _corrected(installation: Installation, reference: str) -> bool:
    tasks = house.state(installation, reference)["tasks"]
    return [task["state"] for task in tasks if task["action"] == "rectify"] == ["done"]


def _closed(installation: Installation, reference: str) -> dict[str, Any] | None:
    return house.state(installation, reference) if stages(installation, reference) == {"closed"} else None
