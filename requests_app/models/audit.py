"""The audit: no personal data, no foreign keys, append-only by triggers on both databases."""

from django.db import models


class AuditEntry(models.Model):
    """One sealed line of the chain (`domain.audit.Entry`)."""

    number = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=40)
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=60, db_index=True)
    details = models.JSONField(default=dict)
    key_id = models.CharField(max_length=40)
    previous = models.CharField(max_length=64)
    seal = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.number} {self.action} {self.subject}"


class AuditHead(models.Model):
    """The end of the chain, locked by whoever appends, so that entries never fork."""

    number = models.PositiveBigIntegerField(default=0)
    seal = models.CharField(max_length=64)

    class Meta:
        constraints = [models.CheckConstraint(name="audit_head_single_row", condition=models.Q(id=1))]

    def __str__(self) -> str:
        return str(self.number)
