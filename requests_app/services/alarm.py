"""An alarm by a second way: the mail about a silent mailbox may need the very secret that has ended.

It is owed by the outbox like every effect, and tried again until it is taken or a day is gone. Whatever becomes of
it, the mail to the staff goes its own way.
"""

from datetime import UTC, datetime, timedelta

import structlog
from django.conf import settings
from django.utils import timezone

from requests_app import outbox
from requests_app.mailbox import webhook
from requests_app.models import MailboxHealth

from . import mailbox_health

log = structlog.get_logger(__name__)

GIVEN_UP = timedelta(days=1)
OUT, BACK = "mailbox_out", "mailbox_back"


@outbox.outside_transaction
def post(mailbox_id: int, over: int, since: int, raised_at: int) -> None:
    """Post one alarm. Raises `outbox.Later` when nobody takes it.

    It tells which mailbox by its number only: its name is an address, perhaps somebody's own. Nothing is posted where
    no address is set.
    """
    if not settings.ALARM_WEBHOOK:
        return
    raised = datetime.fromtimestamp(raised_at, UTC)
    if timezone.now() - raised > GIVEN_UP:
        log.warning("alarm_given_up", mailbox=mailbox_id)
        return
    kind = BACK if over else OUT
    said = {
        "event": kind, "id": f"{kind}:{mailbox_id}:{raised_at}", "installation": settings.SITE_URL,
        "mailbox": mailbox_id, "fault": None if over else _fault(mailbox_id),
        "since": datetime.fromtimestamp(since, UTC).isoformat(), "raised_at": raised.isoformat(),
    }  # fmt: skip
    try:
        webhook.post(settings.ALARM_WEBHOOK, said, secret=settings.ALARM_WEBHOOK_SECRET)
    except webhook.WebhookError as error:
        raise outbox.Later(f"alarm: {error}") from None


def _fault(mailbox_id: int) -> str | None:
    """What keeps the mailbox from being read, as a code of `MailboxFault`."""
    row = MailboxHealth.objects.filter(pk=mailbox_id).first()
    fault = mailbox_health.why(row) if row else None
    return fault.value if fault else None
