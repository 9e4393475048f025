"""A sweep does its work row by row: what is wrong with one row must not hold up those behind it."""

from collections.abc import Callable, Iterable

import structlog
from django.db import InterfaceError, OperationalError

log = structlog.get_logger(__name__)


def each(what: str, numbers: Iterable[int], work: Callable[[int], int]) -> int:
    """Do the work on each row, in a transaction of its own (`work` opens it), and return the sum of what it returns.

    What fails is logged by kind and number, without the words of the error, which could name somebody; the next sweep
    tries it again. Without a database the sweep ends.
    """
    done = 0
    for number in numbers:
        try:
            done += work(number)
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the others have a right to theirs
            log.error("row_failed", what=what, row=number, error=type(error).__name__)
    return done
