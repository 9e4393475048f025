"""What was cut out of stored mails, and whether the original is deleted, too."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

_KINDS = ["attachment", "numbers", "all_but_text"]


class Migration(migrations.Migration):
    """One table."""

    dependencies = [
        ("requests", "0038_corrections"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Excision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=32)),
                ("position", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("sha256", models.CharField(max_length=64)),
                ("removed_at", models.DateTimeField()),
                ("original_deleted_at", models.DateTimeField(blank=True, null=True)),
                (
                    "inquiry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="excisions", to="requests.inquiry"
                    ),
                ),
                (
                    "original_deleted_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "removed_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("original_deleted_at__isnull", True)), fields=["inquiry"],
                        name="excision_original",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("kind__in", _KINDS)), name="excision_kind"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "attachment"), ("position__isnull", False)),
                            models.Q(models.Q(("kind", "attachment"), _negated=True), ("position__isnull", True)),
                            _connector="OR",
                        ),
                        name="excision_of_attachment_has_place",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "attachment")), fields=("inquiry", "position"), name="excision_once"
                    ),
                ],
            },
        ),
    ]  # fmt: skip
