"""A message that is not sent, since what it reminds of was done while it waited."""

from django.db import migrations, models

STATES = ["received", "queued", "sending", "sent", "failed", "uncertain", "paper", "dropped"]


class Migration(migrations.Migration):
    """One more state."""

    dependencies = [("requests", "0030_letters_on_paper")]

    operations = [
        migrations.RemoveConstraint("message", "message_state"),
        migrations.AddConstraint(
            "message", models.CheckConstraint(condition=models.Q(("state__in", STATES)), name="message_state")
        ),
    ]
