"""What the scripts say, and how they stop: one clear line, exit 1."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

STARTED = time.monotonic()


def stop(message: str) -> NoReturn:
    """End the program with one line that says what is wrong and what mends it."""
    sys.stdout.flush()
    raise SystemExit(f"datarett: {message}")


def say(message: str) -> None:
    """Print a line at once, also into a pipe."""
    print(message, flush=True)


def heading(title: str) -> None:
    """Print a heading that is found again in a long log, with the time since the start."""
    say(f"\n=== {title} {'=' * max(3, 90 - len(title))} {time.monotonic() - STARTED:.0f} s")


@contextmanager
def step(title: str) -> Iterator[None]:
    """Announce something slow, and how long it took."""
    begun = time.monotonic()
    say(f"• {title} …")
    yield
    say(f"  done in {time.monotonic() - begun:.1f} s")
