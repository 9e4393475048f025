"""A PostgreSQL of our own: a free loopback port, a temporary folder, gone afterwards. Stdlib only."""

import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.services.process import ServiceFailed, end, free_port, tail, until

OLDEST = 15
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "fsync": "off",  # only a power cut would notice; a killed process does not lose what the kernel has
    "full_page_writes": "off",
    "max_connections": "60",
    "shared_buffers": "64MB",
    "log_min_messages": "fatal",
    "timezone": "UTC",
}

INITDB = ["--username=datarett", "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
ATTEMPTS = 5


@contextmanager
def postgres() -> Iterator[str]:
    """Yield the URL of an empty database of a server that is stopped, with its folder, on leaving.

    As root the server runs as user `postgres`, for it refuses root. Raises ServiceFailed.
    """
    programs = _programs()
    folder = Path(tempfile.mkdtemp(prefix="datarett-postgres-"))
    password = secrets.token_hex(16)
    as_owner = _as_owner(folder)
    try:
        (folder / "password").write_text(password, encoding="ascii")
        (folder / "password").chmod(0o644)  # inside a folder that only the owner may enter
        initdb = [str(programs / "initdb"), f"--pgdata={folder / 'data'}", f"--pwfile={folder / 'password'}"]
        _call([*as_owner, *initdb, *INITDB], folder)
        with _server(programs, folder, as_owner) as port:
            yield f"postgresql://datarett:{password}@127.0.0.1:{port}/postgres"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _server(programs: Path, folder: Path, as_owner: list[str]) -> Iterator[int]:
    """Run the server on a free port; another process may take the port first, so try again."""
    for _ in range(ATTEMPTS):
        port = free_port()
        options = [f"--{name}={value}" for name, value in SETTINGS.items()]
        options += [f"--port={port}", f"--unix_socket_directories={folder}"]
        with (folder / "log").open("ab") as log:
            server = subprocess.Popen(
                [*as_owner, str(programs / "postgres"), "-D", str(folder / "data"), *options],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, cwd="/",
            )  # fmt: skip
        try:
            if _wait_ready(server, programs, port):
                yield port
                return
        finally:
            end(server, signal.SIGINT)
    raise ServiceFailed(f"PostgreSQL did not start (tried {ATTEMPTS} ports): {tail(folder / 'log')}")


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
