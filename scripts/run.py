"""`make run`: set up, start, say where everything is, and stop everything on Ctrl-C. `make demo` fills it first."""

import errno
import fcntl
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import IO

from scripts import place, setup
from scripts.place import PYTHON, ROOT
from scripts.supervise import Processes
from scripts.terminal import say, stop

PROCESSES = ["web", "worker", "ingest"]


class Asked(Exception):
    """Somebody asked us to stop: Ctrl-C or SIGTERM."""


def main() -> int:
    """Return the exit code: 0 when asked to stop, 1 when something ended by itself."""
    port = place.port()
    place.require_writable(place.var())
    with _alone(place.var(), port):
        _require_free(port)
        signal.signal(signal.SIGINT, _asked)
        signal.signal(signal.SIGTERM, _asked)
        try:
            setup.run()
            if "--demo" in sys.argv[1:]:
                setup.fill()
            return _serve(port)
        except Asked:
            say("\nStopped before anything was started; the next start goes on from here.")
            return 130


def _serve(port: int) -> int:
    environ = place.child_environment()
    bind = environ.setdefault("WEB_BIND", "127.0.0.1")
    environ["PORT"] = str(port)
    # honcho gives each process a port of its own, from which the address of the site must not follow.
    environ["DATARETT_URL"] = place.setting("DATARETT_URL", f"http://localhost:{port}")
    environ.setdefault("WORKER_FLAGS", "-B")
    # `prepare` has just run every check of Django; once a start is enough.
    environ.setdefault("CELERY_SKIP_CHECKS", "1")
    # Celery warns root of pickled tasks, at length and in the newcomer's face; ours are JSON.
    environ.setdefault("PYTHONWARNINGS", "ignore:You're running the worker with superuser privileges")
    place_of_health = (environ["DATARETT_URL"], bind, port)
    while True:
        processes = Processes(PROCESSES, environ)
        try:
            trouble = processes.wait_healthy(*place_of_health)
            if trouble and not processes.ended:
                say(f"datarett: not healthy in time ({trouble}); stopping")
            if trouble or processes.ended:
                break
            _banner(environ)
            if not (trouble := processes.wait(*place_of_health)):
                break
            say(f"datarett: something hangs ({trouble}); starting everything anew")
            processes.stop()
        except Asked:
            _deaf()
            say("\nStopping …")
            processes.stop()
            say("Stopped. Whatever was under way goes on at the next start.")
            return 0
    _deaf()
    processes.stop()
    say("datarett: a process ended by itself (see above), so all are stopped")
    return 1


def _banner(environ: dict[str, str]) -> None:
    command = [str(PYTHON), "manage.py", "banner", "--json-file", str(place.var() / "run.json")]
    subprocess.run(command, cwd=ROOT, env=environ, check=False)
    sys.stdout.flush()


def _asked(number: int, frame: FrameType | None) -> None:
    raise Asked


def _deaf() -> None:
    """Take no more signals: a second Ctrl-C must not cut the stopping short."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)


@contextmanager
def _alone(var: Path, port: int) -> Iterator[None]:
    """Hold `var/run.lock`: two starts on one folder would mix their mail and their databases."""
    with open(os.open(var / "run.lock", os.O_RDWR | os.O_CREAT, 0o600), "r+", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            stop(f"already running on {var}: {_holder(lock)}; stop it first, or set DATARETT_VAR")
        lock.truncate()
        lock.write(f"process {os.getpid()}, port {port}")
        lock.flush()
        yield


def _holder(lock: IO[str]) -> str:
    return lock.read().strip() or "process unknown"


def _require_free(port: int) -> None:
    """Stop with one line when something listens on the port, for either of the two meanings of localhost."""
    for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        try:
            with socket.socket(family, socket.SOCK_STREAM) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((address, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                stop(f"port {port} is in use; try: make run PORT={port + 10}")
            if error.errno == errno.EACCES:
                stop(f"port {port} needs root; try: make run PORT=8000")
            # A machine without IPv6 has no ::1, and then nobody can sit on it.


if __name__ == "__main__":
    sys.exit(main())
