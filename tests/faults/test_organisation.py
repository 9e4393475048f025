"""Another promise of the organisation: the worker is killed at every step of moving the dates of open requests."""

from typing import Any

from requests_app.models import AuditEntry, DataSubjectRequest, DeadlineHistory, Organisation
from requests_app.services import clock
from tests.faults import dying, scenes
from tests.faults.console import Console
from tests.faults.table import fault
from tests.services.installation import Installation

REQUESTS = 3
FEWEST_STEPS = 4  # the batch, the look that finds no more, the second look, what is printed


@fault(
    breaks="kill -9 of the worker before each step of moving dates to another promise, in turn",
    then="every open request is due by the new promise, and each change stands in its history once",
)
def test_a_worker_killed_at_any_step_of_another_promise_moves_every_date_once(
    installation: Installation, inside: Console
) -> None:
    dying.prepare(installation, inside)
    installation.start("worker")
    inside(scenes.open_cases, REQUESTS)
    installation.kill("worker")
    told: list[dict[str, Any]] = []
    for step in dying.each_step(installation, lambda step: inside(scenes.owe_other_promise, step)):
        told.append(inside(result))
        assert told[-1]["changes"] == [list(range(2, step + 2))] * REQUESTS
    assert [one["derived"] for one in told] == [True] * step
    assert [one["audit"] for one in told] == [REQUESTS * number for number in range(1, step + 1)]
    assert step > FEWEST_STEPS, "the steps of moving dates are not counted"
    installation.manage("verify_audit")


def result() -> dict[str, Any]:
    """Whether what is stored follows from the facts, and which versions each request was reckoned by, in order."""
    dsrs = list(DataSubjectRequest.objects.open().order_by("pk"))
    causes = [DeadlineHistory.objects.filter(dsr=dsr, cause__startswith="organisation:") for dsr in dsrs]
    versions = [[int(row.cause.partition(":")[2]) for row in rows.order_by("pk")] for rows in causes]
    return {
        "derived": all(dsr.effective_due == clock.derive(dsr).effective_due for dsr in dsrs),
        "changes": versions,
        "audit": AuditEntry.objects.filter(action="clock.recomputed").count(),
        "version": Organisation.objects.get(pk=1).version,
    }
