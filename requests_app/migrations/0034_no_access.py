"""One more reason why a mailbox cannot be read."""

from django.db import migrations, models

_FAULTS = ["away", "login", "certificate", "plain", "nonsense", "no_folder", "no_access", ""]


class Migration(migrations.Migration):
    """A wider constraint."""

    dependencies = [("requests", "0033_read_position")]

    operations = [
        migrations.RemoveConstraint("mailboxhealth", "mailbox_health_fault"),
        migrations.AddConstraint(
            "mailboxhealth",
            models.CheckConstraint(condition=models.Q(("fault__in", _FAULTS)), name="mailbox_health_fault"),
        ),
    ]
