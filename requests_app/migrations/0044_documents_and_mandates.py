"""Hidden files, and mandates."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Files that are hidden because they look like identity documents, and mandates that were looked at."""

    dependencies = [
        ('requests', '0043_junk'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='HeldFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('held_at', models.DateTimeField()),
                ('delete_at', models.DateTimeField()),
                ('tried_at', models.DateTimeField(blank=True, null=True)),
                ('deleted_at', models.DateTimeField(blank=True, null=True)),
                ('freed_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Mandate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=32)),
                ('rights', models.JSONField(default=list)),
                ('checks', models.JSONField(default=list)),
                ('valid_from', models.DateField()),
                ('valid_until', models.DateField(blank=True, null=True)),
                ('to_agent', models.BooleanField(default=False)),
                ('checked_at', models.DateTimeField()),
                ('taken_back_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='override',
            name='override_kind',
        ),
        migrations.RemoveConstraint(
            model_name='requirement',
            name='requirement_kind',
        ),
        migrations.AddConstraint(
            model_name='override',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['identity', 'systems', 'register', 'answer', 'delivery_address', 'plan', 'recipients', 'block', 'mandate', 'basis'])), name='override_kind'),
        ),
        migrations.AddConstraint(
            model_name='requirement',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['identity', 'systems', 'register', 'answer', 'delivery_address', 'plan', 'recipients', 'block', 'mandate', 'basis'])), name='requirement_kind'),
        ),
        migrations.AddField(
            model_name='heldfile',
            name='freed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='heldfile',
            name='inquiry',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='held_files', to='requests.inquiry'),
        ),
        migrations.AddField(
            model_name='mandate',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mandates', to='requests.case'),
        ),
        migrations.AddField(
            model_name='mandate',
            name='checked_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='mandate',
            name='taken_back_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='heldfile',
            index=models.Index(condition=models.Q(('deleted_at__isnull', True), ('freed_at__isnull', True)), fields=['delete_at'], name='held_file_due'),
        ),
        migrations.AddConstraint(
            model_name='heldfile',
            constraint=models.UniqueConstraint(fields=('inquiry', 'position'), name='held_file_once'),
        ),
        migrations.AddConstraint(
            model_name='heldfile',
            constraint=models.CheckConstraint(condition=models.Q(('deleted_at__isnull', True), ('freed_at__isnull', True), _connector='OR'), name='held_file_deleted_or_freed'),
        ),
        migrations.AddConstraint(
            model_name='heldfile',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('freed_at__isnull', True), ('freed_by__isnull', True)), models.Q(('freed_at__isnull', False), ('freed_by__isnull', False)), _connector='OR'), name='held_file_freed_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='mandate',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['agent', 'lawyer', 'guardian'])), name='mandate_kind'),
        ),
        migrations.AddConstraint(
            model_name='mandate',
            constraint=models.UniqueConstraint(condition=models.Q(('taken_back_at__isnull', True)), fields=('case',), name='mandate_one_living'),
        ),
        migrations.AddConstraint(
            model_name='mandate',
            constraint=models.CheckConstraint(condition=models.Q(('valid_until__isnull', True), ('valid_until__gte', models.F('valid_from')), _connector='OR'), name='mandate_ends_after_it_begins'),
        ),
        migrations.AddConstraint(
            model_name='mandate',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('taken_back_at__isnull', True), ('taken_back_by__isnull', True)), models.Q(('taken_back_at__isnull', False), ('taken_back_by__isnull', False)), _connector='OR'), name='mandate_taken_back_by_somebody'),
        ),
    ]
