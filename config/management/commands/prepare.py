"""`manage.py prepare`: everything between an empty folder and a house that can start, in one process."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from exports.domain.register_load import RegisterError
from exports.services import register, trial
from requests_app.domain.organisation import OrganisationError
from requests_app.models import Heartbeat, Organisation
from requests_app.services import organisation

SEED = Path(settings.BASE_DIR) / "config"


class Command(BaseCommand):
    """Migrate, load organisation and register, and on an empty embedded installation the trial; idempotent."""

    help = "Make the installation ready to start; safe to run again and again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """A trial is for an embedded installation that holds nothing yet."""
        group = parser.add_mutually_exclusive_group()
        group.add_argument("--trial", action="store_true", dest="trial", default=settings.EMBEDDED)
        group.add_argument("--no-trial", action="store_false", dest="trial")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what is missing, in order."""
        wants_trial = bool(options["trial"]) and settings.EMBEDDED
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", verbosity=0, interactive=False)
        if settings.EMBEDDED:
            # The worker of an earlier start is gone; only the next one may say that it is alive.
            Heartbeat.objects.filter(name="worker").delete()
        if not options["trial"] and Organisation.objects.filter(trial=True).exists():
            raise CommandError(
                "this installation is a trial, with invented people and example answers; begin in earnest with an"
                " empty one (another folder in DATARETT_VAR)"
            )
        if wants_trial and Organisation.objects.filter(trial=False).exists():
            wants_trial = False
        self._lay_mailbox()
        try:
            organisation.load(SEED / "organisation.yaml", trial=wants_trial)
            register.load(SEED / "register.yaml")
            if Organisation.objects.get(pk=1).trial:
                trial.install()
        except (OrganisationError, RegisterError) as error:
            raise CommandError(str(error)) from error

    def _lay_mailbox(self) -> None:
        """Make the folder into which mail is dropped, when it is the one of an installation that names none."""
        folder = settings.VAR / "mailbox"
        if list(settings.MAILBOX_URLS) == [f"maildir:{folder}"]:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
