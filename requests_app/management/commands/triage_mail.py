"""`manage.py triage_mail FILE…`: what the first guess says of a mail, without a database."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import CommandError
from django.core.management.base import BaseCommand

from requests_app.mailbox import authenticity, suggest
from requests_app.mailbox.autoreply import auto_reply_allowed
from requests_app.mailbox.bounded import parse_bounded

STDIN = "-"


class Command(BaseCommand):
    """A line a file; a file that cannot be read is named and the exit code is 1, the others are told all the same."""

    help = "Say of mail files whether each is a request, about which rights, and whether a machine may answer it."
    requires_system_checks = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The files, and what is ours."""
        parser.add_argument("files", nargs="+", metavar="FILE", help="a mail, a folder of mails, or - for one on stdin")
        parser.add_argument("--json", action="store_true")
        parser.add_argument("--address", action="append", default=[], help="a mailbox of ours; may be repeated")
        parser.add_argument("--authserv", action="append", default=[], help="the authserv-id of our own mail server")

    def handle(self, *args: Any, **options: Any) -> None:
        """Judge them in the order given, those of a folder in the order of their names."""
        failed = 0
        for name in _each(options["files"]):
            try:
                raw = sys.stdin.buffer.read() if name == STDIN else Path(name).read_bytes()
            except OSError as error:
                self.stderr.write(f"{name}: {error.strerror}")
                failed += 1
                continue
            found = {"file": name} | judge(raw, options["address"], options["authserv"])
            self.stdout.write(json.dumps(found, ensure_ascii=False) if options["json"] else _words(found))
        if failed:
            raise CommandError(f"{failed} could not be read")


def judge(raw: bytes, own_addresses: list[str], authserv_ids: list[str]) -> dict[str, Any]:
    """Return what the model says of the bytes of a mail, and whether a machine may answer it."""
    mail = parse_bounded(raw)
    suggestion = suggest.of_mail(mail)
    found = authenticity.judge(mail, authserv_ids=authserv_ids)
    reply = auto_reply_allowed(mail, own_addresses=own_addresses, instance=settings.SITE_URL, authentic=found.verdict)
    return {
        "is_request": bool(suggestion.rights),
        "rights": list(suggestion.rights),
        "language": suggestion.language,
        "probability": round(suggestion.probability, 4),
        "unsure": suggestion.unsure,
        "auto_reply_allowed": reply.allowed,
        "auto_reply_reason": reply.reason.value,
    }


def _each(names: list[str]) -> Iterator[str]:
    for name in names:
        if name != STDIN and Path(name).is_dir():
            yield from sorted(str(path) for path in Path(name).iterdir() if path.is_file())
        else:
            yield name


def _words(found: dict[str, Any]) -> str:
    what = ", ".join(found["rights"]) or ("unsure" if found["unsure"] else "not a request")
    return f"{found['file']}: {what} ({found['language']}); automatic answer: {found['auto_reply_reason']}"
