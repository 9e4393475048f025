"""Append to the audit chain, in the transaction of the fact."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from django.db import connection
from django.utils import timezone

from requests_app.domain import audit
from requests_app.domain.snapshot import Actor
from requests_app.keyring import ring
from requests_app.models import AuditEntry, AuditHead

Details = str | int | bool | list[str] | None


def record(action: str, subject: str, actor: Actor, **details: Details) -> AuditEntry:
    """Seal and append one entry; must be called inside the transaction of the fact it tells of.

    `subject` names a row ("case:12", "dsr:7"); `details` hold codes, numbers, dates as text and hashes, never
    personal data. The head of the chain is the last lock of a transaction: rows come before it, in the order of
    `services.rows`.
    """
    return record_all(action, [(subject, details)], actor)[0]


def record_all(action: str, facts: Iterable[tuple[str, dict[str, Details]]], actor: Actor) -> list[AuditEntry]:
    """Do what `record` does for several facts of one kind, each with its subject and details, in their order."""
    if not connection.in_atomic_block:
        raise RuntimeError("an audit entry belongs into the transaction of its fact")
    head = AuditHead.objects.select_for_update().get(pk=1)
    keys, number, seal, rows = ring(), head.number, head.seal, []
    for subject, details in facts:
        entry = audit.Entry(
            number=number + 1,
            at=timezone.now(),
            actor=actor.label,
            action=action,
            subject=subject,
            details=dict(details),
            key_id=keys.active,
            previous=seal,
        )
        entry = replace(entry, seal=audit.seal(keys, entry))
        number, seal = entry.number, entry.seal
        rows.append(AuditEntry(**vars(entry)))
    AuditHead.objects.filter(pk=1).update(number=number, seal=seal)
    return AuditEntry.objects.bulk_create(rows)


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
