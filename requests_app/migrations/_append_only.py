"""Tables whose rows are added and never changed: triggers, made by the migration of the table."""

from collections.abc import Callable

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

LETTER_TEXTS = "requests_lettertext"
LOOKS = "requests_look"
LOOKS_KEPT = 3 * 365 + 1  # days: never less than three years

_Step = Callable[[Apps, BaseDatabaseSchemaEditor], None]


def protect(table: str) -> _Step:
    """Return the step that creates the triggers of a table."""
    sqlite = [
        f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        for verb in ("update", "delete")
    ]
    postgresql = [
        f"CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$",
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()",
    ]
    return _run({"sqlite": sqlite, "postgresql": postgresql})


def unprotect(table: str) -> _Step:
    """Return the step that removes the triggers of a table."""
    return _run(
        {
            "sqlite": [f"DROP TRIGGER IF EXISTS {table}_no_{verb}" for verb in ("update", "delete")],
            "postgresql": [
                f"DROP TRIGGER IF EXISTS {table}_no_change ON {table}",
                f"DROP FUNCTION IF EXISTS {table}_refuse()",
            ],
        }
    )


def protect_for(table: str, column: str, days: int) -> _Step:
    """Return the step that creates triggers under which rows are never changed, and deleted once `column` is so old."""
    sqlite = [
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} "
        f"WHEN OLD.{column} > datetime('now', '-{days} days') "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END",
    ]
    postgresql = [
        f"CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP = 'DELETE' THEN IF OLD.{column} <= now() - interval '{days} days' THEN RETURN OLD; END IF; END IF; "
        f"RAISE EXCEPTION '{table} is append-only'; END $$",
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_refuse()",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()",
    ]
    return _run({"sqlite": sqlite, "postgresql": postgresql})


def unprotect_for(table: str) -> _Step:
    """Return the step that removes the triggers of `protect_for`."""
    return _run(
        {
            "sqlite": [f"DROP TRIGGER IF EXISTS {table}_no_{verb}" for verb in ("update", "delete")],
            "postgresql": [
                f"DROP TRIGGER IF EXISTS {table}_no_change ON {table}",
                f"DROP TRIGGER IF EXISTS {table}_no_truncate ON {table}",
                f"DROP FUNCTION IF EXISTS {table}_refuse()",
            ],
        }
    )


def operation(table: str) -> migrations.RunPython:
    """Return the operation of the migration that creates `table`."""
    return migrations.RunPython(protect(table), unprotect(table))


def _run(statements: dict[str, list[str]]) -> _Step:
    def step(_apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        for statement in statements[schema_editor.connection.vendor]:
            schema_editor.execute(statement)

    return step
