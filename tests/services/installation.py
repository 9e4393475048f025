"""A real installation in a temporary folder: its own `var/`, its own processes, on the stack under test.

The processes are the lines of the Procfile, so what is tested is what runs. Stdlib only.
"""

import contextlib
import http.client
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.environment import lay_secrets
from tests.services.process import free_port

ROOT = Path(__file__).resolve().parent.parent.parent
HEALTHY_WITHIN = 60.0  # seconds
STOPPED_WITHIN = 20.0


class InstallationFailed(AssertionError):
    """A command or a process of the installation did not do what it should; the message says which."""


class Installation:
    """One installation. `database_url` and `broker_url` empty: the embedded stack.

    `like` is the `var/` of one that was prepared and does not run; this one begins with a copy of it, keys and all.
    """

    def __init__(
        self, var: Path, static: Path, *, database_url: str = "", broker_url: str = "", like: Path | None = None
    ) -> None:
        self.var = var
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self._lay(static, like)
        self.environ = clean_environment() | {
            "DATARETT_VAR": str(var),
            "DATARETT_URL": self.url,
            "PORT": str(self.port),
            "WEB_WORKERS": "1",
        }
        if database_url:
            self.environ |= {
                "DATARETT_DATABASE_URL": database_url,
                "DATARETT_BROKER_URL": broker_url,
                "DATARETT_SECRET_KEY_FILE": str(var / "secret_key"),
                "DATARETT_KEYS_FILE": str(var / "keys"),
                "DATARETT_MAILBOX_URLS": f"maildir:{var / 'mailbox'}",
            }

    def _lay(self, static: Path, like: Path | None) -> None:
        if like:
            shutil.copytree(like, self.var, symlinks=True)
            return
        lay_secrets(self.var)
        (self.var / "static").symlink_to(static)

    def manage(self, *arguments: str) -> str:
        """Run `manage.py` and return what it printed. Raises InstallationFailed on an exit code other than 0."""
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self.environ, capture_output=True, text=True, check=False)
        if done.returncode:
            raise InstallationFailed(f"manage.py {' '.join(arguments)}: {done.stdout}{done.stderr}")
        return done.stdout

    def start(self, name: str, *, line: str = "", **environ: str) -> subprocess.Popen[bytes]:
        """Start a line of the Procfile under a name (several workers: `start("worker-2", line="worker")`)."""
        command = ["setpriv", "--pdeathsig", "TERM", "sh", "-c", procfile()[line or name]]
        with self.log(name).open("ab") as log:
            self.processes[name] = subprocess.Popen(
                command, cwd=ROOT, env=self.environ | environ, start_new_session=True,
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip
        return self.processes[name]

    def log(self, name: str) -> Path:
        """Return the file that holds what a process said."""
        return self.var / f"{name}.log"

    def start_all(self) -> None:
        """Start web, one worker with the timetable, and ingest; return when all of them work."""
        self.start("web")
        self.start("worker", WORKER_FLAGS="-B")
        self.start("ingest")
        self.wait_healthy()

    def wait_healthy(self) -> None:
        """Return when `/healthz` answers 200. Raises InstallationFailed when it does not in time."""
        deadline = time.monotonic() + HEALTHY_WITHIN
        said = "no answer"
        while time.monotonic() < deadline:
            self._require_running()
            status, said = self._healthz(said)
            if status == http.HTTPStatus.OK:
                return
            time.sleep(0.1)
        raise InstallationFailed(f"not healthy: {said}")

    def kill(self, name: str) -> None:
        """Kill a process with everything it started, as a power cut would (kill -9)."""
        process = self.processes.pop(name)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def stop(self) -> None:
        """Stop every process that still runs: ask first, kill what does not listen."""
        for process in self.processes.values():
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
        deadline = time.monotonic() + STOPPED_WITHIN
        for name, process in list(self.processes.items()):
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(max(0.1, deadline - time.monotonic()))
            self.kill(name)

    def _require_running(self) -> None:
        for name, process in self.processes.items():
            if process.poll() is not None:
                said = self.log(name).read_text(encoding="utf-8", errors="replace")[-2000:]
                raise InstallationFailed(f"{name} ended with {process.returncode}: {said}")

    def _healthz(self, before: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/healthz", headers={"Host": f"localhost:{self.port}"})
            answer = connection.getresponse()
            return answer.status, answer.read().decode(errors="replace")
        except (OSError, http.client.HTTPException):
            return 0, before
        finally:
            connection.close()


def clean_environment() -> dict[str, str]:
    """Return this environment without what the test run put into it, with our programs first on the path."""
    ours = ("DATARETT_", "DJANGO_", "PYTEST", "COV_", "MAKE", "MFLAGS")
    environ = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environ.get('PATH', os.defpath)}"
    environ["PYTHONUNBUFFERED"] = "1"
    return environ


def procfile() -> dict[str, str]:
    """Return the lines of the Procfile by name."""
    lines = (ROOT / "Procfile").read_text(encoding="utf-8").splitlines()
    return {name: command.strip() for name, _, command in (line.partition(":") for line in lines) if command}


@contextmanager
def stopped_afterwards(installation: Installation) -> Iterator[Installation]:
    """Yield the installation; whatever was started in it is stopped on leaving."""
    try:
        yield installation
    finally:
        installation.stop()
