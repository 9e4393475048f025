"""The second half of a login: a code of the authenticator app, and how the app is made known to us."""

import re
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction

from identity.domain import backoff, totp
from identity.models import SecondFactor, User
from requests_app import audit

from . import throttle

ISSUER = "Datarett"


@dataclass(frozen=True)
class Check:
    """Whether the code was right; `wait` when it came too soon and nothing was compared."""

    right: bool = False
    wait: timedelta = timedelta()


def of(user: User) -> SecondFactor | None:
    """Return the factor of an account, confirmed or not; None when nothing was begun."""
    return SecondFactor.objects.filter(user=user).first()


def begin(user: User) -> SecondFactor:
    """Return the factor of an account, making an unconfirmed one if there is none yet."""
    if factor := of(user):
        return factor
    SecondFactor.objects.bulk_create([SecondFactor.fresh(user)], ignore_conflicts=True)
    return SecondFactor.objects.get(user=user)


def forget(user: User) -> None:
    """Delete what somebody shows as a second factor. Needs a transaction with an entry in the audit."""
    SecondFactor.objects.filter(user=user).delete()


def uri(factor: SecondFactor) -> str:
    """Return what the QR code of a factor says."""
    return totp.uri(factor.secret, account=factor.user.email, issuer=ISSUER)


def check(user: User, given: str, *, browser: str = "") -> Check:
    """Compare a code; the first right one confirms the factor. Spaces in it do not matter.

    A `browser` that is known (`known_browser`) has a brake of its own: whoever stole a password cannot keep the owner
    out by wrong codes.
    """
    brake = throttle.brake(backoff.SECOND_FACTOR, str(user.pk), *filter(None, [browser]))
    if wait := throttle.spend([brake]):
        return Check(wait=wait)
    with transaction.atomic():
        factor = SecondFactor.objects.select_for_update().filter(user=user).first()
        if factor is None or not factor.verify_token(re.sub(r"\s", "", given)):
            return Check()
        if not factor.confirmed:
            SecondFactor.objects.filter(pk=factor.pk).update(confirmed=True)
            audit.record("staff.second_factor_enrolled", f"user:{user.pk}", user.as_actor())
        audit.record("staff.logged_in", f"user:{user.pk}", user.as_actor())
    throttle.forgive([brake])
    return Check(right=True)
