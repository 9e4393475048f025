"""`manage.py import_mail PATH`: take over old mail, without answering any of it by machine."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import CommandError
from django.core.management.base import BaseCommand

from requests_app.mailbox.sources import SourceError
from requests_app.services.backlog import import_mail


class Command(BaseCommand):
    """Mails that are known already stay one; the exit code is 0 only if none failed."""

    help = (
        "Import an mbox file, a Maildir, a folder of .eml files or one mail. Nothing is acknowledged by machine;"
        " folders for sent mail and drafts below the path are left out."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where the mail is, and how to tell about it."""
        parser.add_argument("path", type=Path)
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import, then say what became of it."""
        try:
            counts = import_mail(options["path"])
        except SourceError as error:
            raise CommandError(str(error)) from None
        if options["json"]:
            self.stdout.write(json.dumps(counts.as_json()))
        else:
            self.stdout.write(
                f"{counts.read} read: {counts.new} new ({counts.unreadable} of them not readable, kept all the same),"
                f" {counts.known} known, {counts.failed} failed"
            )
        if counts.failed:
            raise CommandError(f"{counts.failed} could not be imported; run the same again when the cause is mended")
