import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('identity', '0003_found_by_hand'),
        ('requests', '0008_rights'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='verification',
            name='verification_doubt',
        ),
        migrations.RemoveConstraint(
            model_name='verification',
            name='verification_one_open',
        ),
        migrations.AddField(
            model_name='verification',
            name='old_lost',
            field=models.CharField(blank=True, max_length=500),
        ),
        migrations.AddField(
            model_name='verification',
            name='old_lost_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='old_addresses_lost', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='verification',
            name='purpose',
            field=models.CharField(default='identity', max_length=32),
        ),
        migrations.AddField(
            model_name='verification',
            name='replaces',
            field=models.CharField(blank=True, max_length=320),
        ),
        migrations.AddConstraint(
            model_name='verification',
            constraint=models.CheckConstraint(condition=models.Q(('purpose__in', ['identity', 'new_address'])), name='verification_purpose'),
        ),
        migrations.AddConstraint(
            model_name='verification',
            constraint=models.CheckConstraint(condition=models.Q(('doubt_reason__in', ['unknown_address', 'mismatch', 'fraud_sign', 'high_harm_data', 'address_change'])), name='verification_doubt'),
        ),
        migrations.AddConstraint(
            model_name='verification',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'asked')), fields=('case', 'purpose', 'replaces'), name='verification_one_open'),
        ),
        migrations.AddConstraint(
            model_name='verification',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('purpose', 'identity'), ('replaces', '')), models.Q(('purpose', 'new_address'), models.Q(('replaces', ''), _negated=True)), _connector='OR'), name='verification_new_address_replaces_one'),
        ),
    ]
