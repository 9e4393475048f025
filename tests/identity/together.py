"""Runs one thing many times, or several things, at once, where the database allows."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from django.db import connection

T = TypeVar("T")


def together(number: int, do: Callable[[], T]) -> list[T]:
    """Return what `number` calls gave: in threads that start at one moment on PostgreSQL, in a row on SQLite.

    SQLite's test database lives in memory and belongs to one connection; it has one writer at a time anyway.
    """
    return at_once(*[do] * number)


def at_once(*acts: Callable[[], T]) -> list[T]:
    """Return what these different calls gave, run as `together` runs one of them."""
    if connection.vendor == "sqlite":
        return [act() for act in acts]
    gate = Barrier(len(acts))

    def one(act: Callable[[], T]) -> T:
        gate.wait(timeout=30)
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


def somebody_waits() -> bool:
    """Whether a transaction waits for the lock of another one (PostgreSQL)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchone()[0])
