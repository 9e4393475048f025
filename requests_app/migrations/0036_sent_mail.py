"""Mail that somebody here sent by hand, and where it was seen."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('requests', '0035_read_position'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='SentMail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sent_at', models.DateTimeField()),
                ('ingested_at', models.DateTimeField(auto_now_add=True)),
                ('sha256', models.CharField(max_length=64, unique=True)),
                ('size', models.PositiveBigIntegerField()),
                ('oversize', models.BooleanField(default=False)),
                ('raw', models.BinaryField()),
                ('parsed_at', models.DateTimeField(blank=True, null=True)),
                ('in_reply_to', models.CharField(blank=True, db_index=True, max_length=998)),
                ('counts_as', models.CharField(blank=True, default='', max_length=32)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('confirmed_at', models.DateTimeField(blank=True, null=True)),
                ('forgotten_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['sent_at', 'id'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='message',
            name='message_intent',
        ),
        migrations.AlterField(
            model_name='sighting',
            name='inquiry',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sightings', to='requests.inquiry'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(('intent__in', ['inquiry', 'reply', 'staff_message', 'acknowledgement', 'identity_request', 'clarification', 'answer_ready', 'one_time_code', 'status_link', 'reminder', 'confirmation', 'lifting', 'ending', 'fee', 'orders_done', 'extension', 'waiting_reminder', 'new_day', 'still_waiting', 'late', 'outside', 'mandate'])), name='message_intent'),
        ),
        migrations.AddField(
            model_name='sentmail',
            name='confirmed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='confirmed_sent_mail', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='sentmail',
            name='decided_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='decided_sent_mail', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='sentmail',
            name='message',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sent_mail', to='requests.message'),
        ),
        migrations.AddField(
            model_name='sighting',
            name='sent_mail',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sightings', to='requests.sentmail'),
        ),
        migrations.AddConstraint(
            model_name='sighting',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('inquiry__isnull', False), ('sent_mail__isnull', True)), models.Q(('inquiry__isnull', True), ('sent_mail__isnull', False)), _connector='OR'), name='sighting_of_one_mail'),
        ),
        migrations.AddConstraint(
            model_name='sentmail',
            constraint=models.CheckConstraint(condition=models.Q(('counts_as__in', ['answer', 'correspondence', ''])), name='sent_mail_counts_as'),
        ),
        migrations.AddConstraint(
            model_name='sentmail',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('counts_as', ''), ('decided_at__isnull', True), ('decided_by__isnull', True)), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('message__isnull', False)), _connector='OR'), name='sent_mail_decided_on_a_case'),
        ),
        migrations.AddConstraint(
            model_name='sentmail',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('confirmed_at__isnull', True), ('confirmed_by__isnull', True)), models.Q(('confirmed_at__isnull', False), ('confirmed_by__isnull', False), ('counts_as', 'answer'), models.Q(('confirmed_by', models.F('decided_by')), _negated=True)), _connector='OR'), name='sent_mail_two_persons'),
        ),
    ]
