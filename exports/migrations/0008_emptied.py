from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('exports', '0007_plan_what_waited'),
    ]

    operations = [
        migrations.AddField(
            model_name='systemtask',
            name='emptied',
            field=models.JSONField(default=list),
        ),
    ]
