"""The virtual environment: made and filled from the hashed lock files, and only when those have changed."""

import hashlib
import json
import re
import subprocess

from scripts.place import PYTHON, ROOT, VENV, interpreter, require_writable
from scripts.terminal import say, step, stop

STAMP = VENV / "datarett-stamp.json"
RUN_LOCK = "requirements.lock"
SOURCE_ONLY = "dkimpy"  # published as source alone; plain Python, so no compiler is asked for
TESTS_LOCK = "requirements-dev.lock"  # a superset of the other, with the same versions


def ensure(lock: str) -> None:
    """Bring `.venv` in line with a lock file; at once when its stamp says that it is."""
    if VENV.is_symlink():  # what it points to is somebody else's, and making a new one would empty that
        stop(f"{VENV} is a link to another place; remove the link, and the set-up makes a folder of its own")
    wanted = _digest(lock)
    if _stamp().get(lock) == wanted and PYTHON.exists():
        return
    require_writable(ROOT)
    if not _works():
        with step("Making the virtual environment .venv"):
            _make()
    with step(f"Installing {_count(lock)} Python packages from {lock}"):
        _install(lock)
    # Only what this lock says is known to be there now: a larger set must be checked again.
    known = {lock: wanted} if lock == RUN_LOCK else {lock: wanted, RUN_LOCK: _digest(RUN_LOCK)}
    STAMP.write_text(json.dumps(known | {"place": str(ROOT)}), encoding="utf-8")


def _digest(lock: str) -> str:
    return hashlib.sha256((ROOT / lock).read_bytes()).hexdigest()


def _count(lock: str) -> int:
    return len(re.findall(r"^[A-Za-z0-9._-]+==", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE))


def _stamp() -> dict[str, str]:
    """Return what was installed; nothing when the folder was moved, for its programs name their old place."""
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) and stamp.get("place") == str(ROOT) else {}


def _works() -> bool:
    """True when `.venv` has pip and a Python that is new enough, and was made in this very folder."""
    question = "import sys, pip; print(sys.version_info >= (3, 11))"
    try:
        done = subprocess.run([PYTHON, "-c", question], capture_output=True, text=True, check=False)
        # The programs in bin/ begin with the path they were made for; a moved folder would run another's.
        made_for = (VENV / "bin" / "pip").read_text(encoding="utf-8").partition("\n")[0]
    except (OSError, UnicodeError):
        return False
    return done.stdout.strip() == "True" and str(VENV) in made_for


def _make() -> None:
    command = [interpreter(), "-m", "venv", "--clear", str(VENV)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        say(done.stdout + done.stderr)
        stop("the virtual environment could not be made; the lines above say why")


def _install(lock: str) -> None:
    """Run pip, showing how far it has come; its words only when it fails."""
    # Wheels only: a machine without a compiler must fail in one clear place, not deep inside a build.
    command = [str(PYTHON), "-m", "pip", "install", "--require-hashes", "--only-binary", ":all:", "-r", lock]
    command += ["--no-binary", SOURCE_ONLY]
    command += ["--disable-pip-version-check", "--no-input", "--progress-bar", "off"]
    told: list[str] = []
    fetched = 0
    both = subprocess.STDOUT
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=both, text=True) as pip:
        try:
            for line in pip.stdout or ():
                told = [*told[-14:], line.rstrip()]
                fetched += line.startswith("Collecting ")
                if line.startswith("Collecting ") and fetched % 10 == 0:
                    say(f"  {fetched} fetched")
                elif line.startswith("Installing "):
                    say("  unpacking them")
        except BaseException:
            pip.terminate()
            raise
    if pip.returncode:
        say("\n".join(told))
        stop(f"pip could not install {lock}; the lines above say why")
