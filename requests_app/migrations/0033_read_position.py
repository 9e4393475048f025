"""How far a folder has been read, and one more reason why a mailbox cannot be."""

from django.db import migrations, models

_FAULTS = ["away", "login", "certificate", "plain", "nonsense", "no_folder", "forbidden", ""]


class Migration(migrations.Migration):
    """A table, and a wider constraint."""

    dependencies = [("requests", "0032_new_day_letter")]

    operations = [
        migrations.CreateModel(
            name="ReadPosition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("mailbox", models.CharField(max_length=300)),
                ("folder", models.CharField(max_length=300)),
                ("position", models.TextField()),
                ("kept_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("mailbox", "folder"), name="read_position_once"),
                ],
            },
        ),
        migrations.RemoveConstraint("mailboxhealth", "mailbox_health_fault"),
        migrations.AddConstraint(
            "mailboxhealth",
            models.CheckConstraint(condition=models.Q(("fault__in", _FAULTS)), name="mailbox_health_fault"),
        ),
    ]
