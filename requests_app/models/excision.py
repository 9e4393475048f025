"""What was cut out of a stored mail because nobody may keep it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from requests_app.domain.enums import ExcisionKind

from .fields import choice_field, one_of
from .inquiry import Inquiry


class Excision(models.Model):
    """One cut: an attachment by its place, the identity numbers, or all that is attached.

    `Inquiry.sha256` stays the hash of the mail as it came, by which it is known when it comes again; `sha256` is that
    of what is stored since this cut. The mail itself still lies in our mailbox until somebody deletes it there and says
    so (`original_deleted_at`).
    """

    inquiry = models.ForeignKey(Inquiry, on_delete=models.PROTECT, related_name="excisions")
    kind = choice_field(ExcisionKind)
    position = models.PositiveSmallIntegerField(null=True, blank=True)
    sha256 = models.CharField(max_length=64)
    removed_at = models.DateTimeField()
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    original_deleted_at = models.DateTimeField(null=True, blank=True)
    original_deleted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            one_of("excision_kind", "kind", ExcisionKind),
            models.CheckConstraint(
                name="excision_of_attachment_has_place",
                condition=Q(kind="attachment", position__isnull=False)
                | (~Q(kind="attachment") & Q(position__isnull=True)),
            ),
            models.UniqueConstraint(
                name="excision_once", fields=["inquiry", "position"], condition=Q(kind="attachment")
            ),
        ]
        indexes = [
            models.Index(fields=["inquiry"], name="excision_original", condition=Q(original_deleted_at__isnull=True))
        ]

    def __str__(self) -> str:
        return f"excision {self.pk}: {self.kind}"
