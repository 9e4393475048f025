"""Since when a message waits to be sent: a message that is sent again waits anew."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F


def from_creation(apps: Apps, _: BaseDatabaseSchemaEditor | None) -> None:
    """Let what was written before wait since then."""
    apps.get_model("requests", "Message").objects.filter(direction="out").update(queued_at=F("created_at"))


class Migration(migrations.Migration):
    """One column, filled."""

    dependencies = [("requests", "0013_withdrawal_blocks")]

    operations = [
        migrations.AddField("message", "queued_at", models.DateTimeField(blank=True, null=True)),
        migrations.RunPython(from_creation, migrations.RunPython.noop),
    ]
