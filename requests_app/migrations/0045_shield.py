"""Shielded cases: readers, parties, access in an emergency; and who looked at what."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from requests_app.migrations import _append_only


class Migration(migrations.Migration):
    """Four tables beside the case; the looks are only added to, and go once they are older than they are kept."""
    dependencies = [
        ("requests", "0044_documents_and_mandates"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="case",
            name="shielded_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.CreateModel(
            name="BreakGlass",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reference", models.CharField(max_length=24)),
                ("reason", models.TextField(blank=True)),
                ("at", models.DateTimeField()),
                ("until", models.DateTimeField(blank=True, null=True)),
                (
                    "case",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="break_glass_rows",
                        to="requests.case",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="case",
            name="emergency_readers",
            field=models.ManyToManyField(
                related_name="+",
                through="requests.BreakGlass",
                through_fields=("case", "user"),
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.CreateModel(
            name="CaseParty",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("named_at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="party_rows", to="requests.case"
                    ),
                ),
                (
                    "named_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="case",
            name="parties",
            field=models.ManyToManyField(
                related_name="+",
                through="requests.CaseParty",
                through_fields=("case", "user"),
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.CreateModel(
            name="CaseReader",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("named_at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="reader_rows", to="requests.case"
                    ),
                ),
                (
                    "named_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="case",
            name="readers",
            field=models.ManyToManyField(
                related_name="+",
                through="requests.CaseReader",
                through_fields=("case", "user"),
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.CreateModel(
            name="Look",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("case_id", models.BigIntegerField(blank=True, null=True)),
                ("inquiry_id", models.BigIntegerField(blank=True, null=True)),
                ("user_id", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("what", models.CharField(max_length=32)),
                ("break_glass", models.BigIntegerField(blank=True, null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["case_id", "at"], name="look_by_case"),
                    models.Index(fields=["inquiry_id", "at"], name="look_by_inquiry"),
                    models.Index(fields=["at"], name="look_by_time"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "what__in",
                                [
                                    "case",
                                    "inquiry",
                                    "original",
                                    "attachment",
                                    "evidence",
                                    "answer",
                                    "letter",
                                    "task",
                                    "plan",
                                    "corrections",
                                ],
                            )
                        ),
                        name="look_what",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("case_id__isnull", False), ("inquiry_id__isnull", False), _connector="OR"),
                        name="look_at_something",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="breakglass",
            index=models.Index(fields=["user", "at"], name="break_glass_by_user"),
        ),
        migrations.AddIndex(
            model_name="breakglass",
            index=models.Index(fields=["at"], name="break_glass_by_time"),
        ),
        migrations.AddConstraint(
            model_name="breakglass",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("case__isnull", True), ("until__isnull", True)),
                    models.Q(("case__isnull", False), ("until__isnull", False)),
                    _connector="OR",
                ),
                name="break_glass_of_a_case",
            ),
        ),
        migrations.AddConstraint(
            model_name="caseparty",
            constraint=models.UniqueConstraint(fields=("case", "user"), name="case_party_once"),
        ),
        migrations.AddConstraint(
            model_name="casereader",
            constraint=models.UniqueConstraint(fields=("case", "user"), name="case_reader_once"),
        ),
        migrations.RunPython(
            _append_only.protect_for(_append_only.LOOKS, "at", _append_only.LOOKS_KEPT),
            _append_only.unprotect_for(_append_only.LOOKS),
        ),
    ]
