"""Effects that are owed: the database is the truth, the queue only says "look now"."""

from django.db import models
from django.db.models import Q


class OutboxEvent(models.Model):
    """One event for one handler, claimed under a lease, fenced by `attempts`."""

    key = models.CharField(max_length=200, unique=True)
    name = models.CharField(max_length=80)
    handler = models.CharField(max_length=160)
    payload = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    run_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    done_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["run_at", "id"], name="outbox_due", condition=Q(done_at__isnull=True))]

    def __str__(self) -> str:
        return f"{self.name} -> {self.handler}"


class Heartbeat(models.Model):
    """When a process was last seen at work; `/healthz` reads it."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
