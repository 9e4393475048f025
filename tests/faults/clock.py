"""The clock of the installation: it jumps when the test says so, in processes that run as in those that start.

`var/clock` holds by how many seconds the clock is ahead of the real one. A process looks there at each of its steps.
"""

from datetime import timedelta
from pathlib import Path

from django.conf import settings
from time_machine import escape_hatch, travel

NAME = "clock"
_ahead = 0.0
_journey: travel | None = None


def follow() -> None:
    """Set this process's clock to what the test says, unless it is there already."""
    global _ahead, _journey
    try:
        ahead = float((settings.VAR / NAME).read_text(encoding="ascii"))
    except FileNotFoundError:
        return
    if ahead == _ahead:
        return
    if _journey is not None:
        _journey.stop()
    _ahead = ahead
    _journey = travel(escape_hatch.time.time() + ahead, tick=True)
    _journey.start()


def jump(var: Path, by: timedelta) -> None:
    """Set the clock of the installation in `var` to `by` from the real time."""
    draft = var / f"{NAME}.new"
    draft.write_text(str(by.total_seconds()), encoding="ascii")
    draft.replace(var / NAME)
