"""`manage.py banner`: where everything is, for the eye and as JSON."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from config import run_file
from identity.models import StaffInvitation, User
from identity.services import staff
from requests_app import selectors
from requests_app.domain.enums import Role

TRIAL_DOMAIN = "optimar.example"
INVITATIONS: dict[str, tuple[str, tuple[Role, ...]]] = {
    "invite_handler": ("handler", (Role.INTAKE, Role.HANDLER)),
    "invite_approver": ("approver", (Role.APPROVER, Role.DECISION_MAKER, Role.ADMINISTRATOR)),
}


class Command(BaseCommand):
    """Print the banner; invitations that were used stand as null."""

    help = "Print where the form, the desk, the mailbox and the invitations are."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The same as JSON into a file."""
        parser.add_argument("--json-file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Gather, write, print."""
        facts: dict[str, str | None] = {
            "form": f"{settings.SITE_URL}/nb/",
            "desk": f"{settings.SITE_URL}/desk/",
            "sent": f"{settings.SITE_URL}/_sent/" if settings.SHOW_SENT else None,
            "mailbox": str(settings.VAR / "mailbox") if settings.EMBEDDED else None,
            **{label: self._invitation(label) for label in INVITATIONS},
        }
        if path := options["json_file"]:
            run_file.write(path, facts)
        for name, value in facts.items():
            self.stdout.write(f"  {name:<16} {value or _absent(name)}")

    def _invitation(self, label: str) -> str | None:
        """Return the link of a first account, as long as nobody has taken it."""
        known = StaffInvitation.objects.filter(label=label).order_by("-id").first()
        if known and known.used_at:
            return None
        if known and known.expires_at > timezone.now():
            return staff.invitation_url(known)
        name, roles = INVITATIONS[label]
        email = f"{name}@{_domain()}"
        if User.objects.filter(email__iexact=email).exists():
            return None
        return staff.invite(email, roles, label=label)[1]


def _domain() -> str:
    """Where the first accounts belong: an invented domain in a trial, else that of the organisation."""
    organisation = selectors.organisation()
    if organisation.trial:
        return TRIAL_DOMAIN
    return organisation.own_domains[0] if organisation.own_domains else organisation.from_address.rpartition("@")[2]


def _absent(name: str) -> str:
    return "(used)" if name in INVITATIONS else "(not here)"
