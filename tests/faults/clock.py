"""The clock of the installation: it jumps when the test says so, in processes that run as in those that start.

`var/clock` holds by how many seconds the clock is ahead of the real one. A process looks there at each of its steps.
"""

import threading
import time
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from time_machine import travel

NAME = "clock"
_one_at_a_time = threading.Lock()
_ahead = 0.0
_journey: travel | None = None


def follow() -> None:
    """Set this process's clock to what the test says, unless it is there already."""
    global _ahead, _journey
    try:
        ahead = float((settings.VAR / NAME).read_text(encoding="ascii"))
    except FileNotFoundError:
        return
    with _one_at_a_time:
        if ahead == _ahead:
            return
        if _journey is not None:
            _journey.stop()
        _ahead, _journey = ahead, travel(time.time() + ahead, tick=True)
        _journey.start()


def jump(var: Path, by: timedelta) -> None:
    """Set the clock of the installation in `var` to `by` from the real time."""
    draft = var / f"{NAME}.new"
    draft.write_text(str(by.total_seconds()), encoding="ascii")
    draft.replace(var / NAME)
