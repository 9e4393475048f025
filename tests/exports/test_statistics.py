"""Which systems took how long, what recipients were told, and the whole report as a command."""

import json
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from time_machine import travel

from exports import statistics
from exports.models import SystemTask
from requests_app import statistics as requests
from requests_app.domain import periods
from requests_app.domain.small_cells import Table
from requests_app.domain.spread import Spread
from tests import factories

pytestmark = pytest.mark.django_db

OPENED = datetime(2026, 5, 4, 8, tzinfo=UTC)
LATER = datetime(2026, 5, 24, 8, tzinfo=UTC)


def task(system: str, days: int | None, *, action: str = "read", state: str = "done") -> None:
    """A task that was opened on 4 May and done so many days later, or is still open."""
    with travel(OPENED, tick=False):
        row = SystemTask.objects.create(
            dsr=factories.dsr(), system=system, system_name=system, action=action, mode="manual",
            state=state if days is not None else "open", due_on=date(2026, 5, 14),
        )  # fmt: skip
    if days is not None:
        SystemTask.objects.filter(pk=row.pk).update(done_at=OPENED + timedelta(days=days))


def figures() -> statistics.SystemFigures:
    """The figures of May, looked at on the 24th."""
    with travel(LATER, tick=False):
        return statistics.figures(requests.span(periods.month("2026-05")))


def test_the_slowest_system_stands_first_and_one_with_few_searches_says_nothing() -> None:
    for days in (1, 1, 2, 3, 3):
        task("website", days)
    for days in (2, 4, 9, 10):
        task("hubspot", days)
    task("hubspot", None)  # has been waiting for 20 days
    task("archive", 19)
    assert figures().delays == (
        statistics.SystemDelay("hubspot", Spread(None, 9.0, 20.0, 20.0)),
        statistics.SystemDelay("website", Spread(None, 2.0, 3.0, 3.0)),
        statistics.SystemDelay("archive", Spread(None)),
    )


def test_recipients_that_were_told_and_those_that_were_not() -> None:
    for _ in range(9):
        task("recipient:printer", 1, action="notify")
    for state in ("kept", "kept", "kept", "failed", "failed", "called_off"):
        task("recipient:printer", 1, action="notify", state=state)
    # 3 kept and 2 failed are 5 together, in two cells: neither can be computed.
    assert figures().recipients == Table(14, {"told": 9, "not_told": None, "failed": None, "waiting": 0})


def out(*args: str) -> str:
    """What the command prints."""
    target = StringIO()
    call_command("statistics", *args, stdout=target)
    return target.getvalue()


def test_the_report_is_one_object_of_plain_names_and_numbers() -> None:
    for _ in range(5):
        task("website", 1)
    with travel(LATER, tick=False):
        report: dict[str, Any] = json.loads(out("--json", "--month", "2026-05"))
        assert json.loads(out("--json"))["period"] == {"first": "2026-01-01", "after": "2027-01-01"}
        assert json.loads(out("--json", "--quarter", "2026-Q2"))["period"]["after"] == "2026-07-01"
    assert list(report) == ["period", "requests", "identity", "systems"]
    assert report["requests"]["received"]["by_right"]["cells"]["access"] == 5
    assert report["requests"]["answered"]["days"] == {
        "count": 0, "median": None, "percentile_90": None, "largest": None,
    }  # fmt: skip
    assert report["systems"]["delays"] == [
        {"system": "website", "days": {"count": None, "median": 1.0, "percentile_90": 1.0, "largest": 1.0}}
    ]
    assert "example.com" not in json.dumps(report)


def test_the_report_can_be_read_as_lines() -> None:
    task("website", 1)
    with travel(LATER, tick=False):
        lines = dict(line.split(maxsplit=1) for line in out("--month", "2026-05").splitlines())
    assert lines["requests.received.by_right.cells.complaint"] == "not told"
    assert lines["requests.reopened"] == "0"


@pytest.mark.parametrize(
    "arguments, message",
    [
        (["--year", "26"], "write it like 2026"),
        (["--quarter", "2026-Q5"], "write it like 2026-Q3"),
        (["--month", "mai"], "write it like 2026-11"),
        (["--year", "2026", "--month", "2026-05"], "not allowed with argument"),
    ],
)
def test_a_period_that_does_not_exist_is_refused_in_one_line(arguments: list[str], message: str) -> None:
    with pytest.raises(CommandError, match=message) as caught:
        out(*arguments)
    assert len(str(caught.value).splitlines()) == 1
