"""The end of a restriction: why and from when data is used again, and who stood behind it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from requests_app.domain.enums import DeliveryWay
from requests_app.models import DataSubjectRequest
from requests_app.models.fields import choice_field, one_of


class LiftingQuerySet(models.QuerySet["Lifting"]):
    """Filters that read like the staff's words."""

    def pending(self) -> "LiftingQuerySet":
        """Those that are proposed or approved and have not begun."""
        return self.filter(begun_at__isnull=True, taken_back_at__isnull=True)


class Lifting(models.Model):
    """One lifting of the restriction of a request (GDPR Art. 18(3)), proposed by one person and approved by another.

    `reason` stands in the letter (T19), in the language of the case, and goes with the content of the case. On
    `lifted_on`, a day of the organisation's zone, data is used again. `told_on` and `told_way` are written by whoever
    tells a person whom no mail reaches; a mail is a row of its own. `begun_at`: the systems are asked to take the marks
    away. One that was taken back stays as a trace.
    """

    dsr = models.ForeignKey(DataSubjectRequest, on_delete=models.PROTECT, related_name="liftings")
    reason = models.TextField()
    lifted_on = models.DateField()
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="proposed_liftings"
    )
    proposed_at = models.DateTimeField()
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="approved_liftings"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    told_on = models.DateField(null=True, blank=True)
    told_way = choice_field(DeliveryWay, blank=True)
    begun_at = models.DateTimeField(null=True, blank=True)
    taken_back_at = models.DateTimeField(null=True, blank=True)

    objects = LiftingQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                name="lifting_one_pending",
                fields=["dsr"],
                condition=Q(begun_at__isnull=True, taken_back_at__isnull=True),
            ),
            models.CheckConstraint(
                name="lifting_two_persons",
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="lifting_begins_only_when_approved",
                condition=Q(begun_at__isnull=True) | Q(approved_by__isnull=False, taken_back_at__isnull=True),
            ),
            one_of("lifting_told_way", "told_way", DeliveryWay, blank=True),
        ]

    def __str__(self) -> str:
        return f"lifting {self.pk}"
