"""Waiting for something that another process brings about; the one place where that is done."""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

PATIENCE = 120.0  # seconds; a busy machine is no failure
LOOK_EVERY = 0.1  # seconds

T = TypeVar("T")


def eventually(look: Callable[[], T | None], what: Callable[[], str] | str) -> T:
    """Return the first true thing that `look` finds; fail with `what` when it finds none in time."""
    deadline = time.monotonic() + PATIENCE
    pause = threading.Event()
    while not (found := look()):
        assert time.monotonic() < deadline, f"waited in vain for {what if isinstance(what, str) else what()}"
        pause.wait(LOOK_EVERY)
    return found
