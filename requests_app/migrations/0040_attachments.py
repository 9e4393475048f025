"""Files that staff send to the person."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """One more table."""

    dependencies = [
        ('requests', '0039_excisions'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('draft', models.CharField(max_length=32)),
                ('name', models.CharField(max_length=200)),
                ('kind', models.CharField(max_length=100)),
                ('size', models.PositiveIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('content', models.BinaryField()),
                ('created_at', models.DateTimeField()),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attachments', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attachments', to='requests.case')),
                ('message', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='attachments', to='requests.message')),
            ],
            options={
                'ordering': ['id'],
                'indexes': [models.Index(condition=models.Q(('message__isnull', True)), fields=['created_at'], name='attachment_waiting')],
                'constraints': [models.UniqueConstraint(fields=('case', 'draft', 'sha256', 'name'), name='attachment_once')],
            },
        ),
    ]
