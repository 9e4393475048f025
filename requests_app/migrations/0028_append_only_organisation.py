"""What the organisation said of itself stays as it was said: its versions are added and never changed."""

from django.db import migrations

from requests_app.migrations import _append_only


class Migration(migrations.Migration):
    """The triggers on the versions of the organisation."""

    dependencies = [("requests", "0027_organisation_version")]

    operations = [_append_only.operation("requests_organisationversion")]
