"""Deletion, from a mail to the certificate: planned by one, approved by another, carried out and looked at again."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.faults import house
from tests.flows.letters import fetch_letter
from tests.flows.people import Mailbox, Staff, eventually, inquiries, stamped
from tests.flows.work import answer_searches, propose_answer, release, stages, tell_recipients
from tests.services.installation import Installation

REGISTER = Path(__file__).parent.parent / "data" / "register-story.yaml"
INGRID = "ingrid.solvang@example.com"
MAIL = (
    f"Return-Path: <{INGRID}>\r\nFrom: Ingrid Solvang <{INGRID}>\r\nTo: info@optimar.no\r\n"
    "Subject: Slett alt om meg\r\nMessage-ID: <slett.1@mail.example.com>\r\nDate: @RECEIVED@\r\n"
    "Content-Type: text/plain; charset=utf-8\r\n\r\n"
    "Hei, jeg vil at dere sletter alle opplysninger dere har om meg.\r\n\r\nHilsen Ingrid Solvang\r\n"
).encode()


@pytest.mark.browser
def test_ingrid_is_deleted_but_for_what_the_law_keeps(
    installation: Installation, chromium: Browser, tmp_path: Path
) -> None:
    house.lay_website(installation, writable=True)
    installation.manage("load_register", str(REGISTER), "--force")
    installation.start_all()
    mailbox = Mailbox(installation)
    hanne = Staff(installation, chromium, "Hanne Dahl", "intake", "handler")
    astrid = Staff(installation, chromium, "Astrid Moe", "approver", "decision_maker")

    # Her wish arrives by mail. Marketing to her is blocked on receipt, before anybody has read it.
    mailbox.drop("ingrid.eml", stamped(MAIL))
    eventually(lambda: inquiries(installation), "the mail")
    eventually(lambda: _is_blocked(installation, tmp_path), "the block")
    hanne.go("/desk/inbox/")
    hanne.page.get_by_role("link", name="Slett alt om meg").first.click()
    expect(hanne.page.get_by_label("Erasure", exact=True)).to_be_checked()
    hanne.press("Request")
    reference = eventually(lambda: inquiries(installation)[0]["case"], "the case")
    mailbox.mail(INGRID, "Vi har mottatt henvendelsen din")

    # The website is searched by itself, the mailbox by Hanne; the plan follows from what was found.
    answer_searches(hanne, installation, reference)
    hanne.go(f"/desk/cases/{reference}/")
    hanne.wait_for("Look at the plan")
    hanne.page.get_by_role("link", name="Look at the plan").click()
    for words in ("What is deleted", "What stays", "Bookkeeping", "Microsoft (Dynamics)"):
        hanne.sees(words)
    hanne.press("Submit the plan")
    assert _approve_button(hanne).count() == 0

    # Astrid approves it. Nothing happens until the time to take it back is over.
    astrid.go(f"/desk/cases/{reference}/")
    astrid.page.get_by_role("link", name="Look at the plan").click()
    assert _ingrid(installation)["accounts"] == 1
    astrid.press("Approve the deletion")
    eventually(lambda: _ingrid(installation)["accounts"] == 0, "the deletion")

    # What is left are the orders that the accounts need; everything else is gone, children and parents.
    eventually(lambda: _done(installation, reference), "the second look")
    left = _ingrid(installation)
    assert {name for name, rows in left.items() if rows} == {"orders", "newsletter_consents"}

    # The answer names what was deleted, what stays and until when. Recipients are told.
    hanne.go(f"/desk/cases/{reference}/")
    propose_answer(
        hanne, installation, reference, "Partly fulfilled", "Ordrene er bilag i regnskapet vårt.",
        "obligation to keep", "claims",
    )  # fmt: skip
    release(astrid, installation, reference)
    words = fetch_letter(chromium, installation, mailbox, INGRID, tmp_path / "letter.pdf")
    for expected in (
        reference,
        "Bokføring",
        "31. desember 2030",
        "Sperren mot markedsføring",
        "HubSpot",
        "1 rad er gjort anonym",
    ):
        assert expected in words, expected
    for value in ("Brattvågveien", "K-1001", "Ring før levering"):
        assert value not in words, value
    assert stages(installation, reference) == {"released"}
    tell_recipients(hanne, installation, reference)

    state = eventually(lambda: _closed(installation, reference), "the end of the case")
    assert [(one["right"], one["outcome"]) for one in state["requests"]] == [("erasure", "partly_fulfilled")]
    assert state["audit_ok"] is True
    logs = "".join(installation.log(name).read_text() for name in ("web", "worker", "ingest"))
    assert INGRID not in logs
    assert "Solvang" not in logs
    assert hanne.effort.presses <= 40, hanne.effort
    assert astrid.effort.presses <= 8, astrid.effort


def _is_blocked(installation: Installation, folder: Path) -> bool:
    listed = folder / "list.txt"
    listed.write_text(f"{INGRID}\n", encoding="utf-8")
    return installation.manage("suppressed", str(listed)).split() == ["1"]


def _approve_button(staff: Staff) -> Locator:
    return staff.page.get_by_role("button", name="Approve the deletion")


def _ingrid(installation: Installation) -> dict[str, int]:
    """How many rows of each table still point at her."""
    questions = {
        "accounts": "SELECT count(*) FROM accounts WHERE lower(email) = ?",
        "orders": "SELECT count(*) FROM orders WHERE lower(email) = ?",
        "newsletter_consents": "SELECT count(*) FROM newsletter_consents WHERE lower(email) = ?",
        "contact_messages": "SELECT count(*) FROM contact_messages WHERE lower(email) = ?",
        "page_events": "SELECT count(*) FROM page_events WHERE account_id = 1 AND ? <> ''",
    }
    with closing(sqlite3.connect(installation.var / "website.sqlite3", timeout=20)) as file:
        return {table: int(file.execute(question, [INGRID]).fetchone()[0]) for table, question in questions.items()}


def _done(installation: Installation, reference: str) -> bool:
    tasks = house.state(installation, reference)["tasks"]
    changed = [task for task in tasks if task["action"] in ("erase", "anonymise", "restrict")]
    return bool(changed) and all(task["state"] == "done" for task in changed)


def _closed(installation: Installation, reference: str) -> dict[str, Any] | None:
    return house.state(installation, reference) if stages(installation, reference) == {"closed"} else None
