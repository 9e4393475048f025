"""What staff do in every story: search by hand, draft, release, tell recipients."""

from tests.faults import house
from tests.services.installation import Installation

from .people import Staff, eventually


def stages(installation: Installation, reference: str) -> set[str]:
    """Where the requests of a case stand."""
    return {request["stage"] for request in house.state(installation, reference)["requests"]}


def answer_searches(staff: Staff, installation: Installation, reference: str) -> None:
    """Answer every search that waits for a person: nothing found."""

    def look() -> bool:
        tasks = house.state(installation, reference)["tasks"]
        waiting = [n for n, task in enumerate(tasks) if (task["mode"], task["state"]) == ("manual", "open")]
        if waiting:
            staff.go(f"/desk/cases/{reference}/")
            staff.page.locator("#tasks tbody tr").nth(waiting[0]).get_by_role("link").first.click()
            staff.page.locator("textarea[name=note]").fill("Søkte på navn og adresse.")
            staff.press("Nothing found")
        return bool(tasks) and all(task["state"] not in ("open", "failed") for task in tasks)

    eventually(look, "the last search")


def propose_answer(
    staff: Staff, installation: Installation, reference: str, outcome: str, reasons: str = "", *grounds: str
) -> None:
    """Draft the answer, choose its outcome, and hand it over as soon as its package is there."""
    staff.press("Draft the answer")
    staff.page.get_by_label(outcome, exact=True).check()
    for ground in grounds:
        staff.page.get_by_role("checkbox", name=ground).first.check()
    if reasons:
        staff.page.locator("textarea[name=reasoning]").fill(reasons)
    staff.press("Save the outcome")
    staff.press_until(
        "Submit for approval", lambda: stages(installation, reference) == {"in_review"}, "the hand-over for approval"
    )


def release(staff: Staff, installation: Installation, reference: str) -> None:
    """Release the answer, as the second person."""
    staff.go(f"/desk/cases/{reference}/")
    staff.press("Release the answer")
    assert stages(installation, reference) <= {"released", "closed"}


def tell_recipients(staff: Staff, installation: Installation, reference: str) -> None:
    """Say of every recipient that they were told today."""

    def look() -> bool:
        tasks = house.state(installation, reference)["tasks"]
        waiting = [n for n, task in enumerate(tasks) if (task["action"], task["state"]) == ("notify", "open")]
        if waiting:
            staff.go(f"/desk/cases/{reference}/")
            staff.page.locator("#tasks tbody tr").nth(waiting[0]).get_by_role("link").first.click()
            staff.page.get_by_label("Told", exact=True).check()
            staff.page.locator("textarea[name=note]").fill("Meldt på e-post.")
            staff.press("Save the result")
        return not waiting

    eventually(look, "the last recipient")
