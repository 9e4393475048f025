"""The day on which the sweep of the reminders looks at a request again; at first at each that is open."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.utils import timezone

from ._two_persons import CREATE, REMOVE


def look_at_all(apps: Apps, _: BaseDatabaseSchemaEditor | None) -> None:
    """Let the next sweep look at every open request."""
    open_requests = apps.get_model("requests", "DataSubjectRequest").objects.filter(closed_at__isnull=True)
    open_requests.update(next_milestone_on=timezone.now().date())


class Migration(migrations.Migration):
    """One column, filled, and the indexes of what is due and of what was told."""

    dependencies = [("requests", "0020_digest")]

    operations = [
        REMOVE,
        migrations.AddField("datasubjectrequest", "next_milestone_on", models.DateField(blank=True, null=True)),
        migrations.AddIndex(
            "datasubjectrequest",
            models.Index(
                condition=models.Q(("closed_at__isnull", True)),
                fields=["next_milestone_on", "id"],
                name="dsr_by_milestone",
            ),
        ),
        migrations.AddIndex("remindersent", models.Index(fields=["sent_at"], name="reminder_by_time")),
        migrations.RunPython(look_at_all, migrations.RunPython.noop),
        CREATE,
    ]
