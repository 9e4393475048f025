"""What a contact point was found by, and what earlier rows tell of it; the addresses of agents leave proofs of others."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def tell_what_is_certain(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Where a request named no number, and nobody was asked, all was found under the address in the request.

    Of everything else nobody knows any more; it is found again when the systems are.
    """
    ContactPoint = apps.get_model("identity", "ContactPoint")
    asked = apps.get_model("identity", "Verification").objects.values("case")
    points = ContactPoint.objects.filter(case__person_phone="", recorded_by=None).exclude(case__in=asked)
    for point in points.select_related("case").iterator():
        if address := point.case.person_email.strip().lower():
            point.found_by = [address]
            point.save(update_fields=["found_by"])


def take_agents_addresses_back(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """What the staff saw of a person for whom somebody else writes was put down under the address of that writer."""
    Verification = apps.get_model("identity", "Verification")
    seen = Verification.objects.filter(purpose="identity", method__in=["call_back", "video_call", "shown_document"])
    others = apps.get_model("requests", "Case").objects.exclude(requester="self")
    seen.filter(case__in=others).update(sent_to="")


class Migration(migrations.Migration):
    """The column, then the rows."""

    dependencies = [
        ("identity", "0011_second_persons"),
    ]

    operations = [
        migrations.AddField(
            model_name="contactpoint",
            name="found_by",
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.RunPython(tell_what_is_certain, migrations.RunPython.noop),
        migrations.RunPython(take_agents_addresses_back, migrations.RunPython.noop),
    ]
