"""What a person writes on the status page: a message on an open case, an inquiry when the case is closed."""

import json
from collections.abc import Sequence
from uuid import uuid4

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from requests_app.domain.enums import Channel
from requests_app.domain.outcomes import BLOCKS_MARKETING
from requests_app.mailbox import suggest
from requests_app.models import Case, Inquiry

from . import correspondence, rows, suppression, suppression_list
from .intake import record_inquiry


def keep(case_id: int, text: str, *, key: str = "", rights: Sequence[str] | None = None) -> None:
    """Put `text` on the case; on a closed one into the inbox, where somebody says whether it asks for something new.

    The same `key` is kept once, however often the form comes. Nobody looks at closed cases by themselves, and a
    message unread starts a clock all the same. `rights` are what the text asks for, as far as that is known (None: it
    is guessed).
    """
    key = key or uuid4().hex
    with transaction.atomic():
        case = rows.lock_case(case_id)
        written = f"portal:{case.pk}:{key}"
        if case.messages.filter(key=written).exists():
            return
        if case.closed_at is None:
            correspondence.receive(case, body=text, at=timezone.now(), key=written)
        else:
            _into_inbox(case, text, key, suggest.suggest("", text).rights if rights is None else rights)


def set_aside(case: Case) -> QuerySet[Inquiry]:
    """Return what the person wrote here while the case was closed, as long as it is no message of the case."""
    return Inquiry.objects.light().filter(suggested_case=case, channel=Channel.FORM.value).exclude(messages__case=case)


def _into_inbox(case: Case, text: str, key: str, rights: Sequence[str]) -> None:
    now = timezone.now()
    raw = json.dumps({"case": str(case.uuid), "key": key, "text": text}, ensure_ascii=False).encode()
    if not BLOCKS_MARKETING.isdisjoint(rights):
        suppression_list.hold(case.person_email)  # before the audit is written to
    inquiry, new = record_inquiry(channel=Channel.FORM, received_at=now, raw=raw)
    if not new:
        return
    suppression.on_receipt(inquiry, case.person_email, rights)
    Inquiry.objects.filter(pk=inquiry.pk).update(
        parsed_at=now,
        sender_name=case.person_name,
        sender_address=case.person_email,
        text=text,
        language=case.language,
        suggested_rights=list(rights),
        suggested_case=case,
        auto_reply_allowed=True,
        auto_reply_reason="ok",
    )
