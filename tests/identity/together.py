"""Runs one thing many times at once, where the database allows."""

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
    if connection.vendor == "sqlite":
        return [do() for _ in range(number)]
    gate = Barrier(number)

    def one() -> T:
        gate.wait(timeout=30)
        try:
            return do()
        finally:
            connection.close()

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(lambda _: one(), range(number)))
