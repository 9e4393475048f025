"""What a stop is: one page in one state, who looks at it and how they get there."""

from collections.abc import Callable
from dataclasses import dataclass

from .visit import Visit

Way = Callable[[Visit], None]


@dataclass(frozen=True)
class Stop:
    """One page in one state. `who`: a role of the staff, or "" for somebody without an account."""

    name: str
    go: Way
    who: str = ""
    status: int = 200


def at(path: str) -> Way:
    """Simply open a path; `{nb}` in it becomes the language."""
    return lambda visit: visit.open(path.replace("{nb}", visit.language))


def case_of(name: str, anchor: str = "") -> Way:
    """Open a case on the desk."""
    return lambda visit: visit.open(visit.trial.desk(name) + anchor)
