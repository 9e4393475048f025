"""The product's settings with short waits, and a process that kills itself at a chosen step.

`FAULT_AT=n` ends the worker that runs outbox rows with SIGKILL at its n-th step, before the step is
taken. A step is a commit, a stored file or a handed-over mail: between two of them
nothing outside the process's own memory changes.
"""

import os
import signal
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from config.settings import *  # noqa: F403 - these are the product's settings

OUTBOX_LEASE = timedelta(seconds=2)
SWEEP_SECONDS = 0.5
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

_at = int(os.environ.get("FAULT_AT", "0"))
_taken = 0
_armed = False


def step() -> None:
    """Count one step, and die if it is the chosen one."""
    global _taken
    if not _armed:
        return
    _taken += 1
    if _taken == _at:
        os.kill(os.getpid(), signal.SIGKILL)


def _before(function: Callable[..., Any]) -> Callable[..., Any]:
    def stepping(*args: Any, **kwargs: Any) -> Any:
        step()
        return function(*args, **kwargs)

    return stepping


def _arm() -> None:
    """Put a step before each commit, each stored file and each mail, while outbox rows are worked on."""
    from django.db.backends.base.base import BaseDatabaseWrapper

    from exports import vault
    from requests_app import outbox
    from requests_app.mailbox.delivery import FileSink

    def working(function: Callable[..., Any]) -> Callable[..., Any]:
        def armed(*args: Any, **kwargs: Any) -> Any:
            global _armed
            before, _armed = _armed, True
            try:
                return function(*args, **kwargs)
            finally:
                _armed = before

        return armed

    BaseDatabaseWrapper.commit = _before(BaseDatabaseWrapper.commit)  # type: ignore[method-assign]
    vault.store = _before(vault.store)
    FileSink.deliver = _before(FileSink.deliver)  # type: ignore[method-assign]
    outbox.run = working(outbox.run)


if _at:
    from celery.signals import worker_init

    worker_init.connect(lambda **_: _arm(), weak=False)
