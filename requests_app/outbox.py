"""Transactional outbox: what must happen is written with the fact that causes it, and done later, once.

`publish` is called inside the transaction of the fact. Workers `claim` due rows under a lease; a worker that
dies lets its lease run out and another takes over. A finished row is marked only by the one whose claim is
the latest (`attempts` is the fence), so that a worker that slept through its lease cannot undo newer work.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from itertools import takewhile
from time import monotonic
from typing import Any, ParamSpec
from uuid import uuid4

import structlog
from celery import current_app
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.module_loading import import_string

from requests_app.domain.errors import ActionRefused
from requests_app.domain.events import Event
from requests_app.models import OutboxEvent

log = structlog.get_logger(__name__)

AT_ONCE = 5  # rows in one claim: it costs as much as one, and these few wait if their worker dies
MAX_DELAY = timedelta(minutes=15)
KEPT = timedelta(days=30)  # done rows guard against a second publication; nothing is published that late
P = ParamSpec("P")
Payloads = Sequence[dict[str, Any]]
Together = Callable[[Payloads, Callable[[], bool]], Sequence[bool]]


class Later(Exception):
    """A handler asks to be called again: nothing is wrong with us, something else is away.

    `reason` is shown to staff and must hold no personal data; `delay` overrides the usual back-off.
    """

    def __init__(self, reason: str, delay: timedelta | None = None) -> None:
        super().__init__(reason)
        self.delay = delay


def publish(event: Event, *, key: str | None = None, delay: timedelta = timedelta()) -> None:
    """Write down that `event` happened; must be called within the transaction of the fact itself.

    `key` makes it once-only: a second publication under the same key changes nothing.
    """
    _write_down(_rows(event, key or f"{type(event).__name__}:{uuid4()}", delay), once=key is not None)


def publish_all(events: Iterable[tuple[Event, str]]) -> None:
    """Do what `publish` does for several events, each under its key."""
    _write_down([row for event, key in events for row in _rows(event, key, timedelta())], once=True)


def _rows(event: Event, key: str, delay: timedelta) -> list[OutboxEvent]:
    now = timezone.now()
    name = type(event).__name__
    return [
        OutboxEvent(
            key=f"{key}>{handler.rsplit('.', 1)[-1]}",
            name=name,
            handler=handler,
            payload=asdict(event),
            created_at=now,
            run_at=now + delay,
        )
        for handler in settings.OUTBOX_HANDLERS[name]
    ]


def _write_down(rows: list[OutboxEvent], *, once: bool) -> None:
    if not connection.in_atomic_block:
        raise RuntimeError("an event is published inside the transaction of its fact, never outside")
    if rows:
        OutboxEvent.objects.bulk_create(rows, ignore_conflicts=once)
        transaction.on_commit(nudge, robust=True)


def nudge() -> None:
    """Tell a worker to look now. When the broker is away the sweep will find the row all the same."""
    try:
        current_app.send_task("requests_app.tasks.relay")
    except Exception as error:  # noqa: BLE001 - whatever the broker does, the sweep finds the row
        log.warning("hint_not_sent", error=type(error).__name__)


def claim(limit: int, now: datetime | None = None) -> list[OutboxEvent]:
    """Take a few due rows, `limit` at most, under a lease; each row goes to one worker only.

    A few are AT_ONCE, and more only of what is handled together.
    """
    now = now or timezone.now()
    due = (
        OutboxEvent.objects.filter(done_at__isnull=True, run_at__lte=now)
        .filter(Q(lease_until__isnull=True) | Q(lease_until__lte=now))
        .order_by("run_at", "id")
    )
    with transaction.atomic():
        # SQLite has no row locks; its BEGIN IMMEDIATE lets one writer in at a time, which does the same.
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True)
        rows = _a_few(list(due[:limit]))
        lease_until = now + settings.OUTBOX_LEASE
        if rows:
            pks = [row.pk for row in rows]
            OutboxEvent.objects.filter(pk__in=pks).update(lease_until=lease_until, attempts=F("attempts") + 1)
    for row in rows:  # as they stand there now: nobody else changes what is locked
        row.lease_until, row.attempts = lease_until, row.attempts + 1
    return rows


def relay(limit: int | None = None) -> int:
    """Claim due rows, a few at a time, and run their handlers until none is left or `limit` is reached.

    Returns how many. Whoever stops at the limit hints that there may be more: the sweep alone would take hours for a
    long queue.
    """
    done = 0
    limit = settings.OUTBOX_BATCH if limit is None else limit
    while done < limit:
        rows = claim(limit - done)
        if not rows:
            return done
        done += _run_in_time(rows)
    nudge()
    return done


def _a_few(rows: list[OutboxEvent]) -> list[OutboxEvent]:
    """Return the first of these rows: as many as go together, or AT_ONCE."""
    if len(rows) <= AT_ONCE or _together_of(rows[0]) is None:
        return rows[:AT_ONCE]
    alike = takewhile(lambda row: row.handler == rows[0].handler and not row.attempts, rows)
    return rows[: max(AT_ONCE, sum(1 for _ in alike))]


def _run_in_time(rows: list[OutboxEvent]) -> int:
    """Run claimed rows; those that would begin when half of the lease is over are given back. Returns how many ran.

    A row that begins when a sixth of it is over gets a whole one anew: while a slow mail server takes a mail nobody
    else may ask what became of it.
    """
    begun, lease = monotonic(), settings.OUTBOX_LEASE

    def passed(part: float) -> bool:
        return monotonic() - begun > lease.total_seconds() * part

    left = run_together(rows, lambda: not passed(1 / 2))
    for number, row in enumerate(left, len(rows) - len(left)):
        if number and passed(1 / 2):
            for late in left[left.index(row) :]:
                _held(late).update(lease_until=None)
            return number
        if number and passed(1 / 6):
            _held(row).update(lease_until=timezone.now() + lease)
        run(row)
    return len(rows)


def run_together(rows: list[OutboxEvent], in_time: Callable[[], bool]) -> list[OutboxEvent]:
    """Run those of the claimed rows that go together; return the others, to be run one by one.

    What was tried before is run alone, so that nothing can fail, or end its worker, more than once with others.
    """
    alike: dict[str, list[OutboxEvent]] = defaultdict(list)
    for row in rows:
        if row.attempts == 1:
            alike[row.handler].append(row)
    done: set[int] = set()
    for group in alike.values():
        many = _together_of(group[0]) if len(group) > 1 else None
        if many:
            done |= _done_together(many, group, in_time)
    return [row for row in rows if row.pk not in done]


def _done_together(many: Together, rows: list[OutboxEvent], in_time: Callable[[], bool]) -> set[int]:
    """Let `many` do what it can of these rows; return the numbers of those that are done, and marked as such."""
    try:
        told = many([row.payload for row in rows], in_time)
        done = {row.pk for row, is_done in zip(rows, told, strict=True) if is_done}
        fenced = OutboxEvent.objects.filter(pk__in=done, attempts=rows[0].attempts, done_at__isnull=True)
        fenced.update(done_at=timezone.now(), lease_until=None, error="")
    except Exception as error:  # noqa: BLE001 - each row is run alone then, and tells what is wrong with it
        log.warning("not_together", handler=rows[0].handler, error=type(error).__name__)
        return set()
    return done


def _held(row: OutboxEvent) -> QuerySet[OutboxEvent]:
    """The row, as long as the claim of this worker is the latest and it is not done."""
    return OutboxEvent.objects.filter(pk=row.pk, attempts=row.attempts, done_at__isnull=True)


def clock_went_back(by: timedelta) -> int:
    """Bring forward what is owed, after the machine's clock was set back; return how many rows.

    By the new clock a row, or the lease of a worker that has died since, would wait until the old time comes again.
    """
    now = timezone.now()
    owed = OutboxEvent.objects.filter(done_at__isnull=True)
    owed.filter(lease_until__gt=now).update(lease_until=F("lease_until") - by)
    return owed.filter(run_at__gt=now).update(run_at=F("run_at") - by)


def clear() -> int:
    """Delete rows that were done KEPT ago; return how many. What is owed stays, however old."""
    deleted, _ = OutboxEvent.objects.filter(done_at__lt=timezone.now() - KEPT).delete()
    return deleted


def run(row: OutboxEvent) -> bool:
    """Run the handler of one claimed row; return True when it is done.

    A handler is either plain (then it and the done mark are one transaction) or marked `@outside_transaction`
    (then it does slow work between transactions of its own, is idempotent, and the row is marked afterwards).
    """
    try:
        handler = _handler_of(row)
        if getattr(handler, "outside_transaction", False):
            handler(**row.payload)
            return _finish(row)
        with transaction.atomic():
            if not _finish(row):
                return False
            handler(**row.payload)
        return True
    except Exception as error:  # noqa: BLE001 - the row stays owed, whatever the handler did
        _postpone(row, error)
        return False


def outside_transaction(handler: Callable[P, None]) -> Callable[P, None]:
    """Mark a handler that talks to the outside and must not hold a transaction meanwhile."""
    handler.outside_transaction = True  # type: ignore[attr-defined]
    return handler


def together(many: Together) -> Callable[[Callable[P, None]], Callable[P, None]]:
    """Mark a handler of which several rows can be run in one go, in fewer transactions.

    `many` gets their payloads, does what it can of them as long as it is told to be in time, and tells of each whether
    it is done; it is idempotent, for the rows are marked afterwards. The handler itself is called for the others.
    """

    def marked(handler: Callable[P, None]) -> Callable[P, None]:
        handler.together = many  # type: ignore[attr-defined]
        return handler

    return marked


def _together_of(row: OutboxEvent) -> Together | None:
    try:
        return getattr(_handler_of(row), "together", None)
    except ImportError:  # said of the row when it is run
        return None


def _handler_of(row: OutboxEvent) -> Callable[..., None]:
    """The handler that was named when the event was published; one that has moved since is found by its last name."""
    last = row.handler.rpartition(".")[2]
    now = (one for one in settings.OUTBOX_HANDLERS.get(row.name, ()) if one.rpartition(".")[2] == last)
    handler: Callable[..., None] = import_string(next(now, row.handler))
    return handler


def _finish(row: OutboxEvent) -> bool:
    return bool(_held(row).update(done_at=timezone.now(), lease_until=None, error=""))


def _postpone(row: OutboxEvent, error: Exception) -> None:
    expected = isinstance(error, Later)
    if not expected:
        log.error("handler_failed", handler=row.handler, row=row.pk, exc_info=True)
    delay = getattr(error, "delay", None) or min(timedelta(seconds=2 ** min(row.attempts, 10)), MAX_DELAY)
    try:
        _held(row).update(
            run_at=timezone.now() + delay,
            lease_until=None,
            error=(str(error) if expected or isinstance(error, ActionRefused) else type(error).__name__)[:300],
        )
    except (OperationalError, InterfaceError):
        log.warning("database_away", handler=row.handler, row=row.pk)
