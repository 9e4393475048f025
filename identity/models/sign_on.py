"""Logins by OpenID Connect: attempts that are under way, and the accounts of the staff that are tied to a provider."""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django_otp.models import Device

from identity.domain.enums import OidcPurpose
from requests_app.models import Case
from requests_app.models.fields import choice_field, one_of

from .user import User
from .verification import Verification


class OidcAttempt(models.Model):
    """One way to a provider and back, for one browser, once.

    State and browser are known by their hashes. Nonce and verifier are sealed with the key ring and wiped when the
    attempt is `used_at`. `link` is the question whose link led there, if one did. `page` is where somebody logs in to.
    """

    purpose = choice_field(OidcPurpose)
    state_digest = models.CharField(max_length=64, unique=True)
    browser_digest = models.CharField(max_length=64)
    key_id = models.CharField(max_length=40)
    sealed = models.BinaryField()
    case = models.ForeignKey(Case, null=True, blank=True, on_delete=models.CASCADE, related_name="eid_attempts")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="oidc_attempts"
    )
    link = models.ForeignKey(Verification, null=True, blank=True, on_delete=models.CASCADE, related_name="eid_attempts")
    page = models.CharField(max_length=2000, blank=True)
    created_at = models.DateTimeField(db_index=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [one_of("oidc_attempt_purpose", "purpose", OidcPurpose)]

    def __str__(self) -> str:
        return f"{self.purpose} attempt {self.pk}"


class SingleSignOn(Device):  # type: ignore[misc]  # django-otp has no types
    """The account at the organisation's provider that one member of staff logs in with.

    A device of django-otp, so that a session can rest on the second factor that the provider has asked for. It takes no
    codes. `subject` is `oid:` or `sub:` and what the provider calls the person; never an address, which can pass to
    somebody else.
    """

    user: "models.OneToOneField[User, User]" = models.OneToOneField(
        User, on_delete=models.CASCADE, related_name="single_sign_on"
    )
    issuer: "models.CharField[str, str]" = models.CharField(max_length=500)
    subject: "models.CharField[str, str]" = models.CharField(max_length=300)
    created_at: "models.DateTimeField[datetime, datetime]" = models.DateTimeField(default=timezone.now)

    objects: ClassVar[models.Manager["SingleSignOn"]] = models.Manager()

    class Meta:
        constraints = [models.UniqueConstraint(name="single_sign_on_once", fields=["issuer", "subject"])]

    def __str__(self) -> str:
        return f"single sign-on {self.pk}"

    def verify_token(self, token: str) -> bool:
        """No code opens it: only the way to the provider and back does."""
        return False
