import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('requests', '0019_fee'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='DigestSent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='digests', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('user', 'day'), name='digest_once')],
            },
        ),
        migrations.CreateModel(
            name='HeldNotice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=32)),
                ('reference', models.CharField(max_length=24)),
                ('key', models.CharField(max_length=120, unique=True)),
                ('held_at', models.DateTimeField()),
                ('told_on', models.DateField(blank=True, null=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='held_notices', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['held_at', 'id'],
                'indexes': [models.Index(condition=models.Q(('told_on__isnull', True)), fields=['user'], name='held_untold')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['assigned', 'replied', 'due_soon', 'bounced', 'hard_alarm', 'complaint', 'mailbox', 'to_do'])), name='held_notice_kind')],
            },
        ),
    ]
