"""How staff and machines get in: invitations, API tokens, and the brake on guessing."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models


class StaffInvitationQuerySet(models.QuerySet["StaffInvitation"]):
    """Filters that read like the staff's words."""

    def open_at(self, now: datetime) -> "StaffInvitationQuerySet":
        """Invitations whose link still works."""
        return self.filter(used_at__isnull=True, expires_at__gt=now)


class StaffInvitation(models.Model):
    """A one-time link with which an invited person creates an account.

    With `user` set it gives an account that exists a new password and second factor. The link is derived
    (`domain.tokens`), so that it can be shown again while it works; the row knows it by its hash only. `created_by`
    is None where the command line made it.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(max_length=320)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="invitations"
    )
    roles = models.JSONField(default=list)
    emergency = models.BooleanField(default=False)
    key_id = models.CharField(max_length=40)
    token_digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    label = models.CharField(max_length=40, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="invitations_made"
    )

    objects = StaffInvitationQuerySet.as_manager()

    def __str__(self) -> str:
        return f"invitation {self.pk}"


class ApiToken(models.Model):
    """A token of a machine with its scopes; only the hash of the token is kept.

    `kept_because`: why it went on working when whoever made it left.
    """

    name = models.CharField(max_length=64, unique=True)
    token_digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="api_tokens"
    )
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_on = models.DateField(null=True, blank=True)
    kept_because = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.name


class LoginThrottle(models.Model):
    """Failed logins by account or network, so that guessing becomes slow without locking anybody out for good."""

    key = models.CharField(max_length=80, primary_key=True)
    failures = models.PositiveIntegerField(default=0)
    blocked_until = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.failures} failures"
