from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('exports', '0010_kept_by_duty'),
    ]

    operations = [
        migrations.AddField(
            model_name='systemtask',
            name='emptied',
            field=models.JSONField(default=list),
        ),
    ]
