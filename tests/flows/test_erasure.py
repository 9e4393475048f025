"""Deletion, from a mail to the certificate: planned by one, approved by another, carried out and looked at again."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Locator, expect

from exports.demo.people import INGRID
from tests.faults import house
from tests.flows import site
from tests.flows.effort import assert_as_published
from tests.flows.letters import fetch_letter, preview
from tests.flows.people import Mailbox, Person, Staff, eventually, inquiries, stamped
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
# Our own mail server found it to come from her domain, so nobody asks her who she is.
PASSED = "Authentication-Results: mx1.optimar.no; dmarc=pass header.from=example.com\r\n"
MAIL = (
    f"Return-Path: <{INGRID.email}>\r\n{PASSED}From: {INGRID.name} <{INGRID.email}>\r\nTo: info@optimar.no\r\n"
    "Subject: Slett alt om meg\r\nMessage-ID: <slett.1@mail.example.com>\r\nDate: @RECEIVED@\r\n"
    "Content-Type: text/plain; charset=utf-8\r\n\r\n"
    f"Hei, jeg vil at dere sletter alle opplysninger dere har om meg.\r\n\r\nHilsen {INGRID.name}\r\n"
).encode()
COMMENT = "Ring før levering, porten er låst."
CUSTOMER_NUMBER, VISITS_FROM, COOKIE = "K-1001", "198.51.100.1", "7620c297dbf5bc2e13c2"


@pytest.mark.browser
def test_ingrid_is_deleted_but_for_what_the_law_keeps(
    installation: Installation, chromium: Browser, tmp_path: Path
) -> None:
    house.lay_website(installation, writable=True)
    site.keep_journal(installation)
    installation.manage("load_register", str(REGISTER), "--force")
    installation.environ["UNDO_SECONDS"] = "86400"
    installation.start_all()
    mailbox = Mailbox(installation)
    hanne = Staff(installation, chromium, "Hanne Dahl", "intake", "handler")
    astrid = Staff(installation, chromium, "Astrid Moe", "approver", "decision_maker")
    before, others = site.hers(installation), site.others(installation)

    # Her wish arrives by mail. Marketing to her is blocked on receipt, before anybody has read it.
    mailbox.drop("ingrid.eml", stamped(MAIL))
    eventually(lambda: inquiries(installation), "the mail")
    eventually(lambda: _is_blocked(installation, tmp_path), "the block")
    hanne.go("/desk/inbox/")
    hanne.follow("Slett alt om meg")
    expect(hanne.page.get_by_label("Erasure", exact=True)).to_be_checked()
    hanne.press("Request")
    reference = eventually(lambda: inquiries(installation)[0]["case"], "the case")
    mailbox.mail(INGRID.email, "Vi har mottatt henvendelsen din")

    # The website is searched by itself, the others by Hanne; the plan follows from what was found, and is counted.
    found = {"mailbox": "Tre tråder om reservedeler.", "hubspot": "En kontakt med e-postadressen hennes."}
    answer_searches(hanne, installation, reference, found)
    hanne.wait_for("Look at the plan")
    hanne.follow("Look at the plan")
    assert _plan(hanne, "What is deleted") == {
        ("optimar.no website and forms", "Providing the website"): "40",
        ("optimar.no website and forms", "Interactive features"): "2",
        ("optimar.no website and forms", "Customer care and support"): "none of its own",
        ("optimar.no website and forms", "Direct marketing and networking"): "none of its own",
        ("info@optimar.no mailbox", "Customer care and support"): "not counted",
        ("HubSpot", "Direct marketing and networking"): "not counted",
    }
    assert _plan(hanne, "What stays") == {
        ("optimar.no website and forms", "Bookkeeping"): "5",
        ("optimar.no website and forms", "Proof of consent"): "1",
    }
    hanne.sees("Counted with Interactive features, Bookkeeping.")
    hanne.sees("Order: Comment (")
    for words in ("31 Dec 2030", "Article 17(3)(b)", "Microsoft (Dynamics)"):
        hanne.sees(words)
    hanne.press("Submit the plan")
    assert _approve_button(hanne).count() == 0

    # Astrid approves it, and takes it back: there is a day to think it over, and nothing has happened.
    astrid.go(f"/desk/cases/{reference}/")
    astrid.follow("Look at the plan")
    astrid.press("Approve the deletion")
    astrid.sees("can be taken back until then")
    astrid.press("Take the approval back")
    assert tasks(installation, reference, "erase") == []
    assert site.hers(installation) == before

    # She approves it again, and this time it is soon too late.
    _shorten_undo(installation)
    astrid.press("Approve the deletion")
    eventually(lambda: _erased(installation, reference) == {"website": "done"}, "the deletion and the second look")

    # Children go before parents. What the accounts need stays; nothing else tells of her, and nobody else is touched.
    assert site.journal(installation) == ["visit deleted", "account changed"]
    left = site.hers(installation)
    kept = ("order_lines", "newsletter_consents")
    assert {name: left[name] for name in kept} == {name: before[name] for name in kept}
    # An order stays as bookkeeping needs it, and that is without what she wrote to the driver.
    assert left["orders"] == [tuple(None if one == COMMENT else one for one in row) for row in before["orders"]]
    assert left["orders"] != before["orders"]
    assert site.mentions(left, INGRID.email, INGRID.last_name) == {"orders", "newsletter_consents"}
    assert site.mentions(left, INGRID.phone, CUSTOMER_NUMBER, VISITS_FROM, COOKIE, INGRID.company) == set()
    assert site.others(installation) == others

    # The others are Hanne's to delete. Of one she has to look again; the other only takes the order.
    hanne.go(f"/desk/cases/{reference}/")
    hanne.page.locator("main").get_by_role("link", name="mailbox").first.click()
    hanne.page.get_by_label("It is gone").check()
    hanne.page.locator("textarea[name=note]").fill("Slettet trådene og tømte papirkurven.")
    hanne.press("Save")
    hanne.sees("Search the system once more")
    hanne.page.get_by_label("I have searched the system once more").check()
    hanne.press("Save")
    hanne.page.get_by_label("Ordered from the vendor").check()
    hanne.page.get_by_label("Done by the vendor by").fill(_in_a_month())
    hanne.press("Save")
    hanne.sees("Carried out")
    assert _erased(installation, reference) == {"website": "done", "mailbox": "done", "hubspot": "accepted"}

    # The answer cannot claim that nothing stays. It names what was deleted, what was ordered, what stays until when.
    draft_answer(hanne, "Fulfilled")
    hanne.sees("met in part only")
    hanne.page.get_by_label("Partly fulfilled", exact=True).check()
    for ground in ("obligation to keep", "claims"):
        hanne.page.get_by_role("checkbox", name=ground).first.check()
    hanne.page.locator("textarea[name=reasoning]").fill("Ordrene er bilag i regnskapet vårt.")
    hanne.press("Save the outcome")
    assert "Dette beholder vi" in preview(hanne, tmp_path / "draft.pdf")
    submit_answer(hanne, installation, reference)
    release(astrid, installation, reference)
    ingrid = Person(installation, chromium)
    letter = fetch_letter(ingrid, mailbox, INGRID.email, tmp_path / "letter.pdf")
    for expected in (
        reference,
        "Bokføring",
        "31. desember 2030",
        "Sperren mot markedsføring",
        "Sikkerhetskopier",
        "1 rad er gjort anonym",
        "Kommentar",
    ):
        assert expected in letter, expected
    for value in (INGRID.phone, INGRID.street, INGRID.company, CUSTOMER_NUMBER, COOKIE, "Ring før levering"):
        assert value not in letter, value
    deleted, _, ordered = letter.partition("Dette har vi bestilt sletting av")
    assert "HubSpot" not in deleted
    assert "Leverandøren sier innen" in ordered
    assert "Slettet trådene" not in letter

    # Recipients are told without a value of hers but the key, and the case waits for it. The block outlives it all.
    assert stages(installation, reference) == {"released"}
    notices = tell_recipients(hanne, installation, reference)
    assert len(notices) == 4
    for notice in notices:
        assert f"Record: {INGRID.email}" in notice
        assert not any(value in notice for value in (INGRID.phone, INGRID.street, CUSTOMER_NUMBER, COOKIE))
    state = eventually(lambda: closed(installation, reference), "the end of the case")
    assert [(one["right"], one["outcome"]) for one in state["requests"]] == [("erasure", "partly_fulfilled")]
    assert state["audit_ok"] is True
    assert _is_blocked(installation, tmp_path)
    logs = "".join(installation.log(name).read_text() for name in ("web", "worker", "ingest"))
    assert INGRID.email not in logs
    assert INGRID.last_name not in logs
    assert_as_published("Erasure", person=ingrid.effort.cost, handler=hanne.effort.cost, approver=astrid.effort.cost)


def _is_blocked(installation: Installation, folder: Path) -> bool:
    listed = folder / "list.txt"
    listed.write_text(f"{INGRID.email}\n", encoding="utf-8")
    return installation.manage("suppressed", str(listed)).split() == ["1"]


def _plan(staff: Staff, heading: str) -> dict[tuple[str, str], str]:
    """The rows of one table of the plan: how many, by system and use."""
    table = staff.page.get_by_role("region", name=f"{heading}: every use of data", exact=True)
    expect(table).to_be_visible()
    rows = table.locator("tbody tr")
    cells = [[cell.strip() for cell in row.locator("th, td").all_inner_texts()] for row in rows.all()]
    return {(system, use.splitlines()[0]): count for system, use, count, *_ in cells}


def _approve_button(staff: Staff) -> Locator:
    return staff.page.get_by_role("button", name="Approve the deletion")


def _shorten_undo(installation: Installation) -> None:
    """Set the time in which an approval can be taken back to nothing, which a web server reads when it starts."""
    installation.kill("web")
    installation.environ["UNDO_SECONDS"] = "0"
    installation.start("web")
    installation.wait_healthy()


def _in_a_month() -> str:
    return (timezone.localdate() + timedelta(days=30)).isoformat()


def _erased(installation: Installation, reference: str) -> dict[str, str]:
    """How the deletion stands in each system that has answered."""
    orders = tasks(installation, reference, "erase")
    return {task["system"]: task["state"] for task in orders if task["state"] != "open"}
