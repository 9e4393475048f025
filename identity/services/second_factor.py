"""The second half of a login: a code of the authenticator app, and how the app is made known to us."""

import re
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django_otp.models import Device

from identity.domain import backoff, sealed, totp
from identity.models import SecondFactor, User
from requests_app import audit
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import Reason

from . import factors, throttle

ISSUER = "Datarett"
LOGGED_IN = "staff.logged_in"  # the first time that a session showed a factor …
SHOWN_AGAIN = "staff.factor_shown"  # … and every later one


@dataclass(frozen=True)
class Check:
    """Whether the code was right, and by which device; `wait` when it came too soon and nothing was compared."""

    right: bool = False
    wait: timedelta = timedelta()
    device: Device | None = None


def of(user: User) -> SecondFactor | None:
    """Return the factor of an account, confirmed or not; None when nothing was begun."""
    return SecondFactor.objects.filter(user=user).first()


def begin(user: User) -> SecondFactor:
    """Return the factor of an account, making an unconfirmed one if there is none yet."""
    if factor := of(user):
        return factor
    SecondFactor.objects.bulk_create([SecondFactor.fresh(user)], ignore_conflicts=True)
    return SecondFactor.objects.get(user=user)


def uri(factor: SecondFactor) -> str:
    """Return what the QR code of a factor says."""
    return totp.uri(factor.secret, account=factor.user.email, issuer=ISSUER)


def check(user: User, given: str, *, action: str = LOGGED_IN, browser: str = "") -> Check:
    """Compare a code; the first right one confirms the factor of somebody who has none. Spaces do not matter.

    `action` is what the audit remembers of a right one. An app that was begun and never confirmed opens nothing once
    the account has another factor: whoever knows a password could have begun it. A `browser` that is known
    (`known_browser`) has a brake of its own: whoever stole a password cannot keep the owner out by wrong codes.
    """
    brake = throttle.brake(backoff.SECOND_FACTOR, str(user.pk), *filter(None, [browser]))
    if wait := throttle.spend([brake]):
        return Check(wait=wait)
    with transaction.atomic():
        factors.lock(user)
        factor = SecondFactor.objects.select_for_update().filter(user=user).first()
        if factor is None or not (factor.confirmed or not factors.any_of(user)):
            return Check()
        if not factor.verify_token(re.sub(r"\s", "", given)):
            return Check()
        if not factor.confirmed:
            _confirm(user, factor)
        audit.record(action, f"user:{user.pk}", user.as_actor())
    throttle.forgive([brake])
    return Check(right=True, device=factor)


def draft(user: User) -> tuple[str, bytes]:
    """Return a new secret for the app of somebody who is logged in, sealed, with the id of its key."""
    fresh = SecondFactor.fresh(user)
    return fresh.key_id, fresh.sealed_secret


def drafted(user: User, key_id: str, sealed_secret: bytes) -> SecondFactor:
    """Return a drafted app as it would be kept. Its secret raises `sealed.SealBroken` if it is none of ours."""
    return SecondFactor(user=user, name="totp", confirmed=False, key_id=key_id, sealed_secret=sealed_secret)


def adopt(user: User, key_id: str, sealed_secret: bytes, given: str) -> Check:
    """Put a drafted app in the place of the present one, if `given` is a code of it."""
    brake = throttle.brake(backoff.SECOND_FACTOR, str(user.pk))
    if wait := throttle.spend([brake]):
        return Check(wait=wait)
    with transaction.atomic():
        factors.lock(user)
        try:
            step = drafted(user, key_id, sealed_secret).step_of(re.sub(r"\s", "", given))
        except sealed.SealBroken:
            step = None
        if step is None:
            return Check()
        factor, _ = SecondFactor.objects.update_or_create(
            user=user, defaults={"name": "totp", "confirmed": False, "key_id": key_id, "sealed_secret": sealed_secret,
                                 "last_step": step},
        )  # fmt: skip
        _confirm(user, factor)
    throttle.forgive([brake])
    return Check(right=True, device=factor)


def remove(user: User) -> None:
    """Take the app off an account. Raises ActionRefused when it is the last factor."""
    with transaction.atomic():
        factors.lock(user)
        if not SecondFactor.objects.filter(user=user, confirmed=True).exists():
            return
        if factors.count(user) < 2:
            raise ActionRefused(Reason("last_factor"))
        SecondFactor.objects.filter(user=user).delete()
        audit.record("staff.app_removed", f"user:{user.pk}", user.as_actor())


def forget(user: User) -> None:
    """Remove every factor of an account, the app, passkeys and recovery codes, and end its sessions.

    Whoever knows the password could then set up a new factor: take the password away, too, where nobody may.
    """
    factors.forget(user)


def _confirm(user: User, factor: SecondFactor) -> None:
    SecondFactor.objects.filter(pk=factor.pk).update(confirmed=True)
    factor.confirmed = True
    audit.record("staff.second_factor_enrolled", f"user:{user.pk}", user.as_actor())
