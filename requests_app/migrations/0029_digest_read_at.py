"""Until when a morning mail knows, so that the next one goes on from there."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """One column; without a value the hour of the morning mail counts, as before."""

    dependencies = [("requests", "0028_append_only_organisation")]

    operations = [migrations.AddField("digestsent", "read_at", models.DateTimeField(null=True))]
