"""The trigger that lets nobody release a request alone, not even by a statement in the database itself.

SQLite rebuilds a table for most changes of it, and checks every trigger when it does: a migration that changes
`requests_decision` or `requests_datasubjectrequest` begins with `REMOVE` and ends with `CREATE`.
"""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TABLE = "requests_datasubjectrequest"
NAME = f"{TABLE}_two_persons"
MESSAGE = "a request is released by a second person"
# The two rights take effect at once by law and need no second person (GDPR Art. 7(3), 21(2)-(3)).
UNSIGNED = (
    "NEW.stage = 'released' AND OLD.stage <> 'released' "
    "AND NEW.\"right\" NOT IN ('consent_withdrawal', 'marketing_objection') "
    "AND NOT EXISTS (SELECT 1 FROM requests_decision d WHERE d.dsr_id = NEW.id "
    "AND d.prepared_by_id IS NOT NULL AND d.released_by_id IS NOT NULL AND d.prepared_by_id <> d.released_by_id)"
)
SQLITE = [
    f"CREATE TRIGGER {NAME} BEFORE UPDATE OF stage ON {TABLE} WHEN {UNSIGNED} "
    f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
]
POSTGRESQL = [
    f"CREATE FUNCTION {NAME}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {UNSIGNED} THEN "
    f"RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    f"CREATE TRIGGER {NAME} BEFORE UPDATE OF stage ON {TABLE} FOR EACH ROW EXECUTE FUNCTION {NAME}()",
]
UNDO = {
    "sqlite": [f"DROP TRIGGER IF EXISTS {NAME}"],
    "postgresql": [f"DROP TRIGGER IF EXISTS {NAME} ON {TABLE}", f"DROP FUNCTION IF EXISTS {NAME}()"],
}


def protect(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Create the trigger."""
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


def unprotect(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Remove the trigger."""
    for statement in UNDO[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


CREATE = migrations.RunPython(protect, unprotect)
REMOVE = migrations.RunPython(unprotect, protect)
