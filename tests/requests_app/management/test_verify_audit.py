"""`manage.py verify_audit`: a whole chain is told from a broken one, by words, JSON and exit status."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from requests_app import audit
from requests_app.domain.snapshot import SYSTEM
from requests_app.models import AuditEntry, AuditHead

pytestmark = pytest.mark.django_db


def write(count: int) -> None:
    """Append some entries."""
    with transaction.atomic():
        for number in range(count):
            audit.record("test.entry", f"case:{number}", SYSTEM)


def verified(capsys: pytest.CaptureFixture[str]) -> tuple[int, str, dict[str, Any]]:
    """The exit status, the words and the JSON; both forms end alike."""
    status = [_run(), _run("--json")]
    assert status[0] == status[1]
    words, data = capsys.readouterr().out.splitlines()
    return status[0], words, json.loads(data)


def _run(*arguments: str) -> int:
    try:
        call_command("verify_audit", *arguments)
    except SystemExit as end:
        return int(end.code or 0)
    return 0


@pytest.fixture
def unprotected() -> None:
    """Somebody with all rights on the database has taken the triggers away."""
    with connection.cursor() as cursor:
        for statement in _statements():
            cursor.execute(statement)


def _statements() -> list[str]:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'requests_auditentry'")
            return [f"DROP TRIGGER {name}" for (name,) in cursor.fetchall()]
    return ["ALTER TABLE requests_auditentry DISABLE TRIGGER USER"]


def test_an_empty_chain_is_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    assert verified(capsys) == (0, "0 entries, all in order", {"entries": 0, "ok": True, "first_broken": None})


def test_a_whole_chain_is_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    write(3)
    assert verified(capsys) == (0, "3 entries, all in order", {"entries": 3, "ok": True, "first_broken": None})


@pytest.mark.usefixtures("unprotected")
@pytest.mark.parametrize(
    ("harm", "entries"),
    [
        (lambda: AuditEntry.objects.filter(number=2).update(actor="user:9"), 3),
        (lambda: AuditEntry.objects.filter(number=2).update(details={"case": "X"}), 3),
        (lambda: AuditEntry.objects.filter(number=2).delete(), 2),
    ],
    ids=["another actor", "other details", "gone"],
)
def test_harm_is_found_where_it_was_done(
    harm: Callable[[], object], entries: int, capsys: pytest.CaptureFixture[str]
) -> None:
    write(3)
    harm()
    said = {"entries": entries, "ok": False, "first_broken": 2}
    assert verified(capsys) == (1, f"{entries} entries; the chain breaks at entry 2", said)


@pytest.mark.usefixtures("unprotected")
def test_a_missing_end_is_found(capsys: pytest.CaptureFixture[str]) -> None:
    write(3)
    AuditEntry.objects.filter(number=3).delete()
    assert verified(capsys)[2] == {"entries": 2, "ok": False, "first_broken": 3}


def test_a_head_put_back_is_found(capsys: pytest.CaptureFixture[str]) -> None:
    write(3)
    AuditHead.objects.filter(pk=1).update(seal="0" * 64)
    assert verified(capsys)[2]["ok"] is False


def test_entries_written_while_it_looks_are_no_breach() -> None:
    write(2)
    wrote: list[bool] = []

    def others_go_on(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        result = execute(sql, *rest)
        if "requests_audithead" in sql and not wrote:
            wrote.append(True)
            write(1)
        return result

    with connection.execute_wrapper(others_go_on):
        _, broken = audit.verify()
    assert wrote
    assert broken is None
    assert AuditEntry.objects.count() == 3
