"""Rectification, from a form to the letter: right beside wrong, written by the connector, looked at again."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from exports.demo.people import INGRID
from tests.faults import house
from tests.flows import site
from tests.flows.effort import assert_as_published
from tests.flows.letters import fetch_letter, preview
from tests.flows.people import Mailbox, Person, Staff, eventually, inquiries
from tests.flows.work import (
    answer_searches,
    closed,
    draft_answer,
    release,
    stages,
    submit_answer,
    tasks,
    tell_recipients,
)  # fmt: skip
from tests.services.installation import Installation

REGISTER = Path(__file__).parent.parent / "data" / "register-story.yaml"
WRONG, RIGHT = INGRID.phone, "+47 100 00 199"


@pytest.mark.browser
def test_ingrids_phone_number_is_put_right_everywhere_and_the_letter_proves_it(
    installation: Installation, chromium: Browser, tmp_path: Path
) -> None:
    house.lay_website(installation, writable=True)
    installation.manage("load_register", str(REGISTER), "--force")
    installation.start_all()
    mailbox = Mailbox(installation)
    hanne = Staff(installation, chromium, "Hanne Dahl", "intake", "handler")
    astrid = Staff(installation, chromium, "Astrid Moe", "approver", "decision_maker")
    hers, others = site.hers(installation), site.others(installation)

    # She asks on the form, on her phone, in Norwegian.
    ingrid = Person(installation, chromium)
    wish = f"Telefonnummeret mitt er feil. Det skal stå {RIGHT}."
    ingrid.ask("rectification", wish, name=INGRID.name, email=INGRID.email)
    reference = eventually(lambda: inquiries(installation)[0]["case"], "the case")
    mailbox.mail(INGRID.email, "Vi har mottatt henvendelsen din")

    # The website is searched by itself, the other two by Hanne: there is a card in the mailbox.
    answer_searches(hanne, installation, reference, {"mailbox": "Et kontaktkort med navn og telefonnummer."})

    # She sees the wish and what the website holds, and writes what is right, also where the same stands again.
    hanne.page.locator("#corrections").get_by_role("link", name="Correct").click()
    hanne.sees(wish)
    hanne.follow(re.compile("Correct this row.*Customer account"))
    hanne.sees(wish)
    assert hanne.page.get_by_label("Account id").count() == 0, "a key can be changed"
    number = hanne.page.get_by_label("Phone number", exact=True)
    expect(number).to_have_value(WRONG)
    number.fill(RIGHT)
    hanne.page.get_by_label("Change it in 1 other place with the same value, too").last.check()
    hanne.press("Save the right values")
    for place in ("Customer account", "Message from the contact form"):
        expect(hanne.page.locator("#entered").get_by_text(place).first).to_be_visible()

    # What a person has to correct is written down beside it. Nothing has changed anywhere yet.
    _write_down_by_hand(hanne, "Telefon på kontaktkortet")
    assert site.hers(installation) == hers
    hanne.press("Carry out")
    eventually(lambda: _corrected(installation, reference, "website"), "the second look")
    assert site.hers(installation) == _with_right_number(hers)
    assert site.others(installation) == others

    # The mailbox is hers to correct; until she has, nobody is told and nothing can be answered.
    assert tasks(installation, reference, "notify") == []
    hanne.wait_for("Corrected")
    hanne.page.locator("#entered tr").filter(has_text="kontaktkortet").get_by_role("link", name="The task").click()
    hanne.sees(WRONG)
    hanne.page.get_by_label("Done", exact=True).check()
    hanne.page.locator("textarea[name=note]").fill("Søkte opp kortet igjen: det nye nummeret står der.")
    hanne.press("Save the result")
    eventually(lambda: _corrected(installation, reference, "website", "mailbox"), "the last correction")

    # She drafts the letter and looks at it as Ingrid will; she cannot let it go herself.
    hanne.go(f"/desk/cases/{reference}/")
    draft_answer(hanne, "Fulfilled")
    assert RIGHT in preview(hanne, tmp_path / "draft.pdf")
    submit_answer(hanne, installation, reference)
    assert hanne.page.get_by_role("button", name="Release the answer").count() == 0
    release(astrid, installation, reference)

    # The letter says what, where and when, once each.
    words = fetch_letter(ingrid, mailbox, INGRID.email, tmp_path / "letter.pdf")
    for expected in (reference, "Nettstedet optimar.no", "Postkassen info@optimar.no", "Prøvestøtte AS"):
        assert expected in words, expected
    assert re.findall(r"(\S+) \+47 100 00 101 \+47 100 00 199 ", words) == ["Telefonnummer", "kontaktkortet"]

    # Whoever received the data is told the right values once (Art. 19), those of the website's rows only where its
    # uses are theirs; the case waits for it.
    assert stages(installation, reference) == {"released"}
    notices = tell_recipients(hanne, installation, reference)
    assert len(notices) == 5
    assert all(f": {RIGHT}" in notice and WRONG not in notice for notice in notices)
    told_of_the_website = [f"Telefonnummer: {RIGHT}" in notice for notice in notices]
    assert any(told_of_the_website)
    assert not all(told_of_the_website)
    state = eventually(lambda: closed(installation, reference), "the end of the case")
    assert [(one["right"], one["outcome"]) for one in state["requests"]] == [("rectification", "fulfilled")]
    assert state["audit_ok"] is True

    # The audit proves the values before and after without telling them, and so does nothing else.
    entries = house.entries(installation)
    entered = [entry["details"] for entry in entries if entry["action"] == "correction.entered"]
    seals = [one[when] for one in entered for when in ("before", "after")]
    assert len(set(seals)) == len(seals) == 6
    assert all(re.fullmatch("[0-9a-f]{64}", seal) for seal in seals)
    told = json.dumps(entries) + "".join(installation.log(name).read_text() for name in ("web", "worker", "ingest"))
    for value in (WRONG, RIGHT, INGRID.email, INGRID.last_name):
        assert value not in told
    assert_as_published(
        "Rectification", person=ingrid.effort.cost, handler=hanne.effort.cost, approver=astrid.effort.cost
    )


def _write_down_by_hand(hanne: Staff, field: str) -> None:
    form = hanne.page.locator("#by-hand")
    form.get_by_label("Which field").fill(field)
    form.get_by_label("What it says").fill(WRONG)
    form.get_by_label("What is right").fill(RIGHT)
    hanne.press("Add the correction")


def _with_right_number(rows: site.Rows) -> site.Rows:
    return {
        table: [tuple(RIGHT if value == WRONG else value for value in row) for row in found]
        for table, found in rows.items()
    }


def _corrected(installation: Installation, reference: str, *systems: str) -> bool:
    orders = tasks(installation, reference, "rectify")
    return {task["system"] for task in orders if task["state"] == "done"} == set(systems)
