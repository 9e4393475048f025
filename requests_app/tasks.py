"""Celery tasks: hints only. Each loads by id or sweeps, and calls one service."""

from celery import shared_task
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from requests_app import outbox
from requests_app.domain.enums import SuspensionKind
from requests_app.models import Heartbeat
from requests_app.services import (
    attachments,
    digest,
    drafts,
    mail_secret,
    mailbox_health,
    reminders,
    retention,
    rule_dates,
    still_waiting,
    unasked,
    unsorted,
    waiting_reminders,
)


@shared_task
def relay() -> int:
    """Do what the outbox owes."""
    return outbox.relay()


@shared_task
def heartbeat() -> None:
    """Say that a worker is alive and that its timetable runs; notice when the clock was set back since."""
    with transaction.atomic():
        before = Heartbeat.objects.select_for_update().filter(name="worker").first()
        now = timezone.now()
        # The clocks of two machines may differ a little, and then nothing has gone back.
        if before is not None and before.at - now > settings.HEARTBEAT_STALE:
            outbox.clock_went_back(before.at - now)
            reminders.clock_went_back()
        Heartbeat.objects.update_or_create(name="worker", defaults={"at": now})


@shared_task
def clear_outbox() -> int:
    """Delete what the outbox has long done."""
    return outbox.clear()


@shared_task
def forget_drafts() -> int:
    """Delete what people filled in, or staff attached, and did not send."""
    return drafts.forget_old() + attachments.forget_old()


@shared_task
def confirm_unsorted() -> int:
    """Confirm the receipt of what nobody has sorted for a working day."""
    return unsorted.confirm()


@shared_task
def forget_content() -> int:
    """Delete what has been kept long enough."""
    return retention.sweep()


@shared_task
def remove_documents() -> int:
    """Cut out the identity documents that nobody asked for and nobody freed."""
    return unasked.sweep()


@shared_task
def reckon_anew() -> int:
    """Reckon the dates anew that another version of us has reckoned."""
    return rule_dates.sweep()


@shared_task
def send_reminders() -> int:
    """Remind the staff of what is due."""
    return reminders.sweep()


@shared_task
def send_digests() -> int:
    """Write the morning mail to whoever has not had today's."""
    return digest.sweep()


@shared_task
def remind_of_clarifications() -> int:
    """Remind people of what we asked them to make clearer."""
    return waiting_reminders.sweep(SuspensionKind.CLARIFICATION, waiting_reminders.remind_of_clarification)


@shared_task
def tell_that_we_wait() -> int:
    """Tell people at the alarm why they have no answer yet."""
    return still_waiting.sweep()


@shared_task
def watch_mailboxes() -> int:
    """Tell the staff of mailboxes that are not being read, and when they are again."""
    return mailbox_health.sweep()


@shared_task
def warn_of_secret() -> bool:
    """Tell the staff in time that the secret for mail ends."""
    return mail_secret.sweep()
