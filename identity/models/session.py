"""The sessions of the staff: who is logged in where, and since when."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q

from identity.domain import session_life
from identity.domain.enums import SessionEnd
from requests_app.models.fields import choice_field, one_of


class StaffSessionQuerySet(models.QuerySet["StaffSession"]):
    """Filters that read like the staff's words."""

    def open_at(self, now: datetime) -> "StaffSessionQuerySet":
        """Sessions that still let somebody in."""
        return self.filter(
            ended_at__isnull=True,
            last_seen_at__gte=now - session_life.IDLE,
            created_at__gte=now - session_life.LONGEST,
        )


class StaffSession(models.Model):
    """One login of one person in one browser, known to that browser's session by `uuid`.

    This row decides whether the session still counts, not the cookie. It holds no network address, and of the browser
    a few words. `last_seen_at` is written at most once a minute. `verified_at`: when a second factor was first seen.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="staff_sessions")
    browser = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField()
    last_seen_at = models.DateTimeField(db_index=True)
    verified_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_because = choice_field(SessionEnd, blank=True)

    objects = StaffSessionQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("staff_session_end", "ended_because", SessionEnd, blank=True),
            models.CheckConstraint(
                name="staff_session_end_has_reason",
                condition=Q(ended_at=None, ended_because="") | (Q(ended_at__isnull=False) & ~Q(ended_because="")),
            ),
        ]

    def __str__(self) -> str:
        return f"session {self.pk}"
