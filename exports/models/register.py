"""The processing register in force, version by version."""

from django.conf import settings
from django.db import models


class RegisterVersion(models.Model):
    """One version of the register as JSON (`exports.domain.register`); the highest number is in force."""

    number = models.PositiveIntegerField(unique=True)
    content = models.JSONField()
    reason = models.CharField(max_length=500)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="register_versions",
    )

    class Meta:
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"version {self.number}"
