"""What the triage found in an inquiry: how likely it is a request, and where the sentences stand that say so."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Two columns; inquiries that were read before have neither."""

    dependencies = [("requests", "0036_sent_mail")]

    operations = [
        migrations.AddField("inquiry", "request_probability", models.FloatField(blank=True, null=True)),
        migrations.AddField("inquiry", "passages", models.JSONField(default=list)),
    ]
