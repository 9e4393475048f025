"""The morning mail to the staff: on which days it was seen to, and what waits for it."""

from django.conf import settings
from django.db import models

from requests_app.domain.enums import StaffNotice

from .fields import choice_field, one_of


class DigestSent(models.Model):
    """The morning mail of one person on one day was written, or there was nothing to say: once, whatever runs twice.

    `read_at`: until when it knows; the next one goes on from there.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="digests")
    day = models.DateField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="digest_once", fields=["user", "day"])]

    def __str__(self) -> str:
        return f"{self.day}"


class HeldNotice(models.Model):
    """A mail that somebody wants to read of in the morning only; `told_on` is the day on which they did.

    `key` makes it once-only. The row holds nothing of the person of the case, and goes a month after it was told.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="held_notices")
    kind = choice_field(StaffNotice)
    reference = models.CharField(max_length=24)
    key = models.CharField(max_length=120, unique=True)
    held_at = models.DateTimeField()
    told_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["held_at", "id"]
        constraints = [one_of("held_notice_kind", "kind", StaffNotice)]
        indexes = [models.Index(fields=["user"], name="held_untold", condition=models.Q(told_on__isnull=True))]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"
