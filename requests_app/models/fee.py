"""What an answer would cost: how much, why, who stood behind it, and by when the person can take the request back."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from requests_app.domain.enums import DeliveryWay, FeeKind

from .dsr import DataSubjectRequest
from .fields import choice_field, one_of


class FeeQuerySet(models.QuerySet["Fee"]):
    """Filters that read like the staff's words."""

    def living(self) -> "FeeQuerySet":
        """Those that were not taken back."""
        return self.filter(taken_back_at__isnull=True)


class Fee(models.Model):
    """A fee for one request (GDPR Art. 12(5)(a), 15(3)), proposed by one person and approved by the decision-maker.

    `cost_basis` and `reasons` stand in the letter (T20), in the language of the case, and go with its content.
    `withdraw_by` is the day that the letter names: until then the person can take the request back and pays nothing.
    `told_on` and `told_way` are written by whoever posts the letter or hands it over. The clock knows nothing of a fee.
    """

    dsr = models.ForeignKey(DataSubjectRequest, on_delete=models.PROTECT, related_name="fees")
    kind = choice_field(FeeKind)
    amount = models.DecimalField(max_digits=8, decimal_places=2)
    currency = models.CharField(max_length=3)
    cost_basis = models.TextField()
    reasons = models.TextField()
    withdraw_by = models.DateField()
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="proposed_fees")
    proposed_at = models.DateTimeField()
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="approved_fees"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    told_on = models.DateField(null=True, blank=True)
    told_way = choice_field(DeliveryWay, blank=True)
    taken_back_at = models.DateTimeField(null=True, blank=True)

    objects = FeeQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            one_of("fee_kind", "kind", FeeKind),
            models.CheckConstraint(name="fee_is_something", condition=Q(amount__gt=0)),
            models.UniqueConstraint(name="fee_one_living", fields=["dsr"], condition=Q(taken_back_at__isnull=True)),
            models.CheckConstraint(
                name="fee_two_persons", condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("proposed_by"))
            ),
            models.CheckConstraint(
                name="fee_approved_has_time",
                condition=Q(approved_by__isnull=True, approved_at__isnull=True)
                | Q(approved_by__isnull=False, approved_at__isnull=False),
            ),
            models.CheckConstraint(
                name="fee_told_only_when_approved",
                condition=Q(told_on__isnull=True) | Q(approved_by__isnull=False),
            ),
            one_of("fee_told_way", "told_way", DeliveryWay, blank=True),
        ]

    def __str__(self) -> str:
        return f"fee {self.pk}"
