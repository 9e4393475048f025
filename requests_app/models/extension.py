"""The extension of the time for an answer: why, until when, who stood behind it, and when the person was told."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from requests_app.domain.enums import DeliveryWay

from .dsr import DataSubjectRequest
from .fields import choice_field, one_of


class ExtensionQuerySet(models.QuerySet["Extension"]):
    """Filters that read like the staff's words."""

    def living(self) -> "ExtensionQuerySet":
        """Those that were not taken back."""
        return self.filter(taken_back_at__isnull=True)


class Extension(models.Model):
    """One extension of a request (GDPR Art. 12(3)), proposed by one person and approved by the decision-maker.

    `reasons` are codes of `ExtensionReason`; `explanation` and `what_comes` stand in the letter (T05), in the language
    of the case, and go with its content. `answer_by` is the day that the letter names. `notice_sent_at` is when the
    letter went out, and the only fact that the clock knows: without it nothing is extended. `notice_way` is written by
    whoever posts the letter or hands it over. One that was taken back stays as a trace.
    """

    dsr = models.ForeignKey(DataSubjectRequest, on_delete=models.PROTECT, related_name="extensions")
    reasons = models.JSONField()
    explanation = models.TextField()
    what_comes = models.TextField()
    answer_by = models.DateField()
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="proposed_extensions"
    )
    proposed_at = models.DateTimeField()
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="approved_extensions"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    notice_sent_at = models.DateTimeField(null=True, blank=True)
    notice_way = choice_field(DeliveryWay, blank=True)
    taken_back_at = models.DateTimeField(null=True, blank=True)

    objects = ExtensionQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                name="extension_one_living", fields=["dsr"], condition=Q(taken_back_at__isnull=True)
            ),
            models.CheckConstraint(
                name="extension_two_persons",
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="extension_approved_has_time",
                condition=Q(approved_by__isnull=True, approved_at__isnull=True)
                | Q(approved_by__isnull=False, approved_at__isnull=False),
            ),
            models.CheckConstraint(
                name="extension_notice_only_when_approved",
                condition=Q(notice_sent_at__isnull=True) | Q(approved_by__isnull=False, taken_back_at__isnull=True),
            ),
            one_of("extension_notice_way", "notice_way", DeliveryWay, blank=True),
        ]

    def __str__(self) -> str:
        return f"extension {self.pk}"
