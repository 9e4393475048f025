"""The decision-maker names the one approver outside the team; the administrator can, too, as with every account.

Two persons stay two: the link goes by mail to whoever is named, and whoever names them never sees it. Nobody names
themselves: an address with an account gets no second one, nor does the same address under another spelling.
"""

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from identity.models import StaffInvitation, User
from identity.models.user import normal_address
from requests_app import selectors
from requests_app.domain.enums import Role
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import Actor, Reason
from requests_app.services import clock, correspondence

from . import staff

MAIL = "identity/mail/emergency_named"


def name(email: str, *, actor: Actor) -> StaffInvitation:
    """Invite somebody as the emergency approver, by a link that is mailed to them alone. Raises ActionRefused."""
    if actor.user_id is None:
        raise ActionRefused(Reason("staff_only"))
    with transaction.atomic():
        if _mailbox(email) == _mailbox(User.objects.get(pk=actor.user_id).email):
            raise ActionRefused(Reason("emergency_not_yourself"))
        invitation, _url = staff.invite(email, [Role.APPROVER], emergency=True, actor=actor)
        correspondence.notify_staff(
            invitation.email, settings.LANGUAGE_CODE, MAIL,
            {
                "organisation": selectors.organisation().name,
                "until": clock.calendar().local_date(invitation.expires_at),
            },
            key=f"emergency-named:{invitation.uuid}",
            secrets={"invitation_link": staff.invitation_secret(invitation)},
        )  # fmt: skip
        return invitation


def take_back(*, actor: Actor) -> None:
    """Make the link of an emergency approver who has no account yet worthless."""
    with transaction.atomic():
        for invitation in StaffInvitation.objects.filter(emergency=True, used_at__isnull=True):
            staff.withdraw(invitation.pk, actor=actor)


def invited() -> StaffInvitation | None:
    """Return the invitation of an emergency approver whose link still works, or None."""
    return StaffInvitation.objects.open_at(timezone.now()).filter(emergency=True).first()


def active() -> User | None:
    """Return the emergency approver, or None."""
    return User.objects.filter(emergency=True, is_active=True).first()


def _mailbox(address: str) -> str:
    """Return an address without what stands behind a plus: it is the same mailbox with most providers."""
    local, _at, domain = normal_address(address).rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"
