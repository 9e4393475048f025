"""A PostgreSQL of our own: a free loopback port, a temporary folder, gone afterwards. Stdlib only."""

import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.services.process import ServiceFailed, end, free_port, tail, until

OLDEST = 15
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "max_connections": "60",
    "shared_buffers": "64MB",
    "log_min_messages": "fatal",
    "timezone": "UTC",
}

# Only a power cut would notice; a killed process does not lose what the kernel has.
HASTY = {"fsync": "off", "full_page_writes": "off"}

INITDB = ["--username=datarett", "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
ATTEMPTS = 5


class Postgres:
    """A server that may be stopped and started again; it comes back on the same port with what it held."""

    def __init__(self, folder: Path, settings: Mapping[str, str]) -> None:
        self.folder = folder
        self._settings = settings
        self.port = 0
        self._programs = _programs()
        self._password = secrets.token_hex(16)
        self.as_owner = _as_owner(folder)
        self._server: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The URL of its first database."""
        return f"postgresql://datarett:{self._password}@127.0.0.1:{self.port}/postgres"

    @property
    def pid(self) -> int:
        """The process above all of its processes."""
        assert self._server is not None
        return self._server.pid

    @property
    def running(self) -> bool:
        """Whether it has not ended, by itself or by `stop`."""
        return self._server is not None and self._server.poll() is None

    def lay(self, *, wal_segment: int) -> None:
        """Make an empty cluster; `wal_segment` is in MB. Raises ServiceFailed."""
        (self.folder / "password").write_text(self._password, encoding="ascii")
        (self.folder / "password").chmod(0o644)  # inside a folder that only the owner may enter
        initdb = [str(self._programs / "initdb"), f"--pgdata={self.folder / 'data'}", f"--wal-segsize={wal_segment}"]
        _call([*self.as_owner, *initdb, f"--pwfile={self.folder / 'password'}", *INITDB], self.folder)

    def start(self) -> None:
        """Run it, for the first time on a free port; another process may take that first, so try again."""
        for _ in range(ATTEMPTS):
            port = self.port or free_port()
            options = [f"--{name}={value}" for name, value in self._settings.items()]
            options += [f"--port={port}", f"--unix_socket_directories={self.folder}"]
            with (self.folder / "log").open("ab") as log:
                self._server = subprocess.Popen(
                    [*self.as_owner, str(self._programs / "postgres"), "-D", str(self.folder / "data"), *options],
                    stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, cwd="/",
                )  # fmt: skip
            if _wait_ready(self._server, self._programs, port):
                self.port = port
                return
            self.stop()
        raise ServiceFailed(f"PostgreSQL did not start (tried {ATTEMPTS} times): {tail(self.folder / 'log')}")

    def stop(self) -> None:
        """End it: it breaks off what its clients are doing."""
        if self._server is not None:
            end(self._server, signal.SIGINT)
            self._server = None


@contextmanager
def postgres() -> Iterator[str]:
    """Yield the URL of an empty database of a server that is stopped, with its folder, on leaving.

    As root the server runs as user `postgres`, for it refuses root. Raises ServiceFailed.
    """
    with postgres_server() as server:
        yield server.url


@contextmanager
def postgres_server(*, wal_segment: int = 16, durable: bool = False) -> Iterator[Postgres]:
    """Yield the server itself, running; see `postgres`. `durable`: what is committed is on the disk, as in earnest."""
    folder = Path(tempfile.mkdtemp(prefix="datarett-postgres-"))
    try:
        server = Postgres(folder, SETTINGS if durable else SETTINGS | HASTY)
        server.lay(wal_segment=wal_segment)
        try:
            server.start()
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path:
    """Return the folder of the newest installed server programs. Raises ServiceFailed."""
    found = {int(path.parent.name): path for path in Path("/usr/lib/postgresql").glob("[0-9]*/bin")}
    if not found or max(found) < OLDEST:
        raise ServiceFailed(f"no PostgreSQL {OLDEST} or newer below /usr/lib/postgresql")
    return found[max(found)]


def _as_owner(folder: Path) -> list[str]:
    """Give the folder to whoever shall run the server; return what to put before each command."""
    # Should this process be killed, the kernel asks the server for a fast shutdown (SIGINT).
    command = ["setpriv", "--pdeathsig", "INT"]
    if os.geteuid() == 0:
        owner = pwd.getpwnam("postgres")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
        command += ["--reuid", str(owner.pw_uid), "--regid", str(owner.pw_gid), "--init-groups"]
    return command


def _wait_ready(server: subprocess.Popen[bytes], programs: Path, port: int) -> bool:
    """Wait until the server takes connections; False when it ended or did not come up."""
    ask = [str(programs / "pg_isready"), "--quiet", "--host=127.0.0.1", f"--port={port}"]
    return until(lambda: subprocess.run(ask, check=False).returncode == 0, server)


def _call(command: list[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise ServiceFailed(f"{command[-1]}: {done.stdout}{done.stderr}")
