"""Forgetting what has been kept long enough (GDPR Art. 5(1)(e)): contents go, the facts of the procedure stay.

The portal tells people about the second of the two periods before they write. What nobody has sorted is never
forgotten, and what was put on a case stays as long as the case. The mailbox itself is the organisation's: only what we
hold of it goes.
"""

from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils import timezone

from requests_app import audit
from requests_app.domain.enums import Verdict
from requests_app.domain.snapshot import SYSTEM
from requests_app.mailbox import graph_address
from requests_app.mailbox.delivery import FileSink
from requests_app.models import (
    Advice,
    Attachment,
    BreakGlass,
    Case,
    Decision,
    Extension,
    Fee,
    Inquiry,
    LegalHold,
    Message,
    Note,
    Override,
    ReceiptCorrection,
    SentMail,
    Sighting,
)

from . import break_glass, clock, corrections, looks, one_by_one, sent_mail

OTHER_MAIL_KEPT = timedelta(days=90)  # after somebody said that it is no request; of what we sent: since we have it
CORRESPONDENCE_KEPT = timedelta(days=3 * 365 + 1)  # after the closure: never less than three years
BATCH = 200

_NO_INQUIRY: dict[str, Any] = {
    "subject": "", "sender_name": "", "sender_address": "", "reply_address": "", "text": "", "html": "", "raw": b"",
    "attachments": [], "message_id": "", "suggested_case": None, "authenticity": {},
    "forwarded_name": "", "forwarded_address": "", "forwarded_date": "", "forwarded_on": None,
    "forwarded_text": "", "request_probability": None, "passages": [],
}  # fmt: skip
# What was guessed of a mail that was no request tells of its writer, too; on a case the rights are facts of it.
_NO_GUESS: dict[str, Any] = {
    "language": "", "suggested_rights": [], "maybe_request": False, "problems": [], "auto_reply_allowed": False,
    "auto_reply_reason": "", "forwarded": False,
}  # fmt: skip
_NO_MESSAGE: dict[str, Any] = {
    "subject": "", "body": "", "to_address": "", "secrets": {}, "message_id": "", "in_reply_to": "", "error": "",
}  # fmt: skip


def sweep() -> int:
    """Forget what is due, at most BATCH of each kind; return how much that was."""
    now = timezone.now()
    done = one_by_one.each("inquiry", _first(_other_mail(now)), lambda pk: _forget_inquiry(pk, now))
    done += one_by_one.each("sent_mail", _first(_sent_to_others(now)), sent_mail.forget)
    done += one_by_one.each("case", _first(_old_cases(now)), lambda pk: _forget_case(pk, now))
    return done + corrections.forget_old(now - OTHER_MAIL_KEPT) + looks.forget() + break_glass.forget(now - looks.KEPT)


def kept_until(inquiry: Inquiry) -> date | None:
    """Return the first day on which the content of an inquiry may go because it is no request, or None."""
    other = inquiry.verdict in (Verdict.NOT_A_REQUEST, Verdict.SPAM) and inquiry.case_id is None
    if not other or inquiry.sorted_at is None or inquiry.forgotten_at is not None:
        return None
    return clock.calendar().local_date(inquiry.sorted_at + OTHER_MAIL_KEPT)


def _other_mail(now: datetime) -> QuerySet[Inquiry]:
    return Inquiry.objects.filter(
        verdict__in=[Verdict.NOT_A_REQUEST.value, Verdict.SPAM.value], case__isnull=True, forgotten_at__isnull=True,
        sorted_at__lt=now - OTHER_MAIL_KEPT,
    )  # fmt: skip


def _sent_to_others(now: datetime) -> QuerySet[SentMail]:
    return SentMail.objects.untied().filter(ingested_at__lt=now - OTHER_MAIL_KEPT)


def _old_cases(now: datetime) -> QuerySet[Case]:
    due = Case.objects.filter(forgotten_at__isnull=True, closed_at__lt=now - CORRESPONDENCE_KEPT)
    return due.exclude(pk__in=LegalHold.objects.standing().values("case"))


def _first(rows: QuerySet[Inquiry] | QuerySet[SentMail] | QuerySet[Case]) -> list[int]:
    return list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH])


def _forget_inquiry(pk: int, now: datetime) -> bool:
    """Keep hash, size, receipt and verdict, by which the same mail is still known when it comes again."""
    with transaction.atomic():
        if not _locked(_other_mail(now), pk):  # somebody sorted it anew meanwhile
            return False
        messages = Message.objects.filter(inquiry=pk, case__isnull=True)
        _delete_files(messages)
        Inquiry.objects.filter(pk=pk).update(**_NO_INQUIRY, **_NO_GUESS, forgotten_at=now)
        messages.update(**_NO_MESSAGE)
        _names_of_files().filter(inquiry=pk).delete()
        audit.record("inquiry.forgotten", f"inquiry:{pk}", SYSTEM)
        return True


def _forget_case(pk: int, now: datetime) -> bool:
    """Keep reference, rights, dates, outcomes and hashes; what was said goes, and who said it."""
    with transaction.atomic():
        if not _locked(_old_cases(now), pk):
            return False
        Case.objects.filter(pk=pk).update(
            person_name="",
            person_email="",
            person_phone="",
            person_address="",
            concerned_name="",
            concerned_known_as="",
            forgotten_at=now,
        )
        case = Case.objects.get(pk=pk)
        case.dsrs.update(scope="")
        Decision.objects.filter(dsr__case=case).update(reasoning="")
        Override.objects.filter(dsr__case=case).update(reason="", missing="")
        Extension.objects.filter(dsr__case=case).update(explanation="", what_comes="")
        Fee.objects.filter(dsr__case=case).update(cost_basis="", reasons="")
        Advice.objects.filter(dsr__case=case).update(text="")
        ReceiptCorrection.objects.filter(dsr__case=case).update(reason="")
        Inquiry.objects.filter(case=case).update(**_NO_INQUIRY, forgotten_at=now)
        Attachment.objects.filter(case=case).delete()
        _delete_files(case.messages.all())
        case.messages.update(**_NO_MESSAGE)
        SentMail.objects.filter(message__case=case).update(**sent_mail.NO_CONTENT, forgotten_at=now)
        _names_of_files().filter(inquiry__case=case).delete()
        Note.objects.filter(case=case).delete()
        BreakGlass.objects.filter(case=case).update(reason="")
        LegalHold.objects.filter(case=case).update(reason="")
        audit.record("case.forgotten", f"case:{pk}", SYSTEM)
        return True


def _locked(due: QuerySet[Inquiry] | QuerySet[Case], pk: int) -> Model | None:
    return due.select_for_update(of=("self",)).filter(pk=pk).only("pk").first()


def _names_of_files() -> QuerySet[Sighting]:
    """The sightings of files, which people name after people; what a server counts says nothing about anybody.

    A mail of Graph is known by its number alone: without it, its bytes would be taken for another mail.
    """
    return Sighting.objects.filter(uidvalidity="").exclude(mailbox__startswith=f"{graph_address.SCHEME}://")


def _delete_files(messages: QuerySet[Message]) -> None:
    """Delete what an embedded installation wrote instead of sending it.

    Files go before their rows: whoever is killed in between finds the row again, and no file that nobody knows.
    """
    sent = FileSink(settings.SENT_FOLDER)
    for uuid in messages.values_list("uuid", flat=True):
        sent.forget(uuid.hex)
