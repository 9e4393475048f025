"""`make triage-model`: trains the model of triage from `training/texts`, and prints its scores.

`--extra FOLDER` adds texts of your own (`manage.py export_corrections`); the weights are then yours alone.

scikit-learn lives in a virtual environment of its own, so that neither the product nor its tests carry it.
"""

import os
import subprocess
import sys

from scripts.place import ROOT, interpreter
from scripts.terminal import say, step, stop

VENV = ROOT / ".venv-training"
LOCK = "requirements-training.lock"


def main() -> int:
    """Set up, train, and return the exit code of the training."""
    python, stamp = VENV / "bin" / "python", VENV / LOCK
    wanted = (ROOT / LOCK).read_bytes()
    if not stamp.exists() or stamp.read_bytes() != wanted:
        with step(f"Making {VENV.name} (about 300 MB, once)"):
            _run([interpreter(), "-m", "venv", "--clear", str(VENV)])
            install = ["install", "--quiet", "--require-hashes", "--only-binary", ":all:", "-r", LOCK]
            _run([str(python), "-m", "pip", *install, "--disable-pip-version-check", "--no-input"])
        stamp.write_bytes(wanted)
    # One thread adds numbers in one order, so that the same texts give the same bytes.
    environ = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    train = [str(python), "-m", "training.build", *sys.argv[1:]]
    return subprocess.run(train, cwd=ROOT, env=environ, check=False).returncode


def _run(command: list[str]) -> None:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        say(done.stdout + done.stderr)
        stop("that did not work; the lines above say why")


if __name__ == "__main__":
    sys.exit(main())
