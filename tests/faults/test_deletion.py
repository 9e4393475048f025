"""A deletion in a system that is not ours: the worker is killed at every step, the system keeps what it has done."""

import shutil
from typing import Any

from exports.models import SystemTask
from requests_app.models import AuditEntry
from tests.faults import dying, scenes
from tests.faults.console import Console
from tests.faults.table import fault
from tests.flows import site
from tests.services.installation import Installation

FEWEST_STEPS = 5  # begun, announced, the rows, the answer, the next step of the plan


@fault(
    breaks="kill -9 of the worker before each step of a deletion in the database of the website, in turn",
    then="the rows go once, nobody else's are touched, and task and audit tell what was done, not what was planned",
)
def test_a_worker_killed_at_any_step_of_a_deletion_tells_what_was_done(
    installation: Installation, inside: Console
) -> None:
    installation.environ["UNDO_SECONDS"] = "0"
    dying.prepare(installation, inside)
    fresh = installation.var / "fresh.sqlite3"
    shutil.copy(installation.var / "website.sqlite3", fresh)
    results: list[tuple[dict[str, Any], site.Rows]] = []
    others = site.others(installation)
    deleted: list[int] = []
    for _ in dying.each_step(installation, lambda step: deleted.append(inside(scenes.owe_deletion, step))):
        assert site.others(installation) == others
        results.append((inside(result, deleted[-1]), site.hers(installation)))
        site.lay_again(installation, fresh)
    undisturbed, left = results[-1]
    assert ["website", "erase", "done"] in [task[:3] for task in undisturbed["tasks"]]
    assert len(undisturbed["answers"]) == 1
    for told, rows in results:
        assert told == undisturbed
        assert {table: len(some) for table, some in rows.items()} == {table: len(some) for table, some in left.items()}
    assert len(deleted) > FEWEST_STEPS, "the steps of deleting are not counted"
    installation.manage("verify_audit")


def result(dsr_id: int) -> dict[str, Any]:
    """What is told of a deletion: by its tasks, and by the audit."""
    tasks = SystemTask.objects.filter(dsr=dsr_id).exclude(action="read").order_by("system", "action")
    answers = AuditEntry.objects.filter(subject=f"dsr:{dsr_id}", action="task.answered", details__verb="erase")
    return {
        "tasks": [[t.system, t.action, t.state, t.rows, t.otherwise, t.emptied, bool(t.verified_at)] for t in tasks],
        "answers": [[entry.details["rows"], entry.details["verified"]] for entry in answers],
    }
