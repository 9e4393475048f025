"""What administrators do with accounts that exist. There is always one active administrator left."""

from collections.abc import Iterable

from django.db import transaction

from identity.models import StaffRole, User
from requests_app import audit
from requests_app.domain.enums import Role
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import Actor, Reason

from . import staff_sessions


def change_roles(user_id: int, roles: Iterable[Role], *, actor: Actor) -> User:
    """Give an account exactly these roles. Raises ActionRefused for none, or for the last administrator."""
    wanted = set(roles)
    if not wanted:
        raise ActionRefused(Reason("role_needed"))
    with transaction.atomic():
        user = _locked(user_id)
        before = {Role(row.role) for row in user.role_rows.all()}
        if Role.ADMINISTRATOR not in wanted:
            _keep_an_administrator(user)
        user.role_rows.exclude(role__in=wanted).delete()
        StaffRole.objects.bulk_create(StaffRole(user=user, role=role.value) for role in sorted(wanted - before))
        if wanted != before:
            audit.record(
                "staff.roles_changed", f"user:{user.pk}", actor,
                before=sorted(role.value for role in before), after=sorted(role.value for role in wanted),
            )  # fmt: skip
        return user


def deactivate(user_id: int, *, actor: Actor) -> User:
    """Close an account and end its sessions. Raises ActionRefused for the last administrator."""
    with transaction.atomic():
        user = _locked(user_id)
        if user.is_active:
            _keep_an_administrator(user)
            user.is_active = False
            user.session_generation += 1
            user.save(update_fields=["is_active", "session_generation"])
            staff_sessions.end_of(user.pk)
            audit.record("staff.deactivated", f"user:{user.pk}", actor)
        return user


def why_not_deactivate(user: User) -> Reason | None:
    """Return why this account has to stay (and stay an administrator's), or None."""
    active = StaffRole.objects.filter(role=Role.ADMINISTRATOR.value, user__is_active=True)
    last = active.filter(user=user).exists() and not active.exclude(user=user).exists()
    return Reason("last_administrator") if last else None


def reactivate(user_id: int, *, actor: Actor) -> User:
    """Open a closed account again; its old sessions stay ended."""
    with transaction.atomic():
        user = _locked(user_id)
        if not user.is_active:
            user.is_active = True
            user.save(update_fields=["is_active"])
            audit.record("staff.reactivated", f"user:{user.pk}", actor)
        return user


def choose_language(user: User, language: str) -> None:
    """Remember in which language somebody works."""
    User.objects.filter(pk=user.pk).update(language=language)


def _locked(user_id: int) -> User:
    """Lock the account and every administrator, in one order, so that two cannot remove each other."""
    rows = User.objects.select_for_update(no_key=True).order_by("pk")
    administrators = StaffRole.objects.filter(role=Role.ADMINISTRATOR.value).values("user")
    list(rows.filter(pk__in=administrators) | rows.filter(pk=user_id))
    return User.objects.get(pk=user_id)


def _keep_an_administrator(user: User) -> None:
    if reason := why_not_deactivate(user):
        raise ActionRefused(reason)
