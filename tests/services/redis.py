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


@contextmanager
def redis() -> Iterator[str]:
    """Yield the URL of a server that is stopped, with its folder, on leaving. Raises ServiceFailed."""
    program = shutil.which("redis-server", path="/usr/bin:/usr/sbin:/usr/local/bin")
    if program is None:
        raise ServiceFailed("redis-server is not installed")
    folder = Path(tempfile.mkdtemp(prefix="datarett-redis-"))
    try:
        for _ in range(ATTEMPTS):
            port = free_port()
            server = _start(program, folder, port)
            try:
                if until(partial(_answers, port), server):
                    yield f"redis://127.0.0.1:{port}/0"
                    return
            finally:
                end(server)
        raise ServiceFailed(f"Redis did not start (tried {ATTEMPTS} ports): {tail(folder / 'log')}")
    finally:
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
