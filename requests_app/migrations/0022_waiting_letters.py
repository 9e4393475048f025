from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('requests', '0021_milestones'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='message',
            name='message_intent',
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(('intent__in', ['inquiry', 'reply', 'staff_message', 'acknowledgement', 'identity_request', 'answer_ready', 'one_time_code', 'status_link', 'reminder', 'confirmation', 'lifting', 'ending', 'orders_done', 'waiting_reminder', 'still_waiting', 'late', 'mandate'])), name='message_intent'),
        ),
    ]
