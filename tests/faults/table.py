"""The fault table: which test breaks what, on which stack, and how it went. A pytest plugin.

    @fault(then="one case", breaks="kill -9 of the web at step {step}")

makes a test, or each row of a parametrised one, a line of the table. A fault that only one stack can have names it
(`embedded=` or `scaled_out=` instead of `breaks=`); on the other stack the test is left out. `--fault-table=PATH`
appends the lines with their results to a file, one JSON object each: what `make faults` prints.
"""

import json
import os
from pathlib import Path
from typing import Any

import pytest

EMBEDDED, SCALED_OUT = "SQLite, files", "PostgreSQL, Redis"
_KEY = "fault"


def stack() -> str:
    """The stack under test."""
    return SCALED_OUT if os.environ.get("DATARETT_DATABASE_URL") else EMBEDDED


def fault(*, then: str, breaks: str = "", embedded: str = "", scaled_out: str = "") -> pytest.MarkDecorator:
    """Mark a test as a line of the table; `{name}` in a text is the value of that parameter."""
    return pytest.mark.fault(then=then, breaks=breaks, embedded=embedded, scaled_out=scaled_out)


def line_of(item: pytest.Item) -> dict[str, str] | None:
    """The line of a test on the stack under test: what breaks, and what holds afterwards. None: not on this stack."""
    marker = item.get_closest_marker("fault")
    assert marker is not None
    texts = marker.kwargs
    breaks = texts["breaks"] or texts["embedded" if stack() == EMBEDDED else "scaled_out"]
    if not breaks:
        return None
    values: dict[str, Any] = item.callspec.params if hasattr(item, "callspec") else {}
    return {"stack": stack(), "breaks": breaks.format(**values), "then": texts["then"].format(**values)}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Where the table goes."""
    parser.addoption("--fault-table", metavar="PATH", help="append the lines of the fault table, as JSON")


def pytest_configure(config: pytest.Config) -> None:
    """Announce the marker."""
    config.addinivalue_line("markers", "fault(then, breaks, embedded, scaled_out): a line of the fault table")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the faults that this stack cannot have; the others tell their line with their result."""
    left_out = []
    for item in items:
        if item.get_closest_marker("fault"):
            line = line_of(item)
            if line is None:
                left_out.append(item)
            else:
                item.user_properties.append((_KEY, line))
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Append the lines, in the order in which the tests ended."""
    path = config.getoption("--fault-table")
    if not path or hasattr(config, "workerinput"):  # a worker of pytest-xdist has told its controller
        return
    found: dict[str, dict[str, str]] = {}
    for outcome in ("passed", "failed", "error"):
        for report in terminalreporter.stats.get(outcome, []):
            line = dict(report.user_properties).get(_KEY)
            if line is not None and (report.when == "call" or outcome != "passed"):
                found[report.nodeid] = {**line, "result": "holds" if outcome == "passed" else "BROKEN"}
    with Path(path).open("a", encoding="utf-8") as file:
        file.writelines(f"{json.dumps(line, ensure_ascii=False)}\n" for line in found.values())
