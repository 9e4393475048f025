import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('identity', '0002_verification_and_access'),
        ('requests', '0004_two_persons_release'),
    ]

    operations = [
        migrations.AddField(
            model_name='contactpoint',
            name='reason',
            field=models.CharField(blank=True, max_length=500),
        ),
        migrations.AlterField(
            model_name='verification',
            name='sent_to',
            field=models.CharField(blank=True, max_length=320),
        ),
        migrations.CreateModel(
            name='FoundByHand',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('system', models.CharField(max_length=64)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='found_by_hand', to='requests.case')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('case', 'system'), name='found_by_hand_once')],
            },
        ),
    ]
