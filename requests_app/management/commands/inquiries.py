"""`manage.py inquiries`: what reached us and what became of it, without personal data."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from requests_app.models import Inquiry


class Command(BaseCommand):
    """One line per inquiry, in the order of receipt."""

    help = "List inquiries; with --json one JSON object a line."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """JSON for programs."""
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print them all, without loading raw bytes; the case of one is not told where it is shielded."""
        rows = Inquiry.objects.order_by("received_at", "id").values_list(
            "id", "sha256", "received_at", "verdict", "case__reference", "case__shielded_at"
        )
        for number, sha256, received_at, verdict, reference, shielded_at in rows.iterator(chunk_size=2000):
            case = None if shielded_at else reference
            if options["json"]:
                line = json.dumps(
                    {
                        "id": number,
                        "sha256": sha256,
                        "received_at": received_at.isoformat().replace("+00:00", "Z"),
                        "verdict": verdict,
                        "case": case,
                    }
                )
            else:
                line = f"{number:>6}  {received_at:%Y-%m-%d %H:%M}  {verdict:<14} {case or ''}"
            self.stdout.write(line)
