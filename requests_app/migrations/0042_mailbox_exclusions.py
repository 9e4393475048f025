"""What of a mailbox is left out, and an index for the mail that nobody has read."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('requests', '0041_authenticity'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='mailboxhealth',
            name='excluded_folders',
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name='mailboxhealth',
            name='excluded_senders',
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name='mailboxhealth',
            name='left_out',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddIndex(
            model_name='inquiry',
            index=models.Index(condition=models.Q(('channel', 'mail'), ('parsed_at__isnull', True)), fields=['ingested_at'], name='inquiry_to_read'),
        ),
    ]
