"""The product's settings with short waits, and a process that kills itself at a chosen step.

`FAULT_AT=n` ends the worker that runs outbox rows with SIGKILL at its n-th step, before the step is
taken. A step is a commit, a stored file or a handed-over mail: between two of them
nothing outside the process's own memory changes. `UNDO_SECONDS=n`: so long an approved deletion can be taken back.
"""

import os
import signal
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from celery.signals import worker_init

from config.settings import *  # noqa: F403 - these are the product's settings
from config.settings import VAR

OUTBOX_LEASE = timedelta(seconds=2)
SWEEP_SECONDS = 0.5
ERASURE_UNDO = timedelta(seconds=float(os.environ.get("UNDO_SECONDS", "3")))
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

HANDED_OVER = VAR / "handed-over"
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


def _count_mails() -> None:
    """Note each hand-over: the file of a mail is named by its key, so a second one leaves no trace there."""
    from requests_app.mailbox.delivery import FileSink

    original = FileSink.deliver

    def counted(self: FileSink, *, key: str, sender: str, recipient: str, data: bytes) -> None:
        with HANDED_OVER.open("a", encoding="ascii") as file:
            file.write(f"{key}\n")
        original(self, key=key, sender=sender, recipient=recipient, data=data)

    FileSink.deliver = counted  # type: ignore[method-assign]


def _prepare(**_: object) -> None:
    _count_mails()
    if _at:
        _arm()


worker_init.connect(_prepare, weak=False)
