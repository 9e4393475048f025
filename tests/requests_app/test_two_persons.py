"""The triggers for two persons outlive a migration that has to take them away."""

import importlib

import pytest
from django.apps import apps
from django.db import connection

_two_persons = importlib.import_module("requests_app.migrations._two_persons")


def triggers() -> set[str]:
    """The names of all triggers that speak of a second person."""
    question = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%two_persons%'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE tgname LIKE '%two_persons%'",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(question)
        return {name for (name,) in cursor.fetchall()}


@pytest.mark.django_db(transaction=True)
def test_what_a_migration_lays_aside_it_puts_back() -> None:
    before = triggers()
    assert {name.partition("_two_persons")[0] for name in before} == {"requests_datasubjectrequest", "exports_bundle"}
    with connection.schema_editor() as editor:
        _two_persons.unprotect(apps, editor)
        if connection.vendor == "sqlite":
            assert triggers() == set()  # else SQLite would refuse to rebuild the tables they read
        _two_persons.protect(apps, editor)
    assert triggers() == before
