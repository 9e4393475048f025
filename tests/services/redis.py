"""A Redis of our own: a free loopback port, nothing kept, gone afterwards. Stdlib only."""

import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from tests.services.process import ServiceFailed, end, free_port, tail, until

ATTEMPTS = 5


class RedisServer:
    """A server that may be stopped and started again; it comes back on the same port and remembers nothing."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = 0
        self._server: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The URL of its first database."""
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Run it, for the first time on a free port. Raises ServiceFailed."""
        program = shutil.which("redis-server", path="/usr/bin:/usr/sbin:/usr/local/bin")
        if program is None:
            raise ServiceFailed("redis-server is not installed")
        for _ in range(ATTEMPTS):
            port = self.port or free_port()
            self._server = _start(program, self.folder, port)
            if until(partial(_answers, port), self._server):
                self.port = port
                return
            self.stop()
        raise ServiceFailed(f"Redis did not start (tried {ATTEMPTS} times): {tail(self.folder / 'log')}")

    def stop(self) -> None:
        """End it; what it held is gone."""
        if self._server is not None:
            end(self._server)
            self._server = None


@contextmanager
def redis() -> Iterator[str]:
    """Yield the URL of a server that is stopped, with its folder, on leaving. Raises ServiceFailed."""
    with redis_server() as server:
        yield server.url


@contextmanager
def redis_server() -> Iterator[RedisServer]:
    """Yield the server itself, running; see `redis`."""
    folder = Path(tempfile.mkdtemp(prefix="datarett-redis-"))
    server = RedisServer(folder)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _start(program: str, folder: Path, port: int) -> subprocess.Popen[bytes]:
    options = [
        "--port",
        str(port),
        "--bind",
        "127.0.0.1",
        "--dir",
        str(folder),
        "--logfile",
        str(folder / "log"),
    ]
    options += ["--save", "", "--appendonly", "no", "--daemonize", "no", "--databases", "64"]
    return subprocess.Popen(
        ["setpriv", "--pdeathsig", "TERM", program, *options], stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(64).startswith(b"+PONG")
    except OSError:
        return False
