"""The way in for somebody whose phone or key is lost: codes on paper."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.utils import timezone
from django_otp.models import Device

from .user import User


class RecoveryCodes(Device):  # type: ignore[misc]  # django-otp has no types
    """The set of recovery codes of one person; a session that was opened by one of them belongs to it.

    Making new codes keeps the row and replaces what hangs on it. It is no factor that could stand alone: who has
    nothing else sets up an app or a passkey first.
    """

    user: "models.OneToOneField[User, User]" = models.OneToOneField(
        User, on_delete=models.CASCADE, related_name="recovery_codes"
    )
    made_at: "models.DateTimeField[datetime, datetime]" = models.DateTimeField(default=timezone.now)

    objects: ClassVar[models.Manager["RecoveryCodes"]] = models.Manager()

    def __str__(self) -> str:
        return f"recovery codes {self.pk}"


class RecoveryCode(models.Model):
    """One code: only its keyed hash is kept, and when it was used."""

    codes = models.ForeignKey(RecoveryCodes, on_delete=models.CASCADE, related_name="rows")
    key_id = models.CharField(max_length=40)
    digest = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="recovery_code_once", fields=["codes", "digest"])]

    def __str__(self) -> str:
        return f"recovery code {self.pk}"
