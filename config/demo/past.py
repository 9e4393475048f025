"""The clock of the demo: what happened days ago happens now, by a clock that is set back. Never used elsewhere."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.utils import timezone

import identity.tasks
import requests_app.tasks
from exports.connectors import clock
from requests_app import outbox

_ALL = 1000


def noon() -> datetime:
    """Return today's noon, from which the days of the demo are counted."""
    return timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0)


@contextmanager
def days_ago(days: int, today: datetime) -> Iterator[None]:
    """Let it be about noon so many days before `today`, a noon; what is owed then is done then.

    Never later than it is: before noon, today begins now. For one thread of a process of its own.
    """
    real, real_of_connectors = timezone.now, clock.now
    back = max(real() - (today - timedelta(days=days)), timedelta(0))

    def then() -> datetime:
        return real() - back

    timezone.now = clock.now = then
    try:
        effects()  # what has come due since the day before
        write_while_we_wait()
        yield
        effects()
    finally:
        timezone.now, clock.now = real, real_of_connectors


def effects() -> None:
    """Do everything that is owed by now."""
    while outbox.relay(limit=_ALL):
        pass


def write_while_we_wait() -> None:
    """Have the timetable write what it owes to people of whom we asked something; the staff get their mails later."""
    requests_app.tasks.remind_of_clarifications()
    requests_app.tasks.tell_that_we_wait()
    identity.tasks.remind()
    effects()
