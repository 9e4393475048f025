"""A request closes when its answer was sent; a case when all its requests have."""

from django.db import transaction
from django.utils import timezone

from requests_app.domain.enums import Action, Intent, Stage
from requests_app.domain.snapshot import SYSTEM
from requests_app.models import DataSubjectRequest, Message

from . import lifecycle, rows

_ANSWERS = frozenset({Intent.ANSWER_READY, Intent.CONFIRMATION, Intent.ENDING})


def close_answered(message_id: int) -> None:
    """When the mail that announces an answer has gone, close the request it speaks of, if it still is released."""
    message = Message.objects.get(pk=message_id)
    if message.intent not in _ANSWERS or message.dsr_id is None:
        return
    with transaction.atomic():
        dsr = rows.lock_request(message.dsr_id)
        if dsr.stage != Stage.RELEASED:
            return
        DataSubjectRequest.objects.filter(pk=dsr.pk, answer_sent_at__isnull=True).update(
            answer_sent_at=message.sent_at or timezone.now()
        )
        close_if_possible(dsr.pk)


def close_if_possible(dsr_id: int) -> bool:
    """Close a released request unless something is still owed; return whether it was closed."""
    dsr = DataSubjectRequest.objects.get(pk=dsr_id)
    if dict(lifecycle.available(dsr, SYSTEM)).get(Action.CLOSE, "not from here") is not None:
        return False
    lifecycle.advance(dsr_id, Action.CLOSE, SYSTEM)
    return True
