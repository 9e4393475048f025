"""`manage.py export_register`: write a version of the processing register as YAML."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from exports.models import CUSTOMERS
from exports.services import register


class Command(BaseCommand):
    """Write the register to standard output; exit 2 when there is no such version."""

    help = "Write the processing register in force, or one of its versions, as YAML to standard output."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        """Let `--version` name the version of the register, not that of Django."""
        return super().create_parser(prog_name, subcommand, conflict_handler="resolve", **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which register, and which of its versions."""
        parser.add_argument("--version", type=int, help="the number of the version; without it, the one in force")
        parser.add_argument("--register", default=CUSTOMERS, help="the key of the register")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the version."""
        key, number = options["register"], options["version"]
        try:
            row = register.version(register.current(key)[0] if number is None else number, key)
        except register.NoRegister as error:
            self.stderr.write(str(error))
            sys.exit(2)
        self.stdout.write(register.as_yaml(row), ending="")
