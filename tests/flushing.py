"""Lets tests that commit be cleaned up: emptying the tables is what the triggers of some exist to refuse."""

import importlib
from collections.abc import Callable, Iterable
from typing import Any

from django.apps import apps
from django.db import connection

from exports.models import RegisterVersion
from requests_app.migrations._append_only import LOOKS, LOOKS_KEPT, protect, protect_for, unprotect, unprotect_for
from requests_app.models import LetterText, OrganisationVersion

_append_only = importlib.import_module("requests_app.migrations.0002_append_only_audit")
_TABLES = [model._meta.db_table for model in (LetterText, OrganisationVersion, RegisterVersion)]


def allow_flush() -> None:
    """Wrap the flush of the test database: triggers away, empty, triggers and the head of the chain back."""
    original: Callable[[Iterable[str]], Any] = connection.ops.execute_sql_flush

    def flush(statements: Iterable[str]) -> None:
        with connection.schema_editor() as editor:
            _append_only.unprotect(apps, editor)
            unprotect_for(LOOKS)(apps, editor)
            for table in _TABLES:
                unprotect(table)(apps, editor)
        original(statements)
        with connection.schema_editor() as editor:
            _append_only.protect(apps, editor)
            for table in _TABLES:
                protect(table)(apps, editor)
            protect_for(LOOKS, "at", LOOKS_KEPT)(apps, editor)

    connection.ops.execute_sql_flush = flush  # type: ignore[method-assign, assignment]
