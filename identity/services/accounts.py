"""What administrators do with accounts that exist. There is always one active administrator left."""

from collections.abc import Iterable

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import transaction
from django.db.models import Q

from identity.models import StaffRole, User
from requests_app import audit
from requests_app.domain.enums import Role
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import Actor, Reason
from requests_app.services import rows

from . import leaving

_TURNS = 5


class _GotAnotherCase(Exception):
    """A case came to somebody who leaves, after their cases were locked."""


def change_roles(user_id: int, roles: Iterable[Role], *, actor: Actor) -> User:
    """Give an account exactly these roles. Raises ActionRefused for none, or for the last administrator."""
    wanted = set(roles)
    if not wanted:
        raise ActionRefused(Reason("role_needed"))
    with transaction.atomic():
        user = _locked(user_id)
        if user.emergency and wanted != {Role.APPROVER}:
            raise ActionRefused(Reason("emergency_only_approver"))
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


def deactivate(user_id: int, *, actor: Actor, handover: leaving.Handover = leaving.NOTHING_KEPT) -> User:
    """Close an account: its ways in end, its open cases get another handler, its systems another owner (`leaving`).

    The same again changes nothing. Raises ActionRefused for the last administrator, and for a new handler or owner
    who may be none.
    """
    for _turn in range(_TURNS):
        try:
            with transaction.atomic():
                return _deactivate(user_id, handover, actor)
        except _GotAnotherCase:
            continue
    raise ActionRefused(Reason("cases_moving"))


def why_not_deactivate(user: User) -> Reason | None:
    """Return why this account has to stay (and stay an administrator's), or None.

    Another one counts only once they have a password: a link that nobody has used yet lets nobody in.
    """
    active = StaffRole.objects.filter(role=Role.ADMINISTRATOR.value, user__is_active=True)
    others = active.exclude(user=user).exclude(user__password__startswith=UNUSABLE_PASSWORD_PREFIX)
    last = active.filter(user=user).exists() and not others.exists()
    return Reason("last_administrator") if last else None


def reactivate(user_id: int, *, actor: Actor) -> User:
    """Open a closed account again; its old ways in stay ended, a new one is made by `staff.renew`."""
    with transaction.atomic():
        user = _locked(user_id)
        if not user.is_active:
            if user.emergency and User.objects.filter(emergency=True, is_active=True).exists():
                raise ActionRefused(Reason("emergency_one"))
            user.is_active = True
            user.save(update_fields=["is_active"])
            audit.record("staff.reactivated", f"user:{user.pk}", actor)
        return user


def choose_language(user: User, language: str) -> None:
    """Remember in which language somebody works."""
    User.objects.filter(pk=user.pk).update(language=language)


def _deactivate(user_id: int, handover: leaving.Handover, actor: Actor) -> User:
    """Cases are locked before accounts, as everywhere; one that was given to the person in between wants a new turn."""
    cases = rows.lock_cases(leaving.open_cases(user_id).values_list("pk", flat=True))
    user = _locked(user_id, *handover.heirs)
    if not user.is_active:
        return user
    still = set(leaving.open_cases(user_id).values_list("pk", flat=True))
    if still - {case.pk for case in cases}:
        raise _GotAnotherCase
    _keep_an_administrator(user)
    user.is_active = False
    user.session_generation += 1
    user.away_from = user.away_until = user.deputy = None
    user.set_unusable_password()
    user.save(update_fields=["is_active", "session_generation", "away_from", "away_until", "deputy", "password"])
    leaving.end_everything(user, [case for case in cases if case.pk in still], handover, actor=actor)
    return user


def _locked(user_id: int, *heirs: int) -> User:
    """Lock the account, every administrator, and who else is written about when somebody leaves, in one order.

    So two administrators cannot remove each other, and the accounts that get the cases and systems stay open meanwhile.
    """
    administrators = StaffRole.objects.filter(role=Role.ADMINISTRATOR.value).values("user")
    wanted = Q(pk__in=administrators) | Q(pk__in=[user_id, *heirs]) | Q(deputy=user_id)
    list(User.objects.select_for_update(no_key=True).filter(wanted).order_by("pk"))
    return User.objects.get(pk=user_id)


def _keep_an_administrator(user: User) -> None:
    if reason := why_not_deactivate(user):
        raise ActionRefused(reason)
