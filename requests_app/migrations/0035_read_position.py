"""How far a folder has been read."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """One more table."""

    dependencies = [("requests", "0034_delivery_reports")]

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
    ]
