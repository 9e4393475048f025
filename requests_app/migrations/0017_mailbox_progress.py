from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('requests', '0016_forwarded_text'),
    ]

    operations = [
        migrations.AddField(
            model_name='mailboxhealth',
            name='looked_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
