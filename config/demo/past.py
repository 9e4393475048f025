"""The clock of the demo: what happened days ago happens now, by a clock that is set back. Never used elsewhere."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.utils import timezone

from exports.connectors import clock
from requests_app import outbox

_ALL = 1000


@contextmanager
def days_ago(days: int) -> Iterator[None]:
    """Let it be about noon so many days ago; what is owed then is done then. For one thread of a process of its own."""
    real, real_of_connectors = timezone.now, clock.now
    noon = timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0)
    back = timezone.localtime() - noon + timedelta(days=days)

    def then() -> datetime:
        return real() - back

    timezone.now = clock.now = then
    try:
        effects()  # what has come due since the day before
        yield
        effects()
    finally:
        timezone.now, clock.now = real, real_of_connectors


def effects() -> None:
    """Do everything that is owed by now."""
    while outbox.relay(limit=_ALL):
        pass
