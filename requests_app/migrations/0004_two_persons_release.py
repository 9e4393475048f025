"""A second person for every release, kept by the database itself."""

from django.db import migrations

from ._two_persons import CREATE


class Migration(migrations.Migration):
    """The triggers on the stage of a request."""

    dependencies = [("requests", "0003_message_of_one_request")]

    operations = [CREATE]
