"""The letter about a new day for the answer."""

from django.db import migrations, models

_INTENTS = [
    "inquiry", "reply", "staff_message", "acknowledgement", "identity_request", "clarification", "answer_ready",
    "one_time_code", "status_link", "reminder", "confirmation", "lifting", "ending", "fee", "orders_done", "extension",
    "waiting_reminder", "new_day", "still_waiting", "late", "mandate",
]  # fmt: skip


class Migration(migrations.Migration):
    """One more intent."""

    dependencies = [("requests", "0031_message_dropped")]

    operations = [
        migrations.RemoveConstraint("message", "message_intent"),
        migrations.AddConstraint(
            "message", models.CheckConstraint(condition=models.Q(("intent__in", _INTENTS)), name="message_intent")
        ),
    ]
