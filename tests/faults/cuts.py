"""One pass of the ingest in a process of its own that may be killed: a fork, as a new program takes long to start."""

import os
import resource
import signal

from django.conf import settings
from django.core.management import call_command
from django.db import connections

from tests.faults import steps


def once(url: str) -> bool:
    """Look at a mailbox once, unless the armed step comes before the end; return whether it did."""
    return os.WIFSIGNALED(_fork(url)[0])


def peak(url: str) -> int:
    """Look at a mailbox once; return the most memory that took, in KiB."""
    status, used = _fork(url)
    assert status == 0
    return used.ru_maxrss


def _fork(url: str) -> tuple[int, resource.struct_rusage]:
    """Run the pass; return how it ended and what it used. Raises AssertionError if it failed by itself."""
    connections.close_all()  # two processes must not share one
    child = os.fork()
    if child == 0:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # our own output is an answer to the test
        settings.MAILBOX_URLS = [url]
        code = 1
        try:
            steps.within("ingest", call_command)("ingest", "--once")
            code = 0
        finally:
            os._exit(code)
    _, status, used = os.wait4(child, 0)
    assert status in (0, signal.SIGKILL), status
    return status, used
