"""`manage.py lifecycle_doc`: docs/lifecycle.md, drawn from the transition table."""

from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from requests_app.domain.lifecycle import TRANSITIONS, Transition

TARGET = Path(settings.BASE_DIR) / "docs" / "lifecycle.md"


class Command(BaseCommand):
    """Write the page, or check that it is current."""

    help = "Write docs/lifecycle.md from the transition table."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Print instead of writing."""
        parser.add_argument("--print", action="store_true", dest="print_only")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write or print."""
        page = "\n".join(lines()) + "\n"
        if options["print_only"]:
            self.stdout.write(page, ending="")
        else:
            TARGET.write_text(page, encoding="utf-8")


def lines() -> Iterator[str]:
    """Yield the lines of the page."""
    yield "# The life of a request"
    yield ""
    yield "Drawn from `requests_app/domain/lifecycle.py` by `manage.py lifecycle_doc`; do not edit."
    yield ""
    yield "```mermaid"
    yield "stateDiagram-v2"
    yield "    [*] --> received"
    yield from (f"    {t.source} --> {t.target}: {t.action}" for t in TRANSITIONS)
    yield "    closed --> [*]"
    yield "```"
    yield ""
    yield "| from | action | to | who may | what must hold | event |"
    yield "|---|---|---|---|---|---|"
    yield from map(_row, TRANSITIONS)


def _row(t: Transition) -> str:
    who = sorted(t.roles) + (["the system"] if t.system else [])
    holds = [guard.__name__.replace("_", " ") for guard in t.guards] + (["a reason is given"] if t.needs_note else [])
    event = t.emits.__name__ if t.emits else ""
    return f"| {t.source} | {t.action} | {t.target} | {', '.join(who)} | {', '.join(holds)} | {event} |"
