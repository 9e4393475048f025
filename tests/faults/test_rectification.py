"""A rectification in a system that is not ours: the worker is killed at every step; the system keeps what is done."""

import sqlite3
from contextlib import closing
from typing import Any

from exports.domain.enums import TaskAction
from exports.models import Correction, SystemTask
from requests_app.domain.enums import RequirementKind
from requests_app.models import AuditEntry, DataSubjectRequest
from tests.faults import dying, scenes
from tests.faults.console import Console
from tests.faults.table import fault
from tests.flows import site
from tests.services.installation import Installation

FEWEST_STEPS = 5  # taken, begun, the rows, the answer, done


@fault(
    breaks="kill -9 of the worker before each step of a rectification in the database of the website, in turn",
    then="the right value stands there, written once and seen by a second look; it is told and proved once",
)
def test_a_worker_killed_at_any_step_of_a_rectification_corrects_once(
    installation: Installation, inside: Console
) -> None:
    dying.prepare(installation, inside)
    others = site.others(installation)
    site.keep_journal(installation)
    corrected: list[int] = []
    told: list[dict[str, Any]] = []
    for step in dying.each_step(
        installation, lambda step: corrected.append(inside(scenes.owe_correction, step, _number(step)))
    ):
        assert _number(step) in {value for row in site.hers(installation)["accounts"] for value in row}
        assert site.others(installation) == others
        assert _changes(installation) == step
        told.append(inside(result, corrected[-1]))
    assert told == [told[-1]] * step
    assert told[-1]["orders"] == [["website", "done", 1, True]]
    assert told[-1]["recipients"]
    assert told[-1]["audit"] == {"correction.entered": 1, "correction.ordered": 1, "task.answered": 1}
    assert (told[-1]["proved"], told[-1]["open"], told[-1]["plan"]) == (1, 0, "met")
    assert step > FEWEST_STEPS, "the steps of correcting are not counted"
    installation.manage("verify_audit")


def _number(step: int) -> str:
    return f"+47 100 00 2{step:02}"


def _changes(installation: Installation) -> int:
    """How often the website has changed an account."""
    with closing(sqlite3.connect(installation.var / "website.sqlite3")) as website:
        return int(website.execute("SELECT count(*) FROM journal").fetchone()[0])


def result(dsr_id: int) -> dict[str, Any]:
    """What is told of a rectification: by its tasks, by its corrections, and by the audit."""
    tasks, rows = SystemTask.objects.filter(dsr=dsr_id), Correction.objects.filter(dsr=dsr_id)
    orders = tasks.filter(action=TaskAction.RECTIFY.value).order_by("system")
    entries = AuditEntry.objects.filter(subject=f"dsr:{dsr_id}")
    counted = {name: entries.filter(action=name).count() for name in ("correction.entered", "correction.ordered")}
    counted["task.answered"] = entries.filter(action="task.answered", details__verb="rectify").count()
    proofs = entries.filter(action="correction.entered").values_list("details__before", "details__after")
    dsr = DataSubjectRequest.objects.get(pk=dsr_id)
    return {
        "orders": [[task.system, task.state, task.rows, bool(task.verified_at)] for task in orders],
        "recipients": sorted(tasks.filter(action=TaskAction.NOTIFY.value).values_list("system", flat=True)),
        "audit": counted,
        "proved": len({*proofs} & set(rows.values_list("before_hmac", "after_hmac"))),
        "open": rows.filter(done_at__isnull=True).count(),
        "plan": dsr.requirements.get(kind=RequirementKind.PLAN.value).state,
    }
