"""Celery: hints and the timetable. Losing all of it loses nothing but time."""

import os

from celery import Celery

from . import hints

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

hints.register()
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
        "expire-verifications": {"task": "identity.tasks.expire", "schedule": 300.0},
        "purge": {"task": "exports.tasks.purge", "schedule": 3600.0},
    }
