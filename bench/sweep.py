"""Lays so many cases into the empty database that the environment names, sweeps it, and prints what that took.

Started by `bench/clock.py`, which makes the database and removes it.
"""

import argparse
import json
import os
import time
from datetime import timedelta
from statistics import median
from typing import Any

import django
from django.core.management import call_command
from django.db import connection, models

os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
django.setup()

from django.utils import timezone  # noqa: E402 - the models need the settings

from requests_app.domain.enums import Role  # noqa: E402
from requests_app.models import Case, DataSubjectRequest  # noqa: E402
from requests_app.services import clock, reminders  # noqa: E402
from tests import factories  # noqa: E402

DUE = 500
OPEN = "(i % 10000) * 886 % 10000 < 886"  # 8.86 of a hundred, scattered
ROUNDS = 21
# One statement lays all rows of a table: copies of a real one, with what must differ.
COPIES = (
    "WITH RECURSIVE numbers(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM numbers WHERE i < {count}) "
    "INSERT INTO {table} ({columns}) SELECT {values} FROM numbers, {table} original"
)
SCATTERED = (
    "UPDATE {table} SET next_milestone_on = %s WHERE id IN "
    "(SELECT id FROM {table} WHERE closed_at IS NULL AND id > %s ORDER BY id * 7919 %% 1000003 LIMIT %s)"
)


def main() -> None:
    """Print one line of JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, required=True)
    rows: int = parser.parse_args().rows
    call_command("migrate", verbosity=0)
    lay(rows)
    print(json.dumps({"rows": rows} | found() | swept()))


def lay(rows: int) -> None:
    """Lay the cases: most are closed, DUE of the open ones are due, the others on one of the next thirty days."""
    factories.organisation()
    factories.staff(Role.HANDLER)
    original = factories.case(received_at=timezone.now() - timedelta(days=29)).dsrs.get()
    DataSubjectRequest.objects.update(next_milestone_on=None)
    sqlite = connection.vendor == "sqlite"
    copy(Case, rows - 1, {
        "id": f"i + {original.case_id}",
        "uuid": "printf('%032x', i)" if sqlite else "lpad(to_hex(i), 32, '0')::uuid",
        "reference": "'DR-' || i",
        "link_digest": "'digest-' || i",
        "closed_at": f"CASE WHEN {OPEN} THEN NULL ELSE original.received_at END",
    })  # fmt: skip
    today = clock.today().isoformat()
    later = f"date('{today}', '+' || (1 + i % 30) || ' days')" if sqlite else f"date '{today}' + 1 + i % 30"
    copy(DataSubjectRequest, rows - 1, {
        "id": f"i + {original.pk}",
        "case_id": f"i + {original.case_id}",
        "right": f"CASE WHEN {OPEN} THEN 'access' ELSE 'consent_withdrawal' END",  # closed without a second person
        "stage": f"CASE WHEN {OPEN} THEN 'triaged' ELSE 'closed' END",
        "outcome": f"CASE WHEN {OPEN} THEN '' ELSE 'fulfilled' END",
        "closed_at": f"CASE WHEN {OPEN} THEN NULL ELSE original.received_at END",
        "next_milestone_on": f"CASE WHEN {OPEN} THEN {later} ELSE NULL END",
    })  # fmt: skip
    with connection.cursor() as cursor:
        scattered = SCATTERED.format(table=DataSubjectRequest._meta.db_table)
        cursor.execute(scattered, [today, original.pk, DUE])
        cursor.execute("ANALYZE")


def copy(model: type[models.Model], count: int, different: dict[str, str]) -> None:
    """Lay copies of the one row of a table; `different` are SQL expressions by column, of `i` and `original`."""
    quoted = {field.column: connection.ops.quote_name(field.column) for field in model._meta.concrete_fields}
    values = [different.get(column, f"original.{name}") for column, name in quoted.items()]
    statement = COPIES.format(
        count=count, table=model._meta.db_table, columns=", ".join(quoted.values()), values=", ".join(values)
    )
    with connection.cursor() as cursor:
        cursor.execute(statement)


def found() -> dict[str, Any]:
    """Find what is due, as the sweep does; the median of ROUNDS, in milliseconds, with the work of Django."""
    due = DataSubjectRequest.objects.with_milestone_by(clock.today()).values_list("pk", flat=True)
    times = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        list(due.all())
        times.append(time.perf_counter() - begun)
    return {
        "open": DataSubjectRequest.objects.open().count(),
        "due": due.count(),
        "find_ms": round(median(times) * 1000, 2),
        "by_index": "dsr_by_milestone" in due.explain(),
    }


def swept() -> dict[str, Any]:
    """Run the sweep itself, once: each request under its lock, its facts, a note and a mail."""
    spent = 0.0

    def timed(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal spent
        begun = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            spent += time.perf_counter() - begun

    begun = time.perf_counter()
    with connection.execute_wrapper(timed):
        told = reminders.sweep()
    in_all = time.perf_counter() - begun
    return {"told": told, "database_s": round(spent, 2), "sweep_s": round(in_all, 2)}


if __name__ == "__main__":
    main()
