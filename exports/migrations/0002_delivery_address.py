"""Where the code of a released answer goes, frozen; and what members of staff had found by hand until now."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def tell_what_was_found(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Tell identity of the tasks that people answered before it had to know."""
    by_hand = apps.get_model("exports", "SystemTask").objects.filter(state="done", done_by__isnull=False)
    found = apps.get_model("identity", "FoundByHand")
    pairs = by_hand.order_by("dsr__case", "system").values_list("dsr__case", "system").distinct()
    found.objects.bulk_create(found(case_id=case, system=system) for case, system in pairs)


class Migration(migrations.Migration):
    dependencies = [
        ("exports", "0001_register_tasks_bundles"),
        ("identity", "0003_found_by_hand"),
    ]

    operations = [
        migrations.AddField(
            model_name="bundle",
            name="delivery_address",
            field=models.CharField(blank=True, max_length=320),
        ),
        migrations.RunPython(tell_what_was_found, migrations.RunPython.noop),
    ]
