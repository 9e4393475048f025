"""Whether a filter laid a mail where spam goes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """One column; of what was seen before, nobody knows."""

    dependencies = [("requests", "0042_mailbox_exclusions")]

    operations = [migrations.AddField("sighting", "junk", models.BooleanField(default=False))]
