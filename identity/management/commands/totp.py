"""`manage.py totp`: a code of the second factor, for a trial without a phone at hand."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from identity.models import SecondFactor
from identity.models.user import normal_address


class Command(BaseCommand):
    """Prints a code; refuses where real people work, because it would make the second factor one of ours."""

    help = "Print a current code of an account's authenticator (embedded installation only)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose code."""
        parser.add_argument("email", metavar="EMAIL")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print six digits; CommandError with exit status 2 when there are none to print."""
        if not settings.EMBEDDED:
            raise CommandError("works on an embedded installation only (no DATARETT_DATABASE_URL)", returncode=2)
        factor = SecondFactor.objects.filter(user__email=normal_address(options["email"])).first()
        if factor is None:
            raise CommandError("this account has not begun to set up a second factor", returncode=2)
        self.stdout.write(factor.current_code())
