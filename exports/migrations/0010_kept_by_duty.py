from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('exports', '0009_kept_plans'),
    ]

    operations = [
        migrations.AddField(
            model_name='systemtask',
            name='duty',
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name='systemtask',
            name='newest_on',
            field=models.DateField(blank=True, null=True),
        ),
    ]
