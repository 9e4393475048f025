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
# Where the answer goes: whoever alone vouches for the address does not release to it, and once it is released the
# address does not change (it can only be forgotten).
ADDRESS = f"{NAME}_address"
ADDRESS_MESSAGE = "an answer goes to an address that two persons stand behind"
NAMED = (
    "NEW.released_at IS NOT NULL AND NEW.address_named_by_id IS NOT NULL AND EXISTS (SELECT 1 FROM requests_decision d "
    "WHERE d.dsr_id = NEW.dsr_id AND d.released_by_id = NEW.address_named_by_id)"
)
MOVED = (
    "OLD.released_at IS NOT NULL AND NEW.delivery_address <> '' AND (NEW.delivery_address <> OLD.delivery_address "
    "OR (OLD.address_named_by_id IS NOT NULL AND NEW.address_named_by_id IS NULL))"
)
ADDRESS_WHEN = {"insert": NAMED, "update": f"(OLD.released_at IS NULL AND {NAMED}) OR ({MOVED})"}
SQLITE_ADDRESS = [
    f"CREATE TRIGGER {ADDRESS}_{name} BEFORE {name.upper()} ON {TABLE} WHEN {when} "
    f"BEGIN SELECT RAISE(ABORT, '{ADDRESS_MESSAGE}'); END"
    for name, when in ADDRESS_WHEN.items()
]
POSTGRESQL_ADDRESS = [
    f"CREATE FUNCTION {ADDRESS}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    f"IF (TG_OP = 'INSERT' AND {NAMED}) THEN RAISE EXCEPTION '{ADDRESS_MESSAGE}' USING ERRCODE = 'check_violation'; "
    f"END IF; IF TG_OP = 'UPDATE' THEN IF {ADDRESS_WHEN['update']} THEN "
    f"RAISE EXCEPTION '{ADDRESS_MESSAGE}' USING ERRCODE = 'check_violation'; END IF; END IF; RETURN NEW; END $$",
    f"CREATE TRIGGER {ADDRESS} BEFORE INSERT OR UPDATE ON {TABLE} FOR EACH ROW EXECUTE FUNCTION {ADDRESS}()",
]
UNDO = {
    "sqlite": [f"DROP TRIGGER IF EXISTS {part}_{name}" for part in (NAME, ADDRESS) for name in WHEN],
    "postgresql": [
        f"DROP {kind}" for part in (NAME, ADDRESS)
        for kind in (f"TRIGGER IF EXISTS {part} ON {TABLE}", f"FUNCTION IF EXISTS {part}()")
    ],
}  # fmt: skip


def protect(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Create the triggers; those about the address as soon as the table says who named it."""
    connection = schema_editor.connection
    plain, address = (
        (SQLITE, SQLITE_ADDRESS) if connection.vendor == "sqlite" else (POSTGRESQL, POSTGRESQL_ADDRESS)
    )
    with connection.cursor() as cursor:
        columns = {column.name for column in connection.introspection.get_table_description(cursor, TABLE)}
    for statement in [*plain, *(address if "address_named_by_id" in columns else ())]:
        schema_editor.execute(statement)


def unprotect(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Remove the triggers."""
    for statement in UNDO[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


CREATE = migrations.RunPython(protect, unprotect)
REMOVE = migrations.RunPython(unprotect, protect)
