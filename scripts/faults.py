"""`make faults`: break the product in every way we know, on both stacks, and print the fault table.

One line for each fault and stack: what breaks, what has to hold afterwards, and how it went. The lines come from
the tests themselves (tests/faults/table.py); docs/faults.md explains them.
"""

import json
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from scripts import setup, test
from scripts.terminal import heading, say


def main() -> int:
    """Return the exit code: 0 when everything holds."""
    signal.signal(signal.SIGTERM, test.terminated)
    setup.tests()
    with tempfile.TemporaryDirectory(prefix="datarett-faults-") as folder:
        table = Path(folder) / "table"
        options = ("-m", "fault", f"--fault-table={table}")
        try:
            heading("faults on SQLite and files")
            failed = not test.run_suite({}, *options)
            heading("faults on PostgreSQL and Redis")
            with test.scaled_out() as stack:
                failed |= not test.run_suite(stack, "--scaled-out", *options)
        except KeyboardInterrupt:
            say("\nstopped")
            return 130
        finally:
            heading("what broke, and what held")
            for line in _lines(table):
                say(line)
    return 1 if failed else 0


def _lines(table: Path) -> Iterator[str]:
    """The table as text, the faults of one stack after those of the other."""
    rows = [json.loads(line) for line in table.read_text(encoding="utf-8").splitlines()] if table.exists() else []
    rows = [(row["stack"], row["breaks"], row["then"], row["result"]) for row in rows]
    for row in [("stack", "what breaks", "what holds afterwards", "result"), *sorted(rows)]:
        yield " | ".join(row)


if __name__ == "__main__":
    sys.exit(main())
