from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('exports', '0004_rights'),
    ]

    operations = [
        migrations.AddField(
            model_name='systemtask',
            name='fault_place',
            field=models.CharField(blank=True, max_length=200),
        ),
    ]
