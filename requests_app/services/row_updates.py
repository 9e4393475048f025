"""Write other values into each of several rows in one go: every row by itself would cost a wait for the database."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.sql import UpdateQuery


def each(rows: QuerySet[Model], values: Iterable[tuple[int, dict[str, Any]]]) -> None:
    """Write values, by the names of fields, into those of `rows` that have these numbers; others are left out.

    Needs a transaction, for either all of them are written or what the database says of one is raised.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("several rows are written in one transaction, never without")
    alike: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for pk, wanted in values:
        query: UpdateQuery = rows.filter(pk=pk).query.chain(UpdateQuery)  # type: ignore[assignment]
        query.add_update_values(wanted)
        statement, parameters = query.get_compiler(connection=connection).as_sql()
        alike[statement].append(parameters)
    with connection.cursor() as cursor:
        for statement, several in alike.items():  # values of other kinds, such as none, need other words
            cursor.executemany(statement, several)
