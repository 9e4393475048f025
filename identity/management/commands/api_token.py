"""`manage.py api_token`: give a machine access to the API, or take it away."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from identity.domain.enums import ApiScope
from identity.models import ApiToken
from identity.services import api_tokens
from requests_app.domain.errors import ActionRefused

SCOPES = ", ".join(scope.value for scope in ApiScope)
REFUSALS = {
    "name_taken": "there is a token of this name; choose another name, names are never used twice",
    "token_unknown": "there is no token of this name",
}
MAX_NAME = ApiToken._meta.get_field("name").max_length or 0


class Command(BaseCommand):
    """Prints a new token once; only its hash is kept."""

    help = f"Make a token of the API and print it once, or take one back. Scopes: {SCOPES}."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which machine, and what it may do."""
        parser.add_argument("name", metavar="NAME", help="which machine this is for")
        parser.add_argument("--scope", nargs="+", action="extend", default=[], metavar="SCOPE", help=SCOPES)
        parser.add_argument("--revoke", action="store_true", help="make the token of this name worthless")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the token; CommandError with exit status 2 for anything that cannot be done."""
        name = options["name"].strip()
        try:
            if options["revoke"]:
                api_tokens.revoke(name)
                self.stdout.write("revoked")
            else:
                self.stdout.write(api_tokens.issue(_checked(name), _scopes(options["scope"])))
        except ActionRefused as refusal:
            raise CommandError(REFUSALS[refusal.reason.code], returncode=2) from refusal


def _checked(name: str) -> str:
    if not name or len(name) > MAX_NAME or not name.isprintable():
        raise CommandError(f"a name has 1 to {MAX_NAME} printable characters", returncode=2)
    return name


def _scopes(names: list[str]) -> list[ApiScope]:
    if not names:
        raise CommandError(f"give at least one --scope of: {SCOPES}", returncode=2)
    unknown = [name for name in names if name not in set(ApiScope)]
    if unknown:
        raise CommandError(f"not a scope: {', '.join(unknown)}; scopes are: {SCOPES}", returncode=2)
    return [ApiScope(name) for name in names]
