"""What takes effect at once has no time that could stand still: a trigger lets no suspension be stored for it."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TABLE = "requests_suspension"
NAME = f"{TABLE}_never"
MESSAGE = "what takes effect at once is never suspended"
AT_ONCE = (
    "EXISTS (SELECT 1 FROM requests_datasubjectrequest r WHERE r.id = NEW.dsr_id "
    "AND r.\"right\" IN ('consent_withdrawal', 'marketing_objection'))"
)
WHEN = {"insert": "INSERT", "update": "UPDATE OF dsr_id"}
SQLITE = [
    f"CREATE TRIGGER {NAME}_{name} BEFORE {when} ON {TABLE} WHEN {AT_ONCE} "
    f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
    for name, when in WHEN.items()
]
POSTGRESQL = [
    f"CREATE FUNCTION {NAME}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {AT_ONCE} THEN "
    f"RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    f"CREATE TRIGGER {NAME} BEFORE {' OR '.join(WHEN.values())} ON {TABLE} FOR EACH ROW EXECUTE FUNCTION {NAME}()",
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


class Migration(migrations.Migration):
    """No suspension of a withdrawal of consent or an objection to marketing."""

    dependencies = [("requests", "0022_waiting_letters")]

    operations = [migrations.RunPython(protect, unprotect)]
