"""`make lock`: the exact, hashed set of packages, worked out anew from `pyproject.toml`.

One lock serves Python 3.11 and newer (markers tell them apart). The development lock takes the versions of the
other as given, so that what is tested is what runs. `KEEP=1` keeps every version that still fits.
"""

import os
import subprocess

from scripts import debian, triage_model, virtualenv
from scripts.place import BIN, ROOT
from scripts.terminal import say, step, stop

HELPDESK_LOCK = "bench/helpdesk.lock"  # what `bench/mail.py` measures beside us
COMMON = ["--universal", "--python-version", "3.11", "--generate-hashes", "--no-header", "--quiet"]


def main() -> None:
    """Write the lock files."""
    debian.ensure(debian.RUN)
    virtualenv.ensure(virtualenv.TESTS_LOCK)
    keep = os.environ.get("KEEP", "") == "1"
    with step("Working out the lock files"):
        _compile(virtualenv.RUN_LOCK, keep, "pyproject.toml")
        _compile(virtualenv.TESTS_LOCK, keep, "pyproject.toml", "-c", virtualenv.RUN_LOCK, "--group", "dev")
        _compile(triage_model.LOCK, keep, "--group", "training")
        _compile(HELPDESK_LOCK, keep, "--group", "helpdesk")
    say("Look at the difference, then run `make test`.")


def _compile(lock: str, keep: bool, *what: str) -> None:
    command = [str(BIN / "uv"), "pip", "compile", *COMMON, *what, "-o", lock]
    if not keep:
        command.append("--upgrade")
    if subprocess.run(command, cwd=ROOT, check=False).returncode:
        stop(f"{lock} could not be worked out; the lines above say why")


if __name__ == "__main__":
    main()
