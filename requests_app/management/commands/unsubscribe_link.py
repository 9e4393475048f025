"""`manage.py unsubscribe_link`: the link by which one reader of a mailing says no."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from requests_app.domain.errors import ActionRefused
from requests_app.services import unsubscribe


class Command(BaseCommand):
    """Prints the link; nothing is kept."""

    help = "Print the address that stops marketing to EMAIL, for the text and the List-Unsubscribe header of a mail."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose link, and in which language its page speaks."""
        parser.add_argument("email", metavar="EMAIL")
        parser.add_argument("--language", choices=["nb", "en"], default="nb")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the link; CommandError with exit status 2 for a text that is no address."""
        try:
            self.stdout.write(unsubscribe.link(options["email"], options["language"]))
        except ActionRefused:
            raise CommandError("this is not an e-mail address", returncode=2) from None
