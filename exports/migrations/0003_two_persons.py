"""No answer is opened that two persons have not released, kept by the database itself."""

from django.db import migrations

from ._two_persons import CREATE


class Migration(migrations.Migration):
    """The triggers on the release of a package."""

    dependencies = [("exports", "0002_delivery_address"), ("requests", "0005_receipts_and_retention")]

    operations = [CREATE]
