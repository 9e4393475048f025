"""The audit in the database: append-only on both databases, in the transaction of its fact."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from requests_app import audit
from requests_app.domain.snapshot import SYSTEM
from requests_app.models import AuditEntry

pytestmark = pytest.mark.django_db


def write(count: int = 3) -> None:
    """Append some entries."""
    with transaction.atomic():
        for number in range(count):
            audit.record("test.entry", f"case:{number}", SYSTEM, number=number)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE requests_auditentry SET actor = 'user:1' WHERE number = 2",
        "DELETE FROM requests_auditentry WHERE number = 2",
        "DELETE FROM requests_auditentry",
    ],
)
def test_entries_can_be_neither_changed_nor_removed(statement: str) -> None:
    write()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert audit.verify() == (3, None)


def test_a_replacing_insert_does_not_go_round_the_trigger() -> None:
    write()
    row = AuditEntry.objects.get(number=2)
    values: list[Any] = [2, row.at, "user:6", row.action, row.subject, "{}", row.key_id, row.previous, "f" * 64]
    columns = "(number, at, actor, action, subject, details, key_id, previous, seal) VALUES (%s" + ", %s" * 8 + ")"
    verb = "INSERT OR REPLACE INTO" if connection.vendor == "sqlite" else "INSERT INTO"
    tail = "" if connection.vendor == "sqlite" else " ON CONFLICT (number) DO UPDATE SET actor = EXCLUDED.actor"
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"{verb} requests_auditentry {columns}{tail}", values)
    assert AuditEntry.objects.get(number=2).actor == "system"


def test_emptying_the_table_is_refused_where_there_is_such_a_verb() -> None:
    write()
    if connection.vendor == "sqlite":
        return  # SQLite's TRUNCATE is a DELETE, which is tried above
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE requests_auditentry")


def test_a_rolled_back_fact_leaves_no_entry_and_no_gap() -> None:
    write(1)
    with transaction.atomic():
        audit.record("test.entry", "case:9", SYSTEM)
        transaction.set_rollback(True)
    write(1)
    assert list(AuditEntry.objects.values_list("number", flat=True)) == [1, 2]
    assert audit.verify() == (2, None)


@pytest.mark.django_db(transaction=True)
def test_an_entry_outside_a_transaction_is_a_mistake() -> None:
    with pytest.raises(RuntimeError):
        audit.record("test.entry", "case:1", SYSTEM)


def test_a_forged_entry_is_found() -> None:
    write(2)
    last = AuditEntry.objects.get(number=2)
    AuditEntry.objects.create(
        number=3, at=last.at, actor="user:1", action="x", subject="case:1", details={}, key_id=last.key_id,
        previous=last.seal, seal="0" * 64,
    )  # fmt: skip
    assert audit.verify() == (3, 3)
