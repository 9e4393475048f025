"""`manage.py cases`: where every case stands, without names and addresses."""

import argparse
import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from exports import selectors
from requests_app.domain.enums import Stage
from requests_app.models import Case


class Command(BaseCommand):
    """One line per case, in the order of receipt. How many are shielded is told on the error output, and no more."""

    help = "List cases; with --json one JSON object a line."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """The parser without a usage line, so that bad input is answered with one line."""
        return super().create_parser(prog_name, subcommand, usage=argparse.SUPPRESS, **kwargs)

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """JSON for programs, and a stage to look for."""
        parser.add_argument("--json", action="store_true")
        parser.add_argument(
            "--stage", choices=[stage.value for stage in Stage], help="only cases whose least advanced request is there"
        )

        parser.add_argument(
            "--shielded", action="store_true", help="list the shielded ones, too: not for others than their readers"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print them all."""
        audit_ok = selectors.audit_holds()
        cases = Case.objects.all() if options["shielded"] else Case.objects.unshielded()
        if not options["shielded"] and (hidden := Case.objects.filter(shielded_at__isnull=False).count()):
            self.stderr.write(f"not listed: {hidden} shielded (--shielded lists them)")
        for case in cases.order_by("received_at", "id").prefetch_related("dsrs").iterator(chunk_size=200):
            stage = selectors.stage_of(case)
            if options["stage"] not in (None, stage.value):
                continue
            state = selectors.state_of(case, audit_ok=audit_ok)
            if options["json"]:
                self.stdout.write(json.dumps(state))
            else:
                rights = ", ".join(request["right"] or "?" for request in state["requests"])
                self.stdout.write(f"{case.reference}  due {state['due']}  {stage.value:<14}  {rights}")
