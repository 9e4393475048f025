"""The triggers that let nobody release a request alone, not even by a statement in the database itself.

SQLite rebuilds a table for most changes of it, and checks every trigger when it does: a migration that changes
`requests_decision` or `requests_datasubjectrequest` begins with `REMOVE` and ends with `CREATE`. Triggers of other
apps that read these tables are laid aside meanwhile.
"""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TABLE = "requests_datasubjectrequest"
NAME = f"{TABLE}_two_persons"
MESSAGE = "a request is released by a second person"


def signed(request: str) -> str:
    """Return the SQL that is true of a released request which two persons signed; `request` is how its row is called.

    Two rights take effect at once by law and need no second person (GDPR Art. 7(3), 21(2)-(3)).
    """
    return (
        f"({request}.\"right\" IN ('consent_withdrawal', 'marketing_objection') "
        f"OR EXISTS (SELECT 1 FROM requests_decision d WHERE d.dsr_id = {request}.id "
        "AND d.prepared_by_id IS NOT NULL AND d.released_by_id IS NOT NULL AND d.prepared_by_id <> d.released_by_id))"
    )


# Whatever way leads to these stages: a step, a new row, another right, straight from the draft to the end.
UNSIGNED = f"NEW.stage IN ('released', 'closed') AND NOT {signed('NEW')}"
WHEN = {"insert": "INSERT", "update": 'UPDATE OF stage, "right"'}
SQLITE = [
    f"CREATE TRIGGER {NAME}_{name} BEFORE {when} ON {TABLE} WHEN {UNSIGNED} "
    f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
    for name, when in WHEN.items()
]
POSTGRESQL = [
    f"CREATE FUNCTION {NAME}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {UNSIGNED} THEN "
    f"RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    f"CREATE TRIGGER {NAME} BEFORE {' OR '.join(WHEN.values())} ON {TABLE} FOR EACH ROW EXECUTE FUNCTION {NAME}()",
]
UNDO = {
    "sqlite": [f"DROP TRIGGER IF EXISTS {NAME}_{name}" for name in WHEN],
    "postgresql": [f"DROP TRIGGER IF EXISTS {NAME} ON {TABLE}", f"DROP FUNCTION IF EXISTS {NAME}()"],
}
_ELSEWHERE = (
    "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name <> %s "
    "AND (sql LIKE '%%requests_decision%%' OR sql LIKE '%%requests_datasubjectrequest%%')"
)
_laid_aside: list[str] = []


def protect(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Create the triggers, and put back those of other apps."""
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)
    while _laid_aside:
        schema_editor.execute(_laid_aside.pop())


def unprotect(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Remove the triggers, and lay aside those of other apps that SQLite would trip over."""
    for statement in UNDO[schema_editor.connection.vendor]:
        schema_editor.execute(statement)
    if schema_editor.connection.vendor != "sqlite":
        return
    with schema_editor.connection.cursor() as cursor:
        found = cursor.execute(_ELSEWHERE, [TABLE]).fetchall()
    for name, statement in found:
        _laid_aside.append(statement)
        schema_editor.execute(f"DROP TRIGGER {name}")


CREATE = migrations.RunPython(protect, unprotect)
REMOVE = migrations.RunPython(unprotect, protect)
