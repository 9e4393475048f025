"""What mail servers write of our messages, and the state of one that came back."""

import django.db.models.deletion
from django.db import migrations, models

_STATES = ["received", "queued", "sending", "sent", "bounced", "failed", "uncertain", "paper", "dropped"]


class Migration(migrations.Migration):
    """One more state and one more table; the hourly brake counts both kinds of confirmation."""

    dependencies = [("requests", "0033_token_faults")]

    operations = [
        migrations.RemoveConstraint("message", "message_state"),
        migrations.AddConstraint(
            "message", models.CheckConstraint(condition=models.Q(("state__in", _STATES)), name="message_state")
        ),
        migrations.CreateModel(
            name="DeliveryReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("came_back", models.BooleanField()),
                ("status", models.CharField(blank=True, max_length=12)),
                ("reported_at", models.DateTimeField()),
                (
                    "inquiry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="delivery_report",
                        to="requests.inquiry",
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reports", to="requests.message"
                    ),
                ),
            ],
            options={"ordering": ["reported_at", "id"]},
        ),
        migrations.RemoveIndex("message", "message_confirmations"),
        migrations.AddIndex(
            "message",
            models.Index(fields=["intent", "created_at"], name="message_confirmations"),
        ),
    ]
