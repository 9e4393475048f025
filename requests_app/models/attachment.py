"""A file that staff send to the person."""

from django.conf import settings
from django.db import models

from .case import Case
from .message import Message


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    """Attachments by what is asked of them."""

    def light(self) -> "AttachmentQuerySet":
        """Without the content."""
        return self.defer("content")


class Attachment(models.Model):
    """A file of a message that staff wrote; until the message is, it waits under the key of its form (`draft`).

    `content` is sealed (`domain.envelope`) and opens on its case only. `kind` is the media type that the content
    shows, `size` counts the bytes of the file, and `sha256` is the hash of them.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="attachments")
    message = models.ForeignKey(Message, null=True, blank=True, on_delete=models.PROTECT, related_name="attachments")
    draft = models.CharField(max_length=32)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="attachments")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    created_at = models.DateTimeField()

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["case", "draft", "sha256", "name"], name="attachment_once"),
        ]
        indexes = [
            models.Index(fields=["created_at"], name="attachment_waiting", condition=models.Q(message__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"attachment {self.pk}"
