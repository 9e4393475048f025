"""`manage.py verify_audit`: does the chain of the audit still hold?"""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from requests_app import audit


class Command(BaseCommand):
    """Check every seal and the head of the chain; exit status 1 when something does not fit."""

    help = "Verify the audit chain."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """JSON for programs."""
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print how many entries there are and where the chain breaks, if it does."""
        entries, broken = audit.verify()
        if options["json"]:
            self.stdout.write(json.dumps({"entries": entries, "ok": broken is None, "first_broken": broken}))
        elif broken is None:
            self.stdout.write(f"{entries} entries, all in order")
        else:
            self.stdout.write(f"{entries} entries; the chain breaks at entry {broken}")
        if broken is not None:
            sys.exit(1)
