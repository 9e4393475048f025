"""The organisation's own texts, every version of which stays, and which one a message was written from."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from requests_app.migrations import _append_only


class Migration(migrations.Migration):
    """Letter texts."""

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("requests", "0025_clarification_letter"),
    ]

    operations = [
        migrations.AddField("message", "text_version", models.PositiveIntegerField(default=0)),
        migrations.CreateModel(
            name="LetterText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("letter", models.CharField(max_length=60)),
                ("language", models.CharField(max_length=2)),
                ("version", models.PositiveIntegerField()),
                ("subject", models.TextField(blank=True)),
                ("body", models.TextField()),
                ("restored", models.BooleanField(default=False)),
                ("reason", models.CharField(max_length=500)),
                ("created_at", models.DateTimeField()),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letter_texts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"ordering": ["letter", "language", "-version"]},
        ),
        migrations.AddConstraint(
            "lettertext",
            models.UniqueConstraint(fields=("letter", "language", "version"), name="letter_text_version"),
        ),
        migrations.AddConstraint(
            "lettertext",
            models.CheckConstraint(condition=models.Q(("version__gte", 1)), name="letter_text_from_1"),
        ),
        _append_only.operation(_append_only.LETTER_TEXTS),
    ]
