"""Acknowledgements have a module of their own: what was owed before the change is done by it."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

MOVED = ("acknowledge", "acknowledge_request")


def hand_over(apps: Apps, _: BaseDatabaseSchemaEditor | None) -> None:
    """Let the new module do what is owed."""
    owed = apps.get_model("requests", "OutboxEvent").objects.filter(done_at__isnull=True)
    for name in MOVED:
        owed.filter(handler=f"requests_app.services.correspondence.{name}").update(
            handler=f"requests_app.services.acknowledgements.{name}"
        )


class Migration(migrations.Migration):
    """Writes rows of the outbox only."""

    dependencies = [("requests", "0013_withdrawal_blocks")]

    operations = [migrations.RunPython(hand_over, migrations.RunPython.noop)]
