"""Starts the lines of the Procfile by honcho, waits until they work, and stops every one of them.

honcho runs in a session of its own, so that Ctrl-C reaches only this program and there is one way to stop.
It gets SIGTERM from the kernel should this program be killed, and every process carries a mark in its
environment by which a straggler is found whatever became of its parents.
"""

import contextlib
import http.client
import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from scripts.place import PYTHON, ROOT

MARK = "DATARETT_RUN"
HEALTHY_WITHIN = 120.0  # seconds; a slow machine needs about 15
LOOK_EVERY = 0.5  # seconds
ASK_EVERY = 5.0  # seconds
SICK_FOR = 30.0  # seconds; `/healthz` itself gives a worker a minute before it calls it silent
PATIENCE = 15  # seconds; a worker needs up to 8 to end what it has in hand, and honcho would kill it after 5
STOPPED_WITHIN = PATIENCE + 5.0  # seconds
_HONCHO = f"from honcho import command, manager; manager.KILL_WAIT = {PATIENCE}; command.main()"


class Processes:
    """The running processes of one installation."""

    def __init__(self, names: list[str], environ: dict[str, str]) -> None:
        self._mark = f"{os.getpid()}-{time.time_ns()}"
        self._environ = environ | {MARK: self._mark}
        # -e: honcho would read a .env file, and only for its own children; half a configuration is a trap.
        command = [str(PYTHON), "-c", _HONCHO, "start", "-e", os.devnull, *names]
        self._honcho = subprocess.Popen(
            ["setpriv", "--pdeathsig", "TERM", *command], cwd=ROOT, env=self._environ, start_new_session=True
        )

    @property
    def ended(self) -> bool:
        """True when honcho or a line of the Procfile has ended.

        honcho takes a process for alive while anything holds its output, so it would not notice a killed worker
        whose children live on. But then nobody has asked for the worker's exit code, and it is a zombie.
        """
        if self._honcho.poll() is not None:
            return True
        watchers = _children(self._honcho.pid)
        return any(_is_zombie(line) for watcher in watchers for line in _children(watcher))

    def wait_healthy(self, url: str, bind: str, port: int) -> str:
        """Wait until `/healthz` answers 200. Return "" then, else what it said last."""
        deadline = time.monotonic() + HEALTHY_WITHIN
        said = "no answer"
        while time.monotonic() < deadline and not self.ended:
            status, said = _ask(url, bind, port, said)
            if status == http.HTTPStatus.OK:
                return ""
            time.sleep(0.1)
        return said

    def wait(self, url: str, bind: str, port: int) -> str:
        """Wait until one process ends; return "" then. Return what `/healthz` says when it is not well for SICK_FOR.

        A process may hang without ending, and then nothing but `/healthz` knows.
        """
        well = asked = time.monotonic()
        while not self.ended:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._honcho.wait(LOOK_EVERY)
            if time.monotonic() - asked < ASK_EVERY:
                continue
            status, said = _ask(url, bind, port, "no answer")
            asked = time.monotonic()
            if status == http.HTTPStatus.OK:
                well = asked
            elif asked - well > SICK_FOR:
                return said
        return ""

    def stop(self) -> None:
        """Stop every process: ask, wait, kill. Returns when none is left."""
        self._honcho.terminate()
        try:
            self._honcho.wait(STOPPED_WITHIN)
        except subprocess.TimeoutExpired:
            self._honcho.kill()
            self._honcho.wait()
        deadline = time.monotonic() + STOPPED_WITHIN
        while left := list(self._stragglers()):
            last_word = signal.SIGKILL if time.monotonic() > deadline - STOPPED_WITHIN / 2 else signal.SIGTERM
            for pid in left:
                _signal(pid, last_word)
            if time.monotonic() > deadline:
                break
            time.sleep(0.1)

    def _stragglers(self) -> Iterator[int]:
        mark = f"{MARK}={self._mark}".encode()
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if mark in (folder / "environ").read_bytes().split(b"\0"):
                    yield int(folder.name)
            except OSError:
                continue  # it ended meanwhile, or belongs to somebody else


def _ask(url: str, bind: str, port: int, before: str) -> tuple[int, str]:
    """Ask `/healthz` once. Return the status (0: nobody listens yet) and what is not ok."""
    address = "127.0.0.1" if bind in ("0.0.0.0", "[::]", "") else bind  # noqa: S104 - compared, not bound
    connection = http.client.HTTPConnection(address, port, timeout=5)
    # Behind a proxy that speaks https the site would answer plain http with a redirect.
    headers = {"Host": urlsplit(url).netloc, "X-Forwarded-Proto": urlsplit(url).scheme}
    try:
        connection.request("GET", "/healthz", headers=headers)
        answer = connection.getresponse()
        body = answer.read()
    except (OSError, http.client.HTTPException):
        return 0, before
    finally:
        connection.close()
    try:
        state = {name: value for name, value in json.loads(body).items() if value != "ok"}
    except (ValueError, AttributeError):
        return answer.status, f"status {answer.status}"
    return answer.status, ", ".join(f"{name} {value}" for name, value in state.items())


def _children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]
    except OSError:
        return []


def _is_zombie(pid: int) -> bool:
    try:
        # The name in parentheses may hold anything; the state follows the last one.
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return False


def _signal(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)
