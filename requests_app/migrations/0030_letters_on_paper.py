"""A letter that is posted or handed over is kept as a message of its own state."""

from django.db import migrations, models

_STATES = ["received", "queued", "sending", "sent", "failed", "uncertain", "paper"]


class Migration(migrations.Migration):
    """One state more."""

    dependencies = [("requests", "0029_digest_read_at")]

    operations = [
        migrations.RemoveConstraint(model_name="message", name="message_state"),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(condition=models.Q(("state__in", _STATES)), name="message_state"),
        ),
    ]
