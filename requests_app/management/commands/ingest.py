"""`manage.py ingest`: read the mailboxes, again and again, as a process of its own."""

import signal
from argparse import ArgumentParser
from threading import Event, Thread
from types import FrameType
from typing import Any

import structlog
from django.conf import settings
from django.core.management import CommandError
from django.core.management.base import BaseCommand
from django.db import DatabaseError, InterfaceError, close_old_connections, connection

from requests_app.mailbox.mailboxes import Mailbox, open_mailbox
from requests_app.mailbox.sources import SourceError
from requests_app.services import mail_access, mailbox_health
from requests_app.services.capture import Captured, capture
from requests_app.services.sightings import Place

log = structlog.get_logger(__name__)

PAUSE = 1.0
LONGEST_PAUSE = 60.0
ONCE_LOOKS = 15
LAST_WORDS = 10.0  # seconds that a mailbox has to finish its mail when we are told to stop

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
            mailboxes = [open_mailbox(url, mail_access.application()) for url in settings.MAILBOX_URLS]
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

    def _once(self, mailboxes: list[Mailbox], stop: Event) -> None:
        """Look until nothing is being written any more, at most ONCE_LOOKS times."""
        new = known = refused = 0
        away: list[str] = []
        seen: Seen = {}
        _expect(mailboxes)
        for _ in range(ONCE_LOOKS):
            counts, away = _look(mailboxes, seen)
            new, known = new + sum(c.new for c in counts), known + sum(c.known for c in counts)
            refused = sum(c.refused for c in counts)
            if not any(c.waiting for c in counts) or stop.wait(PAUSE):
                break
        for mailbox in mailboxes:
            mailbox.close()
        self.stdout.write(f"{new} new, {known} seen before, {refused} not readable")
        if away:
            raise CommandError("; ".join(away))


def _forever(mailboxes: list[Mailbox], stop: Event) -> None:
    """Give each mailbox a thread: a server that hangs keeps nobody from the others.

    Should one of them end by a fault of ours, the process ends with it: a process that lives on and reads nothing is
    missed by nobody, one that is gone is started again.
    """
    broken: list[str] = []
    watches = [Thread(target=_watch_or_break, args=(one, mailboxes, stop, broken), daemon=True) for one in mailboxes]
    for one in watches:
        one.start()
    stop.wait()
    for one in watches:
        one.join(LAST_WORDS)
    if broken:
        raise CommandError(f"{', '.join(broken)}: reading broke off, see above")


def _watch_or_break(mailbox: Mailbox, mailboxes: list[Mailbox], stop: Event, broken: list[str]) -> None:
    try:
        _watch(mailbox, mailboxes, stop)
    except Exception:
        log.error("ingest_broke", exc_info=True)
        broken.append(mailbox.name)
        stop.set()
    finally:
        connection.close()  # each thread has one of its own


def _watch(mailbox: Mailbox, mailboxes: list[Mailbox], stop: Event) -> None:
    """Look at a mailbox until told to stop; `mailboxes` are all that are read."""
    pause = PAUSE
    seen: set[Place] = set()
    begun = False
    while not mailbox.rest(pause, stop):
        try:
            if not begun:
                _expect(mailboxes)
                begun = True
            counts = _look_at(mailbox, seen)
            if counts.new:
                log.info("mail_captured", new=counts.new, known=counts.known)
            pause = mailbox.every
        except SourceError as error:
            log.warning("ingest_waits", error=str(error))
            pause = max(_longer(pause), error.retry_after)
        except (DatabaseError, InterfaceError) as error:
            log.warning("ingest_waits", error=type(error).__name__)
            close_old_connections()
            pause = _longer(pause)
    mailbox.close()


def _expect(mailboxes: list[Mailbox]) -> None:
    """Say which mailboxes are read, and what of them is not."""
    mailbox_health.expect_only([one.name for one in mailboxes])
    for one in mailboxes:
        mailbox_health.excludes(one.name, folders=one.excluded_folders, senders=one.excluded_senders)


def _longer(pause: float) -> float:
    return min(pause * 2, LONGEST_PAUSE)


def _look(mailboxes: list[Mailbox], seen: Seen) -> tuple[list[Captured], list[str]]:
    """Look at every mailbox once; one that cannot be used must not keep us from the others, it is named."""
    counts: list[Captured] = []
    away: list[str] = []
    for mailbox in mailboxes:
        try:
            counts.append(_look_at(mailbox, seen.setdefault(mailbox.name, set())))
        except SourceError as error:
            away.append(str(error))
    return counts, away + [str(one.fault) for one in counts if one.fault]


def _look_at(mailbox: Mailbox, seen: set[Place]) -> Captured:
    """Look at a mailbox once and note how that went. Raises SourceError when it cannot be used."""
    try:
        counts = capture(mailbox.name, mailbox.source, seen)
    except SourceError as error:
        mailbox_health.failed(mailbox.name, error)
        raise
    if counts.fault is None:
        mailbox_health.fetched(mailbox.name, waiting_since=counts.waiting_since, left_out=counts.left_out)
    else:
        counts.fault.waiting_since = counts.waiting_since
        mailbox_health.failed(mailbox.name, counts.fault)
    return counts
