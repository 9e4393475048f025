"""`make test`: set up, check, and run the suite on both stacks. The last line is pytest's own.

Everything runs even when something before it failed, so that one run tells all; the exit code is 0 only
when nothing failed. Servers live on free loopback ports in temporary folders and end with this program.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from types import FrameType
from typing import NoReturn

from scripts import lint, setup
from scripts.place import BIN, ROOT, child_environment
from scripts.terminal import heading, say, stop
from tests.services.postgres import postgres
from tests.services.process import ServiceFailed
from tests.services.redis import redis


def main() -> int:
    """Return the exit code."""
    signal.signal(signal.SIGTERM, terminated)
    try:
        setup.tests()
        failed = lint.main()
        heading("suite on SQLite")
        if not run_suite({}):
            failed.append("suite on SQLite")
        say(f"\nso far failed: {', '.join(failed) or 'nothing'}")
        heading("suite on PostgreSQL and Redis (what touches the database)")
        with scaled_out() as stack:
            if not run_suite(stack, "--scaled-out"):
                failed.append("suite on PostgreSQL and Redis")
    except KeyboardInterrupt:
        say("\nstopped")
        return 130
    return 1 if failed else 0


@contextmanager
def scaled_out() -> Iterator[dict[str, str]]:
    """Yield what the environment of a scaled-out installation says of its servers, which run meanwhile."""
    with ExitStack() as services:
        try:
            stack = {
                "DATARETT_DATABASE_URL": services.enter_context(postgres()),
                "DATARETT_BROKER_URL": services.enter_context(redis()),
            }
        except ServiceFailed as error:
            stop(str(error))
        yield stack


def run_suite(stack: dict[str, str], *options: str) -> bool:
    """Run the suite on a stack; True when every test passed."""
    environ = {name: value for name, value in child_environment().items() if not name.startswith("DATARETT_")}
    command = [str(BIN / "pytest"), "-n", str(os.cpu_count() or 2), "--dist", "loadgroup", *options]
    command += sys.argv[1:]
    suite = subprocess.Popen(command, cwd=ROOT, env=environ | stack)
    try:
        return suite.wait() == 0
    except KeyboardInterrupt:
        # Ctrl-C reached pytest too, a SIGTERM did not; either way its fixtures end what they started.
        suite.send_signal(signal.SIGINT)
        suite.wait()
        raise


def terminated(number: int, frame: FrameType | None) -> NoReturn:
    """Take a SIGTERM for a Ctrl-C."""
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
