"""Every correction says in which round of its task somebody had the system make it."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import OuterRef, Q, Subquery


def mark_ordered(apps: Apps, schema_editor: BaseDatabaseSchemaEditor | None) -> None:
    """Until now an order was about everything that was entered before its answer."""
    tasks = apps.get_model("exports", "SystemTask").objects.filter(
        Q(done_at__isnull=True) | Q(done_at__gte=OuterRef("created_at")),
        dsr=OuterRef("dsr"), system=OuterRef("system"), action="rectify",
    )  # fmt: skip
    apps.get_model("exports", "Correction").objects.update(ordered_in=Subquery(tasks.values("round")[:1]))


class Migration(migrations.Migration):
    """Adds one number."""

    dependencies = [("exports", "0015_announced_deletions")]

    operations = [
        migrations.AddField("correction", "ordered_in", models.PositiveIntegerField(blank=True, null=True)),
        migrations.RunPython(mark_ordered, migrations.RunPython.noop),
    ]
