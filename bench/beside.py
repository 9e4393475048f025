"""The virtual environment of what is measured beside us: `.venv-bench`, filled from `bench/helpdesk.lock`."""

import hashlib
import subprocess

from scripts.place import ROOT, interpreter
from scripts.terminal import say, stop

VENV = ROOT / ".venv-bench"
PYTHON = VENV / "bin" / "python"
LOCK = ROOT / "bench" / "helpdesk.lock"
STAMP = VENV / "stamp"


def ensure() -> None:
    """Make it, unless it is there as the lock says. Stops with pip's words when that fails."""
    wanted = f"{hashlib.sha256(LOCK.read_bytes()).hexdigest()} {ROOT}"
    if PYTHON.exists() and STAMP.exists() and STAMP.read_text(encoding="utf-8") == wanted:
        return
    _run(interpreter(), "-m", "venv", "--clear", str(VENV))
    options = ["--require-hashes", "--only-binary", ":all:", "--disable-pip-version-check", "--no-input", "--quiet"]
    _run(str(PYTHON), "-m", "pip", "install", *options, "-r", str(LOCK))
    STAMP.write_text(wanted, encoding="utf-8")


def _run(*command: str) -> None:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        say(done.stdout + done.stderr)
        stop(f"{VENV.name} could not be made; the lines above say why")
