"""A plan of deletion that was carried out is kept beside the one that follows it, and its tasks with it."""

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Exists, OuterRef, Q, Subquery

ACTIONS = {"delete": "erase", "anonymise": "anonymise", "restrict": "restrict"}


def join(apps: Apps, schema_editor: BaseDatabaseSchemaEditor | None) -> None:
    """Give each task of a deletion to the plan that it carries out.

    What an earlier plan left behind, which nothing tells apart any more, stays without one.
    """
    lines = apps.get_model("exports", "ErasureLine").objects.filter(
        plan__dsr=OuterRef("dsr"), plan__begun_at__isnull=False, system=OuterRef("system")
    )
    tasks = apps.get_model("exports", "SystemTask").objects.filter(dsr__right="erasure", plan__isnull=True)
    for measure, action in ACTIONS.items():
        mine = lines.filter(measure=measure)
        tasks.filter(Exists(mine), action=action).update(plan=Subquery(mine.values("plan")[:1]))


class Migration(migrations.Migration):

    dependencies = [
        ('requests', '0010_legal_hold'),
        ('exports', '0008_settled_orders'),
    ]

    operations = [
        migrations.AlterField(
            model_name='erasureplan',
            name='dsr',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='erasure_plans', to='requests.datasubjectrequest'),
        ),
        migrations.AddField(
            model_name='erasureplan',
            name='current',
            field=models.BooleanField(default=True),
        ),
        migrations.AddConstraint(
            model_name='erasureplan',
            constraint=models.UniqueConstraint(condition=Q(('current', True)), fields=('dsr',), name='erasure_one_current'),
        ),
        migrations.AddField(
            model_name='systemtask',
            name='plan',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='tasks', to='exports.erasureplan'),
        ),
        migrations.RemoveConstraint(
            model_name='systemtask',
            name='task_once',
        ),
        migrations.AddConstraint(
            model_name='systemtask',
            constraint=models.UniqueConstraint(condition=Q(('plan__isnull', True)), fields=('dsr', 'system', 'action'), name='task_once'),
        ),
        migrations.AddConstraint(
            model_name='systemtask',
            constraint=models.UniqueConstraint(fields=('plan', 'system', 'action'), name='task_once_a_plan'),
        ),
        migrations.RunPython(join, migrations.RunPython.noop),
    ]
