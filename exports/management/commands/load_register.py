"""`manage.py load_register`: take the processing register from its file."""

import sys
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand
from django.core.validators import validate_slug

from exports.domain.register import RegisterError
from exports.models import CUSTOMERS
from exports.services import register

LONGEST_KEY = 40


class Command(BaseCommand):
    """Load the register; exit 2 with file, line and key when it is wrong, and nothing is stored."""

    help = "Load the processing register from its YAML file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, and whether it may replace what stands in the database."""
        parser.add_argument("path", nargs="?", type=Path, default=Path(settings.BASE_DIR) / "config" / "register.yaml")
        parser.add_argument(
            "--register", type=_key, default=CUSTOMERS, help="the key of the register (letters, digits, - and _)"
        )
        parser.add_argument(
            "--force", action="store_true", help="make a new version even though one is in force already"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Load and say what is in force now."""
        try:
            loaded = register.load(options["path"], force=options["force"], key=options["register"])
        except RegisterError as error:
            self.stderr.write(str(error))
            sys.exit(2)
        if loaded.created:
            self.stdout.write(f"Version {loaded.version} of the register is in force.")
        elif loaded.differs:
            self.stdout.write(
                f"Version {loaded.version} stays in force. The file says something else:"
                " --force makes it a new version and gives up what was filled in on the desk."
            )
        else:
            self.stdout.write(f"Version {loaded.version} of the register is in force; the file says the same.")


def _key(text: str) -> str:
    """Read the key of a register."""
    try:
        validate_slug(text)
    except ValidationError as error:
        raise ArgumentTypeError(str(error.message)) from error
    if len(text) > LONGEST_KEY:
        raise ArgumentTypeError(f"longer than {LONGEST_KEY} characters")
    return text
