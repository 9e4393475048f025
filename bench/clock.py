"""How fast the clock is: deadlines a second, and what the sweep of the reminders costs where a million cases lie.

    .venv/bin/python bench/clock.py [--json] [--rows 1000000] [--seconds 3]

The sweep is measured on an SQLite of its own and, where `DATARETT_DATABASE_URL` names a PostgreSQL, in a database of
its own there. Both are gone afterwards; what takes longer than TIME_LIMIT is broken off. The exit code is 0 also where
a target is missed: a bench tells, it does not judge the machine.
"""

import argparse
import csv
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.figure import Figure, line  # noqa: E402 - also where this file is run by its path
from requests_app.domain.calendars import for_country  # noqa: E402
from requests_app.domain.clock import compute_deadline  # noqa: E402
from scripts.setup import lay_secrets  # noqa: E402
from scripts.terminal import say, stop  # noqa: E402
from scripts.test import terminated  # noqa: E402
from tests.services.databases import fresh_database  # noqa: E402

VECTORS = ROOT / "tests" / "data" / "deadline-vectors.csv"
TIME_LIMIT = 900  # seconds for one database
DEADLINES_A_SECOND, FINDING_MS = 20_000, 20


def main() -> int:
    """Return the exit code."""
    signal.signal(signal.SIGTERM, terminated)
    options = _options()
    try:
        figures = [deadlines(options.seconds)]
        for name, environ in stacks():
            with environ as variables:
                figures += sweep(name, options.rows, variables)
    except KeyboardInterrupt:
        say("stopped")
        return 130
    if options.json:
        say(json.dumps({"rows": options.rows, "figures": [asdict(figure) for figure in figures]}, indent=2))
    else:
        for figure in figures:
            say(line(figure))
    return 0


def deadlines(seconds: float) -> Figure:
    """Compute the deadlines of the vectors again and again, on one core, for so many seconds of its time."""
    vectors = list(_vectors())
    count, begun = 0, time.process_time()
    while (used := time.process_time() - begun) < seconds:
        for received_at, facts in vectors:
            compute_deadline(received_at, **facts)
        count += len(vectors)
    rate = round(count / used)
    return Figure("compute_deadline", rate, "a second", DEADLINES_A_SECOND, rate >= DEADLINES_A_SECOND)


def sweep(name: str, rows: int, variables: dict[str, str]) -> list[Figure]:
    """Measure the sweep in a database that the environment names, by a process of its own."""
    command = [sys.executable, "-m", "bench.sweep", f"--rows={rows}"]
    environ = {key: value for key, value in os.environ.items() if not key.startswith("DATARETT_")} | variables
    try:
        done = subprocess.run(
            command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, text=True, timeout=TIME_LIMIT, check=False
        )
    except subprocess.TimeoutExpired:
        stop(f"{name}: not done after {TIME_LIMIT} seconds")
    if done.returncode:
        stop(f"{name}: the measurement failed")
    found = json.loads(done.stdout)
    where = f"{name}, {found['due']} due of {found['open']} open of {found['rows']}"
    index = "by its index" if found["by_index"] else "WITHOUT its index"
    met = found["by_index"] and found["find_ms"] <= FINDING_MS
    return [
        Figure(f"finding what is due {index} ({where})", found["find_ms"], "ms", FINDING_MS, met),
        Figure(f"telling the staff of it, a mail each, its statements alone ({where})", found["database_s"], "s"),
        Figure(f"telling the staff of it, a mail each, in all ({where})", found["sweep_s"], "s"),
    ]


def stacks() -> Iterator[tuple[str, Any]]:
    """The databases to measure on: a name, and a context that yields the environment for it."""
    yield "SQLite", _sqlite()
    if server := os.environ.get("DATARETT_DATABASE_URL"):
        yield "PostgreSQL", _postgres(server)


@contextmanager
def _sqlite() -> Iterator[dict[str, str]]:
    with tempfile.TemporaryDirectory(prefix="datarett-bench-") as folder:
        lay_secrets(Path(folder))
        yield {"DATARETT_VAR": folder}


@contextmanager
def _postgres(server: str) -> Iterator[dict[str, str]]:
    with _sqlite() as variables, fresh_database(server) as url:
        folder = variables["DATARETT_VAR"]
        secrets = {
            "DATARETT_SECRET_KEY_FILE": f"{folder}/secret_key",
            "DATARETT_KEYS_FILE": f"{folder}/keys",
        }
        yield variables | secrets | {"DATARETT_DATABASE_URL": url}


def _vectors() -> Iterator[tuple[datetime, dict[str, Any]]]:
    """The facts of each vector, read beforehand: what is measured is the arithmetic."""
    with VECTORS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            suspensions = [part.split("/") for part in row["suspensions"].split(";") if part]
            notice = row["extension_notice_at"]
            yield (
                _instant(row["received_at"]),
                {
                    "calendar": for_country(row["country"], tz=row["timezone"]),
                    "policy_days": int(row["policy_days"]),
                    "suspensions": [(_instant(a), None if b == ".." else _instant(b)) for a, b in suspensions],
                    "extension_notice_at": _instant(notice) if notice else None,
                },
            )


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="the figures as JSON")
    parser.add_argument("--rows", type=int, default=1_000_000, help="how many cases to lay (default: 1000000)")
    parser.add_argument("--seconds", type=float, default=3.0, help="how long deadlines are computed (default: 3)")
    options = parser.parse_args()
    if not 100 <= options.rows <= 5_000_000 or not 0 < options.seconds <= 60:
        parser.error("rows: 100 to 5000000; seconds: up to 60")
    return options


if __name__ == "__main__":
    sys.exit(main())
