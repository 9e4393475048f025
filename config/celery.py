"""Celery: hints and the timetable. Losing all of it loses nothing but time."""

import os
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from celery import Celery, beat
from celery.schedules import schedule
from celery.signals import worker_ready

from . import hints

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

hints.register()
# With -B Celery would start the timetable as a child, and nobody would notice when that dies. As a thread it lives
# exactly as long as the worker (docs/adr/0011).
beat.EmbeddedService = partial(beat.EmbeddedService, thread=True)
app = Celery("datarett")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@app.on_after_configure.connect
def timetable(sender: Celery, **kwargs: object) -> None:
    """The whole timetable: what the database may owe is looked for again and again, for the first time at once."""
    from django.conf import settings

    sender.conf.beat_schedule = {
        "heartbeat": _every(settings.SWEEP_SECONDS, "requests_app.tasks.heartbeat"),
        "relay": _every(settings.SWEEP_SECONDS, "requests_app.tasks.relay"),
        "reckon-anew": _every(3600.0, "requests_app.tasks.reckon_anew"),
        "reminders": _every(300.0, "requests_app.tasks.send_reminders"),
        "digest": _every(300.0, "requests_app.tasks.send_digests"),
        "remind-of-clarifications": _every(300.0, "requests_app.tasks.remind_of_clarifications"),
        "tell-that-we-wait": _every(300.0, "requests_app.tasks.tell_that_we_wait"),
        "confirm-unsorted": _every(300.0, "requests_app.tasks.confirm_unsorted"),
        "watch-mailboxes": _every(60.0, "requests_app.tasks.watch_mailboxes"),
        "warn-of-secret": _every(3600.0, "requests_app.tasks.warn_of_secret"),
        "forget-content": _every(3600.0, "requests_app.tasks.forget_content"),
        "remove-documents": _every(300.0, "requests_app.tasks.remove_documents"),
        "forget-drafts": _every(300.0, "requests_app.tasks.forget_drafts"),
        "clear-outbox": _every(3600.0, "requests_app.tasks.clear_outbox"),
        "expire-verifications": _every(300.0, "identity.tasks.expire"),
        "remind-of-identity": _every(300.0, "identity.tasks.remind"),
        "begin-erasures": _every(60.0, "exports.tasks.begin_erasures"),
        "lift-restrictions": _every(300.0, "exports.tasks.lift_restrictions"),
        "look-at-orders": _every(3600.0, "exports.tasks.look_at_orders"),
        "redate-letters": _every(3600.0, "exports.tasks.redate_letters"),
        "purge": _every(3600.0, "exports.tasks.purge"),
    }


def _every(seconds: float, task: str) -> dict[str, object]:
    """A line of the timetable. It has never run, so it is due at once: nothing about it is kept in a file."""
    return {"task": task, "schedule": schedule(seconds, nowfun=_steady_now), "last_run_at": _NEVER}


def _steady_now() -> datetime:
    """The time by a clock that nobody sets: set back two hours, the other one would stop the timetable for as long."""
    return _BEGAN + timedelta(seconds=time.monotonic() - _BEGAN_AT)


_BEGAN, _BEGAN_AT = datetime.now(UTC), time.monotonic()
_NEVER = _BEGAN - timedelta(days=1)


@worker_ready.connect
def look_at_once(sender: Any, **kwargs: object) -> None:
    """A worker that begins says so, and sees to what is owed, before the timetable's first tick."""
    sender.app.send_task("requests_app.tasks.heartbeat")
    sender.app.send_task("requests_app.tasks.relay")
