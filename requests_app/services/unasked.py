"""Identity documents that come without anybody's asking: hidden when they are read, gone within a day (E 79).

Somebody who looks may say that a file is none: then it stays. Who does nothing lets it be cut out of our copy by the
sweep, in the way of `excision`. The database is the truth: what is killed on the way is found again.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from requests_app import audit
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import SYSTEM, Actor, Reason
from requests_app.mailbox import identity_documents
from requests_app.models import HeldFile, Inquiry

from . import excision, one_by_one

KEPT = timedelta(hours=23)  # and never more than 24, although the sweep comes only every few minutes
TRIED_AGAIN = timedelta(minutes=15)  # so that a worker that dies over it leaves time within the day for two more tries
BATCH = 100


def hold(readings: Iterable[tuple[int, dict[str, Any]]]) -> None:
    """Hide what looks like one among the attachments of inquiries that have just been read, in their transaction.

    `readings`: each inquiry with its columns.
    """
    now = timezone.now()
    found = {
        pk: identity_documents.to_hold(one["attachments"], _words(one))
        for pk, one in readings
        if one.get("attachments")
    }
    rows = [HeldFile(inquiry_id=pk, position=at, held_at=now, delete_at=now + KEPT) for pk, at in _pairs(found)]
    if rows:
        HeldFile.objects.bulk_create(rows, ignore_conflicts=True)
        facts: list[tuple[str, dict[str, audit.Details]]]
        facts = [(f"inquiry:{pk}", {"files": len(places)}) for pk, places in found.items() if places]
        audit.record_all("inquiry.document_held", facts, SYSTEM)


def sweep() -> int:
    """Delete what is due, at most BATCH; return how much that was."""
    return one_by_one.each(
        "held_file", list(_due().order_by("delete_at", "pk").values_list("pk", flat=True)[:BATCH]), _delete
    )


def free(inquiry_id: int, position: int, *, actor: Actor) -> None:
    """Say that a hidden file is no identity document: it is shown and stays. Saying it again changes nothing.

    Raises ActionRefused where it is deleted already, or was never hidden.
    """
    with transaction.atomic():
        Inquiry.objects.select_for_update(of=("self",)).light().get(pk=inquiry_id)
        row = HeldFile.objects.filter(inquiry=inquiry_id, position=position).first()
        if row is None or row.deleted_at is not None:
            raise ActionRefused(Reason("not_held"))
        if row.freed_at is None:
            HeldFile.objects.filter(pk=row.pk).update(freed_at=timezone.now(), freed_by=actor.user_id)
            audit.record("inquiry.document_freed", f"inquiry:{inquiry_id}", actor, file=position)


def note_opened(inquiry_id: int, *, actor: Actor) -> None:
    """Write down that somebody had the mail as it came handed out, with all that is hidden in it."""
    with transaction.atomic():
        audit.record("inquiry.original_opened", f"inquiry:{inquiry_id}", actor)


def _due() -> QuerySet[HeldFile]:
    now = timezone.now()
    tried = Q(tried_at__isnull=True) | Q(tried_at__lt=now - TRIED_AGAIN)
    return HeldFile.objects.hidden().filter(tried, delete_at__lte=now)


def _delete(pk: int) -> int:
    """Cut it out. What cannot be cut is tried again after a while, and the desk shows it meanwhile."""
    if not _due().filter(pk=pk).update(tried_at=timezone.now()):
        return 0  # another worker has it, or somebody freed it
    row = HeldFile.objects.get(pk=pk)
    excision.remove_attachment(row.inquiry_id, row.position, actor=SYSTEM, held=row.pk)
    return 1


def _pairs(found: dict[int, list[int]]) -> Iterable[tuple[int, int]]:
    return ((pk, place) for pk, places in found.items() for place in places)


def _words(columns: dict[str, Any]) -> str:
    return "\n\n".join(filter(None, (columns["subject"], columns["text"], columns.get("forwarded_text", ""))))
