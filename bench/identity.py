"""Whether the time of an answer tells which addresses are known: the median for a known one over that for an unknown.

    .venv/bin/python bench/identity.py [--json] [--rounds 41]

Known and unknown are asked by turns in one process, with the real hasher, on an SQLite of its own that is gone
afterwards. 1 is what we want; what a machine makes of it in one run is told, not judged. That the work is the same is
proved by tests, which count hashes and queries.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.figure import Figure, line  # noqa: E402 - also where this file is run by its path
from scripts.setup import lay_secrets  # noqa: E402
from scripts.terminal import say, stop  # noqa: E402

TIME_LIMIT = 600  # seconds


def main() -> int:
    """Return the exit code."""
    options = _options()
    try:
        figures = ratios(options.rounds)
    except KeyboardInterrupt:
        say("stopped")
        return 130
    if options.json:
        say(json.dumps({"rounds": options.rounds, "figures": [asdict(figure) for figure in figures]}, indent=2))
    else:
        for figure in figures:
            say(line(figure))
    return 0


def ratios(rounds: int) -> list[Figure]:
    """Ask in a process of its own, which has its settings from an environment of its own."""
    with tempfile.TemporaryDirectory(prefix="datarett-bench-") as folder:
        environ = {key: value for key, value in os.environ.items() if not key.startswith("DATARETT_")}
        lay_secrets(Path(folder))
        command = [sys.executable, "-m", "bench.known_or_not", f"--rounds={rounds}"]
        try:
            done = subprocess.run(
                command,
                cwd=ROOT,
                env=environ | {"DATARETT_VAR": folder},
                stdout=subprocess.PIPE,
                text=True,
                timeout=TIME_LIMIT,
                check=False,
            )
        except subprocess.TimeoutExpired:
            stop(f"not done after {TIME_LIMIT} seconds")
    if done.returncode:
        stop("the measurement failed")
    found = json.loads(done.stdout.splitlines()[-1])
    return [
        Figure(f"{one['what']} (medians {one['known_ms']} and {one['unknown_ms']} ms)", one["ratio"], "times")
        for one in found
    ]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="the figures as JSON")
    parser.add_argument("--rounds", type=int, default=41, help="how often each is asked (default: 41)")
    options = parser.parse_args()
    if not 1 <= options.rounds <= 1000:
        parser.error("rounds: 1 to 1000")
    return options


if __name__ == "__main__":
    sys.exit(main())
