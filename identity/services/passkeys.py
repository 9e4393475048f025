"""Passkeys: a key that lives in somebody's computer, phone or security key and signs only for this site.

The library checks the signatures (Web Authentication, level 3); here stands who may add one, whose it has to be,
and what is remembered of it. What a browser hands in is never trusted to be of any shape.
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import DataError, IntegrityError, transaction
from django.http import HttpRequest
from django_otp_webauthn.exceptions import OTPWebAuthnApiError
from django_otp_webauthn.helpers import WebAuthnHelper
from django_otp_webauthn.models import WebAuthnCredential
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import UserVerificationRequirement

from identity.models import User
from requests_app import audit
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import Reason

from . import factors

MOST = 10  # of one person
# What junk from a browser can lead to, in the library and in the database (a counter or key that does not fit).
_UNFIT = (
    WebAuthnException, OTPWebAuthnApiError, ValueError, KeyError, TypeError, AttributeError, IndexError,
    DataError, IntegrityError,
)  # fmt: skip


@dataclass(frozen=True)
class Ceremony:
    """What the browser is asked for (JSON of the standard), and what has to be remembered until it answers."""

    options: dict[str, Any]
    state: dict[str, Any]


class _Helper(WebAuthnHelper):  # type: ignore[misc]  # the library has no types
    """The library's ceremonies with our names, and with the PIN or finger asked for wherever the key knows one."""

    def __init__(self) -> None:
        super().__init__(HttpRequest())  # only its settings as functions would look at a request

    def get_credential_display_name(self, user: User) -> str:
        return user.name or user.email

    def get_generate_authentication_options_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        options: dict[str, Any] = super().get_generate_authentication_options_kwargs(**kwargs)
        return options | {"user_verification": UserVerificationRequirement.PREFERRED}


def possible() -> bool:
    """Tell whether browsers make passkeys for the address of this site: HTTPS, or `localhost`."""
    return bool(settings.SITE_URL.startswith("https://") or settings.OTP_WEBAUTHN_RP_ID == "localhost")


def of(user: User) -> list[WebAuthnCredential]:
    """Return the passkeys of an account, the oldest first."""
    return list(WebAuthnCredential.objects.filter(user=user, confirmed=True).order_by("created_at", "pk"))


def to_add(user: User) -> Ceremony:
    """Return what the browser has to be asked for to make a new passkey; it refuses a device that has one already."""
    return Ceremony(*_Helper().register_begin(user))


def to_use(user: User) -> Ceremony:
    """Return what the browser has to be asked for to use a passkey of this account."""
    return Ceremony(*_Helper().authenticate_begin(user, require_user_verification=False))


def add(user: User, state: dict[str, Any], answer: Any, *, name: str, verified: bool) -> WebAuthnCredential:
    """Keep a new passkey and return it. Raises ActionRefused.

    `verified`: the session has shown a factor. Without that, only who has no factor at all may add one: a password
    alone must never be enough to bring along a factor of one's own.
    """
    try:
        with transaction.atomic():
            factors.lock(user)
            if not verified and factors.any_of(user):
                raise ActionRefused(Reason("factor_first"))
            if WebAuthnCredential.objects.filter(user=user).count() >= MOST:
                raise ActionRefused(Reason("passkeys_too_many", {"number": str(MOST)}))
            row: WebAuthnCredential = _Helper().register_complete(user, state, answer)
            row.name = name
            row.save(update_fields=["name"])
            audit.record("staff.passkey_added", f"user:{user.pk}", user.as_actor(), passkey=row.pk)
    except _UNFIT:
        raise ActionRefused(Reason("passkey_unfit")) from None
    return row


def check(user: User, state: dict[str, Any], answer: Any, *, action: str) -> WebAuthnCredential | None:
    """Return the passkey of this account that signed; None for one that is not theirs, or did not sign this.

    `action` is what the audit remembers of a right one.
    """
    try:
        with transaction.atomic():
            factors.lock(user)  # so that a counter of the key cannot be read by two at once
            row: WebAuthnCredential = _Helper().authenticate_complete(user, state, answer)
            if not row.confirmed:
                return None
            audit.record(action, f"user:{user.pk}", user.as_actor(), passkey=row.pk)
    except _UNFIT:
        return None
    return row


def remove(user: User, passkey_id: int) -> None:
    """Take a passkey off an account. Raises ActionRefused for the last factor."""
    with transaction.atomic():
        factors.lock(user)
        row = WebAuthnCredential.objects.filter(user=user, pk=passkey_id).first()
        if row is None:
            return
        if factors.count(user) < 2:
            raise ActionRefused(Reason("last_factor"))
        audit.record("staff.passkey_removed", f"user:{user.pk}", user.as_actor(), passkey=row.pk)
        row.delete()
