"""`manage.py invite_staff`: a one-time link with which somebody makes an account."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from identity.models import StaffInvitation, User
from identity.models.user import normal_address
from identity.services import staff
from requests_app.domain.enums import Role
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import SYSTEM

ROLES = ", ".join(role.value for role in Role)
LABELS = ("invite_handler", "invite_approver")
REFUSALS = {
    "bad_address": "this is not an e-mail address",
    "account_exists": "this address has an account; --renew gives it a new way in",
    "account_inactive": "this account is deactivated",
}


class Command(BaseCommand):
    """Invites somebody, or with --renew gives an account a new password and second factor."""

    help = f"Print a one-time link with which somebody makes an account (7 days). Roles: {ROLES}."

    def add_arguments(self, parser: CommandParser) -> None:
        """Who, and what they may do."""
        parser.add_argument("email", metavar="EMAIL")
        parser.add_argument("--role", nargs="+", action="extend", default=[], metavar="ROLE", help=ROLES)
        parser.add_argument("--label", default="", choices=("", *LABELS), help="the banner's name for it")
        parser.add_argument("--renew", action="store_true", help="for an account that exists: start afresh")
        parser.add_argument("--json", action="store_true", help='as {"email", "roles", "url"}')

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the link; CommandError with exit status 2 for anything that cannot be invited."""
        try:
            invitation, url = _renew(options) if options["renew"] else _invite(options)
        except ActionRefused as refusal:
            raise CommandError(REFUSALS[refusal.reason.code], returncode=2) from refusal
        if options["json"]:
            facts = {"email": invitation.email, "roles": invitation.roles, "url": url}
            self.stdout.write(json.dumps(facts))
        else:
            self.stdout.write(f"{invitation.email} can use this link once, within 7 days:\n{url}")


def _invite(options: dict[str, Any]) -> tuple[StaffInvitation, str]:
    if not options["role"]:
        raise CommandError(f"give at least one --role of: {ROLES}", returncode=2)
    unknown = [name for name in options["role"] if name not in set(Role)]
    if unknown:
        raise CommandError(f"not a role: {', '.join(unknown)}; roles are: {ROLES}", returncode=2)
    return staff.invite(options["email"], [Role(name) for name in options["role"]], label=options["label"])


def _renew(options: dict[str, Any]) -> tuple[StaffInvitation, str]:
    if options["role"] or options["label"]:
        raise CommandError("--renew leaves the roles as they are: give no --role and no --label", returncode=2)
    user = User.objects.filter(email=normal_address(options["email"])).first()
    if user is None:
        raise CommandError("no account has this address", returncode=2)
    return staff.renew(user.pk, actor=SYSTEM)
