"""A process of the installation that calls functions for a test: to start one for every call would take too long."""

import json
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any

from tests.services.installation import ROOT, Installation, InstallationFailed

_RETURNED = "returned "
_SERVE = "from tests.faults import console; console.serve()"


class Console:
    """Calls functions of modules in the installation; started by the first call, with the environment of then."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._process: subprocess.Popen[str] | None = None

    def __call__(self, function: Callable[..., Any], *arguments: str | int) -> Any:
        """Call a function; return what it returned, as JSON carries it. Raises InstallationFailed when it raised."""
        process = self._process = self._process or self._start()
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps([function.__module__, function.__name__, arguments]) + "\n")
        process.stdin.flush()
        for line in process.stdout:
            if line.startswith(_RETURNED):
                return json.loads(line.removeprefix(_RETURNED))
        raise InstallationFailed(f"{function.__name__}{arguments} failed; its traceback stands in the output")

    def close(self) -> None:
        """End the process, if there is one."""
        if self._process is not None:
            self._process.communicate()

    def _start(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "manage.py", "shell", "--no-imports", "-c", _SERVE], cwd=ROOT,
            env=self._installation.environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip


def serve() -> None:
    """The other side: call what stands on each line of the input, until there is none."""
    for line in sys.stdin:
        module, name, arguments = json.loads(line)
        returned = getattr(import_module(module), name)(*arguments)
        sys.stdout.write(f"{_RETURNED}{json.dumps(returned)}\n")
        sys.stdout.flush()
