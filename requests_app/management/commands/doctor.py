"""`manage.py doctor`: try out what the mail provider allows, and name the settings that have to change."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import CommandError
from django.core.management.base import BaseCommand

from requests_app.mailbox.imap_probe import ImapProbe
from requests_app.models import Organisation
from requests_app.services import doctor, doctor_mail
from requests_app.services.doctor import Finding, State

WAIT = 120  # seconds


class Command(BaseCommand):
    """A line a probe; the exit code is 1 when a setting has to change."""

    help = "Try out what the mail provider allows: log in, send four mails to ourselves, take them away again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How much is tried, and how long."""
        parser.add_argument("--no-send", action="store_true", help="send nothing and change nothing; tells less")
        parser.add_argument(
            "--wait", type=float, default=WAIT, help="seconds until a mail counts as lost (default: 120)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Probe and tell."""
        if not Organisation.objects.exists():
            raise CommandError("there is no organisation yet; set the installation up first")
        to_set = 0
        watched: list[ImapProbe] = []
        try:
            for finding in doctor.look_into_mailboxes(watched):
                to_set += self._tell(finding)
            for finding in doctor_mail.send_and_see(watched, send=not options["no_send"], wait=options["wait"]):
                to_set += self._tell(finding)
        finally:
            for finding in doctor.clean_up(watched):
                self._tell(finding)
        if to_set:
            raise CommandError(f"{to_set} to set")

    def _tell(self, finding: Finding) -> bool:
        self.stdout.write(f"{finding.state:8}{finding.probe}: {finding.words}")
        if finding.setting:
            self.stdout.write(f"{'':8}-> set {finding.setting}")
        return finding.state is State.TO_SET
