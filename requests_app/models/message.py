"""What was said, in or out, and the staff's own notes."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from requests_app.domain.enums import Direction, Intent, MessageState

from .case import Case
from .dsr import DataSubjectRequest
from .fields import choice_field, one_of
from .inquiry import Inquiry


class Message(models.Model):
    """One message of a case, or a notice to staff (then `case` may be blank).

    `body` may hold `{{secret:NAME}}`; `secrets` says how each is derived (`domain.tokens.Secret`), and only the
    mail that leaves holds it in clear. `key` makes queueing idempotent. `dsr` is the request that a message speaks of
    where it is one only. `queued_at` is when its sending was owed last; from `send_before` on its words would be
    untrue, so it is not sent any more. A confirmation to somebody whose inquiry nobody has sorted has an `inquiry` and
    no case. `text_version`: which `LetterText` it was written from, 0 for the delivered text.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, null=True, blank=True, on_delete=models.PROTECT, related_name="messages")
    dsr = models.ForeignKey(
        DataSubjectRequest, null=True, blank=True, on_delete=models.PROTECT, related_name="messages"
    )
    direction = choice_field(Direction)
    intent = choice_field(Intent)
    state = choice_field(MessageState)
    language = models.CharField(max_length=2, default="nb")
    to_address = models.CharField(max_length=320, blank=True)
    subject = models.CharField(max_length=1000, blank=True)
    body = models.TextField(blank=True)
    secrets = models.JSONField(default=dict)
    text_version = models.PositiveIntegerField(default=0)
    key = models.CharField(max_length=120, null=True, blank=True, unique=True)
    message_id = models.CharField(max_length=998, blank=True, db_index=True)
    in_reply_to = models.CharField(max_length=998, blank=True)
    inquiry = models.ForeignKey(Inquiry, null=True, blank=True, on_delete=models.PROTECT, related_name="messages")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="written_messages",
    )
    created_at = models.DateTimeField()
    queued_at = models.DateTimeField(null=True, blank=True)
    send_before = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            one_of("message_direction", "direction", Direction),
            one_of("message_intent", "intent", Intent),
            one_of("message_state", "state", MessageState),
            models.CheckConstraint(
                name="message_sent_has_time",
                condition=~Q(state="sent") | Q(sent_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["intent", "created_at"], name="message_confirmations"),
        ]

    def __str__(self) -> str:
        return f"{self.direction} {self.intent} {self.state}"


class Note(models.Model):
    """An internal note; it never leaves the house."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="notes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notes")
    text = models.TextField()
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["created_at", "id"]

    def __str__(self) -> str:
        return f"note {self.pk}"
