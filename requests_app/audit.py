"""Append to the audit chain, in the transaction of the fact."""

from collections.abc import Iterator
from dataclasses import replace

from django.db import connection
from django.utils import timezone

from requests_app.domain import audit
from requests_app.domain.snapshot import Actor
from requests_app.keyring import ring
from requests_app.models import AuditEntry, AuditHead


def record(action: str, subject: str, actor: Actor, **details: str | int | bool | list[str] | None) -> AuditEntry:
    """Seal and append one entry; must be called inside the transaction of the fact it tells of.

    `subject` names a row ("case:12", "dsr:7"); `details` hold codes, numbers, dates as text and hashes, never
    personal data. The head of the chain is the last lock of a transaction: rows come before it, in the order of
    `services.rows`.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("an audit entry belongs into the transaction of its fact")
    head = AuditHead.objects.select_for_update().get(pk=1)
    keys = ring()
    entry = audit.Entry(
        number=head.number + 1,
        at=timezone.now(),
        actor=actor.label,
        action=action,
        subject=subject,
        details=dict(details),
        key_id=keys.active,
        previous=head.seal,
    )
    entry = replace(entry, seal=audit.seal(keys, entry))
    AuditHead.objects.filter(pk=1).update(number=entry.number, seal=entry.seal)
    return AuditEntry.objects.create(
        number=entry.number,
        at=entry.at,
        actor=entry.actor,
        action=entry.action,
        subject=entry.subject,
        details=entry.details,
        key_id=entry.key_id,
        previous=entry.previous,
        seal=entry.seal,
    )


def entries() -> Iterator[audit.Entry]:
    """Yield the whole chain in order, without loading it at once."""
    for row in AuditEntry.objects.order_by("number").iterator(chunk_size=2000):
        yield audit.Entry(
            row.number,
            row.at,
            row.actor,
            row.action,
            row.subject,
            row.details,
            row.key_id,
            row.previous,
            row.seal,
        )


def verify() -> tuple[int, int | None]:
    """Return how many entries there are and the number of the first that does not fit (None: all fit)."""
    head = AuditHead.objects.get(pk=1)
    return AuditEntry.objects.count(), audit.first_broken(ring(), entries(), (head.number, head.seal))
