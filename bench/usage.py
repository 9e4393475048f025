"""What a piece of work costs a process and the children it has waited for. Stdlib only: every contender uses it."""

import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass
class Usage:
    """Seconds by the clock, and seconds of CPU in user and system mode."""

    wall: float = 0.0
    cpu: float = 0.0


@contextmanager
def measured() -> Iterator[Usage]:
    """Yield what is filled in at the end. A child counts only once it has ended and was waited for."""
    usage = Usage()
    wall, cpu = time.perf_counter(), _cpu()
    yield usage
    usage.wall, usage.cpu = time.perf_counter() - wall, _cpu() - cpu


def peak_mb() -> float:
    """Return the most memory that this process has ever held, in MB (children are not in it)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _cpu() -> float:
    both = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in both)
