"""`manage.py suppressed`: which lines of a list must not be written to."""

import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from requests_app.services import suppression_list

_AT_A_TIME = 5000  # lines


class Command(BaseCommand):
    """Prints line numbers, so that no list of those who said no comes of it."""

    help = "Print the numbers of the lines of FILE whose address or phone number gets no marketing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The list."""
        parser.add_argument("file", metavar="FILE", help="one address or number a line; - reads standard input")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the numbers, from 1; CommandError with exit status 2 for a file that cannot be read."""
        lines = enumerate(_lines(options["file"]), start=1)
        while some := list(islice(lines, _AT_A_TIME)):
            blocked = suppression_list.are_blocked([line for _, line in some])
            for (number, _), is_blocked in zip(some, blocked, strict=True):
                if is_blocked:
                    self.stdout.write(str(number))


def _lines(name: str) -> Iterator[str]:
    if name == "-":
        yield from (line.strip() for line in sys.stdin)
        return
    try:
        with Path(name).open(encoding="utf-8-sig", errors="replace") as file:
            yield from (line.strip() for line in file)
    except OSError as error:
        raise CommandError(f"the file cannot be read: {error.strerror}", returncode=2) from None
