"""Celery tasks: hints only."""

from celery import shared_task

from exports.services import purge as service


@shared_task
def purge() -> int:
    """Delete what has fulfilled its purpose."""
    return service.sweep()
