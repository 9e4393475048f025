"""A page of the documentation that is drawn from a table of the code."""

from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

from django.conf import settings
from django.core.management.base import BaseCommand


class DrawnPage(BaseCommand):
    """Write the page `docs/NAME.md` of `lines`, or print it."""

    name: ClassVar[str]
    requires_system_checks = []

    def lines(self) -> Iterator[str]:
        """Yield the lines of the page."""
        raise NotImplementedError

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Print instead of writing."""
        parser.add_argument("--print", action="store_true", dest="print_only")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write or print."""
        page = "\n".join(self.lines()) + "\n"
        if options["print_only"]:
            self.stdout.write(page, ending="")
        else:
            (Path(settings.BASE_DIR) / "docs" / f"{self.name}.md").write_text(page, encoding="utf-8")
