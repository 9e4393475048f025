"""`manage.py export_corrections FOLDER`: what staff sorted otherwise than was guessed, as texts to train on."""

from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management import CommandError
from django.core.management.base import BaseCommand
from django.db import transaction

from requests_app import audit
from requests_app.domain.snapshot import SYSTEM
from requests_app.services import corrections


class Command(BaseCommand):
    """The files are for `make triage-model EXTRA=FOLDER`; only their owner can read them."""

    help = "Write the kept corrections in the form of training/texts. Delete the files once the model is trained."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to."""
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Write a file a language, in place of what an earlier run wrote there."""
        texts = corrections.as_training_texts()
        try:
            _write(options["folder"], {name: "\n".join(blocks) for name, blocks in texts.items()})
        except OSError as error:
            raise CommandError(f"{options['folder']}: {error.strerror}") from None
        count = sum(map(len, texts.values()))
        with transaction.atomic():
            audit.record("corrections.exported", "organisation:1", SYSTEM, count=count)
        self.stdout.write(f"{count} corrections in {len(texts)} files")


def _write(folder: Path, files: Mapping[str, str]) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for old in folder.glob("corrections.*.txt"):
        old.unlink()
    for name, content in files.items():
        path = folder / name
        path.touch(mode=0o600, exist_ok=False)
        path.write_text(content, encoding="utf-8")
