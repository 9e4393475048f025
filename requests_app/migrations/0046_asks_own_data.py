"""Whether people may show who they are by answers about their own data; off until somebody switches it on."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """The setting."""

    dependencies = [("requests", "0045_shield")]

    operations = [migrations.AddField("organisation", "asks_own_data", models.BooleanField(default=False))]
