"""`make run` as an operator meets it: real processes, real signals."""

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest

from tests.services.installation import ROOT, clean_environment
from tests.services.process import free_port

pytestmark = pytest.mark.xdist_group("run")  # one after the other: the set-up is made once
STARTED_WITHIN = 120.0  # seconds
ENDED_WITHIN = 30.0


@dataclass
class Run:
    """One `make run` on a `var/` of its own."""

    make: subprocess.Popen[bytes]
    var: Path
    log: Path

    @property
    def said(self) -> str:
        """What it printed so far."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def everything(self) -> list[psutil.Process]:
        """Return every process that works on this `var/`, whoever its parent is now."""
        return [process for process in psutil.process_iter() if works_on(process, self.var)]

    def named(self, part: str) -> psutil.Process:
        """Return the oldest process whose command line holds `part`."""
        found = [process for process in self.everything() if part in " ".join(command_line(process))]
        return min(found, key=lambda process: (process.create_time(), process.pid))


def command_line(process: psutil.Process) -> list[str]:
    """Return its command line, empty when it has ended."""
    try:
        return list(process.cmdline())
    except psutil.Error:
        return []


def works_on(process: psutil.Process, var: Path) -> bool:
    """True when the process has `var` in its environment and is alive."""
    try:
        return bool(process.environ().get("DATARETT_VAR") == str(var) and process.is_running())
    except psutil.Error:
        return False


def wait_for(condition: Callable[[], bool], within: float, what: str) -> None:
    """Wait until the condition holds; fail with `what` when it does not in time."""
    deadline = time.monotonic() + within
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.1)


def begin(var: Path, log: Path, port: int) -> subprocess.Popen[bytes]:
    """Start `make run` in a process group of its own, as a shell does with a foreground job."""
    environ = clean_environment() | {"DATARETT_VAR": str(var), "PORT": str(port), "TRIAL": "0"}
    with log.open("wb") as out:
        return subprocess.Popen(
            ["make", "run"], cwd=ROOT, env=environ, stdout=out, stderr=subprocess.STDOUT, start_new_session=True
        )


@pytest.fixture(scope="module")
def set_up(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A `var/` that `make setup` has made, to be copied."""
    var = tmp_path_factory.mktemp("set-up") / "var"
    environ = clean_environment() | {"DATARETT_VAR": str(var), "TRIAL": "0"}
    done = subprocess.run(["make", "setup"], cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return var


@pytest.fixture
def run(set_up: Path, tmp_path: Path) -> Iterator[Run]:
    """An installation that `make run` has brought up."""
    shutil.copytree(set_up, tmp_path / "var")
    started = Run(begin(tmp_path / "var", tmp_path / "log", free_port()), tmp_path / "var", tmp_path / "log")
    try:
        wait_for(lambda: (started.var / "run.json").exists() or ended(started), STARTED_WITHIN, "no banner in time")
        assert not ended(started), started.said
        yield started
    finally:
        left = started.everything()
        for process in left:
            process.kill()
        psutil.wait_procs(left, ENDED_WITHIN)
        started.make.wait(ENDED_WITHIN)


def heartbeat(run: Run) -> float:
    """When the worker was last seen at work, in seconds since 1970."""
    with closing(sqlite3.connect(run.var / "datarett.sqlite3", timeout=20)) as database:
        rows = database.execute("SELECT at FROM requests_heartbeat WHERE name = 'worker'").fetchall()
    return max((datetime.fromisoformat(at).replace(tzinfo=UTC).timestamp() for (at,) in rows), default=0)


def ended(run: Run) -> bool:
    """True when make has ended."""
    return run.make.poll() is not None


def test_ctrl_c_stops_every_child(run: Run) -> None:
    assert {"form", "desk", "sent", "mailbox", "invite_handler", "invite_approver"} == set(
        json.loads((run.var / "run.json").read_text(encoding="utf-8"))
    )
    assert all(run.named(part) for part in ("gunicorn", "celery", "manage.py ingest"))
    os.killpg(run.make.pid, signal.SIGINT)
    run.make.wait(ENDED_WITHIN)
    assert run.everything() == []
    assert "Stopped." in run.said


def test_sigterm_to_the_script_stops_every_child(run: Run) -> None:
    run.named("scripts.run").terminate()
    assert run.make.wait(ENDED_WITHIN) == 0
    assert run.everything() == []


def test_a_process_that_dies_ends_the_run_with_a_word(run: Run) -> None:
    run.named("celery").kill()
    assert run.make.wait(ENDED_WITHIN) != 0
    assert "a process ended by itself" in run.said
    assert run.everything() == []


def test_neither_worker_nor_timetable_has_a_child_that_could_die_unseen(run: Run) -> None:
    worker = run.named("celery")
    assert worker.children(recursive=True) == []
    wait_for(lambda: heartbeat(run) > worker.create_time() + 10, ENDED_WITHIN, "the timetable does not run")


def test_a_worker_that_hangs_is_noticed_and_all_is_started_anew(run: Run) -> None:
    worker = run.named("celery")
    worker.suspend()
    with closing(sqlite3.connect(run.var / "datarett.sqlite3", timeout=20)) as database, database:
        database.execute("UPDATE requests_heartbeat SET at = '2026-01-01 00:00:00' WHERE name = 'worker'")
    wait_for(lambda: not worker.is_running(), STARTED_WITHIN, f"the worker still hangs: {run.said}")
    assert "something hangs (worker silent); starting everything anew" in run.said
    wait_for(lambda: heartbeat(run) > worker.create_time(), STARTED_WITHIN, "nothing came up again")
    run.named("scripts.run").terminate()
    assert run.make.wait(ENDED_WITHIN) == 0
    assert run.everything() == []


def test_killing_the_script_leaves_no_orphan(run: Run) -> None:
    run.named("scripts.run").kill()
    run.make.wait(ENDED_WITHIN)
    wait_for(lambda: not run.everything(), ENDED_WITHIN, f"still there: {run.everything()}")


def test_a_second_start_on_the_same_folder_is_refused(run: Run, tmp_path: Path) -> None:
    second = begin(run.var, tmp_path / "second", free_port())
    assert second.wait(ENDED_WITHIN) != 0
    said = (tmp_path / "second").read_text(encoding="utf-8").splitlines()
    assert f"datarett: already running on {run.var}" in said[0]
    assert not ended(run)


@pytest.mark.parametrize("family, address", [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")])
def test_a_busy_port_gets_one_line(family: socket.AddressFamily, address: str, tmp_path: Path) -> None:
    with socket.socket(family) as busy:
        busy.bind((address, 0))
        busy.listen()
        port = busy.getsockname()[1]
        make = begin(tmp_path / "var", tmp_path / "log", port)
        assert make.wait(ENDED_WITHIN) != 0
    said = (tmp_path / "log").read_text(encoding="utf-8").splitlines()
    assert said[0] == f"datarett: port {port} is in use; try: make run PORT={port + 10}"
    assert not (tmp_path / "var" / "datarett.sqlite3").exists()
