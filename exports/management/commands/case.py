"""`manage.py case REFERENCE`: where one case stands, without names and addresses."""

import argparse
import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from exports import selectors
from requests_app.models import Case


class Command(BaseCommand):
    """One case as JSON or in a few lines."""

    help = "Show where a case stands."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """The parser without a usage line, so that bad input is answered with one line."""
        return super().create_parser(prog_name, subcommand, usage=argparse.SUPPRESS, **kwargs)

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """The reference, and JSON for programs."""
        parser.add_argument("reference", metavar="REFERENCE", help="such as DR-2026-000123-44")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the case; CommandError with exit status 2 when there is none."""
        case = Case.objects.filter(reference=options["reference"].strip().upper()).first()
        if case is None:
            raise CommandError("there is no case with this reference", returncode=2)
        state = selectors.state_of(case, audit_ok=selectors.audit_holds())
        if options["json"]:
            self.stdout.write(json.dumps(state))
            return
        self.stdout.write(f"{state['reference']}  received {state['received_at']}  due {state['due']}")
        for request in state["requests"]:
            self.stdout.write(f"  {request['right'] or '?'}: {request['stage']} {request['outcome'] or ''}".rstrip())
        for task in state["tasks"]:
            self.stdout.write(f"  {task['system']}: {task['action']} {task['state']} ({task['mode']})")
        self.stdout.write(f"  identity {state['identity']['level']}; audit {'ok' if state['audit_ok'] else 'BROKEN'}")
