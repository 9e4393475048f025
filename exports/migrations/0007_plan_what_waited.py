"""Requests of rights that earlier versions could not plan are planned now, and what takes effect at once does."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.utils import timezone

REASON = "right_not_planned"
AT_ONCE = ("consent_withdrawal", "marketing_objection")
PLAN = "exports.services.plan.locate_and_plan"
CONFIRM = "requests_app.services.at_once.confirm"


def owe_plans(apps: Apps, schema_editor: BaseDatabaseSchemaEditor | None) -> None:
    """Owe a plan to every request that waits for one; it is made when a worker runs."""
    event = apps.get_model("requests", "OutboxEvent")
    waiting = apps.get_model("requests", "DataSubjectRequest").objects.filter(
        stage="in_progress", requirements__kind="systems", requirements__state="open", requirements__reason=REASON
    )
    now = timezone.now()
    rows = [
        event(
            key=f"plan-what-waited:{pk}>{handler.rsplit('.', 1)[-1]}", name="RequestReopened", handler=handler,
            payload={"dsr_id": pk}, created_at=now, run_at=now,
        )
        for pk, right in waiting.order_by("id").values_list("id", "right")
        for handler in ((PLAN, CONFIRM) if right in AT_ONCE else (PLAN,))
    ]  # fmt: skip
    event.objects.bulk_create(rows, ignore_conflicts=True)


class Migration(migrations.Migration):
    """Writes rows of the outbox only."""

    dependencies = [("exports", "0006_done_otherwise"), ("requests", "0010_legal_hold")]

    operations = [migrations.RunPython(owe_plans, migrations.RunPython.noop)]
