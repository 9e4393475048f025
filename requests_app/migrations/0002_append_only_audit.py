"""The head of the audit chain, and triggers that let entries be added but never changed or removed."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TABLE = "requests_auditentry"

SQLITE = [
    f"CREATE TRIGGER {TABLE}_no_{verb} BEFORE {verb.upper()} ON {TABLE} "
    "BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END"
    for verb in ("update", "delete")
]
POSTGRESQL = [
    f"CREATE FUNCTION {TABLE}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'the audit is append-only'; END $$",
    f"CREATE TRIGGER {TABLE}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {TABLE} "
    f"FOR EACH STATEMENT EXECUTE FUNCTION {TABLE}_refuse()",
]
UNDO = {
    "sqlite": [f"DROP TRIGGER IF EXISTS {TABLE}_no_{verb}" for verb in ("update", "delete")],
    "postgresql": [
        f"DROP TRIGGER IF EXISTS {TABLE}_no_change ON {TABLE}",
        f"DROP FUNCTION IF EXISTS {TABLE}_refuse()",
    ],
}


def protect(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Create the head row and the triggers."""
    apps.get_model("requests", "AuditHead").objects.get_or_create(pk=1, defaults={"number": 0, "seal": "0" * 64})
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


def unprotect(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Remove the triggers."""
    for statement in UNDO[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    """Append-only audit."""

    dependencies = [("requests", "0001_cases")]

    operations = [migrations.RunPython(protect, unprotect)]
