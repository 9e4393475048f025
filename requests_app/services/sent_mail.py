"""Mail that somebody here sent by hand: kept raw, read, and put on the case of the person who got it.

It never becomes an inquiry, nobody is answered because of it, and it says nothing in the name of the person. What we
sent ourselves lies in the same folder; of that nothing is kept but the hash, since it holds links and codes in clear.
"""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from requests_app import audit, outbox, selectors
from requests_app.domain import events
from requests_app.domain.enums import Direction, Intent, MessageState
from requests_app.domain.snapshot import SYSTEM
from requests_app.keyring import ring
from requests_app.mailbox import addresses, parsed, quoting, threading
from requests_app.mailbox.bounded import parse_bounded
from requests_app.mailbox.parse import parse_headers
from requests_app.mailbox.parsed import ParsedMail
from requests_app.mailbox.sender import Own
from requests_app.models import Case, Message, SentMail

from . import reading, rows

NO_CONTENT: dict[str, Any] = {"raw": b"", "in_reply_to": ""}
"""What is left of the columns that tell what was written, and to whom."""


def record(*, sent_at: datetime, raw: bytes, oversize: bool, size: int) -> tuple[SentMail, bool]:
    """Keep the raw bytes in one row, before anything else; return it and whether it is new.

    Publishes SentMailFound for a new one.
    """
    sha256 = hashlib.sha256(raw).hexdigest()
    with transaction.atomic():
        row, new = SentMail.objects.defer("raw").get_or_create(
            sha256=sha256, defaults={"sent_at": sent_at, "raw": raw, "size": size, "oversize": oversize}
        )
        if new:
            audit.record("sent_mail.found", f"sent_mail:{row.pk}", SYSTEM, sha256=sha256)
            outbox.publish(events.SentMailFound(row.pk), key=f"sent-mail:{row.pk}")
        return row, new


@outbox.outside_transaction
def read(sent_mail_id: int) -> None:
    """Read a mail and put it on the case of whoever got it; for no case, and of a machine, it is only kept."""
    row = SentMail.objects.get(pk=sent_mail_id)
    if row.message_id is not None or row.forgotten_at is not None:
        return
    raw = bytes(row.raw)
    mail = parse_headers(raw, parsed.OVERSIZE) if row.oversize else parse_bounded(raw)
    if _is_own(mail):
        forget(row.pk)
        return
    # Written down before the cases are asked: one that is opened meanwhile finds the mail by it (`look_again`).
    answered = next(iter((*mail.in_reply_to, *reversed(mail.references))), "")[:998]
    SentMail.objects.filter(pk=row.pk, forgotten_at__isnull=True).update(in_reply_to=answered)
    case = next(_cases(mail), None) if _is_colleague(mail) and not mail.automatic else None
    with transaction.atomic():
        if case is not None:
            case = rows.lock_case(case.pk)
        row = SentMail.objects.select_for_update(of=("self",)).defer("raw").get(pk=row.pk)
        if row.message_id is not None or row.forgotten_at is not None:
            return
        row.parsed_at = timezone.now()
        if case is not None and case.forgotten_at is None:
            row.message = _tie(case, row, mail)
        row.save(update_fields=["parsed_at", "message"])


def look_again(case_id: int) -> None:
    """Read once more what was sent before this was a case, in answer to what is now on it."""
    said = Message.objects.filter(case=case_id).exclude(message_id="").values("message_id")
    waiting = SentMail.objects.untied().filter(in_reply_to__in=said)
    for pk in waiting.values_list("pk", flat=True):
        outbox.publish(events.SentMailFound(pk))


def forget(sent_mail_id: int) -> bool:
    """Delete the content of a mail of no case; its hash stays, by which it is still known. Return whether it was."""
    with transaction.atomic():
        forgotten = SentMail.objects.untied().filter(pk=sent_mail_id)
        if not forgotten.update(**NO_CONTENT, forgotten_at=timezone.now()):
            return False
        audit.record("sent_mail.forgotten", f"sent_mail:{sent_mail_id}", SYSTEM)
        return True


def _tie(case: Case, row: SentMail, mail: ParsedMail) -> Message:
    message = Message.objects.create(
        case=case,
        direction=Direction.OUT.value,
        intent=Intent.OUTSIDE.value,
        state=MessageState.SENT.value,
        language=case.language,
        to_address=case.person_email,
        subject=mail.subject[:1000],
        body=quoting.strip_reply(mail.text) or mail.text,
        message_id=mail.message_id[:998],
        in_reply_to=next(iter(mail.in_reply_to), "")[:998],
        created_at=row.sent_at,
        sent_at=row.sent_at,
    )
    audit.record("outside.found", f"case:{case.pk}", SYSTEM, message=message.pk)
    return message


def _cases(mail: ParsedMail) -> Iterator[Case]:
    """The cases that it may belong to, the surest first: its person is among the recipients."""
    got = {addresses.normal(one) for one in (*mail.to, *mail.cc)}
    for case in reading.cases_named(mail):
        if case.person_email and addresses.normal(case.person_email) in got:
            yield case


def _is_own(mail: ParsedMail) -> bool:
    keys = ring().all("mail")
    return threading.read_message_id(keys, mail.message_id) is not None or settings.SITE_URL.lower() in mail.facts.loops


def _is_colleague(mail: ParsedMail) -> bool:
    organisation = selectors.organisation()
    own = Own.of([*organisation.own_addresses, *(f"@{domain}" for domain in organisation.own_domains)])
    return own.is_mailbox(mail.from_address) or own.is_colleague(mail.from_address)
