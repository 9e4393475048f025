"""`manage.py ingest`: read the mailboxes, again and again, as a process of its own."""

import signal
from argparse import ArgumentParser
from threading import Event
from types import FrameType
from typing import Any

import structlog
from django.conf import settings
from django.core.management import CommandError
from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from requests_app.mailbox.sources import Source, SourceError, open_source
from requests_app.models import Heartbeat
from requests_app.services.capture import Captured, Place, capture

log = structlog.get_logger(__name__)

PAUSE = 1.0
LONGEST_PAUSE = 60.0
ONCE_LOOKS = 15

Seen = dict[str, set[Place]]  # what of each mailbox needs no second look


class Command(BaseCommand):
    """Capture mail until told to stop; a mailbox or database that is away is tried again."""

    help = "Read the configured mailboxes. With --once, take what is there and stop."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One pass for scripts and tests."""
        parser.add_argument("--once", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Open the mailboxes and look."""
        try:
            mailboxes = {_name(url): open_source(url) for url in settings.MAILBOX_URLS}
        except SourceError as error:
            raise CommandError(str(error)) from error
        stop = Event()

        def ask_to_stop(number: int, frame: FrameType | None) -> None:
            stop.set()

        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, ask_to_stop)
        if options["once"]:
            self._once(mailboxes, stop)
        else:
            _forever(mailboxes, stop)

    def _once(self, mailboxes: dict[str, Source], stop: Event) -> None:
        """Look until nothing is being written any more, at most ONCE_LOOKS times."""
        new = known = refused = 0
        away: list[str] = []
        seen: Seen = {}
        for _ in range(ONCE_LOOKS):
            counts, away = _look(mailboxes, seen)
            new, known = new + sum(c.new for c in counts), known + sum(c.known for c in counts)
            refused = sum(c.refused for c in counts)
            if not any(c.waiting for c in counts) or stop.wait(PAUSE):
                break
        self.stdout.write(f"{new} new, {known} seen before, {refused} not readable")
        if away:
            raise CommandError("; ".join(away))


def _forever(mailboxes: dict[str, Source], stop: Event) -> None:
    pause = PAUSE
    seen: Seen = {}
    while not stop.wait(pause):
        try:
            counts, away = _look(mailboxes, seen)
            for one in counts:
                _told(one)
            if away:
                log.warning("ingest_waits", error="; ".join(away))
                pause = min(pause * 2, LONGEST_PAUSE)
            else:
                Heartbeat.objects.update_or_create(name="ingest", defaults={"at": timezone.now()})
                pause = PAUSE
        except DatabaseError as error:
            log.warning("ingest_waits", error=type(error).__name__)
            close_old_connections()
            pause = min(pause * 2, LONGEST_PAUSE)


def _look(mailboxes: dict[str, Source], seen: Seen) -> tuple[list[Captured], list[str]]:
    """Look at every mailbox once; one that cannot be used must not keep us from the others, it is named."""
    counts: list[Captured] = []
    away: list[str] = []
    for name, source in mailboxes.items():
        try:
            counts.append(capture(name, source, seen.setdefault(name, set())))
        except SourceError as error:
            away.append(str(error))
    return counts, away


def _told(counts: Captured) -> None:
    if counts.new:
        log.info("mail_captured", new=counts.new, known=counts.known)


def _name(url: str) -> str:
    """The mailbox without its password, as the sightings name it; an @ in a path is part of the path."""
    scheme, _, rest = url.strip().partition(":")
    if rest.startswith("//"):
        authority, slash, path = rest[2:].partition("/")
        rest = f"{authority.rpartition('@')[2]}{slash}{path}"
    return f"{scheme}:{rest}"[:300]
