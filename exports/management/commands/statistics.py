"""`manage.py statistics`: the figures of a month, a quarter or a year for the data protection officer."""

import argparse
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from exports import statistics
from requests_app.domain import periods


def _checked(read: Callable[[str], periods.Period]) -> Callable[[str], periods.Period]:
    """The reader of an argument whose refusal is one line."""

    def checked(text: str) -> periods.Period:
        try:
            return read(text)
        except periods.PeriodError as error:
            raise argparse.ArgumentTypeError(str(error)) from error

    return checked


def _lines(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every figure with its dotted name."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield from _lines(part, f"{name}.{key}" if name else key)
    elif isinstance(value, tuple):
        for part in value:
            yield from _lines(part["days"], f"{name}.{part['system']}")
    else:
        yield name, value


class Command(BaseCommand):
    """One report; names nobody, and tells no number of 1 to 4."""

    help = "Count what was asked and answered; with --json as one JSON object, in which null is what is not told."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """The parser without a usage line, so that bad input is answered with one line."""
        return super().create_parser(prog_name, subcommand, usage=argparse.SUPPRESS, **kwargs)

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """One period; this year if none is named."""
        parser.add_argument("--json", action="store_true")
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--year", metavar="2026", type=_checked(periods.year))
        which.add_argument("--quarter", metavar="2026-Q3", type=_checked(periods.quarter))
        which.add_argument("--month", metavar="2026-11", type=_checked(periods.month))

    def handle(self, *args: Any, **options: Any) -> None:
        """Print it."""
        period = options["year"] or options["quarter"] or options["month"] or periods.year(f"{timezone.localdate():%Y}")
        report = asdict(statistics.report(period))
        if options["json"]:
            self.stdout.write(json.dumps(report, default=date.isoformat))
            return
        for name, value in _lines(report):
            self.stdout.write(f"{name:<60} {'not told' if value is None else value}")
