"""How people get an account: an invitation with a one-time link, and what they make of it."""

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from identity.models import StaffInvitation, StaffRole, User
from identity.models.access import StaffInvitationQuerySet
from identity.models.user import normal_address
from requests_app import audit, outbox, selectors
from requests_app.domain import events, tokens
from requests_app.domain.enums import Role
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import SYSTEM, Actor, Reason
from requests_app.keyring import ring
from requests_app.services import colleagues, correspondence

from . import second_factor, staff_sessions

PURPOSE = "staff-invitation"
LIFETIME = timedelta(days=7)
CHOSEN = "identity/mail/emergency_chosen"
_TOLD = (Role.ADMINISTRATOR, Role.DECISION_MAKER, Role.DPO)


def invite(
    email: str, roles: Iterable[Role], *, label: str = "", emergency: bool = False, actor: Actor = SYSTEM
) -> tuple[StaffInvitation, str]:
    """Invite somebody; return the invitation and its one-time link, which works for seven days.

    An earlier link to the same address stops working. `emergency`: for the one approver outside the team. Raises
    ActionRefused for no address, no role, an address that has an account, or a second emergency approver.
    """
    address, wanted = _checked_address(email), sorted(set(roles))
    if not wanted:
        raise ActionRefused(Reason("role_needed"))
    with transaction.atomic():
        if User.objects.filter(email=address).exists():
            raise ActionRefused(Reason("account_exists"))
        if emergency and (reason := _why_no_emergency(address, wanted)):
            raise ActionRefused(reason)
        roles_wanted = [role.value for role in wanted]
        invitation = _write(address, roles_wanted, label=label, made_by=actor.user_id, emergency=emergency)
        audit.record("staff.invited", f"invitation:{invitation.pk}", actor, roles=roles_wanted, emergency=emergency)
        if emergency:
            _tell(invitation, actor)
    return invitation, invitation_url(invitation)


def renew(user_id: int, *, actor: Actor) -> tuple[StaffInvitation, str]:
    """Take away every way into an account and return a one-time link that gives a new password and second factor.

    All its sessions end. Nobody does this to the account they act with: they would lock themselves out.
    Raises ActionRefused.
    """
    with transaction.atomic():
        user = User.objects.select_for_update(no_key=True).get(pk=user_id)
        if reason := why_not_renew(user, itself=actor.user_id == user_id):
            raise ActionRefused(reason)
        user.set_unusable_password()
        user.session_generation += 1
        user.save(update_fields=["password", "session_generation"])
        staff_sessions.end_of(user.pk)
        second_factor.forget(user)
        invitation = _write(user.email, [], user=user, made_by=actor.user_id)
        audit.record("staff.access_renewed", f"user:{user.pk}", actor, invitation=invitation.pk)
    return invitation, invitation_url(invitation)


def why_not_renew(user: User, *, itself: bool) -> Reason | None:
    """Return why this account cannot get a new way in from whoever asks, or None."""
    if itself:
        return Reason("not_yourself")
    return None if user.is_active else Reason("account_inactive")


def withdraw(invitation_id: int, *, actor: Actor) -> None:
    """Make the link of an invitation that nobody used worthless."""
    with transaction.atomic():
        gone, _ = StaffInvitation.objects.filter(pk=invitation_id, used_at__isnull=True).delete()
        if gone:
            audit.record("staff.invitation_withdrawn", f"invitation:{invitation_id}", actor)


def open_invitation(token: str) -> StaffInvitation | None:
    """Return the invitation whose link this is, while it works."""
    return _alive(token).first()


def accept(token: str, *, name: str, password: str) -> User:
    """Make the account that was offered, or give an account that exists its new password.

    The link works once, whatever runs at the same time. Raises ActionRefused when it does not work (any more).
    """
    try:
        with transaction.atomic():
            invitation = _alive(token).select_for_update(of=("self",)).first()
            if invitation is None or (invitation.user and not invitation.user.is_active):
                raise ActionRefused(Reason("invitation_dead"))
            user = invitation.user or User(email=invitation.email)
            user.name = name.strip()
            user.emergency = user.emergency or invitation.emergency
            user.set_password(password)
            user.save()
            StaffRole.objects.bulk_create(StaffRole(user=user, role=role) for role in invitation.roles)
            StaffInvitation.objects.filter(pk=invitation.pk).update(used_at=timezone.now())
            audit.record("staff.joined", f"user:{user.pk}", user.as_actor(), invitation=invitation.pk)
            outbox.publish(events.StaffJoined(invitation.pk), key=f"staff-joined:{invitation.pk}")
    except IntegrityError:  # somebody made an account for this address meanwhile
        raise ActionRefused(Reason("invitation_dead")) from None
    return user


def invitation_url(invitation: StaffInvitation) -> str:
    """Return the one-time link of an invitation; it is derived, the row only knows its hash."""
    return f"{settings.SITE_URL}{reverse('identity:invite', args=[_token(invitation)])}"


def invitation_secret(invitation: StaffInvitation) -> tokens.Secret:
    """Return how a mail derives the link of an invitation, so that no row of it holds the link."""
    path = reverse("identity:invite", args=["TOKEN"]).replace("TOKEN", "{}")
    return tokens.Secret(path, PURPOSE, str(invitation.uuid), 1, invitation.key_id)


def _why_no_emergency(address: str, wanted: list[Role]) -> Reason | None:
    if wanted != [Role.APPROVER]:
        return Reason("emergency_only_approver")
    if colleagues.is_shared(address):
        return Reason("shared_mailbox")
    invited = StaffInvitation.objects.open_at(timezone.now()).filter(emergency=True).exclude(email=address)
    active = User.objects.filter(emergency=True, is_active=True)
    return Reason("emergency_one") if invited.exists() or active.exists() else None


def _tell(invitation: StaffInvitation, actor: Actor) -> None:
    """Let nobody choose the second person unseen: it could be themselves, under an address that nobody knows."""
    for person in selectors.staff_with(*_TOLD):
        if person.pk != actor.user_id:
            correspondence.notify_staff(
                person.email, person.language or settings.LANGUAGE_CODE, CHOSEN, {},
                key=f"emergency-chosen:{invitation.uuid}:{person.pk}",
            )  # fmt: skip


def _write(
    address: str,
    roles: list[str],
    *,
    label: str = "",
    user: User | None = None,
    made_by: int | None = None,
    emergency: bool = False,
) -> StaffInvitation:
    now, keys = timezone.now(), ring()
    StaffInvitation.objects.filter(email=address, used_at__isnull=True).delete()
    invitation = StaffInvitation(
        email=address,
        user=user,
        roles=roles,
        emergency=emergency,
        label=label,
        created_by_id=made_by,
        key_id=keys.active,
        created_at=now,
        expires_at=now + LIFETIME,
    )
    invitation.token_digest = tokens.digest(_token(invitation))
    invitation.save()
    return invitation


def _token(invitation: StaffInvitation) -> str:
    return tokens.derive_token(ring(), PURPOSE, str(invitation.uuid), 1, invitation.key_id)


def _alive(token: str) -> StaffInvitationQuerySet:
    return StaffInvitation.objects.open_at(timezone.now()).filter(token_digest=tokens.digest(token))


def _checked_address(email: str) -> str:
    address = normal_address(email)
    try:
        validate_email(address)
    except ValidationError:
        raise ActionRefused(Reason("bad_address")) from None
    return address
