"""Looks of owners of systems, who come by a link and have no account."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """A column that may be empty is added in place: the triggers of the table stay."""

    dependencies = [("requests", "0046_asks_own_data")]

    operations = [
        migrations.AddField(
            model_name="look",
            name="by_link",
            field=models.BigIntegerField(blank=True, null=True),
        ),
    ]
