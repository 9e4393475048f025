"""The set-up of `make run` and of `make test`: everything that must be there before a program starts.

Each part looks first and works only when something is missing or has changed, so that a second run costs
next to nothing and a run that was cut short goes on where it stopped.
"""

import argparse
import base64
import hashlib
import os
import secrets
import shutil
import subprocess
from pathlib import Path

from scripts import debian, place, translations, virtualenv
from scripts.place import PYTHON, ROOT
from scripts.terminal import say, step, stop

STATIC_STAMP = ".stamp"


def run() -> None:
    """Make this machine ready for `make run`: what is installed, then `var/` and the database."""
    place.require_writable(place.var())
    install()
    # From here on everything written may hold secrets or personal data.
    os.umask(0o077)
    if place.embedded():
        lay_secrets(place.var())
    else:
        _require_secrets()
    _collect_static()
    _prepare()


def install() -> None:
    """Install what the programs need and touch no data: packages, virtual environment, translations."""
    if not virtualenv.STAMP.exists():
        say("First start: this takes a few minutes; the next one takes seconds.")
    debian.ensure(debian.RUN)
    virtualenv.ensure(virtualenv.RUN_LOCK)
    translations.compile_newer()


def tests() -> None:
    """Make this machine ready for `make test`: servers, browser, development packages."""
    debian.ensure(debian.TESTS)
    virtualenv.ensure(virtualenv.TESTS_LOCK)
    translations.compile_newer()


def lay_secrets(var: Path) -> None:
    """Make the secrets of an embedded installation, mode 0600, unless they are there or in the environment.

    Stops when a database is there without its keys: new ones could not open what the old ones closed.
    """
    for name, variable, text in (
        ("secret_key", "DATARETT_SECRET_KEY", secrets.token_urlsafe(50)),
        ("keys", "DATARETT_KEYS", f"k1:{base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()}"),
    ):
        path = var / name
        if place.setting(variable) or path.exists():
            continue
        if (var / "datarett.sqlite3").exists():
            stop(f"{path} is gone but the database is there; put the file back, without it nothing opens")
        _write_secret(path, text)


def _require_secrets() -> None:
    """Stop unless the environment has the secrets: with a database server they are the operator's to keep."""
    for variable in ("DATARETT_SECRET_KEY", "DATARETT_KEYS"):
        if not place.setting(variable):
            stop(f"{variable} is missing; with DATARETT_DATABASE_URL it must be given (see .env.example)")


def _write_secret(path: Path, text: str) -> None:
    # Written whole beside its place first: a half-written key would be worse than none.
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(f"{text}\n")
        file.flush()
        os.fsync(file.fileno())
    draft.rename(path)


def manage(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Run `manage.py` with its output on the terminal."""
    command = [str(PYTHON), str(ROOT / "manage.py"), *arguments]
    return subprocess.run(command, cwd=ROOT, env=place.child_environment(), check=False)


def fill() -> None:
    """Fill a trial with the demo, once, and say what is in it."""
    say("the demo: the first time it takes about a minute to fill")
    if manage("demo").returncode:
        stop("the demo could not be laid; the lines above say why")


def _prepare() -> None:
    """Migrate, load organisation and register, and (see `TRIAL`) the trial data; one process for all."""
    trial = os.environ.get("TRIAL", "")
    choice = {"": [], "0": ["--no-trial"], "1": ["--trial"]}.get(trial)
    if choice is None:
        stop(f"TRIAL must be 0 or 1, not {trial!r}")
    if manage("prepare", *choice).returncode:
        stop("the database could not be prepared; the lines above say why")


def _collect_static() -> None:
    """Collect the static files into `var/static` when one of them or a package has changed."""
    target = place.var() / "static"
    wanted = _static_digest()
    stamp = target / STATIC_STAMP
    if stamp.exists() and stamp.read_text(encoding="ascii") == wanted:
        return
    with step("Collecting the static files"):
        shutil.rmtree(target, ignore_errors=True)
        if manage("collectstatic", "--noinput", "--verbosity", "0").returncode:
            stop("the static files could not be collected; the lines above say why")
        stamp.write_text(wanted, encoding="ascii")


def _static_digest() -> str:
    digest = hashlib.sha256((ROOT / virtualenv.RUN_LOCK).read_bytes())
    for path in sorted((ROOT / "static").rglob("*")):
        state = path.stat()
        digest.update(f"{path.relative_to(ROOT)} {state.st_size} {state.st_mtime_ns}\n".encode())
    return digest.hexdigest()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Set this machine up, without starting anything.")
    part = parser.add_mutually_exclusive_group()
    part.add_argument("--install", action="store_true", help="only install, touch no data (for an image)")
    part.add_argument("--tests", action="store_true", help="for make test, not for make run")
    asked = parser.parse_args()
    (install if asked.install else tests if asked.tests else run)()
    say("Ready.")
