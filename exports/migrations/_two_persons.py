"""The triggers that keep a package closed until two persons have released its request.

SQLite drops them with the table when it rebuilds it: a migration that changes `exports_bundle` begins with `REMOVE`
and ends with `CREATE`.
"""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from requests_app.migrations._two_persons import signed

TABLE = "exports_bundle"
NAME = f"{TABLE}_two_persons"
MESSAGE = "an answer is opened once two persons have released it"
CLOSED = (
    "NEW.released_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM requests_datasubjectrequest r "
    f"WHERE r.id = NEW.dsr_id AND r.stage IN ('released', 'closed') AND {signed('r')})"
)
# A package that was open before may still be ended or purged while its request is worked on again.
WIDER = (
    "(OLD.released_at IS NULL OR NEW.released_at <> OLD.released_at OR NEW.expires_at > OLD.expires_at "
    "OR NEW.dsr_id <> OLD.dsr_id)"
)
WHEN = {"insert": CLOSED, "update": f"{WIDER} AND {CLOSED}"}
SQLITE = [
    f"CREATE TRIGGER {NAME}_{name} BEFORE {name.upper()} ON {TABLE} WHEN {when} "
    f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
    for name, when in WHEN.items()
]
POSTGRESQL = [
    f"CREATE FUNCTION {NAME}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    f"IF (TG_OP = 'INSERT' OR {WIDER}) AND {CLOSED} THEN "
    f"RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    f"CREATE TRIGGER {NAME} BEFORE INSERT OR UPDATE ON {TABLE} FOR EACH ROW EXECUTE FUNCTION {NAME}()",
]
UNDO = {
    "sqlite": [f"DROP TRIGGER IF EXISTS {NAME}_{name}" for name in WHEN],
    "postgresql": [f"DROP TRIGGER IF EXISTS {NAME} ON {TABLE}", f"DROP FUNCTION IF EXISTS {NAME}()"],
}


def protect(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Create the triggers."""
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


def unprotect(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Remove the triggers."""
    for statement in UNDO[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


CREATE = migrations.RunPython(protect, unprotect)
REMOVE = migrations.RunPython(unprotect, protect)
