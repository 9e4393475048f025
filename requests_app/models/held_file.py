"""A file of a mail that looks like an identity document nobody asked for."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from .inquiry import Inquiry


class HeldFileQuerySet(models.QuerySet["HeldFile"]):
    """Held files by what is still owed of them."""

    def hidden(self) -> "HeldFileQuerySet":
        """Those that are neither deleted nor freed, and whose mail is still there."""
        return self.filter(deleted_at__isnull=True, freed_at__isnull=True, inquiry__forgotten_at__isnull=True)

    def failed(self) -> "HeldFileQuerySet":
        """Those that should be gone and are not: the deletion was tried, and the time is over."""
        return self.hidden().filter(tried_at__isnull=False, delete_at__lte=timezone.now())


class HeldFile(models.Model):
    """One attachment by its place, hidden on the desk from the reading of its mail until it is deleted or freed.

    Who does nothing lets it be deleted at `delete_at`; `tried_at` is when that was tried last. `freed_at`: somebody
    looked and said that it is no identity document.
    """

    inquiry = models.ForeignKey(Inquiry, on_delete=models.PROTECT, related_name="held_files")
    position = models.PositiveSmallIntegerField()
    held_at = models.DateTimeField()
    delete_at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    freed_at = models.DateTimeField(null=True, blank=True)
    freed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = HeldFileQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(name="held_file_once", fields=["inquiry", "position"]),
            models.CheckConstraint(
                name="held_file_deleted_or_freed", condition=Q(deleted_at__isnull=True) | Q(freed_at__isnull=True)
            ),
            models.CheckConstraint(
                name="held_file_freed_by_somebody",
                condition=Q(freed_at__isnull=True, freed_by__isnull=True)
                | Q(freed_at__isnull=False, freed_by__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["delete_at"],
                name="held_file_due",
                condition=Q(deleted_at__isnull=True, freed_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"held file {self.pk}"

    @property
    def is_late(self) -> bool:
        """Whether it should be gone and could not be cut out."""
        return self.tried_at is not None and self.delete_at <= timezone.now()
