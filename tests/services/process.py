"""Starting and ending a server for tests. Stdlib only."""

import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

READY_WITHIN = 60.0  # seconds
ENDED_WITHIN = 20.0


class ServiceFailed(Exception):
    """A server could not be started; the message says why."""


def free_port() -> int:
    """Return a loopback port that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    assert isinstance(port, int)
    return port


def until(ready: Callable[[], bool], server: subprocess.Popen[bytes]) -> bool:
    """Wait for `ready`; False when the server ended first or the time is up."""
    deadline = time.monotonic() + READY_WITHIN
    while time.monotonic() < deadline and server.poll() is None:
        # Somebody else's server may answer on a port that ours failed to get.
        if ready() and server.poll() is None:
            return True
        time.sleep(0.05)
    return False


def end(server: subprocess.Popen[bytes], asking: signal.Signals = signal.SIGTERM) -> None:
    """Ask the server to end; kill it when it does not."""
    if server.poll() is None:
        server.send_signal(asking)
    try:
        server.wait(ENDED_WITHIN)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def tail(log: Path) -> str:
    """Return the end of a log, for a message."""
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-10:])
