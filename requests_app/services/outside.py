"""Answered outside the system: whether a mail that somebody here sent by hand counts as the answer.

One person says so and another confirms it, as with every answer. What is recorded is the fact and its time; no request
moves by it: outcome, reasons and what the systems did are still owed to the case, and decided on there.

`version` is the version of the case that the page was opened with: what somebody else did meanwhile stops the step.
"""

from django.db import transaction
from django.utils import timezone

from requests_app import audit
from requests_app.domain.enums import Outside
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import Actor, Reason
from requests_app.models import SentMail

from . import clock, collision, emergency, readers, rows


def count_as_answer(sent_mail_id: int, *, actor: Actor, version: int | None = None) -> None:
    """Say that a mail is the answer. Raises ActionRefused when it counts as one already."""
    with transaction.atomic():
        row = _lock(sent_mail_id, version)
        if row.counts_as == Outside.ANSWER:
            raise ActionRefused(Reason("outside_decided"))
        _decide(row, Outside.ANSWER, actor)


def count_as_correspondence(sent_mail_id: int, *, actor: Actor, version: int | None = None) -> None:
    """Say that a mail is not the answer. Raises ActionRefused when that is said, or the answer is confirmed."""
    with transaction.atomic():
        row = _lock(sent_mail_id, version)
        if row.confirmed_at is not None or row.counts_as == Outside.CORRESPONDENCE:
            raise ActionRefused(Reason("outside_decided"))
        _decide(row, Outside.CORRESPONDENCE, actor)


def confirm(sent_mail_id: int, *, actor: Actor, version: int | None = None) -> None:
    """Confirm as the second person that a mail is the answer. Raises ActionRefused.

    The database refuses one person alone, too.
    """
    with transaction.atomic():
        row = _lock(sent_mail_id, version)
        if refused := why_not_confirm(row, actor):
            raise ActionRefused(refused)
        row.confirmed_by_id, row.confirmed_at = actor.user_id, timezone.now()
        row.save(update_fields=["confirmed_by", "confirmed_at"])
        _note(row, "outside.confirmed", actor)
        if row.message and row.message.case:
            emergency.used(row.message.case, actor)


def why_not_confirm(row: SentMail, actor: Actor) -> Reason | None:
    """Return why this person cannot confirm that a mail is the answer, or None."""
    if row.counts_as != Outside.ANSWER:
        return Reason("outside_not_proposed")
    if row.confirmed_at is not None:
        return Reason("outside_decided")
    if row.decided_by_id == actor.user_id:
        return Reason("outside_second_person")
    case_id = row.message.case_id if row.message else None
    return readers.why_stands_aside(case_id, actor) if case_id is not None else None


def _decide(row: SentMail, counts_as: Outside, actor: Actor) -> None:
    row.counts_as, row.decided_by_id, row.decided_at = counts_as.value, actor.user_id, timezone.now()
    row.save(update_fields=["counts_as", "decided_by", "decided_at"])
    _note(row, f"outside.{counts_as.value}", actor)


def _note(row: SentMail, action: str, actor: Actor) -> None:
    case_id = row.message.case_id if row.message else None
    collision.touch(case_id or 0)
    on = clock.calendar().local_date(row.sent_at)
    audit.record(action, f"case:{case_id}", actor, message=row.message_id, until=on.isoformat())


def _lock(sent_mail_id: int, version: int | None) -> SentMail:
    """A mail of a case, locked after it. Raises SentMail.DoesNotExist for one of no case, and ActionRefused."""
    tied = SentMail.objects.filter(message__case__isnull=False).values_list("message__case_id", flat=True)
    collision.check(rows.lock_case(tied.get(pk=sent_mail_id)), version)
    found = SentMail.objects.select_for_update(of=("self",), no_key=True).defer("raw").select_related("message")
    return found.get(pk=sent_mail_id)
