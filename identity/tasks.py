"""Celery tasks: hints only."""

from celery import shared_task

from identity.services import housekeeping, question_reminders


@shared_task
def expire() -> int:
    """Do what has come due."""
    return housekeeping.sweep()


@shared_task
def remind() -> int:
    """Remind people that we wait for them to confirm who they are."""
    return question_reminders.sweep()
