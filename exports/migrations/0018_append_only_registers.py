"""What a register said stays as it was said: its versions are added and never changed."""

from django.db import migrations

from requests_app.migrations import _append_only


class Migration(migrations.Migration):
    """The triggers on the versions of the registers."""

    dependencies = [("exports", "0017_registers")]

    operations = [_append_only.operation("exports_registerversion")]
