"""Celery: hints and the timetable. Losing all of it loses nothing but time."""

import os
from functools import partial
from typing import Any

from celery import Celery, beat
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
    """The whole timetable: what the database may owe is looked for again and again."""
    from django.conf import settings

    sender.conf.beat_schedule = {
        "heartbeat": {"task": "requests_app.tasks.heartbeat", "schedule": settings.SWEEP_SECONDS},
        "relay": {"task": "requests_app.tasks.relay", "schedule": settings.SWEEP_SECONDS},
        "reminders": {"task": "requests_app.tasks.send_reminders", "schedule": 300.0},
        "confirm-unsorted": {"task": "requests_app.tasks.confirm_unsorted", "schedule": 300.0},
        "forget-content": {"task": "requests_app.tasks.forget_content", "schedule": 3600.0},
        "forget-drafts": {"task": "requests_app.tasks.forget_drafts", "schedule": 300.0},
        "clear-outbox": {"task": "requests_app.tasks.clear_outbox", "schedule": 3600.0},
        "expire-verifications": {"task": "identity.tasks.expire", "schedule": 300.0},
        "begin-erasures": {"task": "exports.tasks.begin_erasures", "schedule": 60.0},
        "purge": {"task": "exports.tasks.purge", "schedule": 3600.0},
    }


@worker_ready.connect
def look_at_once(sender: Any, **kwargs: object) -> None:
    """A worker that begins says so, and sees to what is owed, before the timetable's first tick."""
    sender.app.send_task("requests_app.tasks.heartbeat")
    sender.app.send_task("requests_app.tasks.relay")
