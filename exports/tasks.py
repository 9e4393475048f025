"""Celery tasks: hints only."""

from celery import shared_task

from exports.services import bundle, erasure_run, lifting_run, orders
from exports.services import purge as service


@shared_task
def purge() -> int:
    """Delete what has fulfilled its purpose."""
    return service.sweep()


@shared_task
def redate_letters() -> int:
    """Have the letters that wait for their release drawn with today's date."""
    return bundle.sweep()


@shared_task
def begin_erasures() -> int:
    """Begin the deletions whose time has come."""
    return erasure_run.sweep()


@shared_task
def look_at_orders() -> int:
    """Tell the staff of orders whose day is over."""
    return orders.sweep()


@shared_task
def lift_restrictions() -> int:
    """Begin the liftings whose day has come."""
    return lifting_run.sweep()
