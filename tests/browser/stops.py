"""What a stop is: one page in one state, who looks at it and how they get there."""

from collections.abc import Callable
from dataclasses import dataclass

from .visit import Visit

Way = Callable[[Visit], None]

HANDLER, APPROVER, ADMINISTRATOR, AUDITOR, OWNER = "handler", "approver", "administrator", "auditor", "owner"


@dataclass(frozen=True)
class Stop:
    """One page in one state. `who`: a role of the staff, or "" for somebody without an account."""

    name: str
    go: Way
    who: str = ""
    status: int = 200


def at(path: str) -> Way:
    """Simply open a path; `{nb}` in it becomes the language."""
    return lambda visit: visit.open(path.replace("{nb}", visit.language))


def case_of(name: str, anchor: str = "") -> Way:
    """Open a case on the desk."""
    return lambda visit: visit.open(visit.trial.desk(name) + anchor)


def task_of(case: str, **which: str) -> Way:
    """Open the first such task of a case; `which` as for `Trial.task`."""
    return lambda visit: visit.open(visit.trial.task(case, **which))


def about(path: str, case: str) -> Way:
    """Open a page about the first request of a case; `{dsr}` in its path becomes the id of that request."""
    return lambda visit: visit.open(path.format(dsr=visit.trial.case(case)["dsr"]))


def row_of(case: str) -> Way:
    """Open the first row that can be corrected for a case."""
    return lambda visit: visit.open(visit.trial.places["rows"][case])


def line_of(case: str, measure: str) -> Way:
    """Open the line with a measure of the plan of a case."""
    return lambda visit: visit.open(f"/desk/erasures/lines/{visit.trial.places['lines'][case][measure]}/")


def unfolded(way: Way) -> Way:
    """Open a page with everything on it unfolded."""

    def go(visit: Visit) -> None:
        way(visit)
        visit.unfold()

    return go


def on(way: Way, form: str, *, by: str = "[type=submit]", check: str = "", **values: str) -> Way:
    """Open a page, tick `name=value`, fill in the fields of these names and press a button of a form."""

    def go(visit: Visit) -> None:
        way(visit)
        visit.unfold()
        if check:
            name, _, value = check.partition("=")
            visit.page.locator(form).locator(f"[name='{name}'][value='{value}']").first.check()
        for name, value in values.items():
            visit.page.locator(form).locator(f"[name='{name}']").first.fill(value)
        visit.send(form, by=by)

    return go
