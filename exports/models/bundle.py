"""The package of an answer and each use of its link."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q

from requests_app.models import DataSubjectRequest


class BundleQuerySet(models.QuerySet["Bundle"]):
    """Filters that read like the staff's words."""

    def current(self) -> "BundleQuerySet":
        """The newest package of each request, released or not."""
        return self.filter(current=True)

    def drafts(self) -> "BundleQuerySet":
        """The newest package of each request while nobody has released it."""
        return self.current().filter(released_at__isnull=True)

    def released(self) -> "BundleQuerySet":
        """Packages that were made available to the person, the newest first."""
        return self.filter(released_at__isnull=False).order_by("-released_at", "-id")


class Bundle(models.Model):
    """The files of one answer, encrypted; `manifest` lists name, SHA-256, rows, system, extraction time.

    `created_at` of a draft is when it was drawn, and its letter carries that day. What is offered again keeps
    its letter.

    `delivery_address` is where the code for it goes: set by the release, and by nothing afterwards. Another address
    takes another release, and with it a second person. `address_named_by` is who alone vouches for it, if one person
    does: a trigger lets somebody else release, and lets neither change afterwards.
    """

    MAX_DOWNLOADS = 5  # of each file: an answer has several, and fetching the letter must not use up the data
    DAYS_AVAILABLE = 14

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    dsr = models.ForeignKey(DataSubjectRequest, on_delete=models.PROTECT, related_name="bundles")
    created_at = models.DateTimeField()
    manifest = models.JSONField(default=list)
    input_sha256 = models.CharField(max_length=64)
    current = models.BooleanField(default=True)
    released_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    purged_at = models.DateTimeField(null=True, blank=True)
    delivery_address = models.CharField(max_length=320, blank=True)
    address_named_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = BundleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="bundle_one_current", fields=["dsr"], condition=Q(current=True)),
            models.CheckConstraint(
                name="bundle_released_has_expiry",
                condition=Q(released_at__isnull=True) | Q(expires_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"bundle {self.pk}"

    def is_open(self, now: datetime) -> bool:
        """Tell whether the person can fetch it now."""
        return self.expires_at is not None and self.purged_at is None and now < self.expires_at


class BundleFile(models.Model):
    """One file of a package, at rest under `stored_as`."""

    bundle = models.ForeignKey(Bundle, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    stored_as = models.CharField(max_length=200)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(name="bundle_file_once", fields=["bundle", "name"])]

    def __str__(self) -> str:
        return self.name


class Download(models.Model):
    """One fetched file. A file can be fetched five times; the constraint holds even for parallel clicks."""

    file = models.ForeignKey(BundleFile, on_delete=models.CASCADE, related_name="downloads")
    number = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="download_numbered_once", fields=["file", "number"]),
            models.CheckConstraint(name="download_at_most_five", condition=Q(number__gte=1, number__lte=5)),
        ]

    def __str__(self) -> str:
        return f"download {self.number}"
