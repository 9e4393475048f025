"""What staff sort otherwise than the triage guessed; kept only where the organisation wants that."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """The setting, off, and the table."""

    dependencies = [("requests", "0037_what_speaks_for_it")]

    operations = [
        migrations.AddField("organisation", "keeps_corrections", models.BooleanField(default=False)),
        migrations.CreateModel(
            name="Correction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kept_at", models.DateTimeField(db_index=True)),
                ("language", models.CharField(max_length=8)),
                ("subject", models.CharField(blank=True, max_length=1000)),
                ("text", models.TextField()),
                ("probability", models.FloatField()),
                ("said", models.JSONField(default=list)),
                ("decided", models.JSONField(default=list)),
                (
                    "inquiry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="correction",
                        to="requests.inquiry",
                    ),
                ),
            ],
        ),
    ]
