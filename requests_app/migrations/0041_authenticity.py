"""What the check of a sender's domain rests on."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("requests", "0040_attachments")]

    operations = [
        migrations.AddField("inquiry", "authenticity", models.JSONField(default=dict)),
    ]
