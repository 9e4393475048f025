"""The steps of a process, and its death before a chosen one.

A step is a commit (ours or one in a system's database), a statement that commits by itself, a stored file, a
handed-over mail or SMS, a command to an IMAP server (unless by TLS), a hint of the timetable, or the answer to a
browser: between two of them nothing outside the process's own memory changes. `var/fault` holds `SCOPE:N`: whoever is
at work in that scope is ended with SIGKILL before its N-th step is taken, once.
"""

import functools
import imaplib
import os
import signal
import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from tests.faults import clock

NAME = "fault"
HANDED_OVER = "handed-over"
WRITES = ("INSERT", "UPDATE", "DELETE")

_here = threading.local()
_taken: Counter[str] = Counter()


def step() -> None:
    """Count one step, and die if it is the chosen one."""
    clock.follow()
    chosen: str = getattr(_here, "chosen", "")
    if not chosen:
        return
    _taken[chosen] += 1
    if _taken[chosen] == int(chosen.partition(":")[2]):
        (settings.VAR / NAME).unlink()
        os.kill(os.getpid(), signal.SIGKILL)


def install() -> None:
    """Put the steps before what changes something, and the scopes around the work of each process."""
    from celery import beat
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.backends.signals import connection_created
    from sqlalchemy import Engine, event

    from exports import vault
    from identity.services import sms_gateway
    from requests_app import outbox
    from requests_app.mailbox.delivery import FileSink, SmtpSink
    from requests_app.management.commands import ingest
    from requests_app.services import unasked

    FileSink.deliver = _counted(FileSink.deliver)  # type: ignore[method-assign]
    for owner, name in (
        (BaseDatabaseWrapper, "commit"), (vault, "store"), (FileSink, "deliver"), (SmtpSink, "deliver"),
        (beat.Scheduler, "apply_async"), (imaplib.IMAP4, "send"), (sms_gateway, "post"),
    ):  # fmt: skip
        setattr(owner, name, _before(getattr(owner, name)))
    event.listen(Engine, "commit", lambda connection: step())  # of a system that is not ours
    connection_created.connect(_watch_statements, weak=False)
    outbox.run = within("worker", outbox.run)
    outbox.run_together = within("worker", outbox.run_together)
    unasked.sweep = within("documents", unasked.sweep)
    ingest._watch = within("ingest", ingest._watch)
    beat.Scheduler.tick = within("beat", beat.Scheduler.tick)


def middleware(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """The scope of the web: one request, whose last step is the answer."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        step()
        return response

    return within("web", answer)


def within(scope: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function as the work of a scope."""

    @functools.wraps(function)
    def working(*args: Any, **kwargs: Any) -> Any:
        clock.follow()
        before, _here.chosen = getattr(_here, "chosen", ""), _chosen(scope)
        try:
            return function(*args, **kwargs)
        finally:
            _here.chosen = before

    return working


def _chosen(scope: str) -> str:
    try:
        said = (settings.VAR / NAME).read_text(encoding="ascii")
    except FileNotFoundError:
        return ""
    return said if said.startswith(f"{scope}:") else ""


def _before(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def stepping(*args: Any, **kwargs: Any) -> Any:
        step()
        return function(*args, **kwargs)

    return stepping


def _watch_statements(connection: Any, **_: object) -> None:
    if _statement not in connection.execute_wrappers:
        connection.execute_wrappers.append(_statement)


def _statement(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    if sql.startswith(WRITES) and not context["connection"].in_atomic_block:
        step()
    return execute(sql, params, many, context)


def _counted(deliver: Callable[..., None]) -> Callable[..., None]:
    """Note each hand-over: the file of a mail is named by its key, so a second one leaves no trace there."""

    @functools.wraps(deliver)
    def counted(sink: Any, *, key: str, sender: str, recipient: str, data: bytes) -> None:
        with (settings.VAR / HANDED_OVER).open("a", encoding="ascii") as file:
            file.write(f"{key}\n")
        deliver(sink, key=key, sender=sender, recipient=recipient, data=data)

    return counted
