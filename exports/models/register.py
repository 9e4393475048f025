"""The processing registers in force, version by version."""

from django.conf import settings
from django.db import models

CUSTOMERS = "customers"
"""The register that every installation has: what it does with data about those it sells to and writes to."""


class RegisterVersion(models.Model):
    """One version of a register as JSON (`exports.domain.register`); the highest number of a register is in force.

    Rows are only ever added: the database refuses to change one.
    `register` is the key by which an installation tells its registers apart; each counts its versions from 1.
    """

    register = models.SlugField(max_length=40, default=CUSTOMERS)
    number = models.PositiveIntegerField()
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
        ordering = ["register", "-number"]
        constraints = [models.UniqueConstraint(name="register_version_once", fields=["register", "number"])]

    def __str__(self) -> str:
        return f"version {self.number} of {self.register}"


class RegisterSetUp(models.Model):
    """How far the set-up of a register has come: the keys of the questions that were answered, and those put off."""

    register = models.SlugField(max_length=40, unique=True)
    answered = models.JSONField(default=list)
    skipped = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"set-up of {self.register}"
