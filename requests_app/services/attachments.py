"""Files that staff send to the person: kept sealed from the moment they are chosen, and sent with one message.

They lie in the database, so that a message and its files are written in one transaction and go in one.
"""

import hashlib
import io
from collections.abc import Collection
from datetime import timedelta

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from requests_app.domain import envelope
from requests_app.domain import evidence as kinds
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import Reason
from requests_app.keyring import ring
from requests_app.mailbox.outgoing import File
from requests_app.models import Attachment, Case, Message
from requests_app.models.attachment import AttachmentQuerySet

from . import rows

MOST = 10
TOGETHER = 15 * 1024 * 1024
"""Bytes of all files of a message: a third more once encoded, which still fits into `outgoing.LARGEST`."""
LIFETIME = timedelta(hours=24)


def keep(case_id: int, draft: str, name: str, content: bytes, *, author: int) -> Attachment:
    """Keep a file for the message whose form has the key `draft`; the same file is kept once.

    Raises ActionRefused for what is empty or no file that we hand on, and for too many or too large ones.
    """
    if not content:
        raise ActionRefused(Reason("attachment_empty"))
    if len(content) > kinds.LARGEST:
        raise ActionRefused(Reason("evidence_too_large"))
    kind = kinds.media_type(content)
    if kind is None:
        raise ActionRefused(Reason("evidence_type"))
    name, sha256 = kinds.safe_name(name, kind), hashlib.sha256(content).hexdigest()
    with transaction.atomic():
        case = rows.lock_case(case_id)
        there = Attachment.objects.filter(case=case, draft=draft)
        if known := there.light().filter(sha256=sha256, name=name).first():
            return known
        if there.count() >= MOST:
            raise ActionRefused(Reason("attachments_too_many", {"most": str(MOST)}))
        if (there.aggregate(all=Sum("size"))["all"] or 0) + len(content) > TOGETHER:
            raise ActionRefused(Reason("attachments_too_large"))
        return Attachment.objects.create(
            case=case, draft=draft, author_id=author, name=name, kind=kind, size=len(content), sha256=sha256,
            content=_sealed(case, sha256, content), created_at=timezone.now(),
        )  # fmt: skip


def waiting(case: Case, draft: str, *, author: int) -> AttachmentQuerySet:
    """Return the files that wait for the message of a form, as one writer chose them."""
    return Attachment.objects.light().filter(case=case, draft=draft, author=author, message__isnull=True)


def keep_only(case_id: int, draft: str, wanted: Collection[int], *, author: int) -> None:
    """Throw away the files that wait for the message of a form and are not wanted any more."""
    with transaction.atomic():
        waiting(rows.lock_case(case_id), draft, author=author).exclude(pk__in=wanted).delete()


def take(case: Case, draft: str, shown: Collection[int], *, author: int) -> list[Attachment]:
    """Return, locked, the files that the message of a form goes with. Needs a transaction that holds the case.

    Raises ActionRefused when they are not those that its writer was shown: a file was thrown away meanwhile.
    """
    lying = Attachment.objects.select_for_update(of=("self",)).light()
    found = list(lying.filter(case=case, draft=draft, author=author, message__isnull=True))
    if {one.pk for one in found} != set(shown):
        raise ActionRefused(Reason("attachments_changed"))
    return found


def give(files: Collection[Attachment], message: Message) -> None:
    """Let files go with a message. Needs the transaction in which it was written."""
    Attachment.objects.filter(pk__in=[one.pk for one in files]).update(message=message)


def opened(file: Attachment) -> bytes:
    """Return the content of a file. Raises `envelope.EnvelopeError` when it was changed or its key is gone."""
    target = io.BytesIO()
    envelope.decrypt(io.BytesIO(file.content), target, ring=ring(), place=_place(file.case, file.sha256))
    return target.getvalue()


def to_send(message: Message) -> tuple[File, ...]:
    """Return the files of a message as they go with the mail. Raises `envelope.EnvelopeError`."""
    return tuple(
        File(one.name, one.kind, opened(one)) for one in message.attachments.select_related("case").order_by("id")
    )


def forget_old() -> int:
    """Delete the files of messages that were never written; return how many."""
    old = Attachment.objects.filter(message__isnull=True, created_at__lt=timezone.now() - LIFETIME)
    return old.delete()[0]


def _sealed(case: Case, sha256: str, content: bytes) -> bytes:
    target = io.BytesIO()
    envelope.encrypt(io.BytesIO(content), target, ring=ring(), place=_place(case, sha256))
    return target.getvalue()


def _place(case: Case, sha256: str) -> envelope.Place:
    return envelope.Place(case=f"case:{case.uuid}", bundle="attachments", file=sha256)
