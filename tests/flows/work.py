"""What staff do in every story: search by hand, draft, release, tell recipients."""

from collections.abc import Mapping
from typing import Any

from tests.faults import house
from tests.services.installation import Installation

from .people import Staff, eventually

SEARCH, CHANGE, TELL = "Search", "Change", "Tell recipients"


def stages(installation: Installation, reference: str) -> set[str]:
    """Where the requests of a case stand."""
    return {request["stage"] for request in house.state(installation, reference)["requests"]}


def closed(installation: Installation, reference: str) -> dict[str, Any] | None:
    """The state of the case, once every request is closed."""
    return house.state(installation, reference) if stages(installation, reference) == {"closed"} else None


def tasks(installation: Installation, reference: str, *actions: str) -> list[dict[str, Any]]:
    """The tasks of a case with these actions, in the order in which the page of the case shows them."""
    return [task for task in house.state(installation, reference)["tasks"] if task["action"] in actions]


def answer_searches(
    staff: Staff, installation: Installation, reference: str, found: Mapping[str, str] | None = None
) -> None:
    """Answer every search that waits for a person, each leading to the next; `found` is what was found, by system."""
    searches = eventually(lambda: tasks(installation, reference, "read"), "the plan of the search")
    waiting = [task["system"] for task in searches if task["mode"] == "manual"]
    staff.go(f"/desk/cases/{reference}/")
    open_task(staff, SEARCH, [task["mode"] for task in searches].index("manual"))
    for system in waiting:
        note = (found or {}).get(system)
        staff.page.locator("textarea[name=note]").fill(note or "Søkte på navn og adresse.")
        if note:
            staff.page.locator("input[name=same_address]").check()
        staff.press("Save what I found" if note else "Nothing found")

    def are_answered() -> bool:
        return all(task["state"] in ("done", "not_found") for task in tasks(installation, reference, "read"))

    eventually(are_answered, "the last search")


def open_task(staff: Staff, group: str, number: int) -> None:
    """Go from the page of a case to a task, counted from 0 among those of its group."""
    rows = staff.page.get_by_role("region", name=group, exact=True).locator("tbody tr")
    with staff.page.expect_navigation():
        rows.nth(number).get_by_role("link").first.click()


def stop_by_hand(staff: Staff, installation: Installation, reference: str) -> None:
    """Say of every system that no connector serves that marketing is stopped there, each leading to the next."""
    orders = eventually(lambda: tasks(installation, reference, "withdraw"), "the plan of the withdrawal")
    staff.go(f"/desk/cases/{reference}/")
    open_task(staff, CHANGE, [task["mode"] for task in orders].index("manual"))
    for _ in [task for task in orders if task["mode"] == "manual"]:
        staff.page.get_by_label("Done", exact=True).check()
        staff.page.locator("textarea[name=note]").fill("Meldt av, og sett etter en gang til.")
        staff.press("Save the result")


def answer_basis(staff: Staff, words: str) -> None:
    """Say, on the page of the case, that the data has another basis than the consent that was withdrawn."""
    staff.page.get_by_label("Another basis remains", exact=True).check()
    staff.page.locator("textarea[name=words]").fill(words)
    staff.press("Save the answer")


def draft_answer(staff: Staff, outcome: str, reasons: str = "", *grounds: str) -> None:
    """Draft the answer on the page of the case, and choose its outcome."""
    staff.press("Draft the answer")
    staff.page.get_by_label(outcome, exact=True).check()
    for ground in grounds:
        staff.page.get_by_role("checkbox", name=ground).first.check()
    if reasons:
        staff.page.locator("textarea[name=reasoning]").fill(reasons)
    staff.press("Save the outcome")


def submit_answer(staff: Staff, installation: Installation, reference: str) -> None:
    """Hand the answer over as soon as its package is there."""
    staff.press_until(
        "Submit for approval", lambda: stages(installation, reference) == {"in_review"}, "the hand-over for approval"
    )


def release(staff: Staff, installation: Installation, reference: str) -> None:
    """Release the answer, as the second person."""
    staff.go(f"/desk/cases/{reference}/")
    staff.press("Release the answer")
    assert stages(installation, reference) <= {"released", "closed"}


def tell_recipients(staff: Staff, installation: Installation, reference: str) -> list[str]:
    """Say of every recipient that they were told today, each leading to the next; return what they are written."""
    waiting = len(tasks(installation, reference, "notify"))
    staff.go(f"/desk/cases/{reference}/")
    open_task(staff, TELL, 0)
    written = []
    for _ in range(waiting):
        written.append(staff.page.inner_text("main"))
        staff.page.get_by_label("Told", exact=True).check()
        staff.page.locator("textarea[name=note]").fill("Meldt på e-post.")
        staff.press("Save the result")
    return written
