"""Single sign-on of the staff: which account here belongs to the one that the organisation's provider vouches for.

The two are tied by the person itself, logged in with both factors; never by an e-mail address, which the provider does
not vouch for and which passes from one person to the next. No account comes into being by itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse

from identity.domain.claims import read_rule
from identity.models import SingleSignOn, User
from identity.oidc.errors import OidcError
from identity.oidc.provider import Provider
from requests_app import audit
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import Reason


@dataclass(frozen=True)
class Who:
    """Somebody as the provider knows them."""

    issuer: str
    subject: str


def switched_on() -> bool:
    """Tell whether the settings name a provider."""
    return bool(settings.SSO_ISSUER and settings.SSO_CLIENT_ID and settings.SSO_CLIENT_SECRET)


def provider() -> Provider:
    """Return the provider of the settings."""
    return Provider(
        issuer=settings.SSO_ISSUER,
        client_id=settings.SSO_CLIENT_ID,
        client_secret=settings.SSO_CLIENT_SECRET,
        redirect_uri=f"{settings.SITE_URL}{reverse('identity:sso-return')}",
        seconds=settings.OIDC_SECONDS,
    )


def of(user: User) -> SingleSignOn | None:
    """Return what ties an account to the provider that is set up now, or None."""
    return SingleSignOn.objects.filter(user=user, issuer=settings.SSO_ISSUER).first()


def who(said: Mapping[str, Any]) -> Who:
    """Return whom checked claims are about.

    Entra names the tenant too (`tid`), which has to be that of the issuer, and calls a person by one number for every
    application (`oid`). Raises OidcError.
    """
    issuer, tenant = str(said["iss"]), said.get("tid")
    if tenant is None:
        return Who(issuer, f"sub:{said['sub']}")
    if not isinstance(tenant, str) or tenant not in _segments(issuer):
        raise OidcError("token_tenant")
    number = said.get("oid")
    if not isinstance(number, str) or not 0 < len(number) <= 255:
        raise OidcError("token_subject")
    return Who(issuer, f"oid:{number}")


def _segments(issuer: str) -> list[str]:
    return [part for part in urlsplit(issuer).path.split("/") if part]


def showed_second_factor(said: Mapping[str, Any]) -> bool:
    """Tell whether the provider says, by the claim of the settings, that it has asked for a second factor."""
    rule = read_rule(settings.SSO_SECOND_FACTOR)
    return rule is not None and rule.met_by(said)


def shown_at(said: Mapping[str, Any]) -> datetime | None:
    """Return when the person last logged in at the provider (`auth_time`); None where it does not say.

    Whoever has a session there is sent back without being asked for anything.
    """
    at = said.get("auth_time")
    if isinstance(at, bool) or not isinstance(at, int | float):
        return None
    try:
        return datetime.fromtimestamp(at, tz=UTC)
    except (ValueError, OverflowError, OSError):
        return None


def account_of(said: Mapping[str, Any]) -> SingleSignOn:
    """Return what ties an account that is open to these claims.

    Raises ActionRefused, with the same words for an account that is closed and for none, and OidcError.
    """
    found = who(said)
    tied = SingleSignOn.objects.filter(issuer=found.issuer, subject=found.subject, user__is_active=True)
    row = tied.select_related("user").first()
    if row is None:
        raise ActionRefused(Reason("sso_unknown"))
    return row


def logged_in(row: SingleSignOn) -> None:
    """Write down a login that rests on the provider's second factor."""
    with transaction.atomic():
        audit.record("staff.logged_in", f"user:{row.user_id}", row.user.as_actor(), by="single_sign_on")


def connect(user: User, said: Mapping[str, Any]) -> SingleSignOn:
    """Tie an account to these claims, in place of what it was tied to. Raises ActionRefused and OidcError."""
    found = who(said)
    try:
        with transaction.atomic():
            user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
            if not user.is_active:
                raise ActionRefused(Reason("account_inactive"))
            SingleSignOn.objects.filter(user=user).delete()
            row = SingleSignOn.objects.create(
                user=user, name="single sign-on", confirmed=True, issuer=found.issuer, subject=found.subject
            )
            audit.record("staff.sso_connected", f"user:{user.pk}", user.as_actor())
    except IntegrityError:
        raise ActionRefused(Reason("sso_taken")) from None
    return row


def disconnect(user: User) -> None:
    """Untie an account; sessions that rest on the provider's second factor have to show another."""
    with transaction.atomic():
        gone, _ = SingleSignOn.objects.filter(user=user).delete()
        if gone:
            audit.record("staff.sso_disconnected", f"user:{user.pk}", user.as_actor())
