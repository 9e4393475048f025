"""Why a mailbox that takes access tokens could not be read."""

from django.db import migrations, models

FAULTS = [
    "away", "login", "certificate", "plain", "nonsense", "no_folder", "no_access", "issuer_away", "credential_expired",
    "credential_wrong", "application", "consent", "issuer_refuses", "",
]


class Migration(migrations.Migration):
    """Seven more faults."""

    dependencies = [("requests", "0032_new_day_letter")]

    operations = [
        migrations.RemoveConstraint("mailboxhealth", "mailbox_health_fault"),
        migrations.AddConstraint(
            "mailboxhealth",
            models.CheckConstraint(condition=models.Q(("fault__in", FAULTS)), name="mailbox_health_fault"),
        ),
    ]
