"""How fast the triage is: what its model adds to `django.setup()`, and what a mail costs.

    .venv/bin/python bench/triage.py [--json] [--starts 9] [--rounds 3]

Times are of the processor, not of the clock on the wall, so that others on the machine do not count. The mails are
those for judging (`training/judge`). The exit code is 0 also where a target is missed: a bench tells, it does not judge
the machine.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path
from statistics import median, quantiles

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.figure import Figure, line  # noqa: E402 - also where this file is run by its path
from requests_app.mailbox import speaking  # noqa: E402
from requests_app.mailbox.suggest import suggest  # noqa: E402
from scripts.setup import lay_secrets  # noqa: E402
from scripts.terminal import say, stop  # noqa: E402
from training import texts  # noqa: E402

ADDED_MS, TIME_LIMIT = 300, 120  # seconds for one start

_SETUP = "import django; django.setup()"
_TRIAGE = "from requests_app.mailbox import speaking, suggest; suggest.suggest('Innsyn', 'Hei! Kan dere slette meg?')"
STARTS = {"nothing": "", "triage": _TRIAGE, "setup": _SETUP, "both": f"{_SETUP}; {_TRIAGE}"}


def main() -> int:
    """Return the exit code."""
    options = _options()
    try:
        figures = [*starts(options.starts), *mails(options.rounds)]
    except KeyboardInterrupt:
        say("stopped")
        return 130
    if options.json:
        say(json.dumps({"starts": options.starts, "figures": [asdict(figure) for figure in figures]}, indent=2))
    else:
        for figure in figures:
            say(line(figure))
    return 0


def starts(times: int) -> list[Figure]:
    """Start processes that set up Django, with and without the triage, by turns."""
    with tempfile.TemporaryDirectory(prefix="datarett-bench-") as folder:
        lay_secrets(Path(folder))
        environ = {key: value for key, value in os.environ.items() if not key.startswith("DATARETT_")}
        environ |= {"DATARETT_VAR": folder, "DJANGO_SETTINGS_MODULE": "config.settings"}
        runs = [{name: _started(code, environ) for name, code in STARTS.items()} for _turn in range(times)]
    nothing, triage, setup, both = (median(run[name] for run in runs) for name in STARTS)
    added = round(both - setup, 1)
    return [
        Figure("django.setup()", round(setup - nothing, 1), "ms"),
        Figure("added to it by loading the model and judging a first mail", added, "ms", ADDED_MS, added < ADDED_MS),
        Figure("the same without Django, all of its modules counted", round(triage - nothing, 1), "ms"),
        Figure("django.setup() with the model loaded, over without", round(both / setup, 3), "times"),
    ]


def mails(rounds: int) -> list[Figure]:
    """Judge every mail so many times, and find where its sentences stand; a first round is not counted."""
    known = texts.read(texts.JUDGING)
    judged, placed = [], []
    for turn in range(rounds + 1):
        for text in known:
            begun = time.process_time_ns()
            found = suggest(text.subject, text.body)
            then = time.process_time_ns()
            speaking.passages(found, {"subject": text.subject, "text": text.body})
            if turn:
                judged.append((then - begun) / 1e6)
                placed.append((time.process_time_ns() - then) / 1e6)
    name = f"{len(known)} mails of {round(median(len(text.body) for text in known))} characters"
    return [
        Figure(f"judging a mail, mean ({name})", round(sum(judged) / len(judged), 2), "ms"),
        Figure("judging a mail, 95 of 100 within", round(quantiles(judged, n=20)[-1], 2), "ms"),
        Figure("finding the sentences that speak for it, mean", round(sum(placed) / len(placed), 2), "ms"),
    ]


def _started(code: str, environ: dict[str, str]) -> float:
    """Run code in a process of its own; return what it used of the processor, in ms."""
    tell = "import time; print(time.process_time_ns())"
    command = [sys.executable, "-c", f"{code}\n{tell}"]
    try:
        done = subprocess.run(
            command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, text=True, timeout=TIME_LIMIT, check=False
        )
    except subprocess.TimeoutExpired:
        stop(f"not started after {TIME_LIMIT} seconds")
    if done.returncode:
        stop("the measurement failed")
    return int(done.stdout) / 1e6


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="the figures as JSON")
    parser.add_argument("--starts", type=int, default=9, help="how often each process is started (default: 9)")
    parser.add_argument("--rounds", type=int, default=3, help="how often each mail is judged (default: 3)")
    options = parser.parse_args()
    if not 1 <= options.starts <= 100 or not 1 <= options.rounds <= 1000:
        parser.error("starts: 1 to 100; rounds: 1 to 1000")
    return options


if __name__ == "__main__":
    sys.exit(main())
