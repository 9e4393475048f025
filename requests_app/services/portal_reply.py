"""What a person writes on the status page: a message on an open case, an inquiry when the case is closed."""

import json
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from requests_app.domain.enums import Channel
from requests_app.domain.outcomes import BLOCKS_MARKETING
from requests_app.mailbox import suggest
from requests_app.models import Case, Inquiry

from . import correspondence, suppression
from .intake import record_inquiry


def keep(case_id: int, text: str, *, rights: Sequence[str] | None = None) -> None:
    """Put `text` on the case; on a closed one into the inbox, where somebody says whether it asks for something new.

    Nobody looks at closed cases by themselves, and a message unread starts a clock all the same. `rights` are what the
    text asks for, as far as that is known (None: it is guessed).
    """
    with transaction.atomic():
        case = Case.objects.select_for_update(of=("self",)).get(pk=case_id)
        if case.closed_at is None:
            correspondence.receive(case, body=text, at=timezone.now())
        else:
            _into_inbox(case, text, suggest.suggest("", text).rights if rights is None else rights)


def _into_inbox(case: Case, text: str, rights: Sequence[str]) -> None:
    now = timezone.now()
    raw = json.dumps({"case": str(case.uuid), "at": now.isoformat(), "text": text}, ensure_ascii=False).encode()
    if not BLOCKS_MARKETING.isdisjoint(rights):
        suppression.hold(case.person_email)  # before the audit is written to
    inquiry, _ = record_inquiry(channel=Channel.FORM, received_at=now, raw=raw)
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
