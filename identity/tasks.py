"""Celery tasks: hints only."""

from celery import shared_task

from identity.services import housekeeping


@shared_task
def expire() -> int:
    """Do what has come due."""
    return housekeeping.sweep()
